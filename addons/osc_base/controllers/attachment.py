from odoo import http
from odoo.http import request

from odoo.addons.mail.controllers.attachment import AttachmentController
from odoo.addons.mail.tools.discuss import add_guest_to_context


class VaultAttachmentController(AttachmentController):
    """Uploads for a confidential record are encrypted before their message is sent."""

    @http.route()
    @add_guest_to_context
    def mail_attachment_upload(
        self, ufile, thread_id, thread_model, is_pending=False, **kwargs
    ):
        if request.env["ir.attachment"]._is_confidential_model(thread_model):
            request.update_context(osc_vault_upload=True)
        return super().mail_attachment_upload(
            ufile, thread_id, thread_model, is_pending=is_pending, **kwargs
        )
