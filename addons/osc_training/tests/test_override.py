from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import TrainingCommon


@tagged("post_install", "-at_install")
class TestOverride(TrainingCommon):
    """A manager lets somebody take cases for one shift, with a reason, on the record."""

    def setUp(self):
        super().setUp()
        self._long_there()
        self._require()
        now = fields.Datetime.now()
        self.shift = self._make_shift(
            self.representative, now - timedelta(hours=1), now + timedelta(hours=7)
        )

    def _except(self, user=None, **vals):
        return (
            self.env["osc.training.override"]
            .with_user(user or self.manager)
            .create(
                {
                    "representative_id": self.representative.id,
                    "reason": "Nobody else tonight",
                    **vals,
                }
            )
        )

    def test_for_one_shift(self):
        self.assertNotAssignable("is missing")
        override = self._except(shift_id=self.shift.id)
        self.assertEqual(override.date_to, self.shift.end)
        self.assertEqual(override.user_id, self.manager)
        self.assertIn("“Course tq_course” is missing", override.lacks)
        self.assertAssignable()
        self.assertEqual(self.representative.excepted_until, self.shift.end)

    def test_other_reasons_stay(self):
        self._except(shift_id=self.shift.id)
        self.worker.active = False
        self.assertNotAssignable("^the login is disabled$")

    def test_after_the_shift(self):
        override = self._except()
        self.assertAssignable()
        now = fields.Datetime.now()
        past = {"date_from": now - timedelta(hours=9), "date_to": now}
        override.sudo().write(past)
        self.assertNotAssignable("is missing")

    def test_not_for_a_time_that_is_past(self):
        now = fields.Datetime.now()
        old = self._make_shift(
            self.representative, now - timedelta(hours=30), now - timedelta(hours=22)
        )
        for vals in (
            {"shift_id": old.id},
            {"date_from": now - timedelta(hours=9), "date_to": now},
            {"date_from": now - timedelta(hours=30), "date_to": old.end},
        ):
            with self.subTest(vals=vals):
                with self.assertRefused(ValidationError, "is past"):
                    self._except(**vals)
        self.assertTrue(self._except(date_from=now, date_to=now + timedelta(hours=1)))

    def test_not_yet(self):
        now = fields.Datetime.now()
        later = self._make_shift(
            self.representative, now + timedelta(hours=9), now + timedelta(hours=12)
        )
        self._except(shift_id=later.id)
        self.assertNotAssignable("is missing")
        later.invalidate_recordset()
        self.assertFalse(later.training_warning)

    def test_ended(self):
        override = self._except(shift_id=self.shift.id)
        override.action_end()
        self.assertNotAssignable("is missing")
        with self.assertRaises(AccessError):
            override.with_user(self.worker).action_end()

    def test_in_the_audit_trail(self):
        override = self._except(shift_id=self.shift.id)
        entries = self.env["osc.audit.entry"].search(
            [("model", "=", "osc.training.override"), ("res_id", "=", override.id)]
        )
        self.assertIn("grant", entries.mapped("action"))
        self.assertEqual(entries.center_id, self.center)
        self.assertEqual(entries.user_id, self.manager)
        self.assertNotIn("Nobody", str(entries.read()))

    def test_limits(self):
        now = fields.Datetime.now()
        with self.assertRefused(ValidationError, "at most 24 hours"):
            self._except(date_from=now, date_to=now + timedelta(hours=25))
        with self.assertRefused(ValidationError, "not longer"):
            self._except(
                shift_id=self.shift.id, date_to=self.shift.end + timedelta(hours=1)
            )
        other = self._make_representative(self._make_employee("other"))
        with self.assertRefused(ValidationError, "somebody else"):
            self._except(representative_id=other.id, shift_id=self.shift.id)

    def test_blanks_are_no_reason(self):
        for blank in ("", "  \n"):
            with self.assertRefused(ValidationError, "Say why"):
                self._except(shift_id=self.shift.id, reason=blank)

    def test_who_decides(self):
        for user in (
            self.worker,
            self.case_worker,
            self.other_manager,
            self.administrator,
            self.auditor,
            self.hr,
            self.internal,
        ):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self._except(user)
        self.assertTrue(self._except(self.coordinator))

    def test_not_for_oneself(self):
        employee = self._make_employee("manager", user_id=self.manager.id)
        mine = self._make_representative(employee)
        with self.assertRefused(UserError, "for themselves"):
            self._except(representative_id=mine.id)
        self.assertTrue(self._except(self.coordinator, representative_id=mine.id))

    def test_nobody_else_signs(self):
        override = self._except(user_id=self.coordinator.id)
        self.assertEqual(override.user_id, self.manager)

    def test_not_changed_and_not_deleted(self):
        override = self._except(shift_id=self.shift.id)
        for user in (self.manager, self.coordinator, self.hr, self.administrator):
            with (
                self.subTest(user=user.name),
                self.assertRaises(UserError),
            ):
                override.with_user(user).reason = "Another"
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                override.with_user(user).unlink()

    def test_stays_where_it_was_decided(self):
        override = self._except(shift_id=self.shift.id)
        self.representative.center_id = self.other_center
        self.assertEqual(override.center_id, self.center)
        self.assertTrue(override.with_user(self.manager).reason)
        with self.assertRaises(AccessError):
            override.with_user(self.other_manager).read(["reason"])
        self.assertNotAssignable("is missing")
        self.assertFalse(self.representative.excepted_until)

    def test_who_reads(self):
        override = self._except(shift_id=self.shift.id)
        for user in (
            self.worker,
            self.manager,
            self.coordinator,
            self.hr,
            self.auditor,
        ):
            with self.subTest(user=user.name):
                self.assertTrue(override.with_user(user).read(["reason"]))
        for user in (self.case_worker, self.other_manager, self.internal):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                override.with_user(user).read(["reason"])

    def test_center_shows_who_cant(self):
        center = self.center.with_user(self.manager)
        self.assertEqual(center.unable_on_duty_ids, self.representative)
        self._except(shift_id=self.shift.id)
        center.invalidate_recordset()
        self.representative._forget_assignable()
        self.assertFalse(center.unable_on_duty_ids)

    def test_opened_with_the_shift(self):
        action = self.representative.with_user(self.manager).action_override()
        self.assertEqual(action["context"]["default_shift_id"], self.shift.id)

    def test_shifts_to_choose_among_have_hours(self):
        """All shifts of one person have the name of the person."""
        later = self._make_shift(
            self.representative,
            self.shift.end + timedelta(hours=8),
            self.shift.end + timedelta(hours=16),
        )
        shifts = (self.shift | later).with_user(self.manager)
        names = shifts.with_context(show_hours=True).mapped("display_name")
        for shift, name in zip(shifts, names, strict=True):
            self.assertIn(shift._local_text(shift.start), name)
