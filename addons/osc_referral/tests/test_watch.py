from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.osc_cases.tests.common import NAME, PHONE

from .common import ReferralCommon


@tagged("post_install", "-at_install")
class TestWatch(ReferralCommon):
    """Who doesn't answer is reminded; then others are told. None is forgotten."""

    def _told(self, since=0):
        """(receiver, subject, text) of messages, oldest first."""
        messages = self.env["mail.message"].search(
            [("id", ">", since), ("message_type", "=", "user_notification")], order="id"
        )
        return [
            (partner, message.subject, str(message.body))
            for message in messages
            for partner in message.notified_partner_ids
        ]

    def _last(self):
        return self.env["mail.message"].search([], order="id desc", limit=1).id

    def test_silent_partner(self):
        self.service.target_minutes = 60
        referral = self._sent()
        begin = self._last()
        self._pass_minutes(29)
        self._run_cron()
        self.assertEqual(self._told(begin), [])
        self._pass_minutes(1)
        self._run_cron()
        self._run_cron()
        told = self._told(begin)
        self.assertEqual([row[0] for row in told], [self.helper.partner_id])
        self.assertIn("still waits", told[0][2])

        begin = self._last()
        self._pass_minutes(30)
        self._run_cron()
        self._run_cron()
        told = self._told(begin)
        self.assertEqual([row[0] for row in told], [self.worker.partner_id])
        following = referral.following_ids
        self.assertEqual(following.partner_id, self.other_partner)
        self.assertEqual(referral.state, "sent", "it may still answer")

        begin = self._last()
        self._pass_minutes(59)
        self._run_cron()
        self.assertEqual(self._told(begin), [])
        self._pass_minutes(1)
        self._run_cron()
        self._run_cron()
        self.assertEqual([r[0] for r in self._told(begin)], [self.manager.partner_id])
        self.assertEqual(len(referral.following_ids), 1)

        self._agree(following)
        following.with_user(self.worker).action_send()
        self.assertEqual(referral.state, "cancelled", "two need not know her")
        self.assertEqual(referral.case_service_id.state, "referred")

    def test_a_draft_that_nobody_sends_after_a_refusal(self):
        self.service.target_minutes = 60
        referral = self._sent()
        self._as_partner(referral).action_decline("full")
        begin = self._last()
        self._pass_minutes(59)
        self._run_cron()
        self.assertEqual(self._told(begin), [])
        self._pass_minutes(1)
        self._run_cron()
        self._run_cron()
        told = self._told(begin)
        self.assertEqual(
            {row[0] for row in told},
            {self.manager.partner_id, self.worker.partner_id},
        )
        self.assertEqual(len(told), 2, "each once")
        following = referral.following_ids
        self._agree(following)
        following.action_send()
        begin = self._last()
        self._pass_minutes(30)
        self._run_cron()
        partner = self.other_helper.partner_id
        self.assertEqual([row[0] for row in self._told(begin)], [partner])

    def test_a_draft_that_nobody_sends_after_a_late_refusal(self):
        self.service.target_minutes = 60
        referral = self._sent()
        self._pass_minutes(61)
        self._run_cron()
        following = referral.following_ids
        self.assertFalse(following.remind_at, "the first may still answer")
        self._as_partner(referral).action_decline("full")
        begin = self._last()
        self._pass_minutes(60)
        self._run_cron()
        self._run_cron()
        told = [row[0] for row in self._told(begin)]
        self.assertEqual(len(told), 2, "each once")
        self.assertIn(self.manager.partner_id, told)

    def test_nobody_abroad_is_proposed(self):
        self.other_partner.country_id = self.env.ref("base.dk")
        referral = self._sent()
        self._as_partner(referral).action_decline("full")
        self.assertFalse(referral.following_ids.partner_id)

    def test_late_answer_counts(self):
        self.service.target_minutes = 60
        referral = self._sent()
        self._pass_minutes(61)
        self._run_cron()
        self._as_partner(referral).action_accept()
        self.assertEqual((referral.state, referral.answer_minutes), ("accepted", 61))

    def test_partner_is_asked_for_a_report(self):
        referral = self._sent()
        referral.action_accept()
        begin = self._last()
        self.clock.tick(timedelta(days=7, minutes=1))
        self._run_cron()
        self._run_cron()
        receivers = [row[0] for row in self._told(begin)]
        self.assertEqual(receivers, [self.helper.partner_id, self.worker.partner_id])
        self.clock.tick(timedelta(days=7, minutes=1))
        referral.action_complete()
        begin = self._last()
        self._run_cron()
        self.assertEqual(self._told(begin), [])

    def test_messages_say_nothing(self):
        begin = self._last()
        referral = self._sent("identity", "contact", note="She limps")
        partner = self._as_partner(referral)
        partner.action_accept()
        partner.action_write("Where is Zarmina now?")
        partner.action_start()
        partner.action_complete("partly", "Talked for an hour")
        told = self._told(begin)
        receivers = {row[0] for row in told}
        self.assertEqual(receivers, {self.helper.partner_id, self.worker.partner_id})
        for _receiver, subject, body in told:
            self.assertIn(referral.name, f"{subject} {body}")
            for word in (NAME, PHONE, "limps", "Zarmina", "hour", self.service.name):
                self.assertNotIn(word, f"{subject} {body}")
            self.assertNotRegex(body, "token|access|db=")

    def test_mail_to_the_partner(self):
        referral = self._sent("identity")
        mail = self.env["mail.mail"].search(
            [("recipient_ids", "in", self.helper.partner_id.ids)], limit=1
        )
        self.assertEqual(mail.subject, f"Referral {referral.name}")
        self.assertIn("/my/referrals", mail.body_html)
        self.assertNotIn(f"/my/referrals/{referral.id}", mail.body_html)
        for word in (NAME, "token", "/mail/view", referral.case_id.name):
            self.assertNotIn(word, mail.body_html)

    def test_sender_who_left_is_replaced(self):
        referral = self._sent()
        referral.case_id.sudo().case_worker_id = self.colleague
        self.worker.sudo().active = False
        begin = self._last()
        self._as_partner(referral).action_accept()
        self.assertEqual(
            [row[0] for row in self._told(begin)], [self.colleague.partner_id]
        )

    def test_followed_up_by_no_excluded_colleague(self):
        referral = self._sent()
        referral.case_id.case_worker_id = self.colleague
        referral.case_id.sudo().excluded_user_ids = self.worker
        begin = self._last()
        self._as_partner(referral).action_accept()
        self.assertNotIn(self.worker.partner_id, [row[0] for row in self._told(begin)])
        self.assertTrue(self._told(begin))

    # ------------------------------------------------------------------
    # Agreements
    # ------------------------------------------------------------------
    def test_agreement_is_to_be_renewed(self):
        today = fields.Date.today()
        self.partner.write(
            {
                "osc_agreement_from": today - timedelta(days=300),
                "osc_agreement_to": today + timedelta(days=61),
                "osc_responsible_id": self.manager.id,
            }
        )
        self.assertEqual(self.partner.osc_agreement_state, "valid")
        self.env["res.partner"]._cron_osc_agreements()
        self.assertFalse(self.partner.activity_ids)
        self.clock.tick(timedelta(days=1))
        self.env.invalidate_all()
        self.assertEqual(self.partner.osc_agreement_state, "ending")
        for _time in range(2):
            self.env["res.partner"]._cron_osc_agreements()
        self.assertEqual(len(self.partner.activity_ids), 1)
        self.assertEqual(self.partner.activity_ids.user_id, self.manager)
        self.clock.tick(timedelta(days=61))
        self.env.invalidate_all()
        self.assertEqual(self.partner.osc_agreement_state, "ended")
        Partner = self.env["res.partner"]
        for state in ("none", "valid", "ending", "ended"):
            found = Partner.search([("osc_agreement_state", "=", state)])
            self.assertEqual(self.partner in found, state == "ended", state)
            self.assertEqual(self.other_partner in found, state == "none", state)
