from odoo import api, fields, models


class OscConsentPrint(models.TransientModel):
    """Asks for the language of a consent form, and whether it is to be filled."""

    _name = "osc.consent.print"
    _description = "Print a consent form"
    _inherit = "osc.given.mixin"

    case_id = fields.Many2one(
        comodel_name="osc.case",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    form_id = fields.Many2one(
        comodel_name="osc.consent.form",
        string="Language",
        required=True,
        default=lambda self: self.env["osc.consent.form"].search([], limit=1),
    )
    is_filled = fields.Boolean(
        string="With what she agreed to",
        help="What is recorded in the case. Otherwise a form to fill in and sign.",
    )

    def action_print(self):
        """Print the form.

        :raise AccessError: the user may not open the case
        """
        self.ensure_one()
        self.check_access("read")
        self.case_id.check_access("read")
        report = self.env.ref("osc_cases.osc_consent_print_report")
        return dict(report.report_action(self), close_on_report_download=True)

    # ------------------------------------------------------------------
    # For the page
    # ------------------------------------------------------------------
    def _consents_of(self, line):
        """Consents of the case, as far as the user may see them, for one line."""
        self.ensure_one()
        if not self.is_filled:
            return self.env["osc.consent"]
        return self.env["osc.consent"].search(
            [("case_id", "=", self.case_id.id), ("scope", "=", line.scope)],
            order="given_at, id",
        )

    @api.model
    def _day(self, moment):
        """The day of a moment in the time zone of the user."""
        moment = moment and fields.Datetime.context_timestamp(self, moment)
        return moment.strftime("%Y-%m-%d") if moment else ""
