from odoo import models
from odoo.exceptions import UserError


class MailComposeMessage(models.TransientModel):
    """What is written about a case is no template: every employee reads templates."""

    _inherit = "mail.compose.message"

    def create_mail_template(self):
        """:raise UserError: it was written about a confidential record"""
        self.ensure_one()
        if self.env["ir.attachment"]._is_confidential_model(self.model):
            raise UserError(
                self.env._(
                    "This can't be saved as a template: every employee could read it."
                )
            )
        return super().create_mail_template()
