from odoo import models
from odoo.exceptions import UserError


class OscReferralTalk(models.AbstractModel):
    """Part of ``osc.referral``: questions, answers, reports and documents."""

    _name = "osc.referral.talk"
    _description = "Talk about a referral"

    def action_write(self, text):
        """A question of the partner, or what the center answers.

        :param str text: kept in the vault
        :raise UserError: it is empty, or the referral is closed to the partner
        """
        self.ensure_one()
        self._check_may_act()
        if not (text or "").strip():
            raise UserError(self.env._("Write something first."))
        if not self._is_open_to_partner():
            raise UserError(
                self.env._("%s is closed: nothing more can be written.", self.name)
            )
        if self._is_partner_user():
            self._write_text("question", text)
            self._tell_sender("question")
        else:
            self._check_may_say(text)
            self._write_text("answer", text)
            self._tell_partner("changed")
        return True

    def _check_may_say(self, text):
        """An answer says no more than the letter may."""
        granted = self._granted_scopes()
        if "identity" not in granted or self._scopes_said(text) - granted:
            self.case_id._check_no_identity(text)

    def _write_text(self, kind, text):
        if text := (text or "").strip():
            self.env["osc.referral.message"]._write_for(self, kind, text)

    def _add_document(self, name, content):
        """A file of the partner or of the center; encrypted as all that is in a case.

        :param str name: as its owner calls it
        :param bytes content: what is in it
        """
        self.ensure_one()
        self._check_may_act()
        if not self._is_open_to_partner():
            raise UserError(
                self.env._("%s is closed: nothing more can be filed.", self.name)
            )
        message = self.env["osc.referral.message"]._write_for(self, "document")
        # People of a partner may not write what they file; the text is theirs.
        message.document_id = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": name,
                    "raw": content,
                    "res_model": message._name,
                    "res_id": message.id,
                }
            )
        )
        if self._is_partner_user():
            self._tell_sender("question")
        else:
            self._tell_partner("changed")
        return message
