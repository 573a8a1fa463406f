from odoo import models


class IrActionsReport(models.Model):
    """What belongs to a case is printed in the time of the case's center."""

    _inherit = "ir.actions.report"

    def _print_center(self, records):
        if "case_id" in records._fields:
            return records.case_id.center_id
        return super()._print_center(records)
