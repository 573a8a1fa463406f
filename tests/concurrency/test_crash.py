"""A crash while many report: what was answered is there, in full and once."""

import itertools
import time

from tests.support.center import Catalog, Center
from tests.support.crowd import at_once, wait_until

from .ledger import Ledger

REPORTS = 200
KILL_AFTER = 60  # answers
THREADS = 40
KINDS = ("rape", "denial", "unknown", "unknown")


def _fill(server) -> tuple[Ledger, list]:
    """Two centers, one without a lawyer; drafts; a call for each that reports it."""
    catalog = Catalog(server.session("admin"))
    catalog.own_rules()
    centers = [
        Center(catalog, server, backups=1),
        Center(catalog, server, without=["legal"]),
    ]
    cases, calls = {}, []
    for center in centers:
        sessions = center.worker_sessions()
        for session in sessions:
            number = REPORTS // len(centers) // len(sessions)
            kinds = itertools.islice(itertools.cycle(KINDS), number)
            for case, kind in center.open_cases(session, kinds).items():
                cases[case] = center, kind
                calls.append(_report(session, case))
    assert len(calls) == REPORTS
    # Alternate between centers and people.
    order = sorted(range(REPORTS), key=lambda n: n % (REPORTS // 4))
    ledger = Ledger(server.database, {list(cases)[n]: None for n in order})
    ledger.cases = cases
    return ledger, [calls[n] for n in order]


def _report(session, case):
    tab = session.twin()
    return lambda: tab.call("osc.case", "action_report", [case])


def _interrupt(server, ledger, calls, kill) -> set[int]:
    """Report all, kill after some answers; the cases that were answered."""
    ledger.assert_all_or_nothing()
    outcomes = at_once(
        calls, THREADS, on_answer=lambda n: kill() if n == KILL_AFTER else None
    )
    answered = {
        case
        for case, outcome in zip(ledger.ids, outcomes, strict=True)
        if outcome.answered
    }
    assert KILL_AFTER <= len(answered) < REPORTS, "the kill was not in the middle"
    return answered


def _check(server, ledger, calls, answered) -> None:
    """After the restart: nothing lost, nothing doubled; the rest can be reported."""
    ledger.assert_all_or_nothing()
    reported = ledger.reported()
    assert answered <= reported, "an answered report was lost"
    print(f"\n{len(answered)} answered, {len(reported)} reported of {REPORTS}")
    # The people repeat what got no answer, and for good measure what got one.
    codes = ledger.codes()
    outcomes = at_once(calls, THREADS)
    errors = [outcome.error for outcome in outcomes if outcome.error]
    assert not errors, errors[:3]
    ledger.assert_all_or_nothing()
    assert ledger.reported() == set(ledger.ids)
    assert codes.items() <= ledger.codes().items(), "a code changed"


def _check_delivery(server, ledger) -> None:
    """The job that runs in the server brings all of them, each once."""
    begin = time.monotonic()
    wait_until(ledger.all_delivered, 120, "delivery of all intimations")
    ledger.assert_one_message_each()
    number = sum(sum(told.values()) for told in ledger.told().values())
    print(f"{number} intimations delivered in {time.monotonic() - begin:.1f} s")


def test_server_killed_amid_reports(odoo_server):
    """The watch job is killed in the middle of its work as well."""
    server = odoo_server(workers=4, cron=True)
    ledger, calls = _fill(server)
    answered = _interrupt(server, ledger, calls, server.kill)
    server.start()
    server.wait_until_it_answers()
    _check(server, ledger, calls, answered)
    _check_delivery(server, ledger)


def test_database_killed_amid_reports(private_postgres, odoo_server):
    cluster = private_postgres()
    for setting in ("fsync", "synchronous_commit"):
        assert cluster.database.sql(f"SHOW {setting}") == [("on",)]
    # With the watch job: it is interrupted as well, and hears of the repeated reports
    # at once, whereas a new server first looks after a minute.
    server = odoo_server(cluster.database, workers=4, cron=True)
    ledger, calls = _fill(server)
    answered = _interrupt(server, ledger, calls, cluster.kill)
    assert not cluster.answers()
    cluster.start()
    # What had to survive did, or didn't; from now on nothing need wait for the disk.
    name = cluster.database.name
    cluster.database.sql(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    # Odoo's master process may have ended for want of a database; what supervises it
    # starts it again.
    server.stop()
    server.start()
    server.wait_until_it_answers()
    _check(server, ledger, calls, answered)
    _check_delivery(server, ledger)
