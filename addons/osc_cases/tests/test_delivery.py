import re
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from .common import NAME, PHONE, CasesCommon

LOGGER = "odoo.addons.osc_cases.models.osc_intimation_delivery"
KEYS = {
    "id",
    "code",
    "discipline",
    "urgency",
    "state",
    "due_at",
    "level",
    "colleague_has_it",
}


@tagged("post_install", "-at_install")
class TestDelivery(MailCase, CasesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.police = cls.people["police"].user_id
        cls.secrets = {
            "survivor_name": NAME,
            "survivor_phone": PHONE,
            "is_injured": True,
            "in_danger": True,
        }

    def _partners(self, *users):
        return sorted(user.partner_id.id for user in users)

    def _told_on_screen(self):
        return sorted(partner for partner, _payload in self._bus())

    def _assert_says_nothing(self, text):
        text = text.lower()
        for word in (
            *NAME.lower().split(),
            PHONE.lower(),
            "injur",
            "danger",
            "rape",
            "sexual",
            "survivor",
            "violence",
            "center tqa",
        ):
            self.assertNotIn(word, text)

    # ------------------------------------------------------------------
    # Open screens
    # ------------------------------------------------------------------
    def test_screens_of_exactly_the_people_concerned(self):
        self._only_rule("police", "legal")
        second = self._make_representative("police", "police_two")
        self._report(**self.secrets)
        self.assertEqual(
            self._told_on_screen(),
            self._partners(self.police, second.user_id, self.people["legal"].user_id),
        )

    def test_payload(self):
        case = self._police_case(
            urgency="urgent", incident_ids=[self._incident("rape")], **self.secrets
        )
        [(partner, payload)] = self._bus()
        self.assertEqual(partner, self.police.partner_id.id)
        self.assertEqual(
            payload,
            {
                "id": case.intimation_ids.id,
                "code": case.name,
                "discipline": "Police",
                "urgency": "urgent",
                "state": "sent",
                "due_at": "2026-03-10 17:15:00",
                "level": 0,
                "colleague_has_it": False,
            },
        )
        self._assert_says_nothing(str(payload))

    def test_nothing_on_screen_before_the_transaction_ends(self):
        self._police_case()
        self.env.cr.precommit.clear()
        self.assertFalse(self._bus(), "what is rolled back is told to nobody")

    def test_answers_show_on_the_own_screen_and_those_of_colleagues(self):
        second = self._make_representative("police", "police_two")
        case = self._police_case()
        self._reset_bus()
        self._intimation(case, self.police).action_acknowledge()
        told = {partner: payload for partner, payload in self._bus()}
        self.assertEqual(sorted(told), self._partners(self.police, second.user_id))
        mine = told[self.police.partner_id.id]
        theirs = told[second.user_id.partner_id.id]
        self.assertEqual(mine["state"], "acknowledged")
        self.assertEqual(theirs["state"], "sent")
        self.assertTrue(theirs["colleague_has_it"])

    def test_closing_takes_it_off_the_screens(self):
        case = self._police_case()
        self._reset_bus()
        case.action_close()
        [(partner, payload)] = self._bus()
        self.assertEqual(partner, self.police.partner_id.id)
        self.assertEqual(payload["state"], "cancelled")

    def test_escalation_shows_on_the_screen_of_the_next(self):
        case = self._police_case()
        self._reset_bus()
        self._pass_minutes(15)
        self._watch()
        told = dict(self._bus())
        self.assertEqual(sorted(told), self._partners(self.police, self.backup.user_id))
        self.assertEqual(told[self.backup.user_id.partner_id.id]["level"], 1)
        self.assertEqual(told[self.backup.user_id.partner_id.id]["code"], case.name)

    # ------------------------------------------------------------------
    # get_open
    # ------------------------------------------------------------------
    def _open(self, user):
        self.env.invalidate_all()
        return self.env["osc.intimation"].with_user(user).get_open()

    def test_get_open(self):
        self._only_rule("police", "legal")
        case = self._report(**self.secrets)
        [mine] = self._open(self.police)
        self.assertEqual(set(mine), KEYS)
        self.assertEqual(mine["code"], case.name)
        self.assertEqual(mine["discipline"], "Police")
        self.assertEqual(len(self._open(self.people["legal"].user_id)), 1)

    def test_get_open_only_open_ones(self):
        case = self._police_case()
        mine = self._intimation(case, self.police)
        mine.action_acknowledge()
        self.assertEqual(self._open(self.police)[0]["state"], "acknowledged")
        mine.action_act("Went there")
        self.assertEqual(self._open(self.police), [])
        other = self._intimation(self._report(), self.police)
        other.action_decline("Busy")
        self.assertEqual(self._open(self.police), [])
        self._report().action_close()
        self.assertEqual(self._open(self.police), [])

    def test_get_open_only_own_ones(self):
        case = self._police_case()
        for user in (self.worker, self.manager, self.coordinator):
            with self.subTest(user=user.login):
                self.assertTrue(
                    case.sudo().intimation_ids.with_user(user).has_access("read")
                )
                self.assertEqual(self._open(user), [])

    def test_get_open_without_role(self):
        self._police_case()
        for user in (self.internal, self.portal, self.auditor, self.administrator):
            with self.subTest(user=user.login):
                self.assertEqual(self._open(user), [])

    def test_get_open_most_pressing_first(self):
        self._only_rule("police")
        for urgency in ("routine", "emergency", "urgent"):
            self._report(urgency=urgency)
        self.assertEqual(
            [row["urgency"] for row in self._open(self.police)],
            ["emergency", "urgent", "routine"],
        )

    # ------------------------------------------------------------------
    # Inbox and e-mail
    # ------------------------------------------------------------------
    def _inbox(self, user):
        return self.env["mail.message"].search(
            [
                ("notification_ids.res_partner_id", "=", user.partner_id.id),
                ("model", "=", "osc.intimation"),
            ]
        )

    def _to_inbox(self, user, **vals):
        user.write({"notification_type": "inbox", **vals})
        self.env.flush_all()

    def test_inbox(self):
        self._to_inbox(self.police)
        case = self._police_case(
            urgency="emergency", incident_ids=[self._incident("rape")], **self.secrets
        )
        with self.mock_mail_gateway():
            self._watch()
        self.assertFalse(self._new_mails)
        message = self._inbox(self.police)
        self.assertEqual(len(message), 1)
        self.assertEqual(message.notification_ids.notification_type, "inbox")
        self.assertEqual(message.subject, f"Intimation {case.name}")
        self.assertEqual(
            re.sub("<[^>]*>", "", message.body),
            f"{case.name} · Emergency · Police · due 2026-03-10 22:05",
        )
        self.assertEqual(case.intimation_ids.delivered_at, fields.Datetime.now())

    def test_email(self):
        case = self._police_case(incident_ids=[self._incident("rape")], **self.secrets)
        with self.mock_mail_gateway():
            self._watch()
        mail = self._new_mails
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.recipient_ids, self.police.partner_id)
        self.assertEqual(mail.subject, f"Intimation {case.name}")
        self.assertIn(
            f"{case.name} · Urgent · Police · due 2026-03-10 22:15", mail.body_html
        )
        self._assert_says_nothing(mail.subject)
        self._assert_says_nothing(mail.body_html)
        self._assert_says_nothing(mail.body_content or "")

    def test_email_of_the_job_leaves_at_once(self):
        """Odoo's own queue would be looked at within the hour."""
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action")
        Trigger = self.env["ir.cron.trigger"]
        self._police_case()
        self.police.notification_type = "email"
        Trigger.search([("cron_id", "=", queue.id)]).unlink()
        watch = self.env.ref("osc_cases.osc_intimation_cron_watch")
        watch.ir_actions_server_id.run()
        mail = self.env["mail.mail"].search(
            [("recipient_ids", "in", self.police.partner_id.ids)]
        )
        self.assertEqual(mail.state, "outgoing")
        trigger = Trigger.search([("cron_id", "=", queue.id)])
        self.assertEqual(trigger.mapped("call_at"), [fields.Datetime.now()])

    def test_due_time_over_midnight_in_the_time_zone_of_the_reader(self):
        for tz, due in (
            ("Asia/Karachi", "2026-03-11 00:10"),
            ("America/Mexico_City", "2026-03-10 13:10"),
        ):
            self.clock.move_to("2026-03-10 18:55:00")
            self._to_inbox(self.police, tz=tz)
            self._inbox(self.police).unlink()
            self._police_case()
            self._watch()
            with self.subTest(tz=tz):
                self.assertIn(f"due {due}", self._inbox(self.police).body)

    def test_delivered_once(self):
        self._to_inbox(self.police)
        self._police_case()
        for _again in range(3):
            self._watch()
            self._pass_minutes(1)
        self.assertEqual(len(self._inbox(self.police)), 1)

    def test_who_answered_before_is_not_written_to(self):
        self._to_inbox(self.police)
        case = self._police_case()
        self._intimation(case, self.police).action_acknowledge()
        self._watch()
        self.assertFalse(self._inbox(self.police))
        self.assertTrue(case.intimation_ids.delivered_at)

    def test_one_failing_delivery_does_not_hold_up_the_others(self):
        self._only_rule("legal", "medical", "police")
        users = [self.people[code].user_id for code in ("legal", "medical", "police")]
        for user in users:
            self._to_inbox(user)
        case = self._report()
        broken = case.sudo().intimation_ids.filtered(
            lambda i: i.discipline_id.code == "medical"
        )
        Intimation = type(self.env["osc.intimation"])
        original = Intimation._notify

        def notify(intimation):
            original(intimation)
            if intimation == broken:
                raise RuntimeError("mail server is gone")

        with patch.object(Intimation, "_notify", notify), mute_logger(LOGGER):
            self._watch()
        delivered = [len(self._inbox(user)) for user in users]
        self.assertEqual(delivered, [1, 0, 1])
        self.assertFalse(broken.delivered_at)
        self._pass_minutes(1)
        self._watch()
        delivered = [len(self._inbox(user)) for user in users]
        self.assertEqual(delivered, [1, 1, 1])
        self.assertEqual(broken.delivered_at, fields.Datetime.now())

    def test_more_than_one_batch(self):
        self._only_rule("legal", "medical", "police")
        case = self._report()
        with patch("odoo.addons.osc_cases.models.osc_intimation_delivery.BATCH", 2):
            self._watch()
            left = case.sudo().intimation_ids.filtered(lambda i: not i.delivered_at)
            self.assertEqual(len(left), 1)
            self._watch()
        self.assertFalse(left.filtered(lambda i: not i.delivered_at))

    def test_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self._to_inbox(self.police, lang="fr_FR")
        police = self.disciplines["police"]
        police.with_context(lang="fr_FR").name = "Gendarmerie"
        self._police_case()
        self._watch()
        self.assertIn("Gendarmerie", self._inbox(self.police).body)

    def test_nothing_about_her_in_any_message(self):
        """Everything that the story of one case puts into mail and chatter."""
        self._to_inbox(self.police)
        before = self.env["mail.message"].search([], limit=1, order="id desc").id
        case = self._police_case(incident_ids=[self._incident("rape")], **self.secrets)
        self._watch()
        self._pass_minutes(15)
        self._watch()
        case.action_close()
        case.action_reopen()
        messages = self.env["mail.message"].search([("id", ">", before)])
        self.assertGreater(len(messages), 3)
        for message in messages:
            for name in ("subject", "body", "record_name", "preview"):
                self._assert_says_nothing(message[name] or "")
