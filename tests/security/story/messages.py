"""What is written below the case, and who finds it where."""

from datetime import timedelta

from odoo import fields

from .teller import Teller
from .words import WORDS


class Messages(Teller):
    def _write(self):
        note = self._as("work", self.case).message_post(
            body=WORDS,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
            partner_ids=[
                self.users[key].partner_id.id for key in ("plce", "peer", "user")
            ],
        )
        old = self.env["mail.message"].create(
            {
                "model": "osc.case",
                "res_id": self.case.id,
                "body": WORDS,
                "message_type": "comment",
                "author_id": self.users["past"].partner_id.id,
            }
        )
        activity = self._as("work", self.case).activity_schedule(
            "mail.mail_activity_data_todo",
            summary="Call her aunt",
            user_id=self.users["plce"].id,
        )
        later = self._as("work", "mail.scheduled.message").create(
            {
                "model": "osc.case",
                "res_id": self.case.id,
                "body": WORDS,
                "author_id": self.users["work"].partner_id.id,
                "scheduled_date": fields.Datetime.now() + timedelta(days=1),
            }
        )
        self._add(
            "work",
            "mail.compose.message",
            {"model": "osc.case", "res_ids": str(self.case.ids), "body": WORDS},
        )
        self.env["osc.intimation"].search([("delivered_at", "=", False)])._deliver()
        self.case.message_subscribe(self.users["plce"].partner_id.ids)
        follower = self.case.message_follower_ids.filtered(
            lambda follower: follower.partner_id == self.users["plce"].partner_id
        )
        told = self.env["mail.message"].search(
            [
                ("model", "=", "osc.intimation"),
                ("res_id", "=", self._intimation("told").id),
            ]
        )
        self.records |= {
            "mail.message:note": note,
            "mail.message:of who had the case before": old,
            "mail.message:intimation": told[:1],
            "mail.notification": note.sudo().notification_ids[:1],
            "mail.activity": activity,
            "mail.scheduled.message": later,
            "mail.followers": follower,
        }
