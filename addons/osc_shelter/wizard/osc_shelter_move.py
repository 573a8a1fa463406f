from odoo import api, fields, models


class OscShelterMove(models.TransientModel):
    """Asks who moves to which bed."""

    _name = "osc.shelter.move"
    _description = "Move to another bed"
    _inherit = "osc.given.mixin"

    stay_id = fields.Many2one(
        comodel_name="osc.shelter.stay", required=True, ondelete="cascade"
    )
    shelter_center_id = fields.Many2one(related="stay_id.center_id")
    from_bed_id = fields.Many2one(comodel_name="osc.shelter.bed")
    companion_id = fields.Many2one(
        comodel_name="osc.shelter.companion",
        string="Who",
        compute="_compute_companion_id",
        store=True,
        readonly=False,
        domain="[('stay_id', '=', stay_id), ('left_at', '=', False)]",
        help="Empty: she herself, and small children in her bed with her.",
    )
    to_bed_id = fields.Many2one(
        comodel_name="osc.shelter.bed",
        string="To",
        required=True,
        ondelete="cascade",
        domain="[('center_id', '=', shelter_center_id), ('board_state', '=', 'free')]",
    )

    @api.depends("stay_id", "from_bed_id")
    def _compute_companion_id(self):
        """Of the bed that was touched."""
        for move in self:
            move.companion_id = move.stay_id.companion_ids.filtered(
                lambda child, bed=move.from_bed_id: (
                    bed and child.bed_id == bed and not child.left_at
                )
            )[:1]

    def action_confirm(self):
        """Move; the stay checks who may and whether the bed is free."""
        self.ensure_one()
        person = self.companion_id or self.stay_id
        person.bed_id = self.to_bed_id
        return {"type": "ir.actions.act_window_close"}
