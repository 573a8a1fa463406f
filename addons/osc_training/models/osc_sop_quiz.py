from odoo import fields, models
from odoo.fields import Command


class OscSopQuiz(models.AbstractModel):
    """Part of ``osc.sop.version``: the quiz that shows who has understood it."""

    _name = "osc.sop.quiz"
    _description = "Quiz of an SOP"

    survey_id = fields.Many2one(
        comodel_name="survey.survey",
        string="Quiz",
        copy=False,
        index="btree_not_null",
        domain="[('survey_type', '=', 'osc_training')]",
        ondelete="restrict",
        help="Whoever passes it has understood this version. Drafted from the roles "
        "and duties when the version comes into force without one.",
    )

    def copy(self, default=None):
        """A new version has the quiz of the old one, to be adapted."""
        copies = super().copy(default)
        for version, new in zip(self, copies, strict=True):
            if version.survey_id:
                # Those who write SOPs needn't be able to make surveys.
                new.survey_id = version.survey_id.sudo().copy(
                    {"title": new.display_name, "user_id": False}
                )
        return copies

    def action_draft_quiz(self):
        """Draft the quiz from the roles and duties, and open it to be mended."""
        self.ensure_one()
        self.check_access("write")
        # As above; the right to write the version was asked.
        return self.sudo()._ensure_quiz()._get_records_action()

    def _ensure_quiz(self):
        """The quiz of this version; drafted when there is none.

        Nobody must be kept from taking cases because nobody has written questions.
        """
        self.ensure_one()
        if not self.survey_id.question_ids:
            survey = self.env["survey.survey"]
            drafted = survey.create(
                {
                    **survey._osc_quiz_settings(),
                    "title": self.display_name,
                    # Whoever happens to be here need not be able to change it.
                    "user_id": False,
                    "question_and_page_ids": [
                        Command.create(question) for question in self._quiz_questions()
                    ],
                }
            )
            self.survey_id = drafted
        return self.survey_id

    def _quiz_questions(self):
        """Values of questions: who does what, and what to do when it can't be done."""
        self.ensure_one()
        roles = list(dict.fromkeys(self.duty_ids.mapped("role")))
        questions = []
        for duty in self.duty_ids if len(roles) > 1 else ():
            others = [role for role in roles if role != duty.role][:3]
            questions.append(
                self._quiz_question(
                    self.env._("Whose duty is this? “%s”", duty.duties),
                    duty.role,
                    others,
                )
            )
        questions.append(
            self._quiz_question(
                self.env._("What do you do when you can't do as this SOP says?"),
                self.env._("Tell the center manager at once, and note it in the case"),
                [
                    self.env._("Decide alone and tell nobody"),
                    self.env._("Wait until somebody asks"),
                ],
            )
        )
        return [{**vals, "sequence": n} for n, vals in enumerate(questions, 1)]

    def _quiz_question(self, title, right, wrong):
        """Values of a question with one right answer, which is not always the first."""
        answers = [(text, False) for text in wrong]
        answers.insert(len(title) % (len(wrong) + 1), (right, True))
        return {
            "title": title,
            "question_type": "simple_choice",
            "constr_mandatory": True,
            "suggested_answer_ids": [
                Command.create(
                    {
                        "sequence": n,
                        "value": text,
                        "is_correct": is_right,
                        "answer_score": 1 if is_right else 0,
                    }
                )
                for n, (text, is_right) in enumerate(answers, 1)
            ],
        }
