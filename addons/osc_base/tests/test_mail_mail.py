from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from .common import BaseCommon


@tagged("post_install", "-at_install")
class TestMailMail(MailCase, BaseCommon):
    """What the mail server doesn't take."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worker.write({"notification_type": "email", "email": "w@example.com"})
        cls.other_manager.write(
            {"notification_type": "email", "email": "m@example.com"}
        )
        cls.queue = cls.env.ref("mail.ir_cron_mail_scheduler_action")

    def _notify(self, users, author=None):
        """A message that fails as the mail server can't be reached."""
        before = self.env["mail.mail"].search([])
        author = author or self.env.ref("base.partner_root")
        target = "odoo.addons.base.models.ir_mail_server.IrMail_Server._connect__"
        with (
            patch(target, side_effect=ConnectionRefusedError("nobody listens")),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            self.env["mail.thread"].message_notify(
                partner_ids=users.partner_id.ids,
                author_id=author.id,
                subject="An alert",
                body="A code",
            )
        mail = self.env["mail.mail"].search([]) - before
        self.assertEqual(mail.mapped("state"), ["exception"])
        self.env.flush_all()
        return mail

    def _ago(self, mail, created, changed):
        now = fields.Datetime.now()
        self.env.cr.execute(
            "UPDATE mail_mail SET create_date = %s, write_date = %s WHERE id = %s",
            [now - created, now - changed, mail.id],
        )
        mail.invalidate_recordset()

    def _send_again(self):
        self.env["ir.cron.trigger"].search([("cron_id", "=", self.queue.id)]).unlink()
        self.env["mail.mail"]._cron_osc_send_again()
        return bool(
            self.env["ir.cron.trigger"].search([("cron_id", "=", self.queue.id)])
        )

    def test_what_failed_is_sent_again(self):
        mail = self._notify(self.worker)
        self.assertFalse(self._send_again(), "not without a pause")
        self._ago(mail, timedelta(hours=20), timedelta(minutes=11))
        self.assertTrue(self._send_again())
        self.assertEqual(mail.state, "outgoing")
        with self.mock_mail_gateway():
            self.env["mail.mail"].process_email_queue(mail.ids)
        self.assertEqual([sent["subject"] for sent in self._mails], ["An alert"])

    def test_what_is_left_alone(self):
        old = self._notify(self.worker)
        self._ago(old, timedelta(hours=25), timedelta(minutes=11))
        two = self._notify(self.worker | self.other_manager)
        by_hand = self._notify(self.worker, author=self.manager.partner_id)
        wrong = self._notify(self.worker)
        wrong.failure_type = "mail_email_invalid"
        self.env.flush_all()
        for mail in two | by_hand | wrong:
            self._ago(mail, timedelta(hours=1), timedelta(hours=1))
        self.assertFalse(self._send_again())
        self.assertEqual(
            set((old | two | by_hand | wrong).mapped("state")), {"exception"}
        )
