from odoo import models

from .osc_case_correspondence import CaseCorrespondence
from .osc_case_writing import CaseWriting


class MailActivity(CaseCorrespondence, CaseWriting, models.Model):
    """Tasks of a case say what is to be done and not for whom."""

    _inherit = "mail.activity"

    _document_model_field = "res_model"
    _written_fields = ("summary", "note", "feedback")
