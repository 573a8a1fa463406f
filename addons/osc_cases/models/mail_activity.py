from odoo import api, models

from .osc_case_correspondence import CaseCorrespondence


class MailActivity(CaseCorrespondence, models.Model):
    """Tasks of a case say what is to be done and not for whom."""

    _inherit = "mail.activity"

    _document_model_field = "res_model"

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        activities._check_no_identity()
        return activities

    def write(self, vals):
        result = super().write(vals)
        if {"summary", "note"} & set(vals):
            self._check_no_identity()
        return result

    def _action_done(self, feedback=False, attachment_ids=False):
        """What a conference decided is done with its task."""
        # Who does the task may not read the conference.
        decisions = (
            self.env["osc.case.decision"]
            .sudo()
            .search([("activity_id", "in", self.ids)])
        )
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        decisions._done()
        return result

    def _check_no_identity(self):
        """:raise UserError: the text says who the survivor of the case is"""
        for activity in self.filtered(
            lambda activity: activity.res_model == "osc.case"
        ):
            case = self.env["osc.case"].browse(activity.res_id)
            case._check_no_identity(activity.summary, activity.note)
