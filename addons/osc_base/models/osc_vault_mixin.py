from odoo import api, models
from odoo.exceptions import UserError

from .. import log_values
from ..fields import _EncryptedMixin, _Index, _Unreadable


class OscVaultMixin(models.AbstractModel):
    """What a model with encrypted fields must do besides.

    Binds each ciphertext to its record, refuses what works on ciphertext (sorting and
    grouping), and what would keep plain text elsewhere. Files of such a model are
    encrypted, too, see ``ir.attachment``.
    """

    _name = "osc.vault.mixin"
    _description = "Encrypted fields"

    # A model without encrypted fields declares it to have its files encrypted.
    _vault_attachments = True

    @api.model
    def _vault_fields(self):
        """Names of the encrypted fields of this model."""
        return [
            name
            for name, field in self._fields.items()
            if isinstance(field, _EncryptedMixin) and field.store
        ]

    @api.model
    def _vault_indexes(self):
        """The columns of tokens of this model: their fields."""
        return [field for field in self._fields.values() if isinstance(field, _Index)]

    def _register_hook(self):
        """No addon may store what it computes from encrypted values.

        And nothing of them, nor what is typed, gets into the server log.
        """
        result = super()._register_hook()
        log_values.protect(self.env.cr.dbname)
        for name in self._vault_fields():
            for field in self.pool.get_dependent_fields(self._fields[name]):
                safe = isinstance(field, _Index | _EncryptedMixin)
                if field.store and field.column_type and not safe:
                    raise TypeError(
                        f"{field} is stored in plain text and depends on "
                        f"{self._fields[name]}, which is encrypted"
                    )
        return result

    @api.model
    def _create(self, data_list):
        """Write the encrypted values once the records have their ids."""
        records = super()._create(data_list)
        for name in self._vault_fields():
            field = self._fields[name]
            for data in data_list:
                if data["stored"].get(name):
                    record = data["record"]
                    value = field.convert_to_cache(data["stored"][name], record)
                    field._update_cache(record, value, dirty=True)
        return records

    def write(self, vals):
        """A value that can't be opened now must not be lost by writing over it."""
        for name in set(self._vault_fields()) & set(vals):
            if any(isinstance(record[name], _Unreadable) for record in self):
                raise UserError(
                    self.env._(
                        "“%s” can't be opened with the keys of this server, so it can't "
                        "be changed either. Nothing is lost.",
                        self._fields[name]._description_string(self.env),
                    )
                )
        return super().write(vals)

    def _refuse_vault(self, name):
        field = self._fields.get(name.split(":")[0].split(".")[0])
        if isinstance(field, _EncryptedMixin):
            raise UserError(
                self.env._(
                    "“%s” is encrypted and can't be sorted or grouped by.",
                    field._description_string(self.env),
                )
            )

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        self._refuse_vault(field_name)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def _read_group_groupby(self, alias, groupby_spec, query):
        self._refuse_vault(groupby_spec)
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _read_group_select(self, aggregate_spec, query):
        self._refuse_vault(aggregate_spec)
        return super()._read_group_select(aggregate_spec, query)
