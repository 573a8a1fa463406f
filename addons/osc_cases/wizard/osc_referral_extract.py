from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.osc_base.fields import EncryptedText


class OscReferralExtract(models.TransientModel):
    """Chosen lines of a case for whoever she is sent to.

    Who she is and how to reach her goes along only when she has agreed to that for this
    receiver, or a duty demands it.
    """

    _name = "osc.referral.extract"
    _description = "Print an extract for a referral"
    _inherit = "osc.vault.mixin"

    case_id = fields.Many2one(
        comodel_name="osc.case",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    agency_id = fields.Many2one(
        comodel_name="osc.agency", string="For the agency", required=True
    )
    may_identity = fields.Boolean(compute="_compute_may")
    may_contact = fields.Boolean(compute="_compute_may")
    with_age = fields.Boolean(string="Age band and sex", default=True)
    with_language = fields.Boolean(string="Language", default=True)
    with_disability = fields.Boolean(string="Disability")
    with_urgency = fields.Boolean(string="Urgency", default=True)
    with_services = fields.Boolean(string="Services she asks for", default=True)
    with_incident_types = fields.Boolean(string="What happened (type only)")
    with_identity = fields.Boolean(string="Who she is")
    with_contact = fields.Boolean(string="How to reach her safely")
    note = EncryptedText(
        string="What they need to know",
        help="As little as they need to help her. No names unless she agreed.",
    )

    @api.depends("case_id", "agency_id")
    @api.depends_context("uid")
    def _compute_may(self):
        for extract in self:
            scopes = extract._agreed_scopes()
            case = extract.case_id
            extract.may_identity = case.user_sees_identity and "identity" in scopes
            extract.may_contact = case.user_sees_contact and "contact" in scopes

    def _agreed_scopes(self):
        """Scopes that a consent or a duty opens to the agency now.

        A consent for a discipline is one for those who work on the case, not for
        whoever in the country does the same: it must name the agency.
        """
        self.ensure_one()
        open_now = (
            Domain("case_id", "=", self.case_id.id)
            & Domain("agency_id", "=", self.agency_id.id)
            & Domain("is_valid", "=", True)
        )
        grounds = [
            self.env[model].search(open_now) if self.agency_id else self.env[model]
            for model in ("osc.consent", "osc.disclosure")
        ]
        return {ground.scope for found in grounds for ground in found}

    @api.model
    def _line_fields(self):
        """Names of the fields that choose lines."""
        return [name for name in self._fields if name.startswith("with_")]

    def _parts(self):
        """What was chosen, as words for the audit trail."""
        self.ensure_one()
        return [
            name.removeprefix("with_") for name in self._line_fields() if self[name]
        ]

    def _check_may_print(self):
        """:raise AccessError: the user may not change the case
        :raise UserError: more than she agreed to would be passed on
        """
        self.ensure_one()
        if not self.case_id.user_may_change:
            raise AccessError(
                self.env._("Only who works on the case passes something of it on.")
            )
        refused = [
            self._fields[f"with_{scope}"]._description_string(self.env)
            for scope in ("identity", "contact")
            if self[f"with_{scope}"] and not self[f"may_{scope}"]
        ]
        if refused:
            raise UserError(
                self.env._(
                    "She hasn't agreed to this for %(agency)s, or it isn't open to you: "
                    "%(lines)s. Record her consent first.",
                    agency=self.agency_id.name,
                    lines=", ".join(refused),
                )
            )
        # The note must not say what she has not agreed to either.
        if not self.may_identity:
            self.case_id._check_no_identity(self.note)

    def action_print(self):
        """Print the chosen lines.

        :raise AccessError: the user may not change the case
        :raise UserError: more than she agreed to would be passed on
        """
        self.ensure_one()
        self.check_access("read")
        self._check_may_print()
        report = self.env.ref("osc_cases.osc_referral_extract_report")
        return dict(report.report_action(self), close_on_report_download=True)

    def _age_band(self):
        """As in the statistics of violence against women, or nothing."""
        # Her age is a line of the extract, whoever may read her record.
        case = self.case_id.sudo()
        age = case.survivor_id._age_on(case.center_id._local_day())
        if age is None:
            return ""
        return "0–11" if age < 12 else "12–17" if age < 18 else "18+"

    def _incident_types(self):
        """Types of what happened, as far as the user may read it."""
        return (
            self.env["osc.incident"].search([("case_id", "=", self.case_id.id)]).type_id
        )
