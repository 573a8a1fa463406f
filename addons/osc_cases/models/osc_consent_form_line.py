from odoo import fields, models

from .osc_case_member_scope import SCOPES


class OscConsentFormLine(models.Model):
    """One thing that the form asks her consent for."""

    _name = "osc.consent.form.line"
    _description = "Line of a consent form"
    _order = "sequence, id"

    form_id = fields.Many2one(
        comodel_name="osc.consent.form", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    scope = fields.Selection(
        selection=[*SCOPES, ("statistics", "Statistics")], required=True
    )
    name = fields.Char(string="In simple words", required=True)
