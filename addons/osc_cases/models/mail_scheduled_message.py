from odoo import models

from .osc_case_correspondence import CaseCorrespondence


class MailScheduledMessage(CaseCorrespondence, models.Model):
    """Notes that are to appear later are as closed as those that are there."""

    _inherit = "mail.scheduled.message"

    _document_model_field = "model"

    def _make_access_error(self, operation):
        return self.env["ir.rule"]._make_access_error(operation, self)
