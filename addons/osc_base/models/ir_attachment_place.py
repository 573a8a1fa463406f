from odoo import models
from odoo.exceptions import AccessError

from .ir_attachment import WAITING_ROOMS

PLACE = {"res_model", "res_id", "res_field"}


class IrAttachment(models.Model):
    """A confidential file stays where the rights of a confidential record protect it.

    Who may read it may keep a copy in another confidential record that they may write;
    anywhere else it would be an ordinary file, in plain text, for whoever gets there.
    What programs do as superuser is theirs to answer for.
    """

    _name = "ir.attachment"
    _inherit = ["ir.attachment"]

    def write(self, vals):
        if PLACE & set(vals) and not self.env.su:
            for file in self.filtered(lambda file: file._is_confidential()):
                file._check_place(vals, moves=True)
        return super().write(vals)

    def copy_data(self, default=None):
        result = super().copy_data(default)
        if not self.env.su:
            for file, vals in zip(self, result, strict=True):
                if file._is_confidential():
                    file._check_place(vals)
        return result

    def _check_place(self, vals, moves=False):
        """
        :param dict vals: where the file, or a copy of it, is to be
        :param bool moves: the file itself, so it may go on waiting for its message
        :raise AccessError: it would not be protected there
        """
        self.ensure_one()
        file = self.sudo()  # where it is now is no secret to who moves it
        model, res_id, field = (
            vals.get(name, file[name]) or False
            for name in ("res_model", "res_id", "res_field")
        )
        same_field = field == (file.res_field or False)
        if moves and same_field and (model, res_id) == (file.res_model, file.res_id):
            return
        if moves and file.res_model in WAITING_ROOMS and model in WAITING_ROOMS:
            return
        # Without a record, it is its creator's, whatever becomes of their rights.
        owned = bool(res_id) or not file.res_id
        if not (same_field and owned and self._is_confidential_model(model)):
            raise AccessError(
                self.env._(
                    "A confidential file stays with its case: it can't be moved or "
                    "copied to where other people could read it."
                )
            )

    def _check_access(self, operation):
        """Nobody but who uploaded it sees a file that belongs to no record yet."""
        result = super()._check_access(operation)
        if self.env.su or not self.env.is_system():
            return result
        # What it belongs to is asked before whether it may be read.
        loose = self.sudo().filtered(
            lambda file: (
                not file.res_id
                and file.create_uid.id != self.env.uid
                and file._is_confidential()
            )
        )
        if not loose:
            return result
        forbidden = result[0] if result else self.browse()
        return forbidden | self.browse(loose.ids), lambda: AccessError(
            self.env._("This file is for whoever uploaded it.")
        )
