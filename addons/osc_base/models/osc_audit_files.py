from odoo import api, models

FILE_FIELDS = {"datas", "raw", "db_datas", "index_content"}


class IrAttachment(models.Model):
    """What is done with a file of an audited record is noted under the record's code.

    Reading its content, or copying it, is downloading it. Changing, moving and deleting
    it changes what the record is made of.
    """

    _inherit = "ir.attachment"

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    @api.readonly
    def read(self, fields=None, load="_classic_read"):
        result = super().read(fields, load)
        self._note_content_read(fields)
        return result

    @api.model
    @api.readonly
    def search_read(
        self, domain=None, fields=None, offset=0, limit=None, order=None, **read_kwargs
    ):
        result = super().search_read(
            domain, fields, offset, limit, order, **read_kwargs
        )
        self.browse(row["id"] for row in result)._note_content_read(fields)
        return result

    def export_data(self, fields_to_export):
        result = super().export_data(fields_to_export)
        self._note_content_read(fields_to_export)
        return result

    def copy_data(self, default=None):
        result = super().copy_data(default)
        if not self.env.su:
            self.env["osc.audit.entry"]._log_downloads(self, "raw")
        return result

    def _note_content_read(self, names):
        """:param names: names of fields; empty means all"""
        if self.env.su or self.env.context.get("bin_size"):
            return
        if not names or FILE_FIELDS & set(names):
            self.env["osc.audit.entry"]._log_downloads(self, "raw")

    # ------------------------------------------------------------------
    # Changing
    # ------------------------------------------------------------------
    def write(self, vals):
        """Noted for whose file it was, and for whose it is now.

        What programs do as superuser is a part of something that is noted itself.
        """
        if self.env.su or not vals:
            return super().write(vals)
        names = ", ".join(sorted(vals))
        rows = self._audit_rows("write", names)
        result = super().write(vals)
        if {"res_model", "res_id"} & set(vals):
            known = {(row["model"], row["res_id"]) for row in rows}
            rows += [
                row
                for row in self._audit_rows("write", names)
                if (row["model"], row["res_id"]) not in known
            ]
        self._note("write", rows)
        return result

    def unlink(self):
        """Noted whoever deletes it: the chatter does so as superuser."""
        rows = self._audit_rows("unlink", "")
        result = super().unlink()
        self._note("unlink", rows)
        return result

    def _audit_rows(self, action, names):
        """Rows of the trail for the records to which these files belong."""
        Entry = self.env["osc.audit.entry"]
        rows = []
        for owners, files in Entry._owners(self):
            details = f"{files}: {names}" if names else files
            # Files of a deleted record go with it: that is in the trail already.
            if owners := owners.exists():
                rows += Entry._rows(action, owners, details)
        return rows

    def _note(self, action, rows):
        if rows:
            self.env["osc.audit.entry"]._add(action, rows)
