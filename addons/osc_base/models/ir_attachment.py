from odoo import api, models

FILE_FIELDS = {"datas", "raw", "db_datas", "index_content"}


class IrAttachment(models.Model):
    """Reading the content of a file of an audited record is downloading it."""

    _inherit = "ir.attachment"

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

    def _note_content_read(self, names):
        """:param names: names of fields; empty means all"""
        if self.env.su or self.env.context.get("bin_size"):
            return
        if not names or FILE_FIELDS & set(names):
            self.env["osc.audit.entry"]._log_downloads(self, "raw")
