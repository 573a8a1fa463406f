import base64
import logging
import mimetypes

from werkzeug.exceptions import ServiceUnavailable

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import Stream

from ..fields import EncryptedChar, _locked_text
from ..key_ring import KeyRing, VaultLocked, VaultTampered

_logger = logging.getLogger(__name__)

# Where an upload waits until its message is sent.
WAITING_ROOMS = ("mail.compose.message", "mail.scheduled.message")
CONTENT = {"raw", "datas", "db_datas"}


class _Sealed(bytes):
    """The ciphertext of a file on its way to where files are kept."""

    key_id: str
    plain_size: int


class _VaultStream(Stream):
    """A file that leaves no copy on the disk of a shared computer."""

    def get_response(self, *args, **kwargs):
        response = super().get_response(*args, **{**kwargs, "immutable": False})
        response.headers["Cache-Control"] = "private, no-store"
        return response


class IrAttachment(models.Model):
    """Files of confidential models are ciphertext in the file store and the database.

    Neither name, checksum nor index tells what is in them, and nobody gets them by a
    link: only who may read the record that they belong to. Models say that they are
    confidential with ``_vault_attachments``.

    Everybody sees a neutral name, in the chatter and when saving a file; what its owner
    called it is in the vault (``vault_name``).
    """

    _name = "ir.attachment"
    _inherit = ["ir.attachment", "osc.vault.mixin"]

    # Only what belongs to a confidential file is confidential.
    _vault_attachments = False

    vault_key = fields.Char(
        string="Key of the vault",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )
    vault_name = EncryptedChar(string="Original name", readonly=True)

    # ------------------------------------------------------------------
    # What is confidential
    # ------------------------------------------------------------------
    @api.model
    def _is_confidential_model(self, name):
        """Whether files of a model are encrypted; the hook for other addons."""
        return name in self.env and getattr(self.env[name], "_vault_attachments", False)

    @api.model
    def _confidential_models(self):
        return [name for name in self.env.registry if self._is_confidential_model(name)]

    @api.model
    def _belongs_to_confidential(self, res_model, res_id):
        """Whether what belongs to a record is encrypted."""
        if res_model == "ir.attachment" and res_id:  # its thumbnail, other sizes of it
            # Who may read the file is asked elsewhere.
            parent = self.sudo().browse(res_id).exists()
            return bool(parent) and parent._is_confidential()
        if res_model in WAITING_ROOMS:
            # The controller of the upload knows for which record it is.
            return bool(self.env.context.get("osc_vault_upload"))
        return self._is_confidential_model(res_model)

    def _is_confidential(self):
        """Whether this file is, or ought to be, encrypted."""
        self.ensure_one()
        # The fact holds for every user.
        file = self.sudo()
        waits = file.res_model in WAITING_ROOMS and bool(file.vault_key)
        return waits or file._belongs_to_confidential(file.res_model, file.res_id)

    @api.model
    def _plain_domain(self):
        """Files that ought to be encrypted and aren't: those from before the vault."""
        content = Domain("store_fname", "!=", False) | Domain("db_datas", "!=", False)
        plain = Domain("vault_key", "=", False) & content
        models_domain = Domain("res_model", "in", self._confidential_models())
        # All of them, whoever owns them: the job that encrypts leaves none out.
        Attachment = self.sudo().with_context(active_test=False)
        parents = Attachment._search(Domain("id", "!=", False) & models_domain)
        return plain & (
            models_domain
            | Domain("res_model", "=", "ir.attachment")
            & Domain("res_id", "in", parents)
        )

    # ------------------------------------------------------------------
    # Content
    # ------------------------------------------------------------------
    # No dependence on ``vault_key``: it changes with the stored content only, and
    # fields of other addons that depend on ``raw`` would go with it.
    def _compute_raw(self):
        # What protects the content is the access to the file, not to its key's id.
        sealed = self.filtered(lambda file: file.sudo().vault_key)
        for file in sealed:
            file.raw = file._opened()
        return super(IrAttachment, self - sealed)._compute_raw()

    def _opened(self):
        """The content in plain text.

        :raise UserError: it can't be opened; an empty file would look like the truth
        """
        self.ensure_one()
        # Callers asked for the rights; the stored form is read by the server only.
        file = self.sudo()
        stored = (
            file._file_read(file.store_fname) if file.store_fname else file.db_datas
        )
        if not stored:
            return b""  # Odoo's own answer when a file isn't there
        try:
            return KeyRing.load().decrypt_file(
                file.vault_key, bytes(stored), file._vault_place()
            )
        except VaultLocked as error:
            raise UserError(_locked_text(self.env)) from error
        except VaultTampered as error:
            _logger.error("The file of attachment %s was altered", self.id)
            raise UserError(
                self.env._("This file was altered outside of the suite.")
            ) from error

    def _vault_place(self):
        return f"ir.attachment|{self.id}|raw"

    def _seal(self, plain):
        """Ciphertext of a content for this file."""
        ring = KeyRing.load()
        try:
            sealed = _Sealed(ring.encrypt_file(plain, self._vault_place()))
        except VaultLocked as error:
            raise UserError(_locked_text(self.env)) from error
        sealed.key_id, sealed.plain_size = ring.current, len(plain)
        return sealed

    def _set_attachment_data(self, asbytes):
        def sealed(file):
            plain = asbytes(file)
            return file._seal(plain) if plain and file._is_confidential() else plain

        # Its key is no business of the user who writes the file.
        opened = self.sudo().filtered(
            lambda file: file.vault_key and not file._is_confidential()
        )
        result = super()._set_attachment_data(sealed)
        opened.write({"vault_key": False})
        return result

    def _get_datas_related_values(self, data, mimetype):
        values = super()._get_datas_related_values(data, mimetype)
        if isinstance(data, _Sealed):
            values.update(
                vault_key=data.key_id, file_size=data.plain_size, index_content=False
            )
        return values

    @api.model
    def _index(self, bin_data, file_type, checksum=None):
        """Nothing of a confidential file is searched for in plain text."""
        if isinstance(bin_data, _Sealed):
            return None
        return super()._index(bin_data, file_type, checksum=checksum)

    # ------------------------------------------------------------------
    # Create, change, copy
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        """Content of confidential files is written once they have their ids."""
        contents, names = [], []
        # Where it is to be may be a default that the caller gives.
        place = self.default_get(["res_model", "res_id"])
        vals_list = [{**place, **vals} for vals in vals_list]
        for vals in vals_list:
            content = name = None
            if self._belongs_to_confidential(vals.get("res_model"), vals.get("res_id")):
                content = self._take_content(vals)
                if not vals.get("res_field"):
                    # Not even for a moment: a row that was changed stays on the disk.
                    name, vals["name"] = vals.get("name"), "document"
            contents.append(content)
            names.append(name)
        files = super().create(vals_list)
        plain = {
            file.id: content
            for file, content in zip(files, contents, strict=True)
            if content is not None
        }
        # Who may create a file may fill it; the name is no business of theirs.
        sealed = files.browse(plain).sudo()
        filled = sealed.filtered(lambda file: plain[file.id])
        filled._set_attachment_data(lambda file: plain[file.id])
        for file, name in zip(files.sudo(), names, strict=True):
            if name:
                file._neutralise_name(name)
        return files

    @api.model
    def _take_content(self, vals):
        """Take out of ``vals`` what is or tells the content of a confidential file.

        :return: the content, as it is to be kept
        """
        self._check_not_shared(vals)
        if vals.get("type") == "cloud_storage":
            raise UserError(self.env._("Confidential files are not kept elsewhere."))
        if KeyRing.load().locked:
            raise UserError(_locked_text(self.env))
        vals.pop("index_content", None)
        vals.pop("access_token", None)
        if vals.get("res_model") != "ir.attachment":
            vals.pop("description", None)  # often the name of the file once more
        content = vals.pop("raw", None) or vals.pop("db_datas", None)
        if isinstance(content, str):
            content = content.encode()
        datas = vals.pop("datas", None)
        vals.pop("db_datas", None)
        content = content or base64.b64decode(datas or b"")
        checked = self._check_contents({**vals, "raw": content})
        content = checked.pop("raw")
        vals.update(checked)
        return content

    def write(self, vals):
        confidential = self.filtered(lambda file: file._is_confidential())
        if confidential:
            self._check_not_shared(vals)
            vals = {k: v for k, v in vals.items() if k != "index_content"}
            if "db_datas" in vals:
                vals["raw"] = vals.pop("db_datas")
            if "name" in vals and "vault_name" not in vals:
                (self - confidential).write(vals)
                return confidential._rename(**vals)
        moves = {"res_model", "res_id"} & vals.keys()
        result = super().write(vals)
        if moves:
            # Whether the user may move it was asked above.
            self.sudo()._follow_move()
        return result

    def _rename(self, name, **vals):
        """Write values of confidential files, the name into the vault only."""
        self.check_access("write")
        self.write(vals)
        # Names lie in the vault, which people of a record needn't reach.
        for file in self.sudo():
            if file._is_confidential():
                file._neutralise_name(name)
            else:
                file.write({"name": name, "vault_name": False})
        return True

    def _follow_move(self):
        """Files that came to a confidential record, or left one, and their thumbnails."""
        for file in self:
            must = file._is_confidential()
            if must != bool(file.vault_key) and file.file_size:
                plain = file.raw
                file._set_attachment_data(lambda _file, plain=plain: plain)
            if must:
                file._neutralise_name()
                file.write(
                    {"public": False, "access_token": False, "description": False}
                )
            elif file.vault_name:
                file.write({"name": file.vault_name, "vault_name": False})
        parts = self.search(
            [
                ("id", "!=", False),
                ("res_model", "=", "ir.attachment"),
                ("res_id", "in", self.ids),
            ]
        )
        if parts:
            parts._follow_move()

    def _neutralise_name(self, original=None):
        """Keep the name in the vault and show one that tells nothing.

        :param str original: what its owner called it; empty: the name that it has
        """
        self.ensure_one()
        extension = mimetypes.guess_extension(self.mimetype or "") or ""
        neutral = f"document-{self.id}{extension}"
        if self.res_field or (self.name == neutral and not original):
            return
        self.write({"name": neutral, "vault_name": original or self.name})

    def _reencrypt(self):
        """Write the content anew under the current key.

        :return: ``False`` when it can't be opened, so stays as it is
        """
        self.ensure_one()
        try:
            plain = self.raw
        except UserError:
            return False
        if plain:
            self._set_attachment_data(lambda _file: plain)
        self._neutralise_name()
        return True

    # ------------------------------------------------------------------
    # Sharing
    # ------------------------------------------------------------------
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
