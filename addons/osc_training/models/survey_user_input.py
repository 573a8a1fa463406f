from odoo import api, fields, models


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
        if self.survey_id.osc_skill_id:
            self._osc_certify(employee, employee._osc_local_day(fields.Datetime.now()))
        self.env["osc.sop.acknowledgement"]._pass(employee, self)

    def _osc_certify(self, employee, day):
        """Give an employee the certification of this passed quiz."""
        self.ensure_one()
        self.env["hr.employee.skill"]._osc_grant(
            employee, self.survey_id.osc_skill_id, day, osc_user_input_id=self.id
        )

    @api.model
    def _osc_credit_again(self, employee, skill, day):
        """Certify somebody who has passed a quiz of the course on a day, and whose
        certification of that day, from a session, was taken back."""
        partner = employee.user_id.partner_id
        # Answers are of HR; whoever notes the attendance need not read them.
        answers = self.sudo().search(
            [
                ("partner_id", "in", partner.ids),
                ("survey_id.survey_type", "=", "osc_training"),
                ("survey_id.osc_skill_id", "=", skill.id),
                ("scoring_success", "=", True),
                ("state", "=", "done"),
                ("test_entry", "=", False),
            ]
        )
        for answer in answers:
            if answer.end_datetime and day == employee._osc_local_day(
                answer.end_datetime
            ):
                answer._osc_certify(employee, day)
