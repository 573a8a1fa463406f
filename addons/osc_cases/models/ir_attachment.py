from odoo import api, models


class IrAttachment(models.Model):
    """Files of a case are for those who may open it, not for who sees its code.

    And a signed form shows a name, so it is for those who know who she is.
    """

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
        if self.env.su:
            return
        if case_ids := model_and_ids.get("osc.case"):
            cases = self.env["osc.case"].browse(case_ids)
            for case in cases - cases._with_content():
                yield "osc.case", case.id
        if consent_ids := model_and_ids.get("osc.consent"):
            # Whether somebody knows her is a fact of the case; the super call above
            # asked whether the consent may be read.
            for consent in self.env["osc.consent"].sudo().browse(consent_ids).exists():
                if not consent.case_id.sudo(False).user_sees_identity:
                    yield "osc.consent", consent.id
        if operation != "read" and (ids := model_and_ids.get("osc.statement")):
            # What she confirmed never changes, the recording no more than the words.
            statements = self.env["osc.statement"].sudo().browse(ids).exists()
            for statement in statements.filtered("confirmed_at"):
                yield "osc.statement", statement.id
