from odoo import models

from ..models.osc_case_writing import CaseWriting


class MailComposeMessage(CaseWriting, models.TransientModel):
    _inherit = "mail.compose.message"

    _document_model_field = "model"
    _document_id_field = "res_ids"
    _written_fields = ("subject", "body")
