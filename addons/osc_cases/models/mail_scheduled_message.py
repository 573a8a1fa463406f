from odoo import models

from .osc_case_correspondence import CaseCorrespondence
from .osc_case_writing import CaseWriting


class MailScheduledMessage(CaseCorrespondence, CaseWriting, models.Model):
    """Notes that are to appear later are as closed as those that are there."""

    _inherit = "mail.scheduled.message"

    _document_model_field = "model"
    _written_fields = ("subject", "body")

    def _make_access_error(self, operation):
        return self.env["ir.rule"]._make_access_error(operation, self)
