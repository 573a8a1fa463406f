from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.osc_base.fields import EncryptedChar, EncryptedText


class OscShelterBelonging(models.Model):
    """What she gives into keeping and gets back, with her signature for both."""

    _name = "osc.shelter.belonging"
    _description = "Belonging in keeping"
    _inherit = "osc.shelter.part"
    _order = "id"

    name = EncryptedChar(string="What")
    quantity = fields.Integer(default=1, required=True)
    place = fields.Char(string="Kept in", help="For example: locker 4.")
    taken_at = fields.Datetime(
        string="Taken in", required=True, default=fields.Datetime.now
    )
    signature_in = fields.Binary(string="She gave it", attachment=True, copy=False)
    returned_at = fields.Datetime(string="Given back", readonly=True, copy=False)
    returned_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False, ondelete="restrict"
    )
    signature_out = fields.Binary(string="She has it back", attachment=True, copy=False)
    note = EncryptedText(help="Its state; why somebody else fetched it.")

    _quantity_positive = models.Constraint(
        "CHECK(quantity > 0)", "There is at least one."
    )

    def write(self, vals):
        if not self.env.su:
            if {"returned_at", "returned_by_id"} & set(vals):
                raise UserError(self.env._("Use Given back."))
            signed = self.filtered(lambda x: x.signature_in or x.returned_at)
            received = self.filtered(lambda x: x.returned_at and x.signature_out)
            if (received and "signature_out" in vals) or (
                signed and {"name", "quantity", "signature_in"} & set(vals)
            ):
                raise UserError(self.env._("She signed for this; it stays as it is."))
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            given = ("returned_at", "returned_by_id")
            vals_list = [
                {k: v for k, v in vals.items() if k not in given} for vals in vals_list
            ]
        return super().create(vals_list)

    def action_return(self):
        """She has it back.

        :raise UserError: she has it already, or neither signed nor a note says why not
        """
        self.check_access("write")
        for belonging in self:
            if belonging.returned_at:
                raise UserError(self.env._("She has it back already."))
            if not belonging.signature_out and not (belonging.note or "").strip():
                raise UserError(self.env._("Let her sign, or note why she doesn't."))
        # The time and the person are written by this method only.
        self.sudo().write(
            {"returned_at": fields.Datetime.now(), "returned_by_id": self.env.uid}
        )
        return True
