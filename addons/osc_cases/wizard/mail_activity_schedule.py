from odoo import models

from ..models.osc_case_writing import CaseWriting


class MailActivitySchedule(CaseWriting, models.TransientModel):
    _inherit = "mail.activity.schedule"

    _document_model_field = "res_model"
    _document_id_field = "res_ids"
    _written_fields = ("summary", "note")
