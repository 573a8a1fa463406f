from odoo import fields, models

URGENCIES = [("urgent", "Urgent"), ("emergency", "Emergency")]


class OscWellbeingScale(models.Model):
    """A questionnaire of which totals are noted, and never its questions.

    Wordings are protected or translated officially; counsellors use their own copy.
    """

    _name = "osc.wellbeing.scale"
    _description = "Wellbeing scale"
    _order = "sequence, id"

    name = fields.Char(required=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    minimum = fields.Integer(required=True, default=0)
    maximum = fields.Integer(required=True)
    higher_is_better = fields.Boolean()
    has_risk_item = fields.Boolean(
        string="Asks about self-harm",
        help="The answer to that question is noted besides the total.",
    )
    risk_maximum = fields.Integer(
        string="Highest answer", default=3, help="Of the question about self-harm."
    )
    risk_urgency = fields.Selection(
        selection=URGENCIES,
        default="urgent",
        help="The case becomes at least that urgent when she thinks of harming herself.",
    )
    protocol = fields.Text(
        translate=True, help="What the counsellor does then. Shown with the score."
    )
    note = fields.Text(translate=True, help="Source, and what has to be checked.")
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint("UNIQUE(code)", "This code is taken.")
    _range = models.Constraint(
        "CHECK(minimum < maximum AND risk_maximum > 0)", "Check the range of the scale."
    )
