"""Many write at once while others seal; runs in ``odoo shell``, with real connections."""

import threading

from odoo.api import Environment

WRITERS, SEALERS, ENTRIES = 6, 3, 40


def run(env) -> dict:
    """How many entries were written, and what the trail says of itself afterwards."""
    registry, uid = env.registry, env.uid
    center = env["osc.center"].search([], limit=1).id
    env["osc.audit.entry"]._cron_seal()
    before = env["osc.audit.entry"].verify()
    env.cr.rollback()
    ended, errors = threading.Event(), []

    def write(number):
        try:
            for turn in range(ENTRIES):
                with registry.cursor() as cr:
                    Entry = Environment(cr, uid, {})["osc.audit.entry"]
                    record = Entry.env["osc.center"].browse(center)
                    # One in its own transaction, which stays open for the other.
                    Entry._log("write", record, f"{number}_{turn}")
                    Entry._log("read", record, f"{number}_{turn}")
                    if turn % 10 == 9:
                        cr.rollback()
        except Exception as error:
            errors.append(repr(error))

    def seal():
        try:
            while not ended.is_set():
                with registry.cursor() as cr:
                    Environment(cr, uid, {})["osc.audit.entry"]._seal()
        except Exception as error:
            errors.append(repr(error))

    writers = [threading.Thread(target=write, args=(n,)) for n in range(WRITERS)]
    sealers = [threading.Thread(target=seal) for _n in range(SEALERS)]
    for thread in writers + sealers:
        thread.start()
    for thread in writers:
        thread.join()
    ended.set()
    for thread in sealers:
        thread.join()
    env.cr.rollback()
    env["osc.audit.entry"]._cron_seal()
    env.cr.rollback()
    after = env["osc.audit.entry"].verify()
    return {
        "errors": errors,
        "written": after["entries"] - before["entries"],
        "expected": WRITERS * (ENTRIES + ENTRIES - ENTRIES // 10),
        **after,
    }
