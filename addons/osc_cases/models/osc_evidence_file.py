import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.osc_base.fields import EncryptedChar


class OscEvidenceFile(models.Model):
    """A file that belongs to an exhibit, with the hash that it had when it came.

    It never changes: another file is another record. The custody log signs the hash.
    """

    _name = "osc.evidence.file"
    _description = "File of evidence"
    _inherit = ["osc.case.audited", "osc.vault.mixin"]
    _order = "id"

    evidence_id = fields.Many2one(
        comodel_name="osc.evidence", required=True, index=True, ondelete="restrict"
    )
    case_id = fields.Many2one(related="evidence_id.case_id", store=True, index=True)
    kind = fields.Selection(
        selection=[
            ("photo", "Photograph"),
            ("receipt", "Receipt of a hand-over"),
            ("lab", "Laboratory report"),
            ("letter", "Letter or memo"),
            ("other", "Other"),
        ],
        required=True,
        default="photo",
    )
    content = fields.Binary(string="File", required=True, attachment=True)
    file_name = EncryptedChar(string="Name of the file")
    sha256 = EncryptedChar(
        string="SHA-256",
        readonly=True,
        help="Fingerprint of the file when it was attached.",
    )
    added_at = fields.Datetime(
        string="Attached", required=True, readonly=True, default=fields.Datetime.now
    )
    author_id = fields.Many2one(
        comodel_name="res.users",
        string="By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )

    @api.depends("evidence_id.code", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for file in self:
            file.display_name = (
                f"{file.evidence_id.code or ''} · {kinds.get(file.kind, '')}"
            )

    @api.model_create_multi
    def create(self, vals_list):
        files = super().create(
            [
                {**vals, "author_id": self.env.uid, "added_at": fields.Datetime.now()}
                for vals in vals_list
            ]
        )
        for file in files:
            # The fingerprint is made here and by nobody else.
            file.sudo().write({"sha256": file.sudo()._hash()})
            # A receipt that comes with a hand-over is in the line that it proves.
            if file.kind != "receipt" or not self.env.su:
                file.evidence_id._record("file", file_id=file.id)
        return files

    def write(self, vals):
        """:raise AccessError: anything but the fingerprint of a new file"""
        if set(vals) != {"sha256"} or any(file.sha256 for file in self):
            raise AccessError(
                self.env._(
                    "A file of evidence stays as it is. Attach the other one, too."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Files of evidence aren't deleted."))

    def _hash(self):
        self.ensure_one()
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("res_field", "=", "content"),
            ],
            limit=1,
        )
        return hashlib.sha256(attachment.raw or b"").hexdigest()

    def _is_as_hashed(self):
        """Whether the file is the one that was attached."""
        self.ensure_one()
        try:
            return self._hash() == self.sha256
        except UserError:
            return False
