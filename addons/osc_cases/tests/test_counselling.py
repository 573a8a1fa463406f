from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import NAME
from .justice import JusticeCommon


@tagged("post_install", "-at_install")
class TestCounselling(JusticeCommon):
    """What counsellors write is theirs, whatever she consents to."""

    def _session(self, user=None, **vals):
        return self._make("osc.counselling.session", user or self.psychosocial, **vals)

    def _score(self, code="phq9", **vals):
        scale = self.env.ref(f"osc_cases.osc_wellbeing_scale_{code}")
        return self._make(
            "osc.wellbeing.score",
            self.psychosocial,
            **{"scale_id": scale.id, "total": 9, **vals},
        )

    def test_nobody_else_reads_it(self):
        session = self._session(notes="She dreams of it")
        score = self._score()
        self._assert_reads(session, self.psychosocial)
        self._assert_reads(score, self.psychosocial)
        for scope in ("identity", "contact", "statement", "medical", "legal"):
            for code in ("police", "legal", "financial", "casework"):
                self._consent(scope, code)
        self._assert_reads(session, self.psychosocial)
        self._assert_reads(score, self.psychosocial)
        self.assertFalse(self.case.with_user(self.manager).counselling_count)
        self.assertFalse(self.case.with_user(self.manager).shows_counselling)
        self.assertEqual(self.case.with_user(self.psychosocial).counselling_count, 1)
        self.assertTrue(self.case.with_user(self.psychosocial).shows_wellbeing)

    def test_it_is_a_service(self):
        """That something was done for her is known; what it was isn't."""
        clock = self.case.clock_ids.filtered(
            lambda clock: clock.type_id.code == "first_service"
        )
        self.assertEqual(clock.state, "running")
        self.clock.tick(timedelta(minutes=20))
        session = self._session()
        self.assertEqual(clock.met_at, session.held_at)
        session.with_user(self.psychosocial).held_at -= timedelta(minutes=5)
        self.assertEqual(clock.met_at, session.held_at)

    def test_no_emergency_opens_it(self):
        session, score = self._session(), self._score()
        for user in (self.manager, self.medical):
            request = (
                self.env["osc.break.glass.request"]
                .with_user(user)
                .create(
                    {
                        "case_code": self.case.name,
                        "reason": "She is unconscious in the ward",
                        "hours": 2,
                    }
                )
            )
            request.action_confirm()
        self._settle()
        self.assertTrue(self.case.with_user(self.medical).has_access("read"))
        self._assert_reads(session, self.psychosocial)
        self._assert_reads(score, self.psychosocial)

    def test_only_counsellors_write_it(self):
        for user in (self.police, self.worker, self.manager, self.internal):
            with self.subTest(user=user.login), self._refused():
                self._session(user)
        with self.assertRaises(ValidationError):
            self._session(self.police, discipline_id=self.disciplines["police"].id)
        with self._refused():
            self._session().unlink()

    def test_a_session_took_place(self):
        with self.assertRaises(ValidationError):
            self._session(held_at=fields.Datetime.now() + timedelta(hours=1))

    def test_notes_are_in_the_vault(self):
        session = self._session(notes=f"{NAME} dreams of it")
        self.env.cr.execute(
            "SELECT notes FROM osc_counselling_session WHERE id = %s", [session.id]
        )
        self.assertNotIn("dreams", self.env.cr.fetchone()[0])
        self.assertEqual(session.notes, f"{NAME} dreams of it")
        self.assertEqual(session.display_name, f"{self.case.name} · Counselling")

    def test_totals_are_in_range(self):
        for code, total, fits in (
            ("phq9", 27, True),
            ("phq9", 28, False),
            ("phq9", -1, False),
            ("gad7", 22, False),
            ("who5", 25, True),
        ):
            with self.subTest(code=code, total=total):
                if fits:
                    self.assertEqual(self._score(code, total=total).total, total)
                else:
                    with self.assertRaises(ValidationError):
                        self._score(code, total=total)
        with self.assertRaises(ValidationError):
            self._score("gad7", risk_answer=1)
        with self.assertRaises(ValidationError):
            self._score("phq9", risk_answer=4)

    def test_thinking_of_self_harm_makes_it_urgent_and_says_not_why(self):
        self.assertEqual(self.case.urgency, "routine")
        calm = self._score(risk_answer=0)
        self.assertFalse(calm.shows_risk)
        self.assertEqual(self.case.urgency, "routine")
        before = self.case.sudo().message_ids
        score = self._score(risk_answer=2)
        self.assertTrue(score.shows_risk)
        self.assertTrue(score.protocol)
        self.assertEqual(self.case.urgency, "urgent")
        said = " ".join((self.case.sudo().message_ids - before).mapped("body")).lower()
        for word in ("phq", "harm", "suicid", "counsel", "score"):
            self.assertNotIn(word, said)
        calm.scale_id.sudo().risk_urgency = "emergency"
        calm.risk_answer = 1
        self._settle()
        self.assertEqual(self.case.urgency, "emergency")

    def test_never_less_urgent(self):
        self.case.urgency = "emergency"
        self._score(risk_answer=1)
        self.assertEqual(self.case.urgency, "emergency")
        closed = self.case
        closed.urgency = "routine"
        closed.action_close()
        self._score(risk_answer=1)
        self.assertEqual(closed.urgency, "routine")

    def test_the_graph_shows_her_alone(self):
        for total, days in ((18, 30), (12, 15), (6, 0)):
            self._score(
                total=total, measured_on=fields.Date.today() - timedelta(days=days)
            )
        rows = self.env["osc.wellbeing.score"].with_user(self.psychosocial)
        rows = rows.formatted_read_group(
            [("case_id", "=", self.case.id)],
            ["measured_on:day", "scale_id"],
            ["total:avg"],
        )
        self.assertEqual([row["total:avg"] for row in rows], [18, 12, 6])
        self.assertFalse(
            self.env["osc.wellbeing.score"]
            .with_user(self.manager)
            .formatted_read_group([], ["scale_id"], ["total:avg"])
        )

    def test_counts_of_many_cases_cost_few_queries(self):
        for _number in range(10):
            self._taken_on(self.worker, ["psychosocial"])
        self._session()
        self._settle()
        cases = self.env["osc.case"].with_user(self.psychosocial).search([])
        names = ["proceeding_count", "counselling_count", "person_count"]
        cases.read(names)
        self._settle()
        with self.assertQueryCount(20):
            rows = cases.read(names)
        self.assertEqual(sum(row["counselling_count"] for row in rows), 1)
