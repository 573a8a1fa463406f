from odoo import models
from odoo.exceptions import UserError


class MailComposeMessage(models.TransientModel):
    """What is written about a case is no template: every employee reads templates."""

    _inherit = "mail.compose.message"

    def _evaluate_res_ids(self):
        """:raise AccessError: what it would be written about isn't open to the user

        Subject and receivers are worked out from these records, before anything is sent.
        """
        ids = super()._evaluate_res_ids()
        files = self.env["ir.attachment"]
        if files._is_confidential_model(self.model):
            # Odoo works them out as superuser, for the same user.
            self.env[self.model].browse(ids).sudo(False).check_access("read")
        return ids

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
