"""How long a report takes, beside what Odoo itself does in a similar situation.

Runs inside ``odoo shell``: ``run(env, times, crowds)`` commits as requests do, and
everything runs with the rights of the people whose work it is.
"""

import gc
import statistics
import time
from datetime import timedelta
from math import ceil

from odoo import fields
from odoo.fields import Command

DISCIPLINES = ("medical", "forensic", "police", "legal", "psychosocial")


def run(env, times: int, crowds: tuple) -> dict:
    """Everything; numbers that JSON can carry.

    :param times: how often a report is compared with a task
    :param crowds: numbers of representatives on duty for each discipline
    """
    env = env(context={**env.context, "lang": "en_US"})
    env["osc.intimation.rule"].search([]).active = False
    env["osc.intimation.rule"].create(
        [
            {"name": code, "discipline_id": _discipline(env, code).id}
            for code in DISCIPLINES
        ]
    )
    result = {"compared": _compare(env, times)}
    result["queries"] = {crowd: _queries(env, crowd) for crowd in crowds}
    return result


# ----------------------------------------------------------------------
# People
# ----------------------------------------------------------------------
def _discipline(env, code):
    return env["osc.discipline"].search([("code", "=", code)])


def _quick(env, model):
    """A model whose records nobody is told of; not for what is measured."""
    return env[model].with_context(tracking_disable=True, no_reset_password=True)


def _users(env, logins, *groups):
    users = _quick(env, "res.users").create(
        [
            {
                "name": login,
                "login": login,
                # No mail server takes part in this race.
                "notification_type": "inbox",
                "group_ids": [Command.set([env.ref(group).id for group in groups])],
            }
            for login in logins
        ]
    )
    return users.with_env(env)


def _center(env, code: str, crowd: int):
    """A center with so many people on duty for each discipline.

    :return: the center, a case worker, the representatives' users
    """
    center = env["osc.center"].create(
        {
            "name": f"Center {code}",
            "code": code,
            "state": "operational",
            "country_id": env.ref("base.pk").id,
            "tz": "Asia/Karachi",
            "manager_id": _users(
                env, [f"bench.{code}.manager"], "osc_base.group_center_manager"
            ).id,
        }
    )
    worker = _users(env, [f"bench.{code}.worker"], "osc_base.group_case_worker")
    logins = [f"bench.{code}.{d}{n}" for d in DISCIPLINES for n in range(crowd)]
    users = _users(env, logins, "osc_base.group_representative")
    disciplines = [_discipline(env, d) for d in DISCIPLINES for _n in range(crowd)]
    people = list(zip(users, disciplines, strict=True))
    people.append((worker, _discipline(env, "casework")))
    employees = _quick(env, "hr.employee").create(
        [{"name": user.name, "user_id": user.id} for user, _discipline in people]
    )
    representatives = env["osc.representative"].create(
        [
            {
                "employee_id": employee.id,
                "center_id": center.id,
                "discipline_id": discipline.id,
            }
            for employee, (_user, discipline) in zip(employees, people, strict=True)
        ]
    )
    now = fields.Datetime.now()
    env["osc.duty.shift"].create(
        [
            {
                "representative_id": representative.id,
                "start": now - timedelta(hours=1),
                "end": now + timedelta(hours=20),
            }
            for representative in representatives
        ]
    )
    env.cr.commit()
    return center, worker, users


def _draft(env, center, worker):
    draft = (
        env["osc.case"]
        .with_user(worker)
        .create(
            {
                "center_id": center.id,
                "channel": "walk_in",
                "urgency": "urgent",
                "incident_ids": [
                    Command.create(
                        {"type_id": env["osc.incident.type"].search([])[0].id}
                    )
                ],
            }
        )
    )
    env.cr.commit()
    return draft


# ----------------------------------------------------------------------
# Races
# ----------------------------------------------------------------------
def _measure(env, work) -> tuple[float, int]:
    """Milliseconds and queries of some work, from an empty cache to its commit."""
    env.flush_all()
    env.invalidate_all()
    gc.collect()
    queries = env.cr.sql_log_count
    begin = time.perf_counter()
    work()
    env.cr.commit()
    return (time.perf_counter() - begin) * 1000, env.cr.sql_log_count - queries


def _compare(env, repetitions) -> dict:
    """A report with five intimations, a task with five assignees and activities."""
    center, worker, users = _center(env, "BENCH", 1)
    leader = _users(env, ["bench.leader"], "project.group_project_manager")
    users.write({"group_ids": [Command.link(env.ref("project.group_project_user").id)]})
    project = env["project.project"].with_user(leader).create({"name": "Bench"})
    todo = env.ref("mail.mail_activity_data_todo")
    model = env["ir.model"]._get("project.task")

    def task():
        task = (
            env["project.task"]
            .with_user(leader)
            .create(
                {
                    "name": "Bench",
                    "project_id": project.id,
                    "user_ids": [Command.set(users.ids)],
                }
            )
        )
        env["mail.activity"].with_user(leader).create(
            [
                {
                    "res_model_id": model.id,
                    "res_id": task.id,
                    "activity_type_id": todo.id,
                    "user_id": user.id,
                    "summary": "Bench",
                }
                for user in users
            ]
        )

    times = {"report": [], "task": []}
    for number in range(repetitions + 3):
        draft = _draft(env, center, worker)
        pairs = [("report", draft.action_report), ("task", task)]
        for name, work in pairs if number % 2 else reversed(pairs):
            figures = _measure(env, work)
            if number >= 3:  # the first ones fill the caches of the process
                times[name].append(figures)
        assert len(draft.sudo().intimation_ids) == 5
    return {name: _figures(measured) for name, measured in times.items()}


def _figures(measured) -> dict:
    milliseconds = sorted(duration for duration, _queries in measured)
    return {
        "median": statistics.median(milliseconds),
        "p95": milliseconds[ceil(len(milliseconds) * 0.95) - 1],
        "queries": statistics.median(queries for _duration, queries in measured),
    }


def _queries(env, crowd: int) -> dict:
    """Queries of a report that tells this many of each discipline."""
    center, worker, _people = _center(env, f"BENCH{crowd}", crowd)
    measured = []
    for _number in range(3):
        draft = _draft(env, center, worker)
        measured.append(_measure(env, draft.action_report))
        assert len(draft.sudo().intimation_ids) == crowd * len(DISCIPLINES)
    return _figures(measured[1:])
