from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# Reasons that may be over soon, unlike an address that is wrong or missing. Odoo notes
# none when the mail server could not be reached.
PASSING = ("mail_smtp", "unknown")
PAUSE = timedelta(minutes=10)
GIVE_UP = timedelta(days=1)


class MailMail(models.Model):
    """E-mails leave the house: at once, again after a failure, and without
    confidential files.

    Odoo's scheduled actions put e-mails into the queue, and look at it once an hour:
    too late for somebody who has five minutes to answer.
    """

    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        mails = super().create(vals_list)
        if not self.env.context.get("mail_notify_force_send", True):
            mails._send_soon()
        return mails

    @api.model
    def _send_soon(self):
        """Have the queue looked at once the transaction is committed."""
        # Only administrators may touch scheduled jobs.
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action", False)
        if queue:
            queue.sudo()._trigger()

    @api.model
    def _cron_osc_send_again(self):
        """Every ten minutes, for a day: send again what the mail server didn't take.

        Only what Odoo itself tells one person, as everything of the suite is: who
        writes to others sees that it failed, and of several people, some may have it.
        """
        now = fields.Datetime.now()
        failed = self.search(
            Domain("state", "=", "exception")
            & Domain("failure_type", "in", (False, *PASSING))
            & Domain("author_id", "=", self.env.ref("base.partner_root").id)
            & Domain("create_date", ">", now - GIVE_UP)
            & Domain("write_date", "<=", now - PAUSE)
        ).filtered(lambda mail: len(mail.recipient_ids) == 1 and not mail.email_to)
        if failed:
            failed.write({"state": "outgoing"})
            self._send_soon()

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
