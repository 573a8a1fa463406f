from odoo import api, models
from odoo.exceptions import UserError


class Base_ImportImport(models.TransientModel):
    """A file to import lies in the database, in plain text, for some hours."""

    _inherit = "base_import.import"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("file"):
                self._check_importable(vals.get("res_model"))
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("file"):
            for upload in self:
                self._check_importable(vals.get("res_model") or upload.res_model)
        return super().write(vals)

    @api.model
    def _check_importable(self, model):
        """:raise UserError: the model has encrypted fields"""
        if model != "ir.attachment" and hasattr(self.env.get(model), "_vault_fields"):
            raise UserError(
                self.env._(
                    "What is encrypted can't be imported from a file: the file would "
                    "be kept in plain text. Lists of cases have an import of their own; "
                    "programs use the programming interface."
                )
            )
