from odoo import models

from .osc_case_correspondence import CaseCorrespondence


class MailMessage(CaseCorrespondence, models.Model):
    _inherit = "mail.message"

    _document_model_field = "model"
