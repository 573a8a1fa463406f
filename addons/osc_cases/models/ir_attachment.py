from odoo import models


class IrAttachment(models.Model):
    """Files of a case are for those who may open it, not for who sees its code."""

    _inherit = "ir.attachment"

    def _inaccessible_comodel_records(self, model_and_ids, operation):
        yield from super()._inaccessible_comodel_records(model_and_ids, operation)
        if not self.env.su and model_and_ids.get("osc.case"):
            cases = self.env["osc.case"].browse(model_and_ids["osc.case"])
            for case in cases - cases._with_content():
                yield "osc.case", case.id
