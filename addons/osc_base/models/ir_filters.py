import ast

from odoo import api, models
from odoo.exceptions import ValidationError

from ..fields import _EncryptedMixin


class IrFilters(models.Model):
    """Saved searches are kept in plain text, with what was searched for."""

    _inherit = "ir.filters"

    @api.model_create_multi
    def create(self, vals_list):
        # Looked at before it is written: what is undone stays on the disk for a while.
        for vals in vals_list:
            self.new(vals)._check_not_vault()
        return super().create(vals_list)

    @api.constrains("domain", "context", "model_id")
    def _check_not_vault(self):
        for saved in self:
            model = self.env.get(saved.model_id)
            if model is None:
                continue
            for text in (saved.domain, saved.context):
                if text and self._names_vault_field(
                    ast.parse(text, mode="eval"), model
                ):
                    raise ValidationError(
                        self.env._(
                            "A search for something encrypted can't be saved: the "
                            "value would be kept in plain text."
                        )
                    )

    @api.model
    def _names_vault_field(self, node, model):
        """Whether a domain or context asks for an encrypted field of a model."""
        if self._is_condition(node):
            path, operator, value = node.elts
            comodel = self._follow(model, path.value)
            if comodel is None:
                return True
            nested = isinstance(operator, ast.Constant) and "any" in operator.value
            return nested and self._names_vault_field(value, comodel)
        if isinstance(node, ast.Constant):
            name = str(node.value).removeprefix("default_")
            return isinstance(model._fields.get(name), _EncryptedMixin)
        return any(
            self._names_vault_field(child, model)
            for child in ast.iter_child_nodes(node)
        )

    @api.model
    def _is_condition(self, node):
        if not isinstance(node, ast.Tuple | ast.List) or len(node.elts) != 3:
            return False
        path = node.elts[0]
        text = isinstance(path, ast.Constant) and isinstance(path.value, str)
        return text and path.value not in ("&", "|", "!")

    @api.model
    def _follow(self, model, path):
        """The model where a path of fields ends; ``None``: at an encrypted field."""
        for name in path.split("."):
            field = model._fields.get(name)
            if isinstance(field, _EncryptedMixin):
                return None
            if field is not None and field.relational:
                model = self.env[field.comodel_name]
        return model
