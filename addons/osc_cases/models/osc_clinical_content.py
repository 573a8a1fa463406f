from odoo import api, fields, models
from odoo.exceptions import ValidationError

CLINICAL_CODES = ("medical", "forensic")


class OscClinicalContent(models.AbstractModel):
    """What doctors and forensic examiners write about a case."""

    _name = "osc.clinical.content"
    _description = "Medical or forensic work on a case"
    _inherit = ["osc.case.content", "osc.vault.mixin"]

    _writing_disciplines = CLINICAL_CODES

    discipline_id = fields.Many2one(
        default=lambda self: self._default_discipline(),
        domain=[("code", "in", CLINICAL_CODES)],
    )

    @api.constrains("discipline_id")
    def _check_discipline_id(self):
        for content in self:
            if content.discipline_id.code not in CLINICAL_CODES:
                raise ValidationError(
                    self.env._("This is medical or forensic work, nobody else's.")
                )

    def _next_number(self, vals_list):
        """Number what is created, for each case from 1.

        Colleagues' rows may be hidden from the user, their numbers are taken.
        """
        for vals in vals_list:
            if not vals.get("case_id"):
                vals["case_id"] = self.env.context.get("default_case_id")
        cases = {vals["case_id"] for vals in vals_list if vals.get("case_id")}
        last = {
            case.id: number
            # Numbers count what others wrote, too.
            for case, number in self.sudo()._read_group(
                [("case_id", "in", list(cases))], ["case_id"], ["number:max"]
            )
        }
        for vals in vals_list:
            case_id = vals.get("case_id")
            last[case_id] = vals["number"] = last.get(case_id, 0) + 1
