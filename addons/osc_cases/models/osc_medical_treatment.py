from odoo import fields, models


class OscMedicalTreatment(models.Model):
    """What can be offered to her: treatments, tests, vaccinations, support."""

    _name = "osc.medical.treatment"
    _description = "Treatment that can be offered"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    usual = fields.Boolean(
        default=True, help="Listed in each exam, so that nobody forgets to offer it."
    )
    window_hours = fields.Integer(
        string="Within (hours)",
        aggregator=None,
        help="How long after the incident it usually helps. Shown to whoever offers it; "
        "it never refuses anything. 0: no limit.",
    )
    clock_event = fields.Selection(
        selection=[
            ("pep_given", "HIV prophylaxis given"),
            ("ec_given", "Emergency contraception given"),
        ],
        string="Stops the clock of",
    )
    source = fields.Char(help="Where the time limit comes from, and who confirmed it.")

    _code_unique = models.Constraint("UNIQUE(code)", "This code is taken.")
    _window_positive = models.Constraint(
        "CHECK(window_hours >= 0)", "A time limit can't be negative."
    )
