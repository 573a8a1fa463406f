from odoo import api, fields, models


class OscSop(models.Model):
    """A standard operating procedure: how the disciplines work together."""

    _name = "osc.sop"
    _description = "Standard operating procedure"
    _order = "code, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    center_ids = fields.Many2many(
        comodel_name="osc.center",
        string="Centers",
        help="Empty: it holds for every center.",
    )
    version_ids = fields.One2many(
        comodel_name="osc.sop.version", inverse_name="sop_id", string="Versions"
    )
    current_version_id = fields.Many2one(
        comodel_name="osc.sop.version",
        string="In force",
        compute="_compute_current_version_id",
        help="The version that holds today.",
    )
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint(
        "UNIQUE(code)", "There is already an SOP with this code."
    )

    @api.depends("version_ids.state")
    def _compute_current_version_id(self):
        in_force = self.env["osc.sop.version"].search(
            [("sop_id", "in", self.ids), ("state", "=", "in_force")]
        )
        by_sop = {version.sop_id: version for version in in_force}
        for sop in self:
            sop.current_version_id = by_sop.get(sop)
