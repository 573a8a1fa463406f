from odoo import api, models
from odoo.exceptions import AccessError, ValidationError


class IrAttachment(models.Model):
    """Files of a case are for those who may open it, not for who sees its code.

    And a signed form shows a name, so it is for those who know who she is.
    """

    _inherit = "ir.attachment"

    @api.model
    def _confidential_models(self):
        """Models whose files open to those who may read the record, and never by a link.

        A hook: addons with other records of cases add their models.
        """
        return {
            "mail.scheduled.message",
            "osc.break.glass",
            "osc.case",
            "osc.consent",
            "osc.disclosure",
            "osc.guardian",
            "osc.incident",
            "osc.intimation",
            "osc.statement",
            "osc.survivor",
        }

    def _is_confidential(self):
        self.ensure_one()
        return self.sudo().res_model in self._confidential_models()

    def _is_signed_form(self):
        self.ensure_one()
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

    @api.constrains("public", "res_model")
    def _check_confidential(self):
        for attachment in self:
            if attachment.public and attachment._is_confidential():
                raise ValidationError(
                    self.env._("A file of a case can't be made public.")
                )

    def _can_return_content(self, field_name=None, access_token=None):
        """A link with a token would work for anybody, and go on working for who may not
        open the case any more."""
        if self._is_confidential():
            return False
        return super()._can_return_content(field_name, access_token)

    def _get_raw_access_token(self):
        """The same for the links that Odoo makes for pictures in notes."""
        return "" if self._is_confidential() else super()._get_raw_access_token()

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
