from odoo import api, fields, models

from .osc_clinical_content import CLINICAL_CODES


class OscCaseClinical(models.AbstractModel):
    """Part of ``osc.case``: shows medical work and evidence on the case to those to whom it is open."""

    _name = "osc.case.clinical"
    _description = "Medical work and evidence of cases"

    exam_count = fields.Integer(string="Exams", compute="_compute_clinical")
    offer_count = fields.Integer(string="Treatment", compute="_compute_clinical")
    evidence_count = fields.Integer(string="Evidence", compute="_compute_clinical")
    user_is_clinical = fields.Boolean(
        compute="_compute_clinical", export_string_translation=False
    )

    @api.depends_context("uid")
    def _compute_clinical(self):
        """Counts of what the user may open; to others there is nothing."""
        counts = {
            name: self._count_readable(model)
            for name, model in (
                ("exam_count", "osc.medical.exam"),
                ("offer_count", "osc.medical.offer"),
                ("evidence_count", "osc.evidence"),
            )
        }
        own = self._memberships_of(self.env.user).filtered(
            lambda member: (
                member._acts_for_discipline()
                and member.discipline_id.code in CLINICAL_CODES
            )
        )
        for case in self:
            for name, by_case in counts.items():
                case[name] = by_case.get(case.id, 0)
            case.user_is_clinical = case in own.case_id

    def _count_readable(self, model):
        records = self.env[model]
        if not records.has_access("read"):
            return {}
        groups = records._read_group(
            [("case_id", "in", self.ids)], ["case_id"], ["__count"]
        )
        return {case.id: count for case, count in groups}

    def _action_clinical(self, xml_id):
        """:raise AccessError: the user may not open the case"""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        return dict(
            action,
            domain=[("case_id", "=", self.id)],
            context={"default_case_id": self.id},
            display_name=self.display_name,
        )

    def action_open_exams(self):
        """Medical exams of this case that are open to the user."""
        return self._action_clinical("osc_cases.osc_medical_exam_action")

    def action_open_offers(self):
        """What was offered and given to her."""
        return self._action_clinical("osc_cases.osc_medical_offer_action")

    def action_open_evidence(self):
        """Evidence of this case that is open to the user."""
        return self._action_clinical("osc_cases.osc_evidence_action")
