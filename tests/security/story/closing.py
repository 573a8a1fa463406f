"""Closing is asked for, and what survivors say afterwards."""

from odoo import fields

from .teller import Teller


class Closing(Teller):
    def _ask_to_close(self):
        """The manager was asked while the policy wanted that."""
        policy = self.case._policy_today()
        policy.closure_needs_approval = True
        reason = self.env["osc.closure.reason"].search([])[:1]
        request = self._of_case(
            "work",
            "osc.case.closing.request",
            reason_id=reason.id,
            explanation="She wants it so",
        )
        request.action_confirm()
        policy.closure_needs_approval = False
        closure = self.case.closure_ids
        self.records |= {
            "osc.closure.reason": reason,
            "osc.case.closure": closure,
        }
        self._add(
            "mngr",
            "osc.case.closure.return",
            {"closure_id": closure.id, "reason": "A follow-up is open"},
        )
        self._feedback()

    def _feedback(self):
        """As many answers as make a figure."""
        self._as("mngr", self.center).action_print_feedback_cards()
        survey = self.center.feedback_survey_ids
        question = survey.question_ids.filtered("suggested_answer_ids")[:1]
        self.env["survey.user_input"].create(
            [
                {
                    "survey_id": survey.id,
                    "state": "done",
                    "end_datetime": fields.Datetime.now(),
                    "user_input_line_ids": [
                        fields.Command.create(
                            {
                                "question_id": question.id,
                                "answer_type": "suggestion",
                                "suggested_answer_id": question.suggested_answer_ids[
                                    :1
                                ].id,
                            }
                        )
                    ],
                }
                for _answer in range(5)
            ]
        )
        self._settle()
        self.records["osc.feedback.figure"] = self.env["osc.feedback.figure"].search(
            [("center_id", "=", self.center.id)]
        )
