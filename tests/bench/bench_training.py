"""How long it takes to know what many people hold of 12 things that are required.

Runs inside ``odoo shell``: ``run(env, number)``. Rows are written past the ORM, what is
measured is not. The right answers are known from how the people were made.
"""

import statistics
import time
from datetime import timedelta

from odoo import fields
from odoo.fields import Command

COURSES = 9
SOPS = 3
REPETITIONS = 5


def run(env, number: int) -> dict:
    """Figures that JSON can carry.

    :param number: how many people
    """
    env = env(context={**env.context, "lang": "en_US", "tracking_disable": True})
    discipline = env["osc.discipline"].create({"name": "Bench", "code": "bench"})
    center = env["osc.center"].create(
        {
            "name": "Bench",
            "code": "BENCH",
            "state": "operational",
            "country_id": env.ref("base.pk").id,
            "tz": "Asia/Karachi",
        }
    )
    today = center._local_day()
    requirements = _requirements(env, discipline, today)
    people = _people(env, number, center, discipline, today)
    _certify(env, people, requirements, today)
    env.flush_all()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    figures = _measure(env, people)
    figures["wrong"] = _wrong(env, people, requirements)
    return figures


def _requirements(env, discipline, today):
    skill_type = env.ref("osc_training.hr_skill_type_training")
    skills = env["hr.skill"].create(
        [
            {
                "name": f"Bench {n}",
                "osc_is_course": True,
                "skill_type_id": skill_type.id,
            }
            for n in range(COURSES)
        ]
    )
    sops = env["osc.sop"].create(
        [{"name": f"Bench {n}", "code": f"BENCH-{n}"} for n in range(SOPS)]
    )
    versions = env["osc.sop.version"].create(
        [
            {
                "sop_id": sop.id,
                "number": "1.0",
                "discipline_ids": [Command.set(discipline.ids)],
            }
            for sop in sops
        ]
    )
    versions.action_review()
    versions.action_approve()
    env.flush_all()
    env.cr.execute(
        "UPDATE osc_sop_version SET in_force_from = in_force_from - 100 WHERE id IN %s",
        [tuple(versions.ids)],
    )
    common = {"discipline_id": discipline.id, "since": today - timedelta(days=500)}
    return env["osc.training.requirement"].create(
        [{**common, "skill_id": skill.id} for skill in skills]
        + [{**common, "sop_id": sop.id} for sop in sops]
    )


def _people(env, number, center, discipline, today):
    employees = env["hr.employee"].create(
        [{"name": f"Bench {n}"} for n in range(number)]
    )
    return env["osc.representative"].create(
        [
            {
                "employee_id": employee.id,
                "center_id": center.id,
                "discipline_id": discipline.id,
                "joined_on": today - timedelta(days=500),
            }
            for employee in employees
        ]
    )


def _kind(person, thing):
    """What somebody holds of something: the answer that must come out."""
    return ("valid", "expiring", "expired", "missing", "valid")[(person + thing) % 5]


def _certify(env, people, requirements, today):
    ends = {"valid": 200, "expiring": 60, "expired": -1}
    level = env.ref("osc_training.hr_skill_level_passed")
    rows, passes = [], []
    version = {
        one.sop_id: one.sop_id.current_version_id.id
        for one in requirements.filtered("sop_id")
    }
    now = fields.Datetime.now()
    for n, person in enumerate(people):
        for m, requirement in enumerate(requirements):
            kind = _kind(n, m)
            if requirement.sop_id:
                if kind == "valid":
                    passes.append(
                        (version[requirement.sop_id], person.employee_id.id, now, now)
                    )
            elif kind != "missing":
                skill = requirement.skill_id
                rows.append(
                    (
                        person.employee_id.id,
                        skill.id,
                        skill.skill_type_id.id,
                        level.id,
                        today - timedelta(days=300),
                        today + timedelta(days=ends[kind]),
                    )
                )
    _insert(
        env,
        "hr_employee_skill (employee_id, skill_id, skill_type_id, skill_level_id, "
        "valid_from, valid_to)",
        rows,
    )
    _insert(
        env,
        "osc_sop_acknowledgement (version_id, employee_id, read_at, passed_at)",
        passes,
    )


def _insert(env, table, rows):
    for start in range(0, len(rows), 5000):
        part = rows[start : start + 5000]
        values = ", ".join(["%s"] * len(part))
        env.cr.execute(f"INSERT INTO {table} VALUES {values}", part)


def _timed(env, work):
    times, queries = [], 0
    for _n in range(REPETITIONS):
        env.flush_all()
        env.invalidate_all()
        before = env.cr.sql_log_count
        begin = time.perf_counter()
        work()
        times.append((time.perf_counter() - begin) * 1000)
        queries = env.cr.sql_log_count - before
    return {
        "median": statistics.median(times),
        "worst": max(times),
        "queries": queries,
    }


def _measure(env, people):
    Standing = env["osc.training.standing"]
    mine = [("representative_id", "in", people.ids)]
    moment = fields.Datetime.now()
    some = people[:5]
    return {
        "who lacks what, all": _timed(
            env, lambda: Standing._lacking((id_, moment) for id_ in people.ids)
        ),
        "matrix": _timed(
            env,
            lambda: Standing.formatted_read_group(
                mine, ["representative_id", "topic"], ["lacking:sum"]
            ),
        ),
        "by state": _timed(
            env, lambda: Standing._read_group(mine, ["state"], ["__count"])
        ),
        "a page of the list": _timed(
            env, lambda: Standing.search_read(mine, ["state", "due_on"], limit=80)
        ),
        "five who could take a case": _timed(env, lambda: some.mapped("assignable")),
    }


def _wrong(env, people, requirements):
    """How many of the answers are not what they must be."""
    rows = env["osc.training.standing"].search_read(
        [("representative_id", "in", people.ids)],
        ["representative_id", "requirement_id", "state"],
        load=False,
    )
    place = {id_: n for n, id_ in enumerate(people.ids)}
    thing = {one.id: m for m, one in enumerate(requirements)}
    sops = set(requirements.filtered("sop_id").ids)
    wrong = len(people) * len(requirements) - len(rows)
    for row in rows:
        kind = _kind(place[row["representative_id"]], thing[row["requirement_id"]])
        if row["requirement_id"] in sops and kind != "valid":
            kind = "missing"
        wrong += row["state"] != kind
    return wrong
