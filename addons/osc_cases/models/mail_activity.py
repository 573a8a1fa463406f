from odoo import api, models
from odoo.exceptions import UserError

from .osc_case_correspondence import CaseCorrespondence
from .osc_case_writing import CaseWriting, own_words


class MailActivity(CaseCorrespondence, CaseWriting, models.Model):
    """Tasks of a case say what is to be done and not for whom."""

    _inherit = "mail.activity"

    _document_model_field = "res_model"
    _written_fields = ("summary", "note", "feedback")

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        activities._check_assignee()
        return activities

    def write(self, vals):
        result = super().write(vals)
        if "user_id" in vals:
            self._check_assignee()
        return result

    def _action_done(self, feedback=False, attachment_ids=False):
        """What a conference decided is done with its task."""
        # Who does the task may not read the conference.
        decisions = (
            self.env["osc.case.decision"]
            .sudo()
            .search([("activity_id", "in", self.ids)])
        )
        for activity in self._of_cases():
            case = self.env["osc.case"].browse(activity.res_id)
            case._check_no_identity(feedback or "")
        # What is to be done was read when it was planned. Odoo adds who was to do it,
        # and she may be called as a colleague.
        with own_words():
            result = super()._action_done(
                feedback=feedback, attachment_ids=attachment_ids
            )
        decisions._done()
        return result

    def _check_assignee(self):
        """:raise UserError: somebody gets a task of a case who may not open it"""
        for activity in self._of_cases().filtered("user_id"):
            case = self.env["osc.case"].browse(activity.res_id)
            if not case._readers(activity.user_id):
                raise UserError(
                    self.env._(
                        "%s may not open this case, so can't get a task of it.",
                        activity.user_id.name,
                    )
                )

    def action_notify(self):
        """The e-mail says that there is something to do, and no word of what."""
        of_cases = self._of_cases()
        for activity in of_cases.filtered("user_id"):
            reader = activity.with_context(lang=activity.user_id.lang)
            self.env["mail.thread"].message_notify(
                partner_ids=activity.user_id.partner_id.ids,
                subject=reader.env._("Task in %s", activity.res_name),
                body=reader.env._("You have a new task. Log in to read it."),
                email_add_signature=False,
            )
        return super(MailActivity, self - of_cases).action_notify()

    def _of_cases(self):
        return self.filtered(lambda activity: activity.res_model == "osc.case")
