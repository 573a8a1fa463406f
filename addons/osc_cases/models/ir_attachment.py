from odoo import api, models


class IrAttachment(models.Model):
    """Files of a case are for those who may open it, not for who sees its code."""

    _inherit = "ir.attachment"

    @api.model
    def _is_confidential_model(self, name):
        """Whatever belongs to a case is confidential."""
        if super()._is_confidential_model(name):
            return True
        field = name in self.env and self.env[name]._fields.get("case_id")
        return bool(field) and field.comodel_name == "osc.case"

    def _inaccessible_comodel_records(self, model_and_ids, operation):
        yield from super()._inaccessible_comodel_records(model_and_ids, operation)
        if not self.env.su and model_and_ids.get("osc.case"):
            cases = self.env["osc.case"].browse(model_and_ids["osc.case"])
            for case in cases - cases._with_content():
                yield "osc.case", case.id
