from odoo import api, models
from odoo.exceptions import UserError

from ..fields import _EncryptedMixin


class Base_ImportImport(models.TransientModel):
    """A file to import lies in the database, in plain text, for some hours.

    So none is taken for anything confidential: neither for models whose records are,
    nor for models that show something of them. Whoever opens the page of an import is
    told so before there is a file; a file that comes all the same is not stored.
    """

    _inherit = "base_import.import"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_importable(vals.get("res_model"))
        return super().create(vals_list)

    def write(self, vals):
        for upload in self:
            self._check_importable(vals.get("res_model") or upload.res_model)
        return super().write(vals)

    def parse_preview(self, options, count=10):
        """:raise UserError: the model is confidential"""
        self._check_importable(self.res_model)
        return super().parse_preview(options, count=count)

    def execute_import(self, fields, columns, options, dryrun=False):
        """:raise UserError: the model, or one that a column leads to, is confidential"""
        self._check_importable(self.res_model)
        for path in filter(None, fields):
            self._check_path(path)
        return super().execute_import(fields, columns, options, dryrun=dryrun)

    @api.model
    def _check_importable(self, model):
        """:raise UserError: records of the model are confidential, or show such"""
        if self._is_confidential_model(model):
            raise UserError(
                self.env._(
                    "What is encrypted can't be imported from a file: the file would "
                    "be kept in plain text. Lists of cases have an import of their own; "
                    "programs use the programming interface."
                )
            )

    def _check_path(self, path):
        """Look at each model on the way from the imported one to a column's field."""
        model = self.env[self.res_model]
        for name in path.split("/"):
            field = model._fields.get(name)
            if field is None or not field.relational:
                return
            if field.type == "one2many":
                self._check_importable(field.comodel_name)
            model = self.env[field.comodel_name]

    @api.model
    def _is_confidential_model(self, name):
        Attachment = self.env["ir.attachment"]
        if name not in self.env or name == Attachment._name:
            return False
        return Attachment._is_confidential_model(name) or any(
            isinstance(field, _EncryptedMixin)
            for field in self.env[name]._fields.values()
        )
