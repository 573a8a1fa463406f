from odoo import fields, models


class SurveyUserInput(models.Model):
    """Whoever passes a quiz of the centers is certified, or has passed the SOP."""

    _inherit = "survey.user_input"

    def _mark_done(self):
        result = super()._mark_done()
        passed = self.filtered(
            lambda answer: (
                answer.survey_id.survey_type == "osc_training"
                and answer.scoring_success
                and not answer.test_entry
                and answer.partner_id
            )
        )
        # Whoever takes a quiz has no rights on results; the page has checked the quiz.
        passed = passed.sudo()
        employees = self.env["hr.employee"].sudo()
        employees = employees.search(
            [("user_id.partner_id", "in", passed.partner_id.ids)]
        ).grouped("user_partner_id")
        for answer in passed:
            for employee in employees.get(answer.partner_id, ()):
                answer._osc_credit(employee)
        return result

    def _osc_credit(self, employee):
        """Give an employee what this passed quiz gives."""
        self.ensure_one()
        if skill := self.survey_id.osc_skill_id:
            self.env["hr.employee.skill"]._osc_grant(
                employee,
                skill,
                employee._osc_local_day(fields.Datetime.now()),
                osc_user_input_id=self.id,
            )
        self.env["osc.sop.acknowledgement"]._pass(employee, self)
