from odoo import api, fields, models
from odoo.fields import Domain


class OscCaseTelling(models.AbstractModel):
    """Part of ``osc.case``: how often she had to tell what happened."""

    _name = "osc.case.telling"
    _description = "Telling of cases"

    telling_count = fields.Integer(
        string="Times she told it",
        compute="_compute_telling_count",
        compute_sudo=True,
        help="Whole accounts that were taken of her. Once is what she is owed.",
        groups="osc_base.group_representative",
    )

    @api.depends("statement_ids.kind")
    def _compute_telling_count(self):
        counts = dict(
            self.env["osc.statement"]._read_group(
                Domain("case_id", "in", self.ids) & Domain("kind", "=", "full"),
                ["case_id"],
                ["__count"],
            )
        )
        for case in self:
            case.telling_count = counts.get(case._origin, 0)
