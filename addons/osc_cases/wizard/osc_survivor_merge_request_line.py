from odoo import api, fields, models


class OscSurvivorMergeRequestLine(models.TransientModel):
    """One field in which two records differ. The values are shown, not stored."""

    _name = "osc.survivor.merge.request.line"
    _description = "Field of two records that are merged"
    _inherit = "osc.given.mixin"

    request_id = fields.Many2one(
        comodel_name="osc.survivor.merge.request", required=True, ondelete="cascade"
    )
    field_name = fields.Char(required=True)
    label = fields.Char(string="Field", compute="_compute_values")
    kept_value = fields.Char(string="Record that stays", compute="_compute_values")
    merged_value = fields.Char(string="Record that goes", compute="_compute_values")
    stays = fields.Selection(
        selection=[("kept", "The first"), ("merged", "The second")],
        string="Which value stays",
        required=True,
        default="kept",
    )

    @api.depends("field_name", "request_id.kept_id", "request_id.merged_id")
    @api.depends_context("uid")
    def _compute_values(self):
        requests = self.request_id
        self.env["osc.audit.entry"]._log_list(
            "read", requests.kept_id | requests.merged_id, "merge preview"
        )
        for line in self:
            request = line.request_id
            field = request.kept_id._fields.get(line.field_name)
            line.label = field and field._description_string(self.env)
            line.kept_value = field and self._shown(request.kept_id, field)
            line.merged_value = field and self._shown(request.merged_id, field)

    @api.model
    def _shown(self, survivor, field):
        """A value as text; reading it asks for the rights of the user."""
        survivor.check_access("read")
        value = survivor[field.name]
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value)
        if field.type == "many2one":
            return value.display_name
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        return str(value) if value else False
