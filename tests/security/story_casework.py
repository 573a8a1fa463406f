"""What casework adds to the story: services, time limits, plans, meetings, money, prints.

Made by the people who would make it, see ``story.py``.
"""

from odoo import fields
from odoo.fields import Command

WHY = "She asked for it at the mill"


class Casework:
    """Part of ``Story``."""

    def _make(self, person, model, **vals):
        """A record of the case, as a person makes it."""
        Model = self._as(person, model).with_context(default_case_id=self.case.id)
        record = Model.create(vals)
        self._settle()
        return record

    def _casework(self):
        self._work_to_do()
        self._danger()
        self._meeting()
        self._money()
        self._two_of_one()
        self._closing()
        self._casework_wizards()

    def _work_to_do(self):
        env = self.env
        self.case._clock_event("complaint", fields.Datetime.now())
        service = self.case.service_ids[:1]
        form = env["osc.consent.form"].search([], limit=1)
        for row in (service, self.case.followup_ids[:1]):
            row.write({"reason" if row == service else "note": WHY})
        self.records |= {
            "osc.case.service": service,
            "osc.clock": self.case.clock_ids[:1],
            "osc.clock.event": env["osc.clock.event"].search(
                [("case_id", "=", self.case.id)], limit=1
            ),
            "osc.clock.type": env["osc.clock.type"].search([], limit=1),
            "osc.closure.reason": env["osc.closure.reason"].search([], limit=1),
            "osc.consent.form": form,
            "osc.consent.form.line": form.line_ids[:1],
            "osc.followup": self.case.followup_ids[:1],
        }

    def _danger(self):
        assessment = self._make("work", "osc.risk.assessment")
        assessment.answer_ids[0].answer = "yes"
        template = assessment.template_id.sudo()
        self.records |= {
            "osc.risk.assessment": assessment,
            "osc.risk.answer": assessment.answer_ids[0],
            "osc.risk.template": template,
            "osc.risk.item": template.item_ids[:1],
            "osc.risk.band": template.band_ids[:1],
            "osc.safety.plan": self._make("work", "osc.safety.plan", concern=WHY),
        }

    def _meeting(self):
        conference = self._make(
            "work",
            "osc.case.conference",
            start=fields.Datetime.now(),
            agenda=WHY,
            participant_ids=[
                Command.set([self.users[key].id for key in ("work", "hear", "plce")])
            ],
        )
        decision = self._as("work", "osc.case.decision").create(
            {
                "conference_id": conference.id,
                "name": "Ask the hospital",
                "user_id": self.users["hear"].id,
            }
        )
        self.records |= {
            "osc.case.conference": conference,
            "osc.case.decision": decision,
        }

    def _money(self):
        env = self.env
        kind = env["osc.financial.aid.type"].search([], limit=1)
        fund = env["osc.financial.fund"].search([], limit=1)
        aid = self._make(
            "work",
            "osc.financial.aid",
            type_id=kind.id,
            fund_id=fund.id,
            amount=100,
            need=WHY,
        )
        self.records |= {
            "osc.financial.aid": aid,
            "osc.financial.aid.type": kind,
            "osc.financial.fund": fund,
        }

    def _two_of_one(self):
        """One survivor who was entered twice, and her mother."""
        twice = self._as("work", "osc.case").create(
            [
                {"center_id": self.center.id, "channel": "phone", "survivor_name": name}
                for name in ("Zarqa One", "Zarqa Two", "Zarqa Three", "Her mother")
            ]
        )
        self._settle()
        kept, merged, third, mother = (case.survivor_id for case in twice)
        self._as("work", "osc.survivor.merge")._merge(kept, merged, [])
        self._settle()
        request = self._as("work", "osc.survivor.merge.request").create(
            {"kept_id": kept.id, "merged_id": third.id}
        )
        relation = self._as("work", "osc.survivor.relation").create(
            {"survivor_id": kept.id, "related_id": mother.id, "kind": "mother"}
        )
        self.records |= {
            "osc.survivor.merge": self.env["osc.survivor.merge"].search([], limit=1),
            "osc.survivor.merge.request": request,
            "osc.survivor.merge.request.line": request.line_ids[:1],
            "osc.survivor.relation": relation,
        }

    def _closing(self):
        """Closing was asked for where the manager has to approve it."""
        policy = self.case._policy_today()
        policy.closure_needs_approval = True
        self._settle()
        self._as("work", self.case)._request_closing({"explanation": WHY})
        policy.closure_needs_approval = False
        self.records["osc.case.closure"] = self.case.closure_ids
        self.center._make_feedback_survey()
        survey = self.center.feedback_survey_ids
        public = self.users["publ"]
        for _number in range(5):
            answer = survey.with_user(public).sudo()._create_answer(user=public)
            question = survey.question_ids[0]
            answer._save_lines(question, str(question.suggested_answer_ids[0].id))
            answer._mark_done()
        self._settle()
        self.records["osc.feedback.figure"] = self.env["osc.feedback.figure"].search(
            [("center_id", "=", self.center.id)], limit=1
        )

    def _casework_wizards(self):
        wizards = {
            "osc.case.closing.request": {"explanation": WHY},
            "osc.case.print": {},
            "osc.consent.print": {},
            "osc.referral.extract": {"agency_id": self["osc.agency"].id},
            "osc.case.service.outcome": {
                "service_id": self["osc.case.service"].id,
                "kind": "deliver",
            },
            "osc.clock.waiver": {"clock_id": self["osc.clock"].id, "reason": WHY},
            "osc.followup.outcome": {
                "followup_id": self["osc.followup"].id,
                "came": True,
            },
        }
        for model, vals in wizards.items():
            self.records[model] = self._make("work", model, **vals)
        self.records["ir.actions.report"] = self.env.ref(
            "osc_cases.osc_case_print_report"
        )
        self.records["osc.case.closure.return"] = self._make(
            "mngr",
            "osc.case.closure.return",
            closure_id=self["osc.case.closure"].id,
            reason=WHY,
        )
