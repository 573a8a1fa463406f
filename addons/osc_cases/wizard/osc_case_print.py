from odoo import api, fields, models
from odoo.exceptions import UserError


class OscCasePrint(models.TransientModel):
    """Asks which parts of a case go on paper; only what the user may read does.

    A hook: an addon that adds a part adds a field ``with_<part>`` here and its section
    to the template ``osc_cases.report_case_summary``.
    """

    _name = "osc.case.print"
    _description = "Print a case"

    case_id = fields.Many2one(
        comodel_name="osc.case",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    sees_identity = fields.Boolean(related="case_id.user_sees_identity")
    sees_contact = fields.Boolean(related="case_id.user_sees_contact")
    with_needs = fields.Boolean(string="Needs and services asked for", default=True)
    with_incidents = fields.Boolean(string="What happened (type, time, place)")
    with_intimations = fields.Boolean(string="Who was told", default=True)
    with_consents = fields.Boolean(string="Consents and disclosures", default=True)
    with_risk = fields.Boolean(string="Danger and its assessments")
    with_statement = fields.Boolean(string="Her statement")
    with_identity = fields.Boolean(string="Who she is")
    with_safety_plan = fields.Boolean(
        string="Her safety plan",
        help="Only when there is a reason: whoever finds the paper knows where she "
        "would go.",
    )

    @api.model
    def _part_fields(self):
        """Names of the fields that choose parts."""
        return [name for name in self._fields if name.startswith("with_")]

    def _parts(self):
        """What was chosen, as words for the audit trail."""
        self.ensure_one()
        return [
            name.removeprefix("with_") for name in self._part_fields() if self[name]
        ]

    def action_print(self):
        """Print the chosen parts.

        :raise AccessError: the user may not open the case
        :raise UserError: nothing was chosen
        """
        self.ensure_one()
        self.check_access("read")
        self.case_id.check_access("read")
        if not self._parts():
            raise UserError(self.env._("Choose at least one part."))
        report = self.env.ref("osc_cases.osc_case_print_report")
        return dict(report.report_action(self), close_on_report_download=True)

    # ------------------------------------------------------------------
    # For the page
    # ------------------------------------------------------------------
    def _readable(self, model):
        """Records of a model that belong to the case and that the user may read.

        Not by a field of the case: what is in its cache may be more than that.
        """
        self.ensure_one()
        return self.env[model].search([("case_id", "=", self.case_id.id)])
