from odoo import fields, models
from odoo.exceptions import AccessError

from odoo.addons.osc_cases.models.osc_case_member_scope import SCOPES


class OscReferralItem(models.Model):
    """One line that a referral may pass on, and what she must have agreed to for it.

    What a line says is computed by ``osc.referral``: ``_item_<code>``.
    """

    _name = "osc.referral.item"
    _description = "Line of a referral"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=10)
    scope = fields.Selection(
        selection=SCOPES,
        readonly=True,
        help="Empty: goes along with any consent that names the partner.",
    )
    by_default = fields.Boolean(
        string="Chosen at first", help="Chosen in each new referral; can be taken off."
    )
    active = fields.Boolean(
        default=True, help="Archived, it is offered in new referrals no more."
    )

    _code_unique = models.Constraint(
        "UNIQUE(code)", "There is already a line with this code."
    )

    def write(self, vals):
        """:raise AccessError: what a line says, and what it needs, is fixed"""
        if not self.env.su and {"code", "scope"} & set(vals):
            raise AccessError(
                self.env._("What a line needs can't be changed; archive it instead.")
            )
        return super().write(vals)
