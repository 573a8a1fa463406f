from odoo import models

from .osc_case_correspondence import CaseCorrespondence
from .osc_case_writing import CaseWriting


class MailMessage(CaseCorrespondence, CaseWriting, models.Model):
    _inherit = "mail.message"

    _document_model_field = "model"
    _written_fields = ("subject", "body")
