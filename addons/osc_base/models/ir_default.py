from odoo import api, models
from odoo.exceptions import ValidationError

from ..fields import _EncryptedMixin


class IrDefault(models.Model):
    """Default values are kept in plain text."""

    _inherit = "ir.default"

    @api.model_create_multi
    def create(self, vals_list):
        # Looked at before it is written: what is undone stays on the disk for a while.
        for vals in vals_list:
            self.new(vals)._check_not_vault()
        return super().create(vals_list)

    @api.constrains("field_id", "json_value")
    def _check_not_vault(self):
        for default in self:
            # Users may not read the fields of models.
            field = default.sudo().field_id
            model = self.env.get(field.model)
            if model is not None and isinstance(
                model._fields.get(field.name), _EncryptedMixin
            ):
                raise ValidationError(
                    self.env._(
                        "“%s” is encrypted and can't have a default value.",
                        field.field_description,
                    )
                )
