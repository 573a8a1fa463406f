from odoo import api, models


class ReportConsentForm(models.AbstractModel):
    """A consent form in the language she understands, blank or filled."""

    _name = "report.osc_cases.report_consent_form"
    _description = "Consent form"

    @api.model
    def _get_report_values(self, docids, data=None):
        docs = self.env["osc.consent.print"].browse(docids)
        docs.check_access("read")
        for doc in docs:
            doc.case_id.check_access("read")
            kind = "filled" if doc.is_filled else "blank"
            self.env["osc.audit.entry"]._log(
                "print", doc.case_id, f"consent form: {kind}, {doc.form_id.lang}"
            )
        return {"docs": docs}
