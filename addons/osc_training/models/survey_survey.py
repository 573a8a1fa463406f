from odoo import api, fields, models


class SurveySurvey(models.Model):
    """Adds the quizzes of the centers: whoever passes one is certified.

    A type of its own, so that Odoo's own rules for the answers of surveys leave them out.
    """

    _inherit = "survey.survey"

    survey_type = fields.Selection(
        selection_add=[("osc_training", "Training of the centers")],
        ondelete={"osc_training": "set default"},
    )
    osc_skill_id = fields.Many2one(
        comodel_name="hr.skill",
        string="Certifies",
        index="btree_not_null",
        copy=False,
        domain="[('osc_is_course', '=', True)]",
        ondelete="set null",
        help="Whoever passes this quiz gets this certification.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "survey_type" in vals:
            # Rules were checked for what it was: a quiz that certifies is made by HR.
            self.check_access("write")
        return result

    @api.onchange("survey_type")
    def _onchange_survey_type(self):
        result = super()._onchange_survey_type()
        if self.survey_type == "osc_training":
            self.update(self._osc_quiz_settings())
        return result

    @api.model
    def _osc_quiz_settings(self):
        """What makes a survey a quiz that certifies whoever passes it."""
        return {
            "survey_type": "osc_training",
            "access_mode": "token",
            "users_login_required": True,
            "certification": True,
            "scoring_type": "scoring_with_answers",
        }
