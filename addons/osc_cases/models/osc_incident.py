from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OscIncident(models.Model):
    """What happened, once: type, time, place. Every field but the type is optional.

    "Prefer not to say" is leaving a field empty.
    """

    _name = "osc.incident"
    _description = "Incident"
    _inherit = "osc.case.audited"
    _order = "occurred_at desc, id desc"

    case_id = fields.Many2one(
        comodel_name="osc.case", required=True, index=True, ondelete="cascade"
    )
    type_id = fields.Many2one(
        comodel_name="osc.incident.type",
        required=True,
        ondelete="restrict",
        help="By the act alone: the first type of the list that fits.",
    )
    occurred_at = fields.Datetime(
        string="When",
        help="As well as she knows. Time limits for treatment count from here.",
    )
    place = fields.Selection(
        selection=[
            ("home", "Her home"),
            ("accused_home", "Home of the accused"),
            ("school", "School"),
            ("workplace", "Workplace"),
            ("street", "Street or road"),
            ("transport", "Transport"),
            ("market", "Market"),
            ("field", "Field or forest"),
            ("hotel", "Hotel"),
            ("institution", "Institution"),
            ("online", "Online"),
            ("other", "Other"),
        ],
    )
    alleged_ids = fields.Many2many(
        comodel_name="osc.person.of.concern",
        relation="osc_incident_alleged_rel",
        column1="incident_id",
        column2="person_id",
        string="Whom she accuses",
        domain="[('case_id', '=', case_id)]",
        copy=False,
        help="As far as she says it. Seen by those who act for police, law and casework.",
    )
    alleged_number = fields.Selection(
        selection=[
            ("1", "1"),
            ("2", "2"),
            ("3", "3"),
            ("more", "More than 3"),
            ("unknown", "Not known"),
        ],
        string="How many",
        help="How many people did it.",
    )

    @api.depends("type_id")
    def _compute_display_name(self):
        for incident in self:
            incident.display_name = incident.type_id.name

    @api.constrains("occurred_at")
    def _check_occurred_at(self):
        now = fields.Datetime.now()
        for incident in self:
            if incident.occurred_at and incident.occurred_at > now:
                raise ValidationError(
                    self.env._("An incident can't have happened in the future.")
                )

    @api.constrains("alleged_ids", "case_id")
    def _check_alleged(self):
        for incident in self:
            # Some of them may be hidden from whoever writes the incident.
            if incident.sudo().alleged_ids.case_id - incident.case_id:
                raise ValidationError(
                    self.env._("A person of another case can't be accused here.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        incidents = super().create(vals_list)
        incidents.case_id._tell_again()
        return incidents

    def write(self, vals):
        if "case_id" in vals:
            # Rules look at the case that it leaves, not at the one that it enters.
            self.env["osc.case"].browse(vals["case_id"]).check_access("write")
        result = super().write(vals)
        self.case_id._tell_again()
        return result

    def unlink(self):
        cases = self.case_id
        result = super().unlink()
        cases._tell_again()
        return result
