from odoo import api, fields, models


class ReportReferralLetter(models.AbstractModel):
    """The letter of a referral: what was sent and is open now, and who printed it."""

    _name = "report.osc_referral.report_letter"
    _description = "Letter of a referral"

    @api.model
    def _get_report_values(self, docids, data=None):
        docs = self.env["osc.referral"].browse(docids)
        for doc in docs:
            # The page can be asked for without the button.
            doc._check_may_print()
            self.env["osc.audit.entry"]._log("print", doc, "referral letter")
        return {"docs": docs, "local": self._local_text}

    @api.model
    def _local_text(self, doc, moment):
        """A moment on the clock of the center that sent it."""
        # The clock of a center is no secret from whoever may print its letter.
        center = doc.sudo().center_id
        local = fields.Datetime.context_timestamp(doc.with_context(tz=center.tz), moment)
        return local.strftime("%Y-%m-%d %H:%M (%Z)")
