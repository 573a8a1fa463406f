"""Several people do something with the same case at the same moment."""

import random
from collections import Counter

import pytest

from tests.support.center import Center, assert_code
from tests.support.crowd import assert_all_answered, at_once
from tests.support.rpc import RpcError

from .ledger import INTIMATIONS, Ledger

ROUNDS = 6


@pytest.fixture(scope="module")
def center(crowd_server, catalog):
    return Center(catalog, crowd_server, people=2, backups=1, workers=4, log_in=True)


@pytest.fixture(scope="module")
def workers(center):
    return center.worker_sessions()


@pytest.fixture(scope="module")
def people(center):
    """Sessions of two police officers, of their backup and of a lawyer."""
    begin = f"test.{center.code.lower()}"
    names = ("police0", "police1", "police.backup0", "legal0")
    return {name: center.session(f"{begin}.{name}") for name in names}


def _ledger(center, cases) -> Ledger:
    return Ledger(
        center.server.database, {case: (center, kind) for case, kind in cases.items()}
    )


def _calls(sessions, model, method, *arguments):
    """A call from a tab of its own for each session."""

    def call(session):
        tab = session.twin()
        return lambda: tab.call(model, method, *arguments)

    return [call(session) for session in sessions]


def test_twenty_report_one_case(center, workers):
    """Five sessions of its case worker and five of others; each clicks twice."""
    own = [workers[0]] + [center.session(workers[0].login) for _n in range(4)]
    others = [*workers[1:], center.session(center.manager), workers[1]]
    for _round in range(3):
        cases = center.open_cases(workers[0], ["rape"])
        calls = _calls([*own, *others] * 2, "osc.case", "action_report", list(cases))
        assert len(calls) == 20
        outcomes = at_once(calls)
        for session, outcome in zip([*own, *others] * 2, outcomes, strict=True):
            # To colleagues it is closed once it is no draft any more.
            closed = isinstance(outcome.error, RpcError)
            closed = closed and outcome.error.name == "AccessError"
            assert outcome.answered or (closed and session in workers[1:]), outcome
        ledger = _ledger(center, cases)
        assert ledger.reported() == set(cases)
        ledger.assert_all_or_nothing()


def test_no_report_fails_at_one_center(center, workers):
    """200 at one center: the numbering doesn't refuse anybody, and counts on."""
    cases, calls = {}, []
    for worker in workers:
        drafts = center.open_cases(worker, ["unknown"] * 50)
        cases |= drafts
        for case in drafts:
            calls += _calls([worker], "osc.case", "action_report", [case])
    before = center.server.database.sql(
        "SELECT count(*) FROM osc_case WHERE center_id = %s AND name IS NOT NULL",
        (center.id,),
    )[0][0]
    outcomes = at_once(calls)
    assert_all_answered(outcomes)
    ledger = _ledger(center, cases)
    ledger.assert_all_or_nothing()
    numbers = {assert_code(code, center.code) for code in ledger.codes().values()}
    assert len(numbers) == len(calls)
    # Repeated requests (at most those of the tests before) may have drawn numbers.
    assert max(numbers) - min(numbers) == len(calls) - 1, "numbers were skipped"
    assert min(numbers) > before
    seconds = max(o.ended for o in outcomes) - min(o.began for o in outcomes)
    slowest = max(o.ended - o.began for o in outcomes)
    print(
        f"\n{len(calls) / seconds:.1f} reports per second at one center, "
        f"the slowest took {slowest:.2f} s among 32 at a time"
    )


def test_facts_added_while_reporting(center, workers):
    """Who is needed because of a fact is told, whichever of the two is first."""
    incident = {"type_id": center.catalog.types["rape"]}
    for number in range(ROUNDS):
        cases = center.open_cases(workers[0], ["unknown"])
        case = next(iter(cases))
        calls = _calls(workers[:1], "osc.case", "action_report", [case])
        calls += _calls(
            workers[:1] * 2, "osc.incident", "create", [{**incident, "case_id": case}]
        )
        calls += _calls(
            workers[:1], "osc.case", "write", [case], {"no_safe_place": True}
        )
        random.Random(number).shuffle(calls)
        assert_all_answered(at_once(calls))
        told = _ledger(center, cases).told()[case]
        needed = (
            "medical",
            "forensic",
            "police",
            "legal",
            "psychosocial",
            "shelter",
        )
        assert told == Counter(center.expected_for(needed)), number


def test_age_noted_while_reporting(center, workers, catalog):
    """That she is a child is known to the report, or tells the child authority."""
    rule = {
        "name": "Test: minor",
        "discipline_id": catalog.disciplines["child_protection"],
        "domain": "[('is_minor', '=', True)]",
    }
    rules = catalog.admin.call("osc.intimation.rule", "create", [rule])
    try:
        for _round in range(ROUNDS):
            cases = center.open_cases(workers[0], ["unknown"])
            case = next(iter(cases))
            survivor = workers[0].call("osc.case", "read", [case], ["survivor_id"])
            [survivor_id] = [row["survivor_id"][0] for row in survivor]
            calls = _calls(workers[:1], "osc.case", "action_report", [case])
            calls += _calls(
                workers[:1], "osc.survivor", "write", [survivor_id], {"age_years": 12}
            )
            assert_all_answered(at_once(calls))
            told = _ledger(center, cases).told()[case]
            # Nobody of that discipline is there: the manager hears of the gap.
            assert (center.manager, "child_protection") in told
    finally:
        catalog.admin.call("osc.intimation.rule", "write", rules, {"active": False})


def test_first_reports_of_a_year(center, workers):
    """The year was not begun ahead, because the server was off for a month."""
    database = center.server.database
    for _round in range(2):
        database.sql(
            "DELETE FROM ir_sequence_date_range WHERE sequence_id = "
            "(SELECT case_sequence_id FROM osc_center WHERE id = %s)",
            (center.id,),
        )
        # the numbers of the year that was begun before are taken
        database.sql(
            "UPDATE osc_case SET name = 'OLD' || id WHERE center_id = %s "
            "AND name IS NOT NULL",
            (center.id,),
        )
        cases = center.open_cases(workers[0], ["unknown"] * 12)
        calls = []
        for case in cases:
            calls += _calls(workers[:1], "osc.case", "action_report", [case])
        assert_all_answered(at_once(calls))
        ledger = _ledger(center, cases)
        ledger.assert_all_or_nothing()
        assert len(ledger.codes()) == len(cases)
        ranges = database.sql(
            "SELECT count(*) FROM ir_sequence_date_range WHERE sequence_id = "
            "(SELECT case_sequence_id FROM osc_center WHERE id = %s)",
            (center.id,),
        )
        assert ranges == [(1,)]


# ----------------------------------------------------------------------
# Answers and escalation
# ----------------------------------------------------------------------
NEED = """
    SELECT i.id, u.login, i.state, i.escalation_level, i.escalated_at,
           i.acknowledged_at
    FROM osc_intimation i
    JOIN res_users u ON u.id = i.user_id
    JOIN osc_discipline d ON d.id = i.discipline_id
    WHERE i.case_id = ANY(%s) AND d.code = 'police'
    ORDER BY i.id
"""
LET_TIME_PASS = """
    UPDATE osc_intimation SET due_at = now() AT TIME ZONE 'UTC' - interval '1 minute'
    WHERE case_id = ANY(%s)
"""


def _overdue(center, worker, kind="rape") -> Ledger:
    """A reported case whose intimations nobody acknowledged in time."""
    cases = center.open_cases(worker, [kind])
    worker.call("osc.case", "action_report", list(cases))
    ledger = _ledger(center, cases)
    ledger.rows("WITH u AS (" + LET_TIME_PASS + " RETURNING 1) SELECT count(*) FROM u")
    return ledger


def _watch(catalog, times=2):
    """The watch job, several times at once; only one of them gets to run."""

    def run():
        try:
            catalog.run_watch()
        except RpcError as error:
            assert "already executing" in error.message, error

    return [run] * times


def _answer(session, ledger, method, *arguments):
    """Answer the police intimation of that user."""
    [intimation] = [
        row[0] for row in ledger.rows(NEED) if row[1] == session.login and row[3] < 2
    ]
    return _calls([session], "osc.intimation", method, [intimation], *arguments)


def test_acknowledged_while_escalated(center, workers, catalog, people):
    """An acknowledgement is never lost, and nothing is escalated behind it."""
    first, second = people["police0"], people["police1"]
    for number in range(ROUNDS):
        ledger = _overdue(center, workers[0])
        calls = _answer(first, ledger, "action_acknowledge") * 2
        if number % 2:
            calls += _answer(second, ledger, "action_acknowledge")
        calls += _watch(catalog)
        random.Random(number).shuffle(calls)
        assert_all_answered(at_once(calls))
        rows = ledger.rows(NEED)
        answers = {login: state for _id, login, state, *_rest in rows}
        assert answers[first.login] == "acknowledged"
        if number % 2:
            assert answers[second.login] == "acknowledged"
        higher = [row for row in rows if row[1] not in (first.login, second.login)]
        if higher:
            # The job was first: it saw everybody waiting.
            assert all(row[4] for row in rows if row[1] == first.login), rows
        catalog.run_watch()
        after = [row[:4] for row in ledger.rows(NEED)]
        assert after == [row[:4] for row in rows], "escalated after an answer"


def test_acknowledged_and_declined_while_escalated(center, workers, catalog, people):
    """Two answers of one person, one after the other: the refusal is the last word."""
    first = people["police0"]
    for number in range(ROUNDS):
        ledger = _overdue(center, workers[0])
        calls = _answer(first, ledger, "action_decline", "Not today")
        calls += _answer(first, ledger, "action_acknowledge")
        calls += _watch(catalog)
        random.Random(number).shuffle(calls)
        outcomes = at_once(calls)
        refused = [o.error for o in outcomes if o.error]
        assert len(refused) <= 1, refused
        for error in refused:  # to acknowledge what was declined
            assert isinstance(error, RpcError) and error.name == "UserError", error
        [state] = [row[2] for row in ledger.rows(NEED) if row[1] == first.login]
        assert state == "declined"
        members = center.server.database.sql(
            "SELECT count(*) FROM osc_case_member WHERE case_id = ANY(%s) "
            "AND user_id = %s AND revoked_at IS NULL",
            (ledger.ids, center.users[first.login]),
        )
        assert members == [(0,)], "declined, and still a member"


def test_all_decline_at_once(center, workers, catalog, people):
    """Nobody relies on a colleague who is declining, too: the backup is told, once."""
    backup = people["police.backup0"].login
    for number in range(ROUNDS):
        ledger = _overdue(center, workers[0])
        calls = []
        for name in ("police0", "police1"):
            calls += _answer(people[name], ledger, "action_decline", "Not today")
        if number % 2:
            calls += _watch(catalog)
        random.Random(number).shuffle(calls)
        assert_all_answered(at_once(calls))
        told = Counter(row[1] for row in ledger.rows(NEED))
        assert told[backup] == 1, told
        assert set(told.values()) == {1}, told


def test_two_jobs_escalate_once(center, workers, catalog):
    """Each level is told once, however often the job runs at a time."""
    ledger = _overdue(center, workers[0])
    expected = center.expected("rape")
    levels = [
        {
            (login, role[0])
            for login, role in center.roles.items()
            if role[1] and role[0] != "shelter"
        },
        {(center.manager, discipline) for _login, discipline in expected},
        {(center.coordinator, discipline) for _login, discipline in expected},
        set(),
    ]
    for level in levels:
        assert_all_answered(at_once(_watch(catalog, 4)))
        expected |= level
        told = Counter(
            (login, discipline)
            for _case, login, discipline, *_rest in ledger.rows(INTIMATIONS)
        )
        assert told == Counter(expected)
        ledger.rows(
            "WITH u AS (" + LET_TIME_PASS + " RETURNING 1) SELECT count(*) FROM u"
        )


def test_job_goes_on_beside_an_answer(center, workers, catalog):
    """An answer that is not committed yet holds up its own need, and no other."""
    held = _overdue(center, workers[0])
    free = _overdue(center, workers[0])
    connection = center.server.database.connect()
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE osc_intimation SET write_date = write_date WHERE id IN "
                "(SELECT id FROM osc_intimation WHERE case_id = ANY(%s) LIMIT 1)",
                (held.ids,),
            )
            catalog.run_watch()
    finally:
        connection.rollback()
        connection.close()
    escalated = {
        ledger.ids[0]: {row[2] for row in ledger.rows(INTIMATIONS) if row[4]}
        for ledger in (held, free)
    }
    assert len(escalated[free.ids[0]]) == 5
    assert len(escalated[held.ids[0]]) == 4


# ----------------------------------------------------------------------
# Consents
# ----------------------------------------------------------------------
STILL_OPEN = """
    SELECT s.id FROM osc_case_member_scope s
    JOIN osc_consent c ON c.id = s.consent_id
    WHERE s.case_id = ANY(%s) AND s.closed_at IS NULL AND c.withdrawn_at IS NOT NULL
"""


def test_withdrawn_while_acknowledged(center, workers, catalog, people):
    """What she takes back isn't opened by an answer of the same moment."""
    for number in range(ROUNDS):
        cases = center.open_cases(workers[0], ["rape"])
        workers[0].call("osc.case", "action_report", list(cases))
        ledger = _ledger(center, cases)
        consents = workers[0].call(
            "osc.consent",
            "create",
            [
                {
                    "case_id": ledger.ids[0],
                    "scope": "identity",
                    "discipline_id": catalog.disciplines["police"],
                }
            ],
        )
        calls = _calls([workers[0]], "osc.consent", "action_withdraw", consents)
        for name in ("police0", "police1"):
            calls += _answer(people[name], ledger, "action_acknowledge")
        random.Random(number).shuffle(calls)
        assert_all_answered(at_once(calls))
        assert ledger.rows(STILL_OPEN) == [], "open after she took it back"
