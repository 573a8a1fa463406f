from odoo import api, fields, models


class OscLegalPart(models.AbstractModel):
    """What belongs to proceedings is for those who may open these."""

    _name = "osc.legal.part"
    _description = "Part of proceedings"
    _inherit = ["osc.case.content", "osc.vault.mixin"]

    _content_scope = "legal"

    proceeding_id = fields.Many2one(
        comodel_name="osc.legal.proceeding",
        required=True,
        index=True,
        ondelete="cascade",
    )
    case_id = fields.Many2one(
        related="proceeding_id.case_id", store=True, precompute=True
    )
    discipline_id = fields.Many2one(
        related="proceeding_id.discipline_id", store=True, precompute=True
    )

    @api.model
    def _fixed_fields(self):
        return super()._fixed_fields() | {"proceeding_id"}
