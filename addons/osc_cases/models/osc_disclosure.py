from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.osc_base.fields import EncryptedChar


class OscDisclosure(models.Model):
    """Something is open to a discipline or agency without her consent, and why.

    A named legal duty, or a vital interest with its reason and an end. Listed on the
    case, so that she can be shown what was opened on what ground.
    """

    _name = "osc.disclosure"
    _description = "Disclosure without consent"
    _inherit = ["osc.ground", "osc.vault.mixin"]

    _ended_field = "ended_at"
    _scope_link = "disclosure_id"

    scope = fields.Selection(default="identity")
    basis = fields.Selection(
        selection=[("legal_duty", "Legal duty"), ("vital_interest", "Vital interest")],
        required=True,
        default="legal_duty",
    )
    law = fields.Char(
        string="Law or order",
        compute="_compute_law",
        store=True,
        readonly=False,
        help="Which law, section or court order demands it.",
    )
    reason = EncryptedChar(
        help="Why her life or health, or somebody else's, demands it. No names."
    )
    survivor_told = fields.Boolean(
        string="She was told", help="She was told what is passed on and why."
    )
    ended_at = fields.Datetime(readonly=True, copy=False)

    @api.depends("ended_at")
    def _compute_is_valid(self):
        return super()._compute_is_valid()

    @api.depends("basis", "case_id", "discipline_id")
    def _compute_law(self):
        """For a minor: the duty that the policy names."""
        for disclosure in self:
            # Who can't open the case isn't told here that she is a minor.
            opened = disclosure.sudo(False).case_id._origin.has_access("read")
            case = disclosure._case_itself()
            policy = case.center_id and case.center_id._policy_on(
                case.center_id._local_day()
            )
            if (
                not disclosure.law
                and disclosure.basis == "legal_duty"
                and opened
                and case.is_minor
                and disclosure.discipline_id.code == "child_protection"
            ):
                disclosure.law = policy.minor_duty

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            case = self.env["osc.case"].browse(vals.get("case_id"))
            case._check_no_identity(vals.get("law"), vals.get("reason"), urgent=True)
        return super().create(vals_list)

    @api.constrains("basis", "law", "reason", "expires_at")
    def _check_named(self):
        for disclosure in self:
            if disclosure.basis == "legal_duty" and not disclosure.law:
                raise ValidationError(
                    self.env._("Name the law or the order that demands it.")
                )
            if disclosure.basis == "vital_interest" and not (
                disclosure.reason and disclosure.expires_at
            ):
                raise ValidationError(
                    self.env._(
                        "Write why a life or health is at stake, and until when it is "
                        "open."
                    )
                )

    @api.onchange("basis")
    def _onchange_basis(self):
        """A proposal: a day is enough to save a life and ask her."""
        if self.basis == "vital_interest" and not self.expires_at:
            self.expires_at = fields.Datetime.now() + timedelta(days=1)

    @api.model
    def _lasting_ones(self):
        """A danger to life is why somebody has emergency access; it has an end."""
        return self.filtered(lambda ground: ground.basis != "vital_interest")

    def _later_fields(self):
        return {"survivor_told"}

    def _kind(self):
        return self.basis

    def action_end(self):
        """The duty is done or the danger is over: what it opened closes now.

        :raise AccessError: the user doesn't work on the case
        :raise UserError: it was ended before
        """
        self._end()
        return True
