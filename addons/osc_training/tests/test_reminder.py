from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..models.osc_training_reminder import LAST_RUN
from .common import TrainingCommon


@tagged("post_install", "-at_install")
class TestReminder(TrainingCommon):
    """People are reminded in time, and their managers; without what it is about."""

    def setUp(self):
        super().setUp()
        self._long_there()
        self._require()
        boss = self._make_employee("boss", user_id=self.internal.id)
        self.employee.parent_id = boss
        self._ran(1)

    def _ran(self, days_ago):
        day = fields.Date.today() - timedelta(days=days_ago)
        self.env["ir.config_parameter"].set_param(LAST_RUN, day.isoformat())

    def _told(self):
        before = self.env["mail.message"].search([], order="id desc", limit=1).id or 0
        self.env["osc.training.reminder"]._cron_remind()
        messages = self.env["mail.message"].search([("id", ">", before)])
        ours = self.worker | self.manager | self.internal
        return {
            user: message
            for message in messages
            for user in ours
            if user.partner_id in message.notified_partner_ids
        }

    def test_person_and_managers(self):
        self._certify(end=30)
        told = self._told()
        self.assertEqual(set(told), set(self.worker | self.manager | self.internal))
        for message in told.values():
            self.assertNotIn("Course", f"{message.subject} {message.body}")
            self.assertNotIn(self.employee.name, f"{message.subject} {message.body}")

    def test_once_a_day(self):
        self._certify(end=30)
        self.assertTrue(self._told())
        self.assertFalse(self._told())

    def test_not_every_day(self):
        self._certify(end=29)
        self.assertFalse(self._told())

    def test_a_day_that_was_missed(self):
        self._certify(end=29)
        self._ran(3)
        self.assertTrue(self._told())

    def test_what_holds_is_no_reminder(self):
        self._certify(end=None)
        self.assertFalse(self._told())

    def test_first_day_without(self):
        self._certify(end=-1)
        self.assertIn(self.worker, self._told())
