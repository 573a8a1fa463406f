"""What the case worker does: services, time limits, danger, meetings, follow-ups."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from .teller import Teller
from .words import WORDS

INVITED = ("work", "plce", "hear", "gone")


class Casework(Teller):
    def _work_on_it(self):
        self._services()
        self._time_limits()
        self._danger()
        self._conference()
        self._follow_up()
        self._forms()

    def _services(self):
        service = self.case.service_ids
        service.reason = WORDS  # as of one that she declined before
        self.records["osc.case.service"] = service
        self._add(
            "work",
            "osc.case.service.outcome",
            {"service_id": service.id, "kind": "decline", "reason": WORDS},
        )

    def _time_limits(self):
        limits = {clock.type_id.code: clock for clock in self.case.clock_ids}
        own = self._add(
            "mngr",
            "osc.clock.type:of the center",
            {
                "name": "Call her",
                "code": "matrix",
                "meet_event": "first_service",
                "limit_hours": 48,
                "discipline_id": self.disciplines["casework"].id,
                "center_id": self.center.id,
            },
        )
        self.records |= {
            "osc.clock": limits["medico_legal_exam_target"],
            "osc.clock.type": limits["medico_legal_exam_target"].type_id,
            "osc.clock.type:of the center": own,
        }
        self["osc.clock"].waived_reason = WORDS
        self._add(
            "work",
            "osc.clock.waiver",
            {"clock_id": self["osc.clock"].id, "reason": WORDS},
        )

    def _danger(self):
        template = self.env["osc.risk.template"].search([("item_ids", "!=", False)])[:1]
        assessment = self._of_case(
            "work",
            "osc.risk.assessment",
            template_id=template.id,
            note=WORDS,
        )
        assessment.answer_ids[:1].answer = "yes"
        # As if the template had got a question since then.
        self.unasked = assessment.answer_ids[-1:].item_id
        assessment.answer_ids[-1:].sudo().unlink()
        self._of_case(
            "work",
            "osc.safety.plan",
            during_places=WORDS,
        )
        self.records |= {
            "osc.risk.template": template,
            "osc.risk.item": template.item_ids[:1],
            "osc.risk.band": template.band_ids[:1],
            "osc.risk.answer": assessment.answer_ids[:1],
        }

    def _conference(self):
        conference = self._of_case(
            "work",
            "osc.case.conference",
            start=fields.Datetime.now() + timedelta(days=1),
            agenda=WORDS,
            participant_ids=[Command.set([self.users[key].id for key in INVITED])],
        )
        self._add(
            "work",
            "osc.case.decision",
            {
                "conference_id": conference.id,
                "name": "Go to court with her",
                "user_id": self.users["plce"].id,
            },
        )
        self._appointment("conference", conference)

    def _appointment(self, what, record):
        """What stands in the calendars, and the policeman's invitation to it."""
        event = record.sudo().event_id
        self.records[f"calendar.event:{what}"] = event
        self.records[f"calendar.attendee:{what}"] = event.attendee_ids.filtered(
            lambda attendee: attendee.partner_id == self.users["plce"].partner_id
        )

    def _follow_up(self):
        followup = self._of_case(
            "work", "osc.followup", due_on=fields.Date.today(), way="comes"
        )
        followup.sudo().note = WORDS
        self._add(
            "work",
            "osc.followup.outcome",
            {"followup_id": followup.id, "note": WORDS},
        )

    def _forms(self):
        """What asks what to print, and the words of the consent form."""
        form = self.env["osc.consent.form"].search([("line_ids", "!=", False)])[:1]
        agency = self["osc.agency"]
        self.records |= {
            "ir.actions.report": self.env.ref("osc_cases.osc_case_print_report"),
            "osc.consent.form": form,
            "osc.consent.form.line": form.line_ids[:1],
        }
        self._of_case("work", "osc.case.print", with_statement=True)
        self._of_case("work", "osc.consent.print", form_id=form.id, is_filled=True)
        self._of_case("work", "osc.referral.extract", agency_id=agency.id, note="Hurry")
