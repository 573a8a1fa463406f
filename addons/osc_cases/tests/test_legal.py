import re
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models.osc_legal_proceeding import OUTCOMES
from .justice import JusticeCommon


@tagged("post_install", "-at_install")
class TestProceedings(JusticeCommon):
    """What police and lawyers write, each for themselves."""

    def test_each_discipline_keeps_its_own(self):
        police = self._proceeding(fir_number="FIR 12/26", notes="Ask the neighbour")
        legal = self._proceeding(self.legal, "legal", notes="She told me why")
        self._assert_reads(police, self.police)
        self._assert_reads(legal, self.legal)
        with self._refused():
            police.with_user(self.legal).write({"kind": "other"})

    def test_consent_opens_the_record_and_not_the_notes(self):
        legal = self._proceeding(
            self.legal, "legal", fir_number="12/26", notes="She told me why"
        )
        consent = self._consent("legal", "police")
        self._assert_reads(legal, self.legal, self.police)
        seen = legal.with_user(self.police)
        self.assertEqual(seen.fir_number, "12/26")
        self.assertFalse(seen.notes)
        self.assertFalse(seen.notes_open)
        self.assertEqual(legal.notes, "She told me why")
        for name in ("private_notes", "fir_number_token"):
            with self.subTest(field=name), self._refused():
                legal.read([name])
        with self._refused():
            seen.write({"notes": "overwritten"})
        consent.action_withdraw()
        self._settle()
        self._assert_reads(legal, self.legal)

    def test_who_may_write_none(self):
        for user, code in (
            (self.worker, "casework"),
            (self.psychosocial, "psychosocial"),
        ):
            with self.subTest(user=user.login), self.assertRaises(ValidationError):
                self._proceeding(user, code)
        for user, code in (
            (self.police, "legal"),
            (self.worker, "police"),
            (self.manager, "legal"),
            (self.medical, "police"),
            (self.internal, "police"),
        ):
            with self.subTest(user=user.login), self._refused():
                self._proceeding(user, code)

    def test_it_stays_whose_it_is(self):
        other = self._taken_on(self.worker)
        mine = self._proceeding()
        with self._refused():
            mine.write({"case_id": other.id})
        with self._refused():
            mine.write({"discipline_id": self.disciplines["legal"].id})
        with self._refused():
            mine.write({"author_id": self.legal.id})
        forged = self._proceeding(author_id=self.legal.id)
        self.assertEqual(forged.author_id, self.police)
        step = self._step(mine, "complaint")
        with self._refused():
            step.write({"proceeding_id": forged.id})

    def test_excluded_staff_read_nothing(self):
        mine = self._proceeding()
        self.case.with_user(self.worker).excluded_user_ids = self.police
        self._settle()
        self._assert_reads(mine)

    def test_the_number_is_in_the_vault(self):
        mine = self._proceeding(fir_number="FIR 7781234/26", court="Sessions court")
        self.env.cr.execute(
            "SELECT fir_number, court FROM osc_legal_proceeding WHERE id = %s",
            [mine.id],
        )
        for stored in self.env.cr.fetchone():
            self.assertNotIn("7781234", stored)
            self.assertNotIn("Sessions", stored)
        found = mine.search([("fir_number", "=", "fir 7781234-26")])
        self.assertEqual(found, mine)
        self.assertNotIn("7781234", mine.display_name)

    # ------------------------------------------------------------------
    # Stages
    # ------------------------------------------------------------------
    def test_stages_are_those_of_the_country(self):
        mine = self._proceeding()
        Stage = self.env["osc.legal.stage"]
        pakistani = self.env.ref("osc_cases.osc_legal_stage_pk_challan")
        with self.assertRaises(ValidationError):
            mine.env["osc.legal.step"].create(
                {"proceeding_id": mine.id, "stage_id": pakistani.id}
            )
        self.assertIn(pakistani, Stage._of_country(self.env.ref("base.pk")))
        self.assertNotIn(
            self._stage("charge"), Stage._of_country(self.env.ref("base.pk"))
        )
        self.center.country_id = self.env.ref("base.pk")
        self.center.state_id = False
        self._settle()
        self.assertTrue(
            mine.env["osc.legal.step"].create(
                {"proceeding_id": mine.id, "stage_id": pakistani.id}
            )
        )

    def test_the_history_says_the_stage(self):
        mine = self._proceeding()
        now = fields.Datetime.now()
        self._step(mine, "charge", happened_at=now - timedelta(days=1))
        # Recorded later, happened earlier.
        self._step(mine, "complaint", happened_at=now - timedelta(days=9))
        self._step(mine, "bail", happened_at=now)
        self.assertEqual(mine.stage_id.code, "charge")
        with self.assertRaises(ValidationError):
            self._step(mine, "judgment", happened_at=now + timedelta(days=1))
        with self._refused():
            mine.step_ids[0].stage_id = self._stage("judgment")
        with self._refused():
            mine.step_ids[0].unlink()

    def test_clocks_are_told(self):
        mine = self._proceeding()
        told = []
        Case = self.env.registry["osc.case"]
        self.patch(
            Case,
            "_clock_event",
            lambda case, event, moment, source=None: told.append(
                (case.id, event, moment, source._name)
            ),
        )
        step = self._step(mine, "complaint")
        self._step(mine, "registered")
        self._step(mine, "charge")
        earlier = step.happened_at - timedelta(hours=3)
        step.happened_at = earlier
        self.assertEqual(
            [event for _case, event, *_rest in told][:2],
            ["complaint", "fir_registered"],
        )
        self.assertEqual(
            told[-1], (self.case.id, "complaint", earlier, "osc.legal.step")
        )
        self.assertEqual(len(told), 3)

    # ------------------------------------------------------------------
    # Outcome
    # ------------------------------------------------------------------
    def test_ending_and_appeal(self):
        mine = self._proceeding()
        with self.assertRaises(UserError):
            mine.action_decide()
        with self.assertRaises(UserError):
            mine.state = "decided"
        mine.outcome = "acquitted"
        with self.assertRaises(ValidationError):
            mine.decided_on = fields.Date.today() + timedelta(days=2)
        for user in (self.legal, self.worker, self.manager):
            with self.subTest(user=user.login), self._refused():
                mine.with_user(user).action_decide()
        mine.action_decide()
        self.assertEqual(mine.state, "decided")
        self.assertTrue(mine.decided_on)
        with self.assertRaises(UserError):
            mine.action_decide()
        with self.assertRaises(UserError):
            mine.outcome = "convicted"
        with self.assertRaises(UserError):
            self._step(mine, "evidence")
        with self.assertRaises(UserError):
            self._hearing(mine)
        self._step(mine, "bail")
        appeal = self._step(mine, "appeal")
        self._settle()
        self.assertEqual(mine.state, "open")
        self.assertFalse(mine.outcome)
        self.assertEqual(appeal.former_outcome, "acquitted")
        mine.outcome = "convicted"
        mine.action_decide()
        self.assertTrue(mine.is_success)

    def test_reconciliation_is_no_success(self):
        successes = set()
        for outcome, _label in OUTCOMES:
            mine = self._proceeding(outcome=outcome)
            self.assertFalse(mine.is_success, "only entered, not ended")
            mine.action_decide()
            if mine.is_success:
                successes.add(outcome)
        self._settle()
        self.assertEqual(successes, {"convicted", "granted"})
        reconciled = mine.search(
            [("case_id", "=", self.case.id), ("outcome", "=", "reconciliation")]
        )
        self.assertEqual(len(reconciled), 1)
        self.assertFalse(
            reconciled.search([("is_success", "=", True), ("id", "in", reconciled.ids)])
        )

    def test_an_end_needs_an_outcome_in_the_database_too(self):
        mine = self._proceeding()
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.env.cr.execute(
                "UPDATE osc_legal_proceeding SET state = 'decided' WHERE id = %s",
                [mine.id],
            )

    def test_nothing_proposes_mediation(self):
        """No service, stage, action, rule or scheduled job sends her to mediate."""
        words = re.compile(r"\b(mediat|reconcil|compromis|conciliat|arbitrat)")
        texts = {
            "osc.service": ["name", "code"],
            "osc.intimation.rule": ["name", "domain"],
            "osc.clock.type": ["name"],
            "ir.cron": ["name", "code"],
            "ir.actions.server": ["name", "code"],
        }
        for model, names in texts.items():
            for record in self.env[model].sudo().search([]):
                for name in names:
                    with self.subTest(model=model, record=record.id, field=name):
                        text = str(record[name] or "").lower().replace("_", " ")
                        self.assertFalse(words.findall(text))
        # A stage may say that it happened; it moves nothing and starts nothing.
        stages = self.env["osc.legal.stage"].search(
            [("code", "in", ("compromise", "withdrawal"))]
        )
        self.assertTrue(stages)
        for stage in stages:
            self.assertTrue(stage.is_side_event)
            self.assertFalse(stage.clock_event or stage.reopens)
        self.assertFalse(
            self.env["osc.legal.proceeding"].default_get(["outcome"]).get("outcome")
        )

    def test_through_the_form(self):
        form = Form(
            self.env["osc.legal.proceeding"]
            .with_user(self.legal)
            .with_context(default_case_id=self.case.id)
        )
        self.assertEqual(form.discipline_id.code, "legal")
        form.fir_number = "9/26"
        form.notes = "Call on Monday"
        with form.step_ids.new() as step:
            step.stage_id = self._stage("complaint")
        mine = form.save()
        self._settle()
        self.assertEqual(mine.notes, "Call on Monday")
        self.assertEqual(mine.stage_id.code, "complaint")

    def test_opening_many_costs_few_queries(self):
        for _number in range(30):
            mine = self._proceeding()
            self._step(mine, "complaint")
        self._settle()
        Proceeding = self.env["osc.legal.proceeding"].with_user(self.police)
        Proceeding.search([], limit=1).mapped("display_name")
        self._settle()
        with self.assertQueryCount(30):
            Proceeding.web_search_read(
                [("case_id", "=", self.case.id)],
                {
                    "case_id": {"fields": {"display_name": {}}},
                    "kind": {},
                    "stage_id": {"fields": {"display_name": {}}},
                    "outcome": {},
                    "state": {},
                },
                limit=80,
            )


@tagged("post_install", "-at_install")
class TestOrders(JusticeCommon):
    """Court orders, and the warning before they end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.proceeding = (
            cls.env["osc.legal.proceeding"]
            .with_user(cls.legal)
            .create(
                {
                    "case_id": cls.case.id,
                    "kind": "protection",
                    "discipline_id": cls.disciplines["legal"].id,
                }
            )
        )

    def _order(self, **vals):
        order = self.proceeding.env["osc.legal.order"].create(
            {"proceeding_id": self.proceeding.id, **vals}
        )
        self._settle()
        return order

    def _granted(self, days, **vals):
        order = self._order(
            valid_to=fields.Date.today() + timedelta(days=days),
            valid_from=fields.Date.today() - timedelta(days=300),
            **vals,
        )
        order.action_grant()
        self._settle()
        return order

    def _warnings(self):
        return self.env["mail.message"].search(
            [("subject", "=", f"A date in {self.case.sudo().name}")]
        )

    def _warn(self):
        self.env["osc.legal.order"]._cron_warn()
        self._settle()

    def test_states(self):
        order = self._order()
        with self.assertRaises(UserError):
            order.action_end()
        with self.assertRaises(UserError):
            order.state = "granted"
        for user in (self.police, self.worker, self.manager):
            with self.subTest(user=user.login), self._refused():
                order.with_user(user).action_grant()
        order.action_grant()
        self.assertEqual(order.state, "granted")
        self.assertTrue(order.valid_from)
        for action in (order.action_grant, order.action_refuse):
            with self.assertRaises(UserError):
                action()
        order.action_end()
        refused = self._order(state="granted")
        self.assertEqual(refused.state, "applied")
        refused.action_refuse()
        with self.assertRaises(UserError):
            refused.action_end()

    def test_who_reads(self):
        order = self._order(terms="Not within 200 m")
        self._assert_reads(order, self.legal)
        self._consent("legal", "police")
        self._assert_reads(order, self.legal, self.police)

    def test_warns_the_lawyer_and_the_case_worker_once(self):
        order = self._granted(10)
        self._granted(40)
        self.assertTrue(order.expires_soon)
        self._warn()
        told = self._warnings()
        self.assertEqual(told.partner_ids, (self.legal | self.worker).partner_id)
        for word in ("protection", "order", "court", "Zarmina"):
            self.assertNotIn(
                word, str(told.mapped("body")).lower().replace("border", "")
            )
        count = len(told)
        self._warn()
        self.assertEqual(len(self._warnings()), count)
        order.valid_to = fields.Date.today() + timedelta(days=12)
        self._warn()
        self.assertEqual(len(self._warnings()), 2 * count)

    def test_nothing_to_warn_of(self):
        self._order(valid_to=fields.Date.today() + timedelta(days=3))
        self._granted(3).action_end()
        self._granted(-20)
        self._warn()
        self.assertFalse(self._warnings())

    def test_without_anybody_the_manager_is_told(self):
        self._granted(3)
        self.people["legal"].with_user(self.manager).active = False
        self.case.sudo().case_worker_id = False
        self._settle()
        self._warn()
        self.assertEqual(self._warnings().partner_ids, self.manager.partner_id)

    def test_an_excluded_manager_is_not_told(self):
        order = self._granted(3)
        self.people["legal"].with_user(self.manager).active = False
        case = self.case.sudo()
        case.case_worker_id = False
        case.excluded_user_ids += self.manager
        coordinator, case.center_id.coordinator_id = self.coordinator, False
        self._settle()
        self._warn()
        self.assertFalse(self._warnings())
        self.assertFalse(order.sudo().warned_at, "nobody was told")
        case.center_id.coordinator_id = coordinator
        self._warn()
        self.assertEqual(self._warnings().partner_ids, coordinator.partner_id)
        self.assertTrue(order.sudo().warned_at)

    def test_a_case_that_is_closed_still_warns(self):
        self._granted(3)
        self.case.action_close()
        self._warn()
        self.assertTrue(self._warnings())

    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(days=st.integers(-30, 60), limit=st.integers(1, 30))
    def _warns_within_the_limit(self, days, limit):
        self.policy.order_warning_days = limit
        order = self.order.with_env(self.env)
        # Without the methods of the form: only the day counts here.
        order.sudo().write(
            {"valid_to": fields.Date.today() + timedelta(days=days), "warned_at": False}
        )
        today = self.center._local_day()
        left = (order.valid_to - today).days
        self.assertEqual(order.expires_soon, 0 <= left <= limit)
        self.assertEqual(order.has_expired, left < 0)
        self._warn()
        if 0 <= left:
            self.assertEqual(bool(order.warned_at), left <= limit)

    def test_warns_within_the_limit_of_the_policy(self):
        self.order = self._granted(30)
        self.order.sudo().valid_from = False
        self._warns_within_the_limit()
