from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.osc_base.fields import EncryptedText


class OscShelterNeed(models.Model):
    """What she and her children need in the house: meals, a diet, medicine, clothes."""

    _name = "osc.shelter.need"
    _description = "Meal or need"
    _inherit = "osc.shelter.part"
    _order = "given_at desc, noted_at desc, id desc"

    kind = fields.Selection(
        selection=[
            ("meal", "Meal"),
            ("diet", "Diet or allergy"),
            ("medicine", "Medicine"),
            ("baby", "For a baby"),
            ("hygiene", "Hygiene"),
            ("clothes", "Clothes"),
            ("school", "School"),
            ("prayer", "Prayer"),
            ("other", "Other"),
        ],
        required=True,
        default="meal",
    )
    persons = fields.Integer(default=1, required=True, help="For how many.")
    noted_at = fields.Datetime(
        string="Noted", required=True, default=fields.Datetime.now
    )
    given_at = fields.Datetime(string="Given", copy=False)
    note = EncryptedText()

    _persons_positive = models.Constraint(
        "CHECK(persons > 0)", "It is for at least one person."
    )

    def action_give(self):
        """She got it.

        :raise UserError: she got it already
        """
        self.check_access("write")
        if any(need.given_at for need in self):
            raise UserError(self.env._("She got it already."))
        self.write({"given_at": fields.Datetime.now()})
        return True
