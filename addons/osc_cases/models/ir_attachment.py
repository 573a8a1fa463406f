from odoo import api, models
from odoo.exceptions import AccessError


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

    def _is_signed_form(self):
        self.ensure_one()
        # Only tells whether it is a form; nothing of it is passed on.
        document = self.sudo()
        return document.res_model == "osc.consent" and bool(document.res_id)

    def write(self, vals):
        """:raise AccessError: it would change a form that she signed"""
        changed = {"raw", "datas", "db_datas", "res_model", "res_id"} & set(vals)
        if changed and not self.env.su and any(a._is_signed_form() for a in self):
            raise AccessError(self.env._("A signed form can't be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed_form(self):
        if not self.env.su and any(a._is_signed_form() for a in self):
            raise AccessError(
                self.env._("A signed form stays: it shows what she agreed to.")
            )

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
        if survivor_ids := model_and_ids.get("osc.survivor"):
            # Her papers say who she is, not only how to reach her.
            for survivor in self.env["osc.survivor"].browse(survivor_ids).exists():
                if not survivor.identity_open:
                    yield "osc.survivor", survivor.id
        if operation != "read" and (ids := model_and_ids.get("osc.statement")):
            # What she confirmed never changes, the recording no more than the words.
            statements = self.env["osc.statement"].sudo().browse(ids).exists()
            for statement in statements.filtered("confirmed_at"):
                yield "osc.statement", statement.id
