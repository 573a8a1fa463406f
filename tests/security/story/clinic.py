"""Doctors, forensic examiners, counsellors, and evidence that goes from hand to hand."""

from base64 import b64encode

from odoo.fields import Command

from .teller import Teller
from .words import WORDS


class Clinic(Teller):
    def _examine(self):
        self._exam()
        self._counselling()
        self._evidence()
        env = self.env
        self.records |= {
            "osc.evidence.component": self.components["clothing"],
            "osc.injury.consistency": env["osc.injury.consistency"].search([])[:1],
            "osc.injury.kind": env["osc.injury.kind"].search([])[:1],
            "osc.medical.treatment": self["osc.medical.offer"].treatment_id,
            "osc.wellbeing.scale": self["osc.wellbeing.score"].scale_id,
        }

    def _exam(self):
        exam = self._of_case(
            "name",
            "osc.medical.exam",
            discipline_id=self.disciplines["medical"].id,
            consent_exam="yes",
            consent_photographs="yes",
            consent_samples="yes",
            history=WORDS,
        )
        photograph = self._add(
            "name",
            "ir.attachment:photograph of a finding",
            {"name": "1.jpg", "raw": b"photo", "res_model": "osc.medical.finding"},
        )
        self._add(
            "name",
            "osc.medical.finding",
            {
                "exam_id": exam.id,
                "description": WORDS,
                "photo_ids": [Command.link(photograph.id)],
            },
        )
        self._of_case(
            "name",
            "osc.medical.offer",
            exam_id=exam.id,
            treatment_id=self.env["osc.medical.treatment"].search([])[:1].id,
            note=WORDS,
        )

    def _counselling(self):
        scale = self.env["osc.wellbeing.scale"].search([])[:1]
        self._of_case("hear", "osc.counselling.session", notes=WORDS)
        self._of_case(
            "hear",
            "osc.wellbeing.score",
            scale_id=scale.id,
            total=scale.minimum,
            remark=WORDS,
        )

    def _evidence(self):
        """One exhibit with who collected it, one on its way to the lawyer, one that is
        to be disposed of."""
        self.components = {
            component.code: component
            for component in self.env["osc.evidence.component"].search([])
        }
        place = self._add(
            "mngr",
            "osc.storage.place",
            {"name": "Locker", "center_id": self.center.id},
        )
        exhibits = [
            self._of_case(
                "wdrw",
                row,
                discipline_id=self.disciplines["forensic"].id,
                component_id=self.components["clothing"].id,
                description=WORDS,
                retain_until="2020-01-01",
            )
            for row in (
                "osc.evidence",
                "osc.evidence:handed over",
                "osc.evidence:to be disposed of",
            )
        ]
        kept, given, useless = exhibits
        self._add(
            "wdrw",
            "osc.evidence.file",
            {"evidence_id": kept.id, "content": b64encode(WORDS.encode())},
        )
        self.records["ir.attachment:of an exhibit"] = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "osc.evidence.file"),
                ("res_id", "=", self["osc.evidence.file"].id),
                ("res_field", "=", "content"),
            ]
        )
        self._custody("seal", given | useless, new_seal="S-1")
        self._custody("store", useless, place_id=place.id)
        self._custody("dispose_request", useless, reason=WORDS)
        self.records["osc.custody.step"] = self._custody(
            "give", given, to_user_id=self.users["lawy"].id, purpose="court", seal="S-1"
        )
        self.records["osc.custody.event"] = given.sudo().event_ids.sorted("seq")[-1]

    def _custody(self, kind, exhibits, **vals):
        """A step that the forensic examiner takes."""
        step = self._as("wdrw", "osc.custody.step").create(
            {"kind": kind, "evidence_ids": [Command.set(exhibits.ids)], **vals}
        )
        step.action_confirm()
        self._settle()
        return step
