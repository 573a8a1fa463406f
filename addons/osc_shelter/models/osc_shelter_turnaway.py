from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from odoo.addons.osc_base.fields import EncryptedText


class OscShelterTurnaway(models.Model):
    """Somebody for whom there was no bed, or who wasn't admitted, and where they went."""

    _name = "osc.shelter.turnaway"
    _description = "Turned away"
    _inherit = ["osc.shelter.destination", "osc.case.audited"]
    _order = "happened_at desc, id desc"

    case_id = fields.Many2one(
        comodel_name="osc.case", required=True, index=True, ondelete="restrict"
    )
    shelter_id = fields.Many2one(
        comodel_name="osc.shelter",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._default_shelter_id(),
    )
    center_id = fields.Many2one(
        related="shelter_id.center_id", store=True, precompute=True, index=True
    )
    happened_at = fields.Datetime(
        string="When", required=True, default=fields.Datetime.now
    )
    people = fields.Integer(default=1, required=True, help="She and her children.")
    reason = fields.Selection(
        selection=[
            ("no_bed", "No bed free"),
            ("no_fitting_bed", "No bed that fits"),
            ("son_age", "A son is too old"),
            ("unsafe", "Not safe for her here"),
            ("care", "Needs care that the house can't give"),
            ("she", "She didn't want to stay"),
            ("other", "Other"),
        ],
        required=True,
    )
    went_to = fields.Selection(
        selection=[
            ("partner", "To a partner"),
            ("child_authority", "To the child authority"),
            ("hospital", "Hospital"),
            ("relative", "Relatives or friends"),
            ("home", "Home"),
            ("unknown", "Not known"),
            ("other", "Elsewhere"),
        ],
        string="Went",
        required=True,
        default="unknown",
    )
    destination = EncryptedText(string="Where exactly")
    author_id = fields.Many2one(
        comodel_name="res.users",
        string="Written by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )

    _people_positive = models.Constraint(
        "CHECK(people > 0)", "At least one person was turned away."
    )

    @api.model
    def _default_shelter_id(self):
        case = self.env["osc.case"].browse(self.env.context.get("default_case_id"))
        center = (
            # Only which center it is.
            case.exists().sudo().center_id or self.env["osc.center"]._default_for_user()
        )
        return self.env["osc.shelter"].search([("center_id", "=", center.id)], limit=1)

    @api.depends("case_id.display_name")
    def _compute_display_name(self):
        for turnaway in self:
            turnaway.display_name = self.env._(
                "%s · turned away", turnaway._case_itself().display_name
            )

    @api.constrains("case_id", "shelter_id")
    def _check_center(self):
        for turnaway in self:
            if turnaway.shelter_id.center_id != turnaway.case_id.center_id:
                raise ValidationError(
                    self.env._("Choose a shelter of the center of the case.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [{**vals, "author_id": self.env.uid} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """:raise AccessError: it would be about another case"""
        for name in {"case_id", "author_id"} & set(vals) if not self.env.su else ():
            if any(turnaway[name].id != vals[name] for turnaway in self):
                raise AccessError(
                    self.env._("Record it anew with the case it is about.")
                )
        return super().write(vals)
