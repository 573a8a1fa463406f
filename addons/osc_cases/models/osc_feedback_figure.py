from odoo import fields, models
from odoo.tools import SQL

# Fewer than so many are not shown: they could be recognised.
SMALLEST = 5


class OscFeedbackFigure(models.Model):
    """How many gave an answer at a center in a quarter; small numbers are left out."""

    _name = "osc.feedback.figure"
    _description = "Feedback of survivors"
    _auto = False
    _order = "quarter desc, question_sequence, answer_sequence"

    center_id = fields.Many2one(comodel_name="osc.center", readonly=True)
    quarter = fields.Date(string="Quarter from", readonly=True)
    question_id = fields.Many2one(comodel_name="survey.question", readonly=True)
    question_sequence = fields.Integer(readonly=True, export_string_translation=False)
    answer_id = fields.Many2one(comodel_name="survey.question.answer", readonly=True)
    answer_sequence = fields.Integer(readonly=True, export_string_translation=False)
    answers = fields.Integer(string="How many", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT min(line.id) AS id,
                   survey.osc_center_id AS center_id,
                   date_trunc('quarter', input.end_datetime)::date AS quarter,
                   line.question_id AS question_id,
                   question.sequence AS question_sequence,
                   line.suggested_answer_id AS answer_id,
                   answer.sequence AS answer_sequence,
                   count(*) AS answers
              FROM survey_user_input_line line
              JOIN survey_user_input input ON input.id = line.user_input_id
              JOIN survey_survey survey ON survey.id = input.survey_id
              JOIN survey_question question ON question.id = line.question_id
              JOIN survey_question_answer answer
                   ON answer.id = line.suggested_answer_id
             WHERE survey.osc_center_id IS NOT NULL AND input.state = 'done'
             GROUP BY survey.osc_center_id, quarter, line.question_id,
                      question.sequence, line.suggested_answer_id, answer.sequence
            HAVING count(*) >= %s
            """,
            SMALLEST,
        )
