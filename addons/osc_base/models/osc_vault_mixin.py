from odoo import api, models
from odoo.exceptions import UserError

from ..fields import _EncryptedMixin, _Unreadable


class OscVaultMixin(models.AbstractModel):
    """What a model with encrypted fields must do besides.

    Binds each ciphertext to its record, and refuses what works on ciphertext: sorting
    and grouping.
    """

    _name = "osc.vault.mixin"
    _description = "Encrypted fields"

    @api.model
    def _vault_fields(self):
        """Names of the encrypted fields of this model."""
        return [
            name
            for name, field in self._fields.items()
            if isinstance(field, _EncryptedMixin) and field.store
        ]

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

    # ------------------------------------------------------------------
    # A new key
    # ------------------------------------------------------------------
    @api.model
    def _reencrypt(self, ids):
        """Write the vault values of some records anew, under the current key."""
        records = self.browse(ids).exists()
        for name in self._vault_fields():
            field = self._fields[name]
            for record in records:
                value = record[name]
                if value and not isinstance(value, _Unreadable):
                    field._update_cache(record, value, dirty=True)
        tokens = [f for f in self._fields.values() if hasattr(f, "of") and f.of]
        for field in tokens:
            self.env.add_to_compute(field, records)
        records.flush_recordset()
