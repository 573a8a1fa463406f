"""What the disciplines add to the story: police and law, counselling, exam, evidence.

Made by the people who would make it, see ``story.py``.
"""

from datetime import timedelta

from odoo import fields

WORDS = "Four marks as of fingers"


class Disciplines:
    """Part of ``Story``."""

    def _disciplines(self):
        self._police_and_law()
        self._counselling()
        self._exam()
        self._evidence()

    def _police_and_law(self):
        env = self.env
        person = self._make(
            "plce", "osc.person.of.concern", full_name="Gulzar Matrixaccused"
        )
        conflict = env["osc.staff.conflict"].create(
            {
                "case_id": self.case.id,
                "user_id": self.users["told"].id,
                "matched": "name",
            }
        )
        proceeding = self._make(
            "plce", "osc.legal.proceeding", fir_number="FIR 77/26", court=WORDS
        )
        step = self._as("plce", "osc.legal.step").create(
            {
                "proceeding_id": proceeding.id,
                "stage_id": env["osc.legal.stage"].search([], limit=1).id,
            }
        )
        application = self._make("lawy", "osc.legal.proceeding", kind="protection")
        Part = {"proceeding_id": application.id}
        hearing = self._as("lawy", "osc.legal.hearing").create(
            {**Part, "start": fields.Datetime.now() + timedelta(days=3)}
        )
        order = self._as("lawy", "osc.legal.order").create({**Part, "terms": WORDS})
        self._settle()
        event = env["calendar.event"].search([("osc_case_id", "=", self.case.id)])[:1]
        self.records |= {
            "calendar.event": event,
            "calendar.attendee": event.attendee_ids[:1],
            "osc.person.of.concern": person,
            "osc.person.relation": env["osc.person.relation"].search([], limit=1),
            "osc.staff.conflict": conflict,
            "osc.legal.proceeding": proceeding,
            "osc.legal.step": step,
            "osc.legal.stage": step.stage_id,
            "osc.legal.hearing": hearing,
            "osc.legal.order": order,
        }

    def _counselling(self):
        scale = self.env["osc.wellbeing.scale"].search([], limit=1)
        self.records |= {
            "osc.counselling.session": self._make(
                "hear", "osc.counselling.session", notes=WORDS
            ),
            "osc.wellbeing.score": self._make(
                "hear", "osc.wellbeing.score", scale_id=scale.id, total=7
            ),
            "osc.wellbeing.scale": scale,
        }

    def _exam(self):
        env = self.env
        treatment = env["osc.medical.treatment"].search([], limit=1)
        kind = env["osc.injury.kind"].search([], limit=1)
        exam = self._make(
            "wdrw",
            "osc.medical.exam",
            consent_exam="yes",
            consent_samples="yes",
            conclusion=WORDS,
        )
        finding = self._as("wdrw", "osc.medical.finding").create(
            {"exam_id": exam.id, "kind_id": kind.id, "description": WORDS}
        )
        self.records |= {
            "osc.medical.exam": exam,
            "osc.medical.finding": finding,
            "osc.medical.offer": self._make(
                "name", "osc.medical.offer", treatment_id=treatment.id
            ),
            "osc.medical.treatment": treatment,
            "osc.injury.kind": kind,
            "osc.injury.consistency": env["osc.injury.consistency"].search([], limit=1),
        }

    def _evidence(self):
        env = self.env
        place = env["osc.storage.place"].create(
            {"name": "Locker", "center_id": self.center.id}
        )
        component = env["osc.evidence.component"].search([], limit=1)
        exhibit = self._make(
            "wdrw",
            "osc.evidence",
            component_id=component.id,
            exam_id=self["osc.medical.exam"].id,
            source=WORDS,
        )
        file = self._as("wdrw", "osc.evidence.file").create(
            {"evidence_id": exhibit.id, "kind": "photo", "content": "AAAA"}
        )
        exhibit._seal("S-77")
        self._settle()
        step = self._make(
            "wdrw",
            "osc.custody.step",
            kind="store",
            evidence_ids=[fields.Command.set(exhibit.ids)],
            place_id=place.id,
        )
        self.records |= {
            "osc.evidence": exhibit,
            "osc.evidence.file": file,
            "osc.evidence.component": component,
            "osc.custody.event": exhibit.sudo().event_ids[:1],
            "osc.custody.step": step,
            "osc.storage.place": place,
        }
