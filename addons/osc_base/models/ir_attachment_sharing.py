from werkzeug.exceptions import ServiceUnavailable

from odoo import api, models
from odoo.exceptions import UserError
from odoo.http import Stream


class _VaultStream(Stream):
    """A file that leaves no copy on the disk of a shared computer."""

    def get_response(self, *args, **kwargs):
        response = super().get_response(*args, **{**kwargs, "immutable": False})
        response.headers["Cache-Control"] = "private, no-store"
        return response


class IrAttachment(models.Model):
    """Confidential files leave by the rights of the user only, and without a trace."""

    _inherit = "ir.attachment"

    @api.model
    def _check_not_shared(self, vals):
        if vals.get("public"):
            raise UserError(self.env._("A confidential file can't be public."))

    def generate_access_token(self):
        """Confidential files get no token: their links work for their readers only."""
        confidential = self.filtered(lambda file: file._is_confidential())
        tokens = dict(
            zip(
                (self - confidential).ids,
                super(IrAttachment, self - confidential).generate_access_token(),
                strict=True,
            )
        )
        return [tokens.get(file.id, False) for file in self]

    def _get_raw_access_token(self):
        return not self._is_confidential() and super()._get_raw_access_token()

    def _get_thumbnail_token(self):
        return not self._is_confidential() and super()._get_thumbnail_token()

    def _get_ownership_token(self):
        return not self._is_confidential() and super()._get_ownership_token()

    def _has_attachments_ownership(self, attachment_tokens):
        """A token opens no confidential file: it may have been passed on."""
        tokens = attachment_tokens or [None] * len(self)
        if len(tokens) == len(self):
            attachment_tokens = [
                not file._is_confidential() and token or None
                for file, token in zip(self, tokens, strict=True)
            ]
        return super()._has_attachments_ownership(attachment_tokens)

    def _can_return_content(self, field_name=None, access_token=None):
        if self._is_confidential():
            return False  # so that the rights of the user decide
        return super()._can_return_content(field_name, access_token)

    def _to_http_stream(self):
        """Opened in memory: what a web server could send is ciphertext."""
        if not self.sudo().vault_key:
            return super()._to_http_stream()
        try:
            content = self.raw
        except UserError as error:
            # “Not found”, as Odoo would have it, looks as if the file were lost.
            raise ServiceUnavailable(str(error)) from error
        return _VaultStream(
            type="data",
            data=content,
            size=len(content),
            mimetype=self.mimetype,
            download_name=self.name,
            etag=self.checksum,
            last_modified=self.write_date,
            public=False,
        )
