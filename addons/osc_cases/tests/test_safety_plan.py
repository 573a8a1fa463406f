from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import CasesCommon

PLACE = "Teststreet 5, at the tailor's"


@tagged("post_install", "-at_install")
class TestSafetyPlan(CasesCommon):
    """Her safety plan: versions, who reads it, and when one is missing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._only_rule("medical")
        cls.medical = cls.people["medical"].user_id

    def setUp(self):
        super().setUp()
        self.case = self._report()
        self._intimation(self.case, self.medical).action_acknowledge()

    def _plan(self, user=None, **vals):
        return (
            self.env["osc.safety.plan"]
            .with_user(user or self.worker)
            .create({"case_id": self.case.id, "during_places": PLACE, **vals})
        )

    def _assess(self, level="high", user=None):
        return (
            self.env["osc.risk.assessment"]
            .with_user(user or self.worker)
            .create(
                {
                    "case_id": self.case.id,
                    "override_level": level,
                    "override_reason": "Test",
                }
            )
        )

    def test_the_database_holds_no_plain_text(self):
        plan = self._plan(concern="My brother")
        self.env.flush_all()
        row = self.env.execute_query(
            SQL(
                "SELECT osc_safety_plan::text FROM osc_safety_plan WHERE id=%s", plan.id
            )
        )[0][0]
        self.assertNotIn("tailor", row)
        self.assertNotIn("brother", row)

    def test_a_new_version_replaces_the_former(self):
        first = self._plan(concern="Fear")
        action = first.action_new_version()
        second = self.env["osc.safety.plan"].browse(action["res_id"])
        self.assertEqual((first.version, second.version), (1, 2))
        self.assertTrue(first.replaced_at)
        self.assertFalse(second.replaced_at)
        self.assertEqual(second.with_user(self.worker).during_places, PLACE)
        with self.assertRaises(UserError):
            first.concern = "Changed"
        second.with_user(self.worker).concern = "Less fear"

    def test_versions_can_not_be_invented(self):
        plan = self._plan(version=7, replaced_at=fields.Datetime.now())
        self.assertEqual(plan.version, 1)
        self.assertFalse(plan.replaced_at)
        for vals in ({"version": 3}, {"replaced_at": fields.Datetime.now()}):
            with self.assertRaises(UserError):
                plan.write(vals)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            plan.unlink()

    def test_only_consent_to_the_plan_opens_it(self):
        plan = self._plan()
        for scope in ("contact", "statement", "identity"):
            self._consent(scope)
        for user in (self.medical, self.manager, self.colleague, self.coordinator):
            with self.subTest(user=user.login):
                self.assertFalse(plan.with_user(user).has_access("read"))
                self.assertFalse(
                    self.env["osc.safety.plan"].with_user(user).search_count([])
                    if user != self.coordinator
                    else 0
                )
        self._consent("safety")
        self.assertTrue(plan.with_user(self.medical).has_access("read"))
        self.assertFalse(plan.with_user(self.medical).has_access("write"))

    def _consent(self, scope):
        self.env["osc.consent"].with_user(self.worker).create(
            {
                "case_id": self.case.id,
                "scope": scope,
                "discipline_id": self.disciplines["medical"].id,
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()

    def test_excluded_staff_never_read_it(self):
        plan = self._plan()
        self._consent("safety")
        self.case.excluded_user_ids = self.medical
        self.env.invalidate_all()
        self.assertFalse(plan.with_user(self.medical).has_access("read"))

    def test_review_is_a_task_without_words_on_it(self):
        plan = self._plan(review_on="2026-03-20")
        task = self.case.sudo().activity_ids
        self.assertEqual(task.user_id, self.worker)
        self.assertEqual(str(task.date_deadline), "2026-03-20")
        self.assertNotIn("afety", task.summary)
        plan.review_on = "2026-03-22"
        task = self.case.sudo().activity_ids
        self.assertEqual(str(task.date_deadline), "2026-03-22")
        plan.action_new_version()
        self.assertFalse(self.case.sudo().activity_ids)

    # ------------------------------------------------------------------
    # High danger without a plan
    # ------------------------------------------------------------------
    def _overdue(self, user):
        Case = self.env["osc.case"].with_user(user)
        return self.case in Case.search([("safety_plan_overdue", "=", True)])

    def test_high_danger_without_a_plan_shows_after_a_day(self):
        self._assess()
        self.assertEqual(
            self.case.safety_plan_due_at, fields.Datetime.now() + timedelta(hours=24)
        )
        self.assertFalse(self.case.safety_plan_overdue)
        self._pass_minutes(24 * 60 + 1)
        self.env.invalidate_all()
        self.assertTrue(self.case.safety_plan_overdue)
        self.assertTrue(self._overdue(self.worker))
        self.assertTrue(self._overdue(self.manager))
        self.assertFalse(self._overdue(self.colleague))
        self._plan(needed="declined")
        self.assertFalse(self.case.safety_plan_overdue)
        self.assertFalse(self._overdue(self.worker))

    def test_a_plan_that_the_manager_can_not_read_counts(self):
        self._assess()
        self._plan()
        self.env.flush_all()
        self.env.invalidate_all()
        row = self.case.with_user(self.manager).read(
            ["safety_plan_ids", "safety_plan_due_at", "safety_plan_overdue"]
        )[0]
        self.assertEqual(row["safety_plan_ids"], [])
        self.assertFalse(row["safety_plan_due_at"])

    def test_the_policy_says_how_long(self):
        self.policy.safety_plan_hours = 2
        self._assess()
        self._pass_minutes(121)
        self.env.invalidate_all()
        self.assertTrue(self.case.safety_plan_overdue)

    def test_little_danger_needs_no_plan(self):
        self._assess("medium")
        self._pass_minutes(3000)
        self.env.invalidate_all()
        self.assertFalse(self.case.safety_plan_due_at)

    def test_emergency_access_opens_it(self):
        plan = self._plan()
        request = (
            self.env["osc.break.glass.request"]
            .with_user(self.colleague)
            .create({"case_code": self.case.name, "reason": "She did not come home"})
        )
        request.action_confirm()
        self.env.invalidate_all()
        self.assertTrue(plan.with_user(self.colleague).has_access("read"))
        self.assertFalse(plan.with_user(self.colleague).has_access("write"))
