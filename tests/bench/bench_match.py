"""How long it takes to find out whether a survivor is known, among many.

Runs inside ``odoo shell``: ``run(env, survivors)`` fills the database past the ORM and
commits.
"""

import statistics
import time

from psycopg2.extras import execute_values

from odoo.addons.osc_base.key_ring import KeyRing

CENTERS = 10
FIRST = (
    "Ayesha Fatima Zainab Nasreen Shabnam Rukhsana Parveen Bushra Rehana Yasmin Amna "
    "Sadia Nadia Saima Samina Shazia Farzana Kausar Naila Rabia Maryam Khadija Hafsa "
    "Asma Sana Hina Iqra Kiran Lubna Mehwish Noor Qurat Razia Sobia Tahira Uzma Wajiha"
).split()
LAST = (
    "Khan Malik Qureshi Chaudhry Sheikh Butt Awan Mirza Hashmi Ansari Siddiqui Afridi "
    "Baloch Bhatti Dar Gill Iqbal Jamil Kazmi Leghari Memon Naqvi Orakzai Paracha Rana"
).split()
REPETITIONS = 20


def run(env, survivors: int) -> dict:
    """Fill, then measure; numbers that JSON can carry."""
    worker = env["res.users"].search([("login", "=", "lhr.casework")])
    center = env["osc.center"].search([("code", "=", "LHR")])
    begin = time.perf_counter()
    _fill(env, center, survivors)
    filled = time.perf_counter() - begin
    figures = {"filled": filled}
    for what, vals in {
        "phone": {"phone": "0300 1000049"},
        "national id": {"national_id": "35202-0000099-1"},
        "name and age": {"full_name": "Aisha Khaan", "age_years": 30, "sex": "female"},
        "everything": {
            "full_name": "عائشہ خان",
            "age_years": 30,
            "sex": "female",
            "phone": "0300 1000049",
            "national_id": "35202-0000099-1",
        },
        "nobody": {"full_name": "Xenia Xanthopoulou", "phone": "0300 9999999"},
    }.items():
        figures[what] = _measure(env, worker, vals)
    return figures


def _fill(env, center, survivors):
    ring = KeyRing.load()
    Survivor = env["osc.survivor"]
    sounds = Survivor._fields["full_name_sounds"]
    tokens = {
        name: Survivor._fields[name]
        for name in ("full_name_token", "phone_token", "national_id_token")
    }
    env.cr.execute("SELECT COALESCE(MAX(id), 0) FROM osc_survivor")
    first = env.cr.fetchone()[0] + 1
    rows = []
    for number in range(survivors):
        record = Survivor.browse(first + number)
        plain = {
            "full_name": f"{FIRST[number % len(FIRST)]} "
            f"{LAST[number // 41 % len(LAST)]}",
            "phone": f"+92 300 1{number:06}",
            "national_id": f"35202-{number:07}-1",
        }
        row = [record.id, f"B{number}", "female", 15 + number // 7 % 50]
        for name, value in plain.items():
            field = Survivor._fields[name]
            row.append(ring.encrypt(value.encode(), field._place(record)))
            row.append(tokens[f"{name}_token"]._of_plain(ring, field, value))
        field = Survivor._fields["full_name"]
        row.append(sounds._of_plain(ring, field, plain["full_name"]))
        rows.append(row)
    execute_values(
        env.cr._obj,
        "INSERT INTO osc_survivor (id, code, sex, age_years, full_name, "
        "full_name_token, phone, phone_token, national_id, national_id_token, "
        "full_name_sounds) VALUES %s",
        rows,
        page_size=1000,
    )
    env.cr.execute(
        "SELECT setval('osc_survivor_id_seq', (SELECT MAX(id) FROM osc_survivor))"
    )
    centers = center
    for number in range(CENTERS - 1):
        centers += center.copy(
            {"name": f"Bench {number}", "code": f"B{number:02}", "manager_id": False}
        )
    env.flush_all()
    env.cr.execute(
        "INSERT INTO osc_case (survivor_id, center_id, company_id, state, channel, "
        "urgency, urgency_rank, create_date) SELECT id, (%s)[id %% %s + 1], %s, "
        "'draft', 'phone', 'urgent', 1, now() FROM osc_survivor WHERE code LIKE 'B%%'",
        [centers.ids, CENTERS, center.company_id.id],
    )
    env.cr.commit()
    with env.registry.cursor() as cr:
        cr._cnx.rollback()
        cr._cnx.autocommit = True
        cr.execute("VACUUM ANALYZE osc_survivor")
        cr.execute("VACUUM ANALYZE osc_case")


def _measure(env, worker, vals) -> dict:
    times, queries, known = [], 0, []
    for _number in range(REPETITIONS):
        env.invalidate_all()
        before = env.cr.sql_log_count
        begin = time.perf_counter()
        known = env["osc.survivor"].with_user(worker)._known_already(vals)
        times.append((time.perf_counter() - begin) * 1000)
        queries = env.cr.sql_log_count - before
    return {
        "median": statistics.median(times),
        "worst": max(times),
        "queries": queries,
        "shown": len(known),
    }
