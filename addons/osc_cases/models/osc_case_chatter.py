from datetime import timedelta

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext

from odoo.addons.osc_base.normalise import digits, name

from .osc_case_writing import OWN_WORDS

MEMBERS = "osc_base.group_representative"
# How a refused text is noted, and how many may be in a day.
GUESS = "text that names her"
MOST_GUESSES = 3


class OscCaseChatter(models.AbstractModel):
    """Part of ``osc.case``: what is written and filed is for those who may open it.

    Odoo lets everybody who reads a record read its chatter and files, and mails what is
    written to whomever somebody mentions. Coordinators read cases by their code only,
    and a mention must not carry a survivor's story out of the house.
    """

    _name = "osc.case.chatter"
    _description = "Chatter of cases"
    _inherit = ["mail.thread", "mail.activity.mixin"]

    # Searching by these fields would tell what is written: Odoo's own fields ask
    # nothing but whether the record may be read.
    message_ids = fields.One2many(groups=MEMBERS)
    has_message = fields.Boolean(groups=MEMBERS)
    message_attachment_count = fields.Integer(groups=MEMBERS)
    message_partner_ids = fields.Many2many(groups=MEMBERS)
    activity_ids = fields.One2many(groups=MEMBERS)
    activity_state = fields.Selection(groups=MEMBERS)
    activity_user_id = fields.Many2one(groups=MEMBERS)
    activity_type_id = fields.Many2one(groups=MEMBERS)
    activity_type_icon = fields.Char(groups=MEMBERS)
    activity_date_deadline = fields.Date(groups=MEMBERS)
    my_activity_date_deadline = fields.Date(groups=MEMBERS)
    activity_summary = fields.Char(groups=MEMBERS)
    activity_exception_decoration = fields.Selection(groups=MEMBERS)
    activity_exception_icon = fields.Char(groups=MEMBERS)
    activity_calendar_event_id = fields.Many2one(groups=MEMBERS)

    def _with_content(self):
        """Those of the cases of which the user may see more than code, state and gaps."""
        if not self.env.user.has_group("osc_base.group_coordinator"):
            return self
        # Nobody reads a draft as coordinator.
        return self.filtered(
            lambda case: case.user_may_open or case.sudo().state == "draft"
        )

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        operations = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        # Who only coordinates may not write cases, so this opens nothing to them.
        operations.update(dict.fromkeys(self - self._with_content(), "write"))
        return operations

    def _readers(self, users):
        """Users among those given who may open this case."""
        self.ensure_one()
        return users.filtered(
            lambda user: (
                self.with_user(user)
                # Asked for other users: what they may read, in all their companies.
                .with_context(allowed_company_ids=user.sudo().company_ids.ids)
                ._with_content()
                ._filtered_access("read")
            )
        )

    # ------------------------------------------------------------------
    # What is written
    # ------------------------------------------------------------------
    def message_post(self, *, body="", partner_ids=None, **kwargs):
        """Mentions reach only those who may open the case, and no address outside."""
        kwargs.pop("outgoing_email_to", None)
        self._check_no_identity(body, kwargs.get("subject"))
        if partner_ids:
            # Who can be mentioned may be hidden from whoever writes.
            mentioned = self.env["res.partner"].sudo().browse(partner_ids)
            partner_ids = self._readers(mentioned.user_ids).partner_id.ids
        return super().message_post(body=body, partner_ids=partner_ids, **kwargs)

    def _message_update_content(self, message, /, *, body, **kwargs):
        self._check_no_identity(body)
        return super()._message_update_content(message, body=body, **kwargs)

    def _check_no_identity(self, *texts, urgent=False):
        """Names, ids and phone numbers belong into the vault, not into notes.

        Who doesn't know who she is may still have heard it, so their texts are compared
        as well. A refusal would confirm a guess: each is noted as denied, and after
        some of them nothing more is taken from this user for a day.

        :param texts: plain text or HTML
        :param urgent: her life may hang on it: whoever guessed too often isn't kept from
            it, and gets no answer about the text either
        :raise UserError: a text says who the survivor is, or too many of the user did
        """
        if OWN_WORDS.get():
            return
        text = " ".join(html2plaintext(text or "") for text in texts)
        # Who may not read the case is refused for that, not for what they guess.
        if not text.strip() or not self or not self.has_access("read"):
            return
        hidden = self._scopes_hidden_from_user()
        if hidden and self._guessed_too_often():
            if urgent:
                return
            raise UserError(
                self.env._(
                    "Texts of yours seemed to name somebody too often today, so none is "
                    "taken until tomorrow. You can still acknowledge, act and open a "
                    "case in an emergency. Ask the manager to write it down."
                )
            )
        said = self._scopes_said(text)
        if not said:
            return
        if said & hidden:
            self.env["osc.audit.entry"]._log("denied", self, GUESS)
            raise UserError(self._named_message())
        raise UserError(
            self.env._(
                "This says who she is. Write “she” or the case code: names, ids "
                "and phone numbers stay in her record, where only those may read "
                "them who need to."
            )
        )

    def _scopes_hidden_from_user(self):
        """Which of who she is and how to reach her the user doesn't read."""
        if self.env.uid == SUPERUSER_ID:
            return set()
        seen = {"identity": self.user_sees_identity, "contact": self.user_sees_contact}
        return {scope for scope, sees in seen.items() if not sees}

    def _named_message(self):
        return self.env._(
            "This seems to name somebody. Write “she” or the case code. It is noted "
            "who tried to write names."
        )

    def _guessed_too_often(self):
        """Whether as many texts of the user as may be were refused within a day."""
        since = fields.Datetime.now() - timedelta(days=1)
        # Users don't read the trail.
        trail = self.env["osc.audit.entry"].sudo()
        refused = trail.search_count(
            Domain("user_id", "=", self.env.uid)
            & Domain("action", "=", "denied")
            & Domain("details", "=", GUESS)
            & Domain("at", ">=", since),
            limit=MOST_GUESSES,
        )
        return refused >= MOST_GUESSES

    def _scopes_said(self, text):
        """Whether a plain text says who she is or how to reach her."""
        words = name(text).split()
        numbers = digits(text)
        # Her record may belong to a company that is not selected.
        survivor = self.sudo().survivor_id
        said = set()
        full_name = set(name(survivor.full_name or "").split())
        national_id = digits(survivor.national_id or "")
        phone = digits(survivor.phone or "")[-7:]
        # In whichever order, also with a title or another name in between, and of a name
        # of three or more words all but one.
        enough = len(full_name) - (len(full_name) > 2)
        if full_name and any(
            len(full_name & set(words[place : place + enough + 1])) >= enough
            for place in range(len(words))
        ):
            said.add("identity")
        if len(national_id) >= 7 and national_id in numbers:
            said.add("identity")
        if len(phone) >= 7 and phone in numbers:
            said.add("contact")
        return said

    # ------------------------------------------------------------------
    # Who is told
    # ------------------------------------------------------------------
    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        """Only those follow a case who may open it."""
        if partner_ids:
            # Whoever subscribes others may not see all of them.
            users = self.env["res.partner"].sudo().browse(partner_ids).user_ids
            for case in self:
                readers = case._readers(users).partner_id.ids
                super(OscCaseChatter, case)._message_subscribe(
                    readers, subtype_ids, customer_ids
                )
            return True
        return super()._message_subscribe(partner_ids, subtype_ids, customer_ids)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Followers who may not open the case any more get nothing."""
        recipients = super()._notify_get_recipients(
            message, msg_vals=msg_vals, **kwargs
        )
        users = self.env["res.users"].browse(
            [data["uid"] for data in recipients if data["uid"]]
        )
        readers = self._readers(users).ids if users else []
        return [data for data in recipients if data["uid"] in readers]

    def _notify_thread_by_email(self, message, recipients_data, **kwargs):
        """An e-mail says that there is something to read, and no word of it.

        What is written in a case leaves the house neither as text nor as file.
        """
        partners = [data["id"] for data in recipients_data if data["notif"] == "email"]
        if partners:
            self.env["mail.thread"].message_notify(
                partner_ids=partners,
                subject=self.env._("Note in %s", self.display_name),
                body=self.env._("There is a new note. Log in to read it."),
                email_add_signature=False,
            )
        return True

    def _notify_by_web_push_prepare_payload(self, message, **kwargs):
        """The same for what a phone shows on its locked screen."""
        payload = super()._notify_by_web_push_prepare_payload(message, **kwargs)
        payload["title"] = self.display_name
        payload["options"]["body"] = self.env._("There is a new note.")
        return payload
