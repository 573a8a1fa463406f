"""Partners, what was referred to one of them, and whom it sent."""

from odoo.fields import Command

from .teller import Teller


class Referral(Teller):
    def _refer(self):
        self._find_partners()
        for scope in ("referral", "identity"):
            self._as("work", "osc.consent").create(
                {"case_id": self.case.id, "scope": scope, "partner_id": self.partner.id}
            )
        self._settle()
        self._of_case(
            "work",
            "osc.referral:draft",
            service_id=self.service.id,
            partner_id=self.other_partner.id,
            note="Ask at the back door",
        )
        sent = self._of_case(
            "work",
            "osc.referral",
            service_id=self.service.id,
            partner_id=self.partner.id,
        )
        identity = self.env.ref("osc_referral.osc_referral_item_identity")
        sent.shared_scope = [Command.link(identity.id)]
        sent.action_send()
        self._talk(sent)
        self._receive()
        self._ask(sent)

    def _find_partners(self):
        env = self.env
        self.service = env["osc.service"].search([("code", "=", "counselling")])
        area = env["osc.area"].create(
            {"name": "Matrix town", "country_id": self.center.country_id.id}
        )
        self.center.area_id = area
        self.partner, self.other_partner = env["res.partner"].create(
            [
                {
                    "name": name,
                    "is_company": True,
                    "is_osc_partner": True,
                    "osc_service_ids": [Command.set(self.service.ids)],
                    "osc_area_ids": [Command.set(area.ids)],
                }
                for name in ("Partner", "Other partner")
            ]
        )
        for person, partner in (("part", self.partner), ("othr", self.other_partner)):
            self.users[person].partner_id.parent_id = partner
        self.records |= {
            "osc.area": area,
            "osc.referral.item": env.ref("osc_referral.osc_referral_item_urgency"),
            "res.partner:of a partner": env["res.partner"].create(
                {
                    "name": "Nurse",
                    "parent_id": self.partner.id,
                    "email": "n@osc.example",
                }
            ),
        }

    def _talk(self, referral):
        as_partner = self._as("part", referral)
        as_partner.action_write("Can she come by bus?")
        as_partner._add_document("note.txt", b"She may come")
        self._settle()
        for message in referral.sudo().message_ids:
            row = "osc.referral.message"
            row += "" if message.kind == "question" else f":{message.kind}"
            self.records[row] = message
            if message.document_id:
                self.records["ir.attachment:of a partner"] = message.document_id

    def _receive(self):
        self.records["osc.referral.incoming"] = (
            self.env["osc.referral.incoming"]
            .with_user(self.users["part"])
            ._receive(self.center, self.partner, {"message": "She waits here"})
        )
        self._settle()

    def _ask(self, sent):
        draft = self.records["osc.referral:draft"]
        self._add(
            "work", "osc.referral.answer", {"referral_id": sent.id, "kind": "cancel"}
        )
        self._add("work", "osc.referral.agreement", {"referral_id": draft.id})
        self._add("work", "osc.referral.receive", {"center_id": self.center.id})
        search = self._add(
            "work",
            "osc.referral.search",
            {"case_id": self.case.id, "service_id": self.service.id},
        )
        search.action_search()
        self.records["osc.referral.search.line"] = search.line_ids[:1]
