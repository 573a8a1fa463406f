from odoo import api, fields, models


class OscShelterRoom(models.Model):
    """A room of a shelter."""

    _name = "osc.shelter.room"
    _description = "Room of a shelter"
    _order = "shelter_id, sequence, name, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    shelter_id = fields.Many2one(
        comodel_name="osc.shelter", required=True, index=True, ondelete="cascade"
    )
    center_id = fields.Many2one(
        related="shelter_id.center_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="shelter_id.company_id", store=True, precompute=True
    )
    kind = fields.Selection(
        selection=[
            ("family", "Family"),
            ("single", "Single"),
            ("accessible", "Accessible"),
            ("isolation", "Isolation"),
        ],
        required=True,
        default="family",
        help="Accessible: without steps, with room for a wheelchair. Isolation: for "
        "whoever is ill.",
    )
    bed_ids = fields.One2many(
        comodel_name="osc.shelter.bed", inverse_name="room_id", string="Beds"
    )
    active = fields.Boolean(default=True)

    _name_unique = models.Constraint(
        "UNIQUE(shelter_id, name)", "The shelter has a room of this name already."
    )

    def write(self, vals):
        if not vals.get("active", True) or "shelter_id" in vals:
            self.bed_ids._check_not_in_use()
        result = super().write(vals)
        if "shelter_id" in vals:
            # Rules were checked where it was; they hold where it goes, too.
            self.check_access("write")
        return result

    @api.depends("name", "shelter_id.name")
    def _compute_display_name(self):
        for room in self:
            room.display_name = f"{room.shelter_id.name} · {room.name}"
