import uuid
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

QUIET = {
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "tracking_disable": True,
}


class SurveyUserInput(models.Model):
    """Keeps of survivors' feedback what was answered, and nothing about who did.

    No person, no address, no language, no day: dates are those of the first of the
    month. The key of the page is changed, so that a link in the history of a phone
    opens nothing.
    """

    _inherit = "survey.user_input"

    @api.model_create_multi
    def create(self, vals_list):
        surveys = self.env["survey.survey"].browse(
            vals.get("survey_id") for vals in vals_list
        )
        if surveys.filtered("osc_center_id"):
            return super(SurveyUserInput, self.with_context(**QUIET)).create(vals_list)
        return super().create(vals_list)

    def _mark_done(self):
        feedback = self.filtered("survey_id.osc_center_id")
        if feedback:
            super(SurveyUserInput, feedback.with_context(**QUIET))._mark_done()
            feedback._forget_who()
        return super(SurveyUserInput, self - feedback)._mark_done()

    def _notify_new_participation_subscribers(self):
        """A message that somebody has just answered would tell when."""
        others = self.filtered(lambda answer: not answer.survey_id.osc_center_id)
        return super(SurveyUserInput, others)._notify_new_participation_subscribers()

    def _forget_who(self):
        """Take out of finished feedback what could lead to a person."""
        month = fields.Datetime.now().replace(
            day=1, hour=0, minute=0, second=0, microsecond=0
        )
        for answer in self:
            answer.write(
                {
                    "access_token": str(uuid.uuid4()),
                    "email": False,
                    "end_datetime": month,
                    "invite_token": False,
                    "lang_id": False,
                    "last_displayed_page_id": False,
                    "nickname": False,
                    "partner_id": False,
                    "start_datetime": month,
                }
            )
        self.env.flush_all()
        # When a row was written is kept by the ORM, which nobody can tell otherwise.
        for table, column in (
            ("survey_user_input", "id"),
            ("survey_user_input_line", "user_input_id"),
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET create_date = %s, write_date = %s WHERE %s IN %s",
                    SQL.identifier(table),
                    month,
                    month,
                    SQL.identifier(column),
                    tuple(self.ids),
                )
            )
        self.env.invalidate_all()

    @api.autovacuum
    def _gc_unfinished_feedback(self):
        """What nobody sent off says when somebody was there, and nothing else."""
        self.search(
            [
                ("survey_id.osc_center_id", "!=", False),
                ("state", "!=", "done"),
                ("create_date", "<", fields.Datetime.now() - timedelta(days=1)),
            ]
        ).unlink()
