from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.osc_base.fields import EncryptedChar, EncryptedText


class OscShelterVisit(models.Model):
    """Somebody wants to see her. Nobody is let in whom she didn't approve."""

    _name = "osc.shelter.visit"
    _description = "Visitor"
    _inherit = "osc.shelter.part"
    _order = "id desc"

    visitor = EncryptedChar(string="Who")
    relation = EncryptedChar(string="Who that is to her")
    asked_at = fields.Datetime(
        string="Asked", required=True, default=fields.Datetime.now
    )
    approval = fields.Selection(
        selection=[
            ("not_asked", "She isn't asked yet"),
            ("approved", "She wants it"),
            ("refused", "She doesn't want it"),
        ],
        string="Her decision",
        required=True,
        default="not_asked",
    )
    arrived_at = fields.Datetime(string="Came", readonly=True, copy=False)
    left_at = fields.Datetime(string="Went", readonly=True, copy=False)
    note = EncryptedText()

    _only_approved = models.Constraint(
        "CHECK(arrived_at IS NULL OR approval = 'approved')",
        "Nobody is let in whom she didn't approve. Ask her first.",
    )

    def write(self, vals):
        if not self.env.su and {"arrived_at", "left_at"} & set(vals):
            raise UserError(self.env._("Use Let in and Gone."))
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            given = ("arrived_at", "left_at")
            vals_list = [
                {k: v for k, v in vals.items() if k not in given} for vals in vals_list
            ]
        return super().create(vals_list)

    def action_let_in(self):
        """The visitor comes in.

        :raise UserError: she didn't approve, or isn't in the shelter
        """
        self.check_access("write")
        for visit in self:
            visit.stay_id._check_state("in")
            if visit.approval != "approved":
                raise UserError(
                    self.env._(
                        "Nobody is let in whom she didn't approve. Ask her first, alone."
                    )
                )
            if visit.arrived_at:
                raise UserError(self.env._("This visitor came already."))
        # Times are written by these methods only.
        self.sudo().write({"arrived_at": fields.Datetime.now()})
        return True

    def action_gone(self):
        """The visitor went.

        :raise UserError: the visitor isn't there
        """
        self.check_access("write")
        if any(not visit.arrived_at or visit.left_at for visit in self):
            raise UserError(self.env._("This visitor isn't there."))
        # As above.
        self.sudo().write({"left_at": fields.Datetime.now()})
        return True
