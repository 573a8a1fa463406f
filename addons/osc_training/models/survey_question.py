from odoo import fields, models


class SurveyQuestion(models.Model):
    """A question of a course also says why the right answer is right. The description,
    which Odoo has, is shown before somebody answers; this is shown afterwards."""

    _inherit = "survey.question"

    explanation = fields.Text(
        translate=True,
        help="Why the right answer is right. Shown when the attempt is over.",
    )
    explanation_source = fields.Char(
        string="Source",
        help="Guideline or law where the right answer can be checked, with the chapter "
        "or section.",
    )
