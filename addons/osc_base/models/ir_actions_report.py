from odoo import models

from .osc_audit_mixin import noting


class IrActionsReport(models.Model):
    """Printing an audited record is noted, whatever the report makes of it."""

    _inherit = "ir.actions.report"

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        with noting() as outermost:
            result = super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        self._note_print(report_ref, res_ids, outermost)
        return result

    def _render_qweb_html(self, report_ref, docids, data=None):
        with noting() as outermost:
            result = super()._render_qweb_html(report_ref, docids, data=data)
        self._note_print(report_ref, docids, outermost)
        return result

    def _render_qweb_text(self, report_ref, docids, data=None):
        with noting() as outermost:
            result = super()._render_qweb_text(report_ref, docids, data=data)
        self._note_print(report_ref, docids, outermost)
        return result

    def _note_print(self, report_ref, ids, outermost):
        report = self._get_report(report_ref)
        # A report of Odoo's may be of a model that is not installed.
        audited = report.model in self.env and hasattr(
            self.env[report.model], "_audit_reference"
        )
        if audited and outermost and ids:
            ids = [ids] if isinstance(ids, int) else ids
            records = self.env[report.model].browse(ids)
            self.env["osc.audit.entry"]._log("print", records, report.report_name)
