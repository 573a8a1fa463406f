from odoo import fields, models

from odoo.addons.osc_base.fields import EncryptedChar, EncryptedText
from odoo.addons.osc_referral.models.osc_referral_incoming import CASE_FIELDS


class OscReferralReceive(models.TransientModel):
    """Staff enter what a sender says on the phone or on paper."""

    _name = "osc.referral.receive"
    _description = "Receive somebody from a sender"
    _inherit = "osc.vault.mixin"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Sent by",
        domain="[('is_company', '=', True)]",
        help="The organisation; empty when it isn't in the directory.",
    )
    channel = fields.Selection(
        selection=[
            ("partner", "A partner"),
            ("hospital", "Hospital"),
            ("police", "Police station"),
            ("helpline", "Helpline"),
            ("other", "Other"),
        ],
        required=True,
        default="partner",
    )
    center_id = fields.Many2one(
        comodel_name="osc.center",
        required=True,
        default=lambda self: self.env["osc.center"]._default_for_user(),
    )
    urgency = fields.Selection(
        selection=lambda self: self.env["osc.case"]._fields["urgency"].selection,
        required=True,
        default="urgent",
    )
    in_danger = fields.Boolean(string="In danger now")
    is_injured = fields.Boolean(string="Injured or in pain")
    no_safe_place = fields.Boolean(string="No safe place to sleep")
    survivor_name = EncryptedChar(string="Full name")
    survivor_phone = EncryptedChar(string="Phone number")
    may_phone = fields.Boolean(string="It is safe to phone her there")
    survivor_age = fields.Integer(string="Age (years)", help="0: not known.")
    survivor_sex = fields.Selection(
        selection=lambda self: self.env["osc.case"]._fields["survivor_sex"].selection,
        string="Sex",
        default="female",
    )
    she_agrees = fields.Boolean(string="She knows and agrees")
    message = EncryptedText(string="What the sender says")

    def action_confirm(self):
        """Make the draft case, of which the user is the case worker; open it."""
        self.ensure_one()
        self.check_access("read")
        # Whoever may open cases at a center may receive somebody there.
        self.env["osc.case"].check_access("create")
        self.center_id.check_access("read")
        names = (*CASE_FIELDS, "message", "she_agrees", "may_phone")
        incoming = self.env["osc.referral.incoming"]._receive(
            self.center_id,
            self.partner_id,
            {name: self[name] for name in names},
            case_worker=self.env.user,
        )
        return incoming.with_env(self.env).action_open_case()
