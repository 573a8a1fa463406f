from odoo import models


class IrBinary(models.AbstractModel):
    """Files of confidential records open by the rights of the user, never by a token."""

    _inherit = "ir.binary"

    def _find_record(
        self,
        xmlid=None,
        res_model="ir.attachment",
        res_id=None,
        access_token=None,
        field=None,
    ):
        if access_token:
            record = super()._find_record(
                xmlid=xmlid,
                res_model=res_model,
                res_id=res_id,
                access_token=access_token,
                field=field,
            )
            if not self._is_confidential(record):
                return record
        return super()._find_record(
            xmlid=xmlid, res_model=res_model, res_id=res_id, field=field
        )

    def _is_confidential(self, record):
        Attachment = self.env["ir.attachment"]
        if record._name == Attachment._name:
            return record._is_confidential()
        return Attachment._is_confidential_model(record._name)
