from odoo import fields, models
from odoo.fields import Domain

MEMBERS = "osc_base.group_representative"


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
        Member = self.env["osc.case.member"].sudo()
        opened = Member.search(
            Member._valid_domain()
            & Domain("user_id", "=", self.env.uid)
            & Domain("case_id", "in", self.ids)
        ).case_id.ids
        # Nobody reads a draft as coordinator.
        return self.filtered(
            lambda case: case.id in opened or case.sudo().state == "draft"
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
                .with_context(allowed_company_ids=user.sudo().company_ids.ids)
                ._with_content()
                ._filtered_access("read")
            )
        )

    def message_post(self, *, partner_ids=None, outgoing_email_to=False, **kwargs):
        """Mentions reach only those who may open the case, and no address outside."""
        if partner_ids:
            mentioned = self.env["res.partner"].sudo().browse(partner_ids)
            partner_ids = self._readers(mentioned.user_ids).partner_id.ids
        return super().message_post(partner_ids=partner_ids, **kwargs)

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
