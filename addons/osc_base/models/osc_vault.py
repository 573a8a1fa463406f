from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..key_ring import KeyRing, VaultLocked, VaultTampered

ROWS = 200  # of a table, in one transaction
FILES = 10


class OscVault(models.AbstractModel):
    """Bringing everything under the current key, in steps that each can be the last.

    Each step is a transaction: what was committed is done, what wasn't is found again.
    A step waits for users who write the same rows; a user who waited for a step gets
    the serialisation failure that Odoo answers by trying again.
    """

    _name = "osc.vault"
    _description = "Vault"

    @api.model
    def _places(self):
        """The models that hold something encrypted, in the order of the work."""
        return sorted(
            model._name
            for model in self.env.values()
            if not model._abstract and hasattr(model, "_vault_fields")
            if model._auto and model._vault_fields()
        )

    # ------------------------------------------------------------------
    # Values
    # ------------------------------------------------------------------
    @api.model
    def _stale_rows(self, name):
        """Condition for the rows of a model with a value under another key."""
        current = f"{KeyRing.load().current}."
        return SQL(" OR ").join(
            SQL(
                "(%(column)s IS NOT NULL AND NOT starts_with(%(column)s, %(key)s))",
                column=SQL.identifier(field_name),
                key=current,
            )
            for field_name in self.env[name]._vault_fields()
        )

    @api.model
    def _count_stale_rows(self, name):
        """How many rows of a model wait for the current key."""
        query = SQL(
            "SELECT COUNT(*) FROM %s WHERE %s",
            SQL.identifier(self.env[name]._table),
            self._stale_rows(name),
        )
        return self.env.execute_query(query)[0][0]

    @api.model
    def _reencrypt_rows(self, name, after=0, limit=ROWS):
        """Write the values of some rows, and their tokens, under the current key.

        Past the ORM, so that nothing looks as if a user had changed the record.

        :param int after: begin behind the record with this id
        :return: id of the last record (``None``: there are no more), how many
            records were looked at, and how many of their values can't be opened
        """
        model = self.env[name]
        field_names = model._vault_fields()
        rows = self.env.execute_query(
            SQL(
                "SELECT id, %s FROM %s WHERE id > %s AND (%s) "
                "ORDER BY id LIMIT %s FOR NO KEY UPDATE",
                SQL(", ").join(map(SQL.identifier, field_names)),
                SQL.identifier(model._table),
                after,
                self._stale_rows(name),
                limit,
            )
        )
        ring = KeyRing.load()
        unopened = 0
        for record_id, *stored in rows:
            values = {}
            for field_name, old in zip(field_names, stored, strict=True):
                if not old or ring.key_of(old) == ring.current:
                    continue
                field = model._fields[field_name]
                place = field._place(model.browse(record_id))
                try:
                    plain = ring.decrypt(old, place)
                except (VaultLocked, VaultTampered):
                    unopened += 1
                    continue
                values[field_name] = ring.encrypt(plain, place)
                for index in model._vault_indexes():
                    if index.of == field_name:
                        values[index.name] = (
                            index._of_plain(ring, field, plain.decode()) or None
                        )
            if values:
                changes = SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(column), value)
                    for column, value in values.items()
                )
                self.env.cr.execute(
                    SQL(
                        "UPDATE %s SET %s WHERE id = %s",
                        SQL.identifier(model._table),
                        changes,
                        record_id,
                    )
                )
        model.invalidate_model()
        return (rows[-1][0] if rows else None), len(rows), unopened

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------
    @api.model
    def _stale_files(self):
        """Domain of the files under another key, or in plain text by mistake."""
        Attachment = self.env["ir.attachment"]
        other_key = Domain("vault_key", "!=", False) & Domain(
            "vault_key", "!=", KeyRing.load().current
        )
        return Domain("id", "!=", False) & (other_key | Attachment._plain_domain())

    @api.model
    def _count_stale_files(self):
        # The files of everybody.
        return self.env["ir.attachment"].sudo().search_count(self._stale_files())

    @api.model
    def _reencrypt_files(self, after=0, limit=FILES):
        """Write some files under the current key; see ``_reencrypt_rows``."""
        Attachment = self.env["ir.attachment"].sudo()
        files = Attachment.search(
            self._stale_files() & Domain("id", ">", after), order="id", limit=limit
        )
        if not files:
            return None, 0, 0
        self.env.execute_query(
            SQL("SELECT id FROM ir_attachment WHERE id IN %s FOR UPDATE", files._ids)
        )
        unopened = 0
        for file in files:
            unopened += not file._reencrypt()
        self.env.flush_all()
        return files[-1].id, len(files), unopened
