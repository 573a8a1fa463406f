from odoo import models


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        """A record that a rule hides is denied: noted when the model is audited."""
        error = super()._make_access_error(operation, records)
        if hasattr(records, "_audit_reference"):
            self.env["osc.audit.entry"]._log_denied(error, records, operation)
        return error
