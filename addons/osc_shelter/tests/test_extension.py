from datetime import datetime

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ShelterCommon


@tagged("post_install", "-at_install")
class TestExtension(ShelterCommon):
    def setUp(self):
        super().setUp()
        self.stay = self._stay()

    def _ask(self, user=None, **vals):
        Extension = self.env["osc.shelter.extension"].with_user(user or self.in_charge)
        return Extension.create(
            {"stay_id": self.stay.id, "days": 2, "reason": "No place yet", **vals}
        )

    def test_approved_by_the_manager(self):
        extension = self._ask()
        self.assertEqual(self.stay.due_out, datetime(2026, 3, 15, 17))
        extension.with_user(self.manager).action_approve()
        self.assertEqual(self.stay.due_out, datetime(2026, 3, 17, 17))
        self.assertEqual(self.stay.extension_count, 1)
        self.assertEqual(extension.decided_by_id, self.manager)
        again = self._ask()
        again.with_user(self.manager).action_approve()
        self.assertEqual(self.stay.due_out, datetime(2026, 3, 19, 17))
        self.assertEqual(self.stay.extension_count, 2, "each is counted")

    def test_asked_by_the_case_worker_approved_by_who_is_in_charge(self):
        extension = self._ask(self.worker)
        extension.with_user(self.in_charge).action_approve()
        self.assertEqual(extension.state, "approved")

    def test_never_by_who_asked(self):
        extension = self._ask()
        with self.assertRaises(AccessError):
            extension.action_approve()
        own = self._report_extension_of_manager(extension)
        with self.assertRaises(AccessError):
            own.action_approve()

    def _report_extension_of_manager(self, extension):
        note = extension.with_user(self.manager)
        note.decision_note = "Ask again with dates"
        note.action_refuse()
        return self._ask(self.manager)

    def test_not_even_past_the_methods(self):
        extension = self._ask()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation),
        ):
            extension.sudo().write(
                {"state": "approved", "decided_by_id": self.in_charge.id}
            )
            extension.flush_recordset()

    def test_others_do_not_decide(self):
        extension = self._ask()
        for user in (self.worker, self.other_manager, self.coordinator):
            with self.assertRaises(AccessError, msg=user.login):
                extension.with_user(user).action_approve()

    def test_with_a_reason_and_within_the_policy(self):
        with self.assertRaises(UserError) as refusal:
            self._ask(reason="  ")
        self.assertIn("Write why", str(refusal.exception))
        with self.assertRaises(UserError) as refusal:
            self._ask(days=6)
        self.assertIn("1 to 5 days (Testland)", str(refusal.exception))
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation),
        ):
            self._ask(days=0)

    def test_refusing_needs_words_and_changes_nothing(self):
        extension = self._ask().with_user(self.manager)
        with self.assertRaisesRegex(UserError, "Write why"):
            extension.action_refuse()
        extension.decision_note = "There is a place in the city home"
        extension.action_refuse()
        self.assertEqual(self.stay.due_out, datetime(2026, 3, 15, 17))
        self.assertEqual(self.stay.extension_count, 0)
        with self.assertRaisesRegex(UserError, "decided already"):
            extension.action_approve()

    def test_one_request_at_a_time(self):
        self._ask()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
        ):
            self._ask()

    def test_what_was_asked_stays(self):
        extension = self._ask()
        for vals in ({"days": 5}, {"reason": "Other"}):
            with self.assertRaises(UserError):
                extension.write(vals)
        for vals in ({"state": "approved"}, {"decided_by_id": self.manager.id}):
            with self.assertRaises(AccessError):
                extension.write(vals)
        with self.assertRaises(AccessError):
            extension.decision_note = "I agree with myself"
        with self.assertRaises(AccessError):
            extension.stay_id = self._stay(bed=1)
        self.assertEqual(
            self._ask_state_given().state, "requested", "states aren't given"
        )

    def _ask_state_given(self):
        self.stay = self._stay(bed=2)
        return self._ask(state="approved", decided_by_id=self.manager.id)

    def test_only_who_is_there_stays_longer(self):
        self.stay = self._reserve(bed=3)
        with self.assertRaisesRegex(UserError, "isn't possible"):
            self._ask()

    def test_who_left_meanwhile_stays_no_longer(self):
        extension = self._ask()
        self.stay.action_check_out("home")
        due_out = self.stay.due_out
        with self.assertRaisesRegex(UserError, "isn't possible any more"):
            extension.with_user(self.manager).action_approve()
        self.assertEqual(self.stay.due_out, due_out)

    def test_an_overstay_is_solved_by_an_extension(self):
        self._move_to("2026-03-16 09:00:00")
        self._watch_stays()
        self.assertTrue(self.stay.is_over)
        self._ask().with_user(self.manager).action_approve()
        self.assertFalse(self.stay.is_over)
        self.assertEqual(self.stay.sudo().told_level, 0, "it is told anew")
