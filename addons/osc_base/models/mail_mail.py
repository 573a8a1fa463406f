from odoo import models


class MailMail(models.Model):
    """E-mails leave the house: confidential files stay here."""

    _inherit = "mail.mail"

    def _prepare_outgoing_list(self, *args, **kwargs):
        # The mail queue sends the mails of everybody.
        kept = {
            file.name for file in self.sudo().attachment_ids if file._is_confidential()
        }
        emails = super()._prepare_outgoing_list(*args, **kwargs)
        for email in emails if kept else ():
            email["attachments"] = [
                file for file in email["attachments"] if file[0] not in kept
            ]
        return emails
