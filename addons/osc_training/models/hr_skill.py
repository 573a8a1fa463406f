from odoo import fields, models


class HrSkill(models.Model):
    """Adds what a course of the centers is: what it teaches, and for how long it holds."""

    _inherit = "hr.skill"

    osc_is_course = fields.Boolean(
        string="Course of the centers",
        help="Only HR, a training session or a passed quiz gives this certification; "
        "nobody can give it to themselves.",
    )
    osc_code = fields.Char(
        string="Code",
        help="Short lower-case word by which requirements, imported lists and other "
        "programs refer to this course. It is not translated.",
    )
    osc_validity_months = fields.Integer(
        string="Valid for (months)",
        help="How long a certification holds that is given here. 0: without end.",
    )
    osc_content = fields.Html(
        string="What it teaches", translate=True, help="Shown to whoever needs it."
    )
    osc_sources = fields.Text(
        string="Sources", help="Where the content of the course comes from."
    )
    osc_survey_ids = fields.One2many(
        comodel_name="survey.survey", inverse_name="osc_skill_id", string="Quizzes"
    )

    _osc_code_unique = models.UniqueIndex(
        "(osc_code) WHERE osc_code IS NOT NULL",
        "There is already a course with this code.",
    )
    _osc_validity_months_sane = models.Constraint(
        "CHECK(osc_validity_months >= 0)",
        "A certification can't be valid for less than no time.",
    )
