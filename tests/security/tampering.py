"""Edits of the audit trail past Odoo, each found and undone; runs in ``odoo shell``."""

import random

from odoo.addons.osc_base.models.osc_audit_tables import GUARDED

ENTRIES = 200
ATTEMPTS = 1_000
TEXT = ("login", "action", "model", "reference", "ip", "details", "mac")
NUMBERS = ("user_id", "res_id", "center_id")


def fill(env):
    """A trail of some seals, and entries that wait for one; committed."""
    Entry = env["osc.audit.entry"]
    centers = env["osc.center"].search([])
    users = env["res.users"].search([("share", "=", False)])
    for number in range(ENTRIES):
        entry = Entry.with_user(users[number % len(users)])
        entry._log("write", centers[number % len(centers)], f"field_{number}")
        if number % 40 == 39:
            env.cr.commit()
            Entry._seal()
    for number in range(7):
        Entry._log("grant", centers[:1], f"waiting_{number}")
    env.cr.commit()


def run(env, seed: int) -> dict:
    """Tamper as the owner of the database can, a thousand times."""
    cr = env.cr
    verify = env["osc.audit.entry"].verify
    before = verify()
    assert before["ok"], before
    for table in GUARDED:
        for trigger in ("osc_audit_fixed", "osc_audit_kept"):
            cr.execute(f"DROP TRIGGER {trigger} ON {table}")
    assert verify()["problem"] == "guards"
    cr.execute("SELECT id FROM osc_audit_entry ORDER BY id")
    ids = [row[0] for row in cr.fetchall()]
    cr.execute("SELECT id FROM osc_audit_pending")
    sealed = sorted(set(ids) - {row[0] for row in cr.fetchall()})
    chance = random.Random(seed)
    kinds = [edit, delete, swap_ids, swap_contents, insert, move, unseal]
    missed, done = [], dict.fromkeys((kind.__name__ for kind in kinds), 0)
    for number in range(ATTEMPTS):
        kind = kinds[number % len(kinds)]
        cr.execute("SAVEPOINT tampering")
        first = kind(cr, chance, sealed if kind is unseal else ids)
        result = verify()
        if result["ok"] or result["entry_id"] != first:
            missed.append([kind.__name__, first, result])
        cr.execute("ROLLBACK TO SAVEPOINT tampering")
        done[kind.__name__] += 1
    assert verify()["problem"] == "guards"
    cr.rollback()
    after = verify()
    return {"missed": missed[:5], "done": done, "after": after["ok"], **before}


# Each returns the id of the first row of the trail that isn't as it was.
def edit(cr, chance, ids):
    entry = chance.choice(ids)
    column = chance.choice([*TEXT, *NUMBERS, "at"])
    if column == "at":
        change = "at = at + interval '1 microsecond'"
    elif column in NUMBERS:
        change = f"{column} = COALESCE({column}, 0) + 1"
    else:
        change = f"{column} = COALESCE({column}, '') || ' '"
    cr.execute(f"UPDATE osc_audit_entry SET {change} WHERE id = %s", [entry])
    return entry


def delete(cr, chance, ids):
    begin = chance.randrange(len(ids))
    gone = ids[begin : begin + chance.randint(1, 3)]
    cr.execute("DELETE FROM osc_audit_entry WHERE id = ANY(%s)", [gone])
    return gone[0]


def swap_ids(cr, chance, ids):
    first, second = sorted(chance.sample(ids, 2))
    for old, new in ((first, -1), (second, first), (-1, second)):
        cr.execute("UPDATE osc_audit_entry SET id = %s WHERE id = %s", [new, old])
    return first


def swap_contents(cr, chance, ids):
    """The ids stay; everything else changes places, HMACs too or not."""
    first, second = sorted(chance.sample(ids, 2))
    mac = chance.choice(["", ", mac = o.mac"])
    cr.execute(
        "UPDATE osc_audit_entry e SET at = o.at, user_id = o.user_id, login = o.login, "
        "action = o.action, model = o.model, res_id = o.res_id, "
        f"reference = o.reference, details = o.details{mac} FROM osc_audit_entry o "
        "WHERE e.id IN %s AND o.id IN %s AND o.id != e.id",
        [(first, second), (first, second)],
    )
    return first


def insert(cr, chance, ids):
    """A copy of another row under a new id, in the queue for the next seal or not."""
    new = chance.choice(ids) + 1
    while new in ids:
        new += 1
    cr.execute(
        "INSERT INTO osc_audit_entry SELECT %s, at, user_id, login, action, model, "
        "res_id, reference, center_id, ip, details, mac FROM osc_audit_entry "
        "WHERE id = %s",
        [new, chance.choice(ids)],
    )
    if chance.random() < 0.5:
        cr.execute("INSERT INTO osc_audit_pending VALUES (%s)", [new])
    return new


def move(cr, chance, ids):
    """To another place: what was there is gone, and it stands where nothing was."""
    entry = chance.choice(ids)
    new = chance.choice(ids) + 1
    while new in ids:
        new += 1
    cr.execute("UPDATE osc_audit_entry SET id = %s WHERE id = %s", [new, entry])
    return min(entry, new)


def unseal(cr, chance, ids):
    """A row and its id in the seal."""
    entry = chance.choice(ids)
    cr.execute("DELETE FROM osc_audit_entry WHERE id = %s", [entry])
    cr.execute(
        "UPDATE osc_audit_seal SET entry_ids = array_remove(entry_ids, %s) "
        "WHERE %s = ANY(entry_ids)",
        [entry, entry],
    )
    return None
