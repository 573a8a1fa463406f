from dateutil.relativedelta import relativedelta

from odoo import fields, models


class HrSkill(models.Model):
    """Adds what a course of the centers is: what it teaches, and for how long it holds."""

    _inherit = "hr.skill"
    # Imported lists name courses by either.
    _rec_names_search = ["name", "osc_code"]

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
        "CHECK(osc_validity_months BETWEEN 0 AND 120)",
        "A certification is valid for 1 to 120 months (ten years), or 0: without end.",
    )

    def _osc_valid_to(self, day):
        """The last day of a certification that is given on a day; false for no end."""
        self.ensure_one()
        months = self.osc_validity_months
        return bool(months) and day + relativedelta(months=months)

    def _osc_level(self):
        """The level that somebody has who holds the certification."""
        self.ensure_one()
        levels = self.skill_type_id.skill_level_ids
        return levels.filtered("default_level")[:1] or levels[-1:]

    def _osc_certification_vals(self, vals):
        """What follows from the course for a certification with these values."""
        self.ensure_one()
        follows = {
            "skill_type_id": self.skill_type_id.id,
            "skill_level_id": self._osc_level().id,
        }
        if vals.get("valid_from") and "valid_to" not in vals:
            day = fields.Date.to_date(vals["valid_from"])
            follows["valid_to"] = self._osc_valid_to(day)
        return follows
