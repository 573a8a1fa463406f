"""What the database says about cases and who was told, past Odoo and its rules."""

from collections import Counter

from tests.support.center import assert_code

CASES = """
    SELECT id, state, name, reported_at FROM osc_case WHERE id = ANY(%s)
"""
INTIMATIONS = """
    SELECT i.case_id, u.login, d.code, i.state, i.escalation_level, i.delivered_at
    FROM osc_intimation i
    JOIN res_users u ON u.id = i.user_id
    JOIN osc_discipline d ON d.id = i.discipline_id
    WHERE i.case_id = ANY(%s)
"""
UNDELIVERED = """
    SELECT count(*) FROM osc_intimation
    WHERE case_id = ANY(%s) AND delivered_at IS NULL
"""
# Each intimation with the number of inbox messages that its person got.
INBOX = """
    SELECT i.id, count(n.id)
    FROM osc_intimation i
    JOIN res_users u ON u.id = i.user_id
    LEFT JOIN mail_message m ON m.model = 'osc.intimation' AND m.res_id = i.id
    LEFT JOIN mail_notification n ON n.mail_message_id = m.id
        AND n.res_partner_id = u.partner_id AND n.notification_type = 'inbox'
    WHERE i.case_id = ANY(%s)
    GROUP BY i.id
"""


class Ledger:
    """The cases of a test: ``cases`` is {id: (center, kind)}."""

    def __init__(self, database, cases: dict):
        self.database, self.cases = database, cases
        self.ids = list(cases)

    def rows(self, query: str, ids=None) -> list[tuple]:
        return self.database.sql(query, (list(ids or self.ids),))

    def codes(self) -> dict[int, str]:
        """Codes of the reported cases."""
        return {row[0]: row[2] for row in self.rows(CASES) if row[2]}

    def reported(self) -> set[int]:
        return {row[0] for row in self.rows(CASES) if row[1] != "draft"}

    def told(self) -> dict[int, Counter]:
        """Who was told of each case: counts of (login, discipline)."""
        told = {case: Counter() for case in self.ids}
        for case, login, discipline, *_rest in self.rows(INTIMATIONS):
            told[case][login, discipline] += 1
        return told

    def assert_all_or_nothing(self) -> None:
        """A case is a draft of which nobody knows, or reported with all it needs."""
        told = self.told()
        codes = []
        for case, state, code, reported_at in self.rows(CASES):
            center, kind = self.cases[case]
            if state == "draft":
                assert code is None and reported_at is None
                assert not told[case], f"draft {case} was told: {told[case]}"
                continue
            assert state in ("reported", "active")
            assert reported_at
            codes.append((center.code, assert_code(code, center.code)))
            assert told[case] == Counter(center.expected(kind)), code
        assert len(codes) == len(set(codes)), "a code was given twice"

    def all_delivered(self) -> bool:
        return self.rows(UNDELIVERED)[0][0] == 0

    def assert_one_message_each(self) -> None:
        counts = Counter(number for _intimation, number in self.rows(INBOX))
        assert set(counts) == {1}, f"messages for an intimation: {dict(counts)}"
