from odoo import api, models


class ReportCasePrint(models.AbstractModel):
    """The chosen parts of a case on paper, and who printed which of them."""

    _name = "report.osc_cases.report_case_summary"
    _description = "Case summary"

    @api.model
    def _get_report_values(self, docids, data=None):
        docs = self.env["osc.case.print"].browse(docids)
        docs.check_access("read")
        for doc in docs:
            doc.case_id.check_access("read")
            self.env["osc.audit.entry"]._log(
                "print", doc.case_id, f"case summary: {', '.join(doc._parts())}"
            )
        return {"docs": docs}
