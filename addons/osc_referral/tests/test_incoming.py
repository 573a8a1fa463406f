from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.osc_cases.tests.common import NAME, PHONE

from .common import ReferralCommon

VALUES = {
    "urgency": "emergency",
    "in_danger": True,
    "survivor_name": NAME,
    "survivor_phone": PHONE,
    "survivor_age": 24,
    "may_phone": True,
    "she_agrees": True,
    "message": f"{NAME} hides in the ward",
}


@tagged("post_install", "-at_install")
class TestIncoming(ReferralCommon):
    """Somebody is sent to the center."""

    def _receive(self, **vals):
        """As the form in the portal does."""
        incoming = (
            self.env["osc.referral.incoming"]
            .with_user(self.helper)
            ._receive(self.center, self.partner, {**VALUES, **vals})
        )
        self.env.flush_all()
        self.env.invalidate_all()
        return incoming.sudo(False).with_user(self.worker)

    def _told(self, since):
        messages = self.env["mail.message"].search(
            [("id", ">", since), ("message_type", "=", "user_notification")], order="id"
        )
        return [(m.notified_partner_ids, f"{m.subject} {m.body}") for m in messages]

    def _last(self):
        return self.env["mail.message"].search([], order="id desc", limit=1).id

    def test_becomes_a_draft_case(self):
        incoming = self._receive()
        case = incoming.case_id
        self.assertEqual((case.state, case.channel), ("draft", "partner"))
        self.assertEqual((case.urgency, case.in_danger), ("emergency", True))
        self.assertEqual(case.center_id, self.center)
        self.assertFalse(case.case_worker_id)
        self.assertFalse(case.survivor_name, "not before somebody takes it")
        self.assertFalse(incoming.message)
        incoming.action_take()
        self.env.invalidate_all()
        self.assertEqual(case.case_worker_id, self.worker)
        self.assertEqual(case.survivor_name, NAME)
        self.assertEqual(incoming.message, VALUES["message"])
        self.assertEqual(case.survivor_id.safe_contact_details, PHONE)
        self.assertEqual(incoming.state, "taken")
        case.action_report()
        with self.assertRaises(UserError):
            incoming.with_user(self.worker).action_take()

    def test_receipt_without_content(self):
        begin = self._last()
        incoming = self._receive()
        told = self._told(begin)
        receipts = [text for people, text in told if people == self.helper.partner_id]
        self.assertEqual(len(receipts), 1)
        self.assertIn(incoming.name, receipts[0])
        for _people, text in told:
            for word in (NAME, PHONE, "ward", "token"):
                self.assertNotIn(word, text)

    def test_case_workers_on_duty_are_told_then_others(self):
        begin = self._last()
        incoming = self._receive()
        people = self.env["res.partner"].union(*(row[0] for row in self._told(begin)))
        self.assertEqual(
            people - self.helper.partner_id,
            self.worker.partner_id | self.colleague.partner_id,
        )
        self.center.coordinator_id = self.coordinator
        Incoming = self.env["osc.referral.incoming"]
        for user in (self.manager, self.coordinator, self.coordinator):
            begin = self._last()
            Incoming._cron_watch()
            self.assertEqual(self._told(begin), [])
            self._pass_minutes(61)
            Incoming._cron_watch()
            Incoming._cron_watch()
            self.assertEqual([row[0] for row in self._told(begin)], [user.partner_id])
        incoming.action_take()
        begin = self._last()
        self._pass_minutes(500)
        Incoming._cron_watch()
        self.assertEqual(self._told(begin), [])

    def test_reporting_takes_it(self):
        incoming = self._receive()
        incoming.case_id.action_report()
        self.assertEqual(incoming.sudo().state, "taken")
        self.assertEqual(incoming.sudo().taken_at, fields.Datetime.now())

    def test_draft_with_a_receipt_stays(self):
        incoming = self._receive()
        with self.assertRaises(UserError):
            incoming.case_id.unlink()

    def test_who_may_read(self):
        incoming = self._receive()
        for user, may in (
            (self.worker, True),
            (self.colleague, True),
            (self.manager, True),
            (self.helper, True),
            (self.other_worker, False),
            (self.other_helper, False),
            (self.people["police"].user_id, False),
            (self.coordinator, False),
            (self.auditor, False),
            (self.administrator, False),
            (self.internal, False),
            (self.portal, False),
        ):
            with self.subTest(user=user.login):
                mine = incoming.with_user(user)
                self.assertEqual(mine.has_access("read"), may)
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(mine.has_access(operation))
        post = self.env["osc.representative"].search(
            [
                ("user_id", "=", self.colleague.id),
                ("center_id", "=", incoming.sudo().case_id.center_id.id),
            ]
        )
        post.active = False
        self.assertFalse(incoming.with_user(self.colleague).has_access("read"))
        row = incoming.with_user(self.helper).read()[0]
        self.assertFalse({"case_id", "message", "sealed_message", "urgency"} & set(row))
        for user in (self.worker, self.helper):
            with self.assertRaises(AccessError):
                incoming.with_user(user).read(["sealed_message"])
        for name in ("action_take", "action_open_case"):
            with self.assertRaises(AccessError):
                getattr(incoming.with_user(self.helper), name)()
        with self.assertRaises(AccessError):
            incoming.with_user(self.other_worker).action_take()

    def test_closed_center_receives_nobody(self):
        self.center.state = "closed"
        with self.assertRaises(UserError):
            self._receive()
        with self.assertRaises(UserError):
            self.env["osc.referral.incoming"].with_user(self.helper)._receive(
                self.env["osc.center"], self.partner, VALUES
            )

    def test_entered_by_staff(self):
        begin = self._last()
        self.partner.email = "office@aasra.example"
        wizard = (
            self.env["osc.referral.receive"]
            .with_user(self.worker)
            .create(
                {
                    "partner_id": self.partner.id,
                    "channel": "hospital",
                    "center_id": self.center.id,
                    "survivor_name": NAME,
                    "message": "From ward 3",
                }
            )
        )
        action = wizard.action_confirm()
        case = self.env["osc.case"].with_user(self.worker).browse(action["res_id"])
        self.assertEqual(case.channel, "hospital")
        self.assertEqual(case.case_worker_id, self.worker)
        self.assertEqual(case.survivor_name, NAME)
        self.assertEqual(case.incoming_ids.message, "From ward 3")
        self.assertEqual([row[0] for row in self._told(begin)], [self.partner])
        police = self.people["police"].user_id
        with self.assertRaises(AccessError):
            self.env["osc.referral.receive"].with_user(police).create(
                {"center_id": self.center.id}
            )

    def test_vault(self):
        self._receive()
        self.env.flush_all()
        self.env.cr.execute("SELECT sealed_message FROM osc_referral_incoming")
        self.assertNotIn("ward", str(self.env.cr.fetchall()))
