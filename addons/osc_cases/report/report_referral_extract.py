from odoo import api, models


class ReportReferralExtract(models.AbstractModel):
    """Chosen lines of a case for another organisation."""

    _name = "report.osc_cases.report_referral_extract"
    _description = "Extract for a referral"

    @api.model
    def _get_report_values(self, docids, data=None):
        docs = self.env["osc.referral.extract"].browse(docids)
        docs.check_access("read")
        for doc in docs:
            # The page can be asked for without the button.
            doc._check_may_print()
            self.env["osc.audit.entry"]._log(
                "print",
                doc.case_id,
                f"referral extract for {doc.agency_id.name}: {', '.join(doc._parts())}",
            )
        return {"docs": docs}
