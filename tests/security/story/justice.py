"""Police, courts, whom she accuses, and money."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from .teller import Teller
from .words import WORDS

# Of somebody who works at the center, and of whom she accuses.
SHARED_PHONE = "+92 300 5550166"


class Justice(Teller):
    def _prosecute(self):
        self._accuse()
        self._court()
        self._money()
        env = self.env
        self.records |= {
            "osc.clock.event": env["osc.clock.event"].search(
                [("case_id", "=", self.case.id)], limit=1
            ),
            "osc.person.relation": env["osc.person.relation"].search([])[:1],
            "osc.legal.stage": self["osc.legal.step"].stage_id,
            "osc.financial.aid.type": self["osc.financial.aid"].type_id,
            "osc.financial.fund": self["osc.financial.aid"].fund_id,
        }

    def _accuse(self):
        """The psychologist, who works on the case, has the same phone."""
        self.users["hear"].partner_id.phone = SHARED_PHONE
        self._of_case(
            "plce",
            "osc.person.of.concern",
            discipline_id=self.disciplines["police"].id,
            full_name="Akbar Matrixaccused",
            phone=SHARED_PHONE,
            remark=WORDS,
            incident_ids=[Command.set(self.case.incident_ids.ids)],
        )
        self.records["osc.staff.conflict"] = self.env["osc.staff.conflict"].search(
            [("case_id", "=", self.case.id)]
        )

    def _court(self):
        of_police = self._proceeding("plce", "osc.legal.proceeding", "police")
        self._proceeding("lawy", "osc.legal.proceeding:of the lawyer", "legal")
        stage = self.env["osc.legal.stage"]._of_country(self.center.country_id)[:1]
        of_proceeding = {"proceeding_id": of_police.id}
        self._add(
            "plce",
            "osc.legal.step",
            {**of_proceeding, "stage_id": stage.id, "note": WORDS},
        )
        hearing = self._add(
            "plce",
            "osc.legal.hearing",
            {
                **of_proceeding,
                "start": fields.Datetime.now() + timedelta(days=3),
                "place": WORDS,
            },
        )
        self._add("plce", "osc.legal.order", {**of_proceeding, "terms": WORDS})
        self._appointment("hearing", hearing)

    def _proceeding(self, person, row, discipline):
        return self._of_case(
            person,
            row,
            discipline_id=self.disciplines[discipline].id,
            fir_number="17/26",
            notes=WORDS,
        )

    def _money(self):
        """One draft; and what the financial officer asked for, who left afterwards."""
        vals = {
            "amount": 500,
            "fund_id": self.env["osc.financial.fund"].search([])[:1].id,
            "need": WORDS,
            "type_id": self.env["osc.financial.aid.type"].search([])[:1].id,
        }
        receipt = self._add(
            "gone",
            "ir.attachment:of financial aid",
            {"name": "bill.jpg", "raw": b"bill", "res_model": "osc.financial.aid"},
        )
        aid = self._of_case(
            "gone",
            "osc.financial.aid",
            **vals,
            receipt_ids=[Command.link(receipt.id)],
        )
        aid.action_request()
        self._of_case("work", "osc.financial.aid:draft", **vals)
