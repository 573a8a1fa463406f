from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class OscReferralAgreement(models.TransientModel):
    """Records at once what she agrees to pass on to the partner of a referral.

    One consent for each thing, as for any other receiver: she can take back each.
    """

    _name = "osc.referral.agreement"
    _description = "What she agrees to pass on"
    _inherit = "osc.given.mixin"

    referral_id = fields.Many2one(
        comodel_name="osc.referral", required=True, ondelete="cascade"
    )
    case_id = fields.Many2one(related="referral_id.case_id")
    partner_id = fields.Many2one(related="referral_id.partner_id")
    with_referral = fields.Boolean(
        string="To be referred, without her name", default=True
    )
    with_identity = fields.Boolean(string="Her name")
    with_contact = fields.Boolean(string="How to reach her safely")
    with_statement = fields.Boolean(string="Her statement")
    given_by = fields.Selection(
        selection=lambda self: self.env["osc.consent"]._fields["given_by"].selection,
        required=True,
        default="survivor",
    )
    guardian_id = fields.Many2one(
        comodel_name="osc.guardian", domain="[('case_id', '=', case_id)]"
    )
    child_agrees = fields.Boolean(string="The child agrees")
    how = fields.Selection(
        selection=lambda self: self.env["osc.consent"]._fields["how"].selection,
        required=True,
        default="spoken",
    )
    expires_at = fields.Datetime(string="Until", help="Empty: until she takes it back.")

    @api.model
    def _scope_fields(self):
        """Names of the fields that choose what she agrees to."""
        return [name for name in self._fields if name.startswith("with_")]

    def action_confirm(self):
        """Record the consents, and choose the lines that they allow.

        :raise UserError: nothing was chosen, or there is no partner yet
        """
        self.ensure_one()
        referral = self.referral_id
        referral.check_access("write")
        if not self.partner_id:
            raise UserError(
                self.env._("Choose the partner first: she agrees to that one.")
            )
        scopes = [
            name.removeprefix("with_") for name in self._scope_fields() if self[name]
        ]
        new = [scope for scope in scopes if scope not in referral._granted_scopes()]
        if not scopes:
            raise UserError(self.env._("Choose what she agrees to."))
        self.env["osc.consent"].create(
            [
                {
                    "case_id": self.case_id.id,
                    "scope": scope,
                    "partner_id": self.partner_id.id,
                    "given_by": self.given_by,
                    "guardian_id": self.guardian_id.id,
                    "child_agrees": self.child_agrees,
                    "how": self.how,
                    "expires_at": self.expires_at,
                }
                for scope in new
            ]
        )
        referral.invalidate_recordset(["allowed_item_ids", "has_ground"])
        agreed = referral.allowed_item_ids.filtered(lambda item: item.scope in scopes)
        referral.shared_scope = [Command.link(item.id) for item in agreed]
        return {"type": "ir.actions.act_window_close"}
