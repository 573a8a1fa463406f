from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .osc_case_access import CHANGING_BASES
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

    user_sees_treatment = fields.Boolean(
        compute="_compute_user_sees_treatment",
        search="_search_user_sees_treatment",
        help="What was given to her is open: to those who work on the case as a whole, to "
        "doctors, and to whom the medical record is open.",
        export_string_translation=False,
    )

    @api.depends(
        "member_ids.valid_until",
        "member_ids.revoked_at",
        "member_ids.scope_ids.closed_at",
    )
    @api.depends_context("uid")
    def _compute_user_sees_treatment(self):
        # A record rule asks it of the case; what is open decides, not who asks.
        seen = self.sudo()._search(
            Domain("id", "in", self.ids) & Domain("user_sees_treatment", "=", True)
        )
        seen = set(seen)
        for case in self:
            case.user_sees_treatment = case._origin.id in seen

    def _search_user_sees_treatment(self, operator, value):
        Member = self.env["osc.case.member"]
        clinical = Domain("discipline_id.code", "in", CLINICAL_CODES)
        cases = SQL(
            "%s UNION %s",
            Member._cases_of_user(
                Domain("basis", "in", CHANGING_BASES)
                | (Member._acting_domain() & clinical)
            ),
            self.env["osc.case.member.scope"]._cases_open_to_user("medical"),
        )
        return self._search_among(operator, value, cases)

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
