"""How long the bed board of a large shelter takes.

Runs inside ``odoo shell``: ``run(env)`` makes a shelter of 300 beds, most of them in
use, and reads it with the rights of the people who look at it, through the calls that
the web client makes. Nothing is kept.
"""

import statistics
import time

from lxml import etree

from odoo.fields import Command

ROOMS, BEDS_IN_A_ROOM = 75, 4
WOMEN = 70  # each with a daughter and an infant in her bed
REPETITIONS = 9
LIMIT = 400  # of the board's view


def run(env) -> dict:
    """Figures for each who looks; numbers that JSON can carry."""
    env = env(context={**env.context, "lang": "en_US", "tracking_disable": True})
    center = env["osc.center"].search([("code", "=", "LHR")])
    begin = time.perf_counter()
    beds = _fill(env, center)
    figures = {"beds": len(beds), "filled": time.perf_counter() - begin}
    for login in ("lhr.shelter", "lhr.manager", "lhr.casework", "lhr.police"):
        user = env["res.users"].search([("login", "=", login)])
        figures[login] = _measure(env(user=user.id), beds[:1].shelter_id.id)
    env.cr.rollback()
    return figures


def _fill(env, center):
    shelter = env["osc.shelter"].create(
        {
            "name": "Bench",
            "center_id": center.id,
            "in_charge_ids": [
                Command.set(
                    center.representative_ids.filtered(
                        lambda person: person.discipline_id.code == "shelter"
                    ).ids
                )
            ],
        }
    )
    rooms = env["osc.shelter.room"].create(
        [{"name": f"Room {n:02}", "shelter_id": shelter.id} for n in range(ROOMS)]
    )
    beds = env["osc.shelter.bed"].create(
        [
            {"name": name, "room_id": room.id}
            for room in rooms
            for name in "ABCD"[:BEDS_IN_A_ROOM]
        ]
    )
    worker = env["res.users"].search([("login", "=", "lhr.casework")])
    mine = env(user=worker.id)
    cases = mine["osc.case"].create(
        [{"channel": "walk_in", "urgency": "urgent"} for _number in range(WOMEN)]
    )
    cases.action_report()
    stays = mine["osc.shelter.stay"].create(
        [
            {
                "case_id": case.id,
                "bed_id": beds[number * 4].id,
                "companion_ids": [
                    Command.create(
                        {
                            "sex": "female",
                            "age_years": 9,
                            "bed_id": beds[number * 4 + 1].id,
                        }
                    ),
                    Command.create({"sex": "male", "age_years": 1}),
                ],
            }
            for number, case in enumerate(cases)
        ]
    )
    stays[10:].action_check_in()
    env.flush_all()
    return beds


def _measure(env, shelter) -> dict:
    Bed = env["osc.shelter.bed"]
    specification = _specification(Bed)
    times, queries, shown = [], 0, 0
    for _number in range(REPETITIONS):
        env.invalidate_all()
        before = env.cr.sql_log_count
        begin = time.perf_counter()
        answer = Bed.web_search_read(
            [("shelter_id", "=", shelter)], specification, limit=LIMIT
        )
        times.append((time.perf_counter() - begin) * 1000)
        queries = env.cr.sql_log_count - before
        records = answer["records"]
        shown = len(records)
        codes = len([record for record in records if record["occupant"]])
    return {
        "median": statistics.median(times),
        "worst": max(times),
        "queries": queries,
        "shown": shown,
        "codes": codes,
    }


def _specification(Bed) -> dict:
    """What the board's view asks for."""
    arch = etree.fromstring(Bed.get_view(view_type="kanban")["arch"])
    names = {node.get("name") for node in arch.iter("field")}
    return {
        name: {"fields": {"display_name": {}}}
        if Bed._fields[name].type == "many2one"
        else {}
        for name in names
    }
