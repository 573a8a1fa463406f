from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.osc_base.fields import EncryptedChar


class OscBreakGlassRequest(models.TransientModel):
    """Asks for the case, the reason and the hours of an emergency access."""

    _name = "osc.break.glass.request"
    _description = "Open a case in an emergency"
    _inherit = ["osc.given.mixin", "osc.vault.mixin"]

    # In the vault, because whoever is in a hurry types the name instead; not required in
    # the database, because vault fields are filled in after the row is made.
    case_code = EncryptedChar(
        string="Case code",
        help="As it stands in the intimation, such as LHR-2026-000042-7.",
    )
    reason = EncryptedChar(help="Why it can't wait for consent. No names, please.")
    hours = fields.Integer(
        required=True,
        default=1,
        help="As few as you need. The policy of the center says how many at most.",
    )

    def action_confirm(self):
        """Open the case to the current user; the manager and auditors are told.

        :raise AccessError: no such case at a center of the user's
        :raise UserError: no reason, or too many hours
        """
        self.ensure_one()
        self.check_access("read")
        case = self._case()
        reason = (self.reason or "").strip()
        if len(reason) < 10:
            raise UserError(
                self.env._("Write why it can't wait: others will review it.")
            )
        # It is read by those who review it, who may not know who she is.
        case._check_no_identity(reason, urgent=True)
        policy = case.center_id._policy_on(case.center_id._local_day())
        longest = policy._limit("break_glass_hours")
        if not 1 <= self.hours <= longest:
            raise UserError(
                self.env._(
                    "Between 1 and %s hours. Ask for consent meanwhile.", longest
                )
            )
        self.env["osc.break.glass"]._break(case, reason, self.hours)
        return {
            "type": "ir.actions.act_window",
            "res_model": "osc.case",
            "res_id": case.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    @api.model
    def _case(self):
        """The case of that code, as superuser.

        :raise AccessError: there is none, the user doesn't work at its center or is
            excluded from it; always with the same words
        """
        if not self.env.user.has_group("osc_base.group_representative"):
            raise AccessError(self.env._("Emergency access is for representatives."))
        code = (self.case_code or "").strip().upper()
        # The point is to open a case that the user can't see yet.
        case = (
            self.env["osc.case"]
            .sudo()
            .search(
                Domain("name", "=", code)
                & Domain("state", "!=", "draft")
                & Domain("excluded_user_ids", "not in", self.env.uid)
                & Domain("company_id", "in", self.env.companies.ids)
                & (
                    Domain(
                        "center_id.representative_ids",
                        "any",
                        [("user_id", "=", self.env.uid), ("active", "=", True)],
                    )
                    | Domain("center_id.manager_id", "=", self.env.uid)
                )
            )
        )
        if not case:
            # Not what was typed: it may be a name, and refusals are in the server log.
            raise AccessError(
                self.env._(
                    "There is no case with this code at a center where you work."
                )
            )
        return case
