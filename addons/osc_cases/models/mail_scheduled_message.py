from odoo import models

from .osc_case_writing import CaseWriting


class MailScheduledMessage(CaseWriting, models.Model):
    _inherit = "mail.scheduled.message"

    _document_model_field = "model"
    _written_fields = ("subject", "body")
