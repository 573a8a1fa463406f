from odoo import models


class IrBinary(models.AbstractModel):
    """Every file of an audited record that a route sends is noted."""

    _inherit = "ir.binary"

    def _get_stream_from(self, record, field_name="raw", *args, **kwargs):
        stream = super()._get_stream_from(record, field_name, *args, **kwargs)
        self.env["osc.audit.entry"]._log_downloads(record, field_name)
        return stream
