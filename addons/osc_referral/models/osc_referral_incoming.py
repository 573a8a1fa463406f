from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.osc_base.fields import EncryptedText

# What whoever sends somebody may say of her; kept in her record and in the case.
CASE_FIELDS = (
    "channel",
    "urgency",
    "in_danger",
    "is_injured",
    "no_safe_place",
    "survivor_name",
    "survivor_phone",
    "survivor_age",
    "survivor_sex",
)
WATCHED_LEVELS = (2, 3)  # as ``osc.case._supervisor``: the manager, the coordinator


class OscReferralIncoming(models.Model):
    """Somebody whom a partner, a hospital, the police or a helpline sends to the center.

    Becomes a draft case at once; who she is goes to her record in the vault. The sender
    gets a receipt that says nothing of her. Until a case worker takes it, people are
    told, one level after the other.
    """

    _name = "osc.referral.incoming"
    _description = "Incoming referral"
    _inherit = ["osc.case.audited", "osc.vault.mixin"]
    _order = "id desc"

    name = fields.Char(string="Receipt", required=True, readonly=True, copy=False)
    case_id = fields.Many2one(
        comodel_name="osc.case",
        required=True,
        index=True,
        ondelete="restrict",
        groups="osc_base.group_any_role",
    )
    center_id = fields.Many2one(
        related="case_id.center_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="center_id.company_id", store=True, precompute=True
    )
    urgency = fields.Selection(
        related="case_id.urgency", groups="osc_base.group_any_role"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Sent by",
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    sender_id = fields.Many2one(
        comodel_name="res.users",
        string="Entered by",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    received_at = fields.Datetime(string="Received", required=True, readonly=True)
    she_agrees = fields.Boolean(
        string="She knows and agrees",
        readonly=True,
        help="The sender says that she agreed to being sent to the center.",
        groups="osc_base.group_any_role",
    )
    sealed_message = EncryptedText(readonly=True, groups=fields.NO_ACCESS)
    message = EncryptedText(
        string="What the sender says",
        compute="_compute_message",
        help="Open to those who know who she is: it may name her.",
        groups="osc_base.group_any_role",
    )
    state = fields.Selection(
        selection=[("received", "Received"), ("taken", "Taken over")],
        required=True,
        default="received",
        readonly=True,
        index=True,
    )
    taken_at = fields.Datetime(string="Taken over", readonly=True)
    watch_at = fields.Datetime(readonly=True)
    watch_level = fields.Integer(readonly=True, aggregator=None)

    _name_unique = models.Constraint("UNIQUE(name)", "This receipt is taken.")
    _waiting = models.Index("(watch_at) WHERE state = 'received'")

    @api.depends("case_id")
    @api.depends_context("uid")
    def _compute_message(self):
        for incoming in self:
            # The text may name her, so it is asked who may know her name.
            knows = incoming._case_itself().sudo(False).user_sees_identity
            incoming.message = knows and incoming.sudo().sealed_message

    # ------------------------------------------------------------------
    # Receive
    # ------------------------------------------------------------------
    @api.model
    def _receive(self, center, partner, vals, *, case_worker=None):
        """Make a draft case of what a sender says, and tell the center.

        :param center: ``osc.center`` record
        :param partner: ``res.partner`` record, the organisation; may be empty
        :param dict vals: those of ``CASE_FIELDS``, ``message``, ``she_agrees`` and
            ``may_phone``
        :param case_worker: ``res.users`` record who enters it and takes it
        :return: the new record, as superuser
        :raise UserError: the center receives nobody
        """
        if not center or center.state == "closed":
            raise UserError(self.env._("Choose the center that receives her."))
        # People of partners have no right to any case; what they say makes one.
        case = (
            self.env["osc.case"]
            .sudo()
            .create(
                {
                    "channel": "partner",
                    "urgency": "urgent",
                    **{name: vals[name] for name in CASE_FIELDS if vals.get(name)},
                    "center_id": center.id,
                    "case_worker_id": case_worker.id if case_worker else False,
                }
            )
        )
        if vals.get("may_phone") and vals.get("survivor_phone"):
            case.survivor_id.write(
                {
                    "safe_contact_allowed": True,
                    "safe_contact_channel": "call",
                    "safe_contact_details": vals["survivor_phone"],
                }
            )
        now = fields.Datetime.now()
        minutes = case._acknowledge_minutes(case.urgency)
        # A sender may write nothing of the center's.
        incoming = self.sudo().create(
            {
                "name": self.env["ir.sequence"]
                .sudo()
                .next_by_code("osc.referral.incoming"),
                "case_id": case.id,
                "partner_id": partner.id,
                "sender_id": self.env.uid,
                "received_at": now,
                "she_agrees": bool(vals.get("she_agrees")),
                "sealed_message": (vals.get("message") or "").strip() or False,
                "watch_at": now + timedelta(minutes=minutes),
                "watch_level": WATCHED_LEVELS[0],
            }
        )
        if case_worker:
            incoming._note_taken()
        else:
            incoming._tell_center(incoming._first_told())
        incoming._send_receipt()
        return incoming

    def _first_told(self):
        """Case workers on duty, else the manager, else the coordinator."""
        casework = self.env.ref("osc_base.osc_discipline_casework")
        case = self.case_id
        on_duty = case._on_duty_representatives(casework).user_id
        return on_duty or case._supervisor(2) or case._supervisor(3)

    def _tell_center(self, users):
        self.ensure_one()
        self.case_id._notify_people(
            users,
            lambda case: (
                case.env._("Sent to the center: %s", self.name),
                case.env._(
                    "%(case)s · %(receipt)s waits for a case worker",
                    case=case.display_name,
                    receipt=self.name,
                ),
            ),
        )

    def _send_receipt(self):
        """Number, center and time; nothing of her, and no link that opens anything."""
        self.ensure_one()
        receiver = self.sender_id.partner_id
        if not self.sender_id.share:
            receiver = self.partner_id
        if not receiver.email:
            return
        this = self.with_context(lang=receiver.lang, tz=self.center_id.tz)
        moment = fields.Datetime.context_timestamp(this, self.received_at)
        this.env["mail.thread"].message_notify(
            partner_ids=receiver.ids,
            author_id=self.env.ref("base.partner_root").id,
            subject=this.env._("Receipt %s", self.name),
            body=Markup("<p>%s</p>")
            % this.env._(
                "%(center)s received what you sent on %(moment)s. Receipt: %(name)s.",
                center=self.center_id.name,
                moment=moment.strftime("%Y-%m-%d %H:%M"),
                name=self.name,
            ),
            email_add_signature=False,
        )

    # ------------------------------------------------------------------
    # Take
    # ------------------------------------------------------------------
    def action_take(self):
        """Become the case worker, who then learns who she is; opens the case.

        :raise AccessError: the user may not change drafts of the center
        :raise UserError: somebody else took it
        """
        self.ensure_one()
        self.check_access("read")
        if self.state != "received":
            raise UserError(self.env._("%s was taken over already.", self.name))
        self.case_id.case_worker_id = self.env.user
        return self.action_open_case()

    def action_open_case(self):
        """Open the case."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "osc.case",
            "res_id": self.case_id.id,
            "views": [[False, "form"]],
        }

    def _note_taken(self):
        """A case worker has it, or it was reported."""
        self.filtered(lambda incoming: incoming.state == "received").write(
            {"state": "taken", "taken_at": fields.Datetime.now(), "watch_at": False}
        )

    # ------------------------------------------------------------------
    # Watch
    # ------------------------------------------------------------------
    @api.model
    def _cron_watch(self):
        """Tell the manager, then the coordinator, of what nobody took in time."""
        waiting = self.search(
            Domain("state", "=", "received")
            & Domain("watch_at", "<=", fields.Datetime.now()),
            order="watch_at, id",
        )
        for incoming in waiting:
            self.env["osc.intimation"]._apart("watch", incoming, self._escalate_one)

    @api.model
    def _escalate_one(self, incoming):
        if incoming.state != "received":
            return
        case = incoming.case_id
        level = incoming.watch_level
        people = case._supervisor(level)
        if not people and level < WATCHED_LEVELS[-1]:
            level += 1
            people = case._supervisor(level)
        incoming._tell_center(people)
        minutes = case._acknowledge_minutes(case.urgency)
        # From the last level on again and again: it must not be lost.
        incoming.write(
            {
                "watch_level": min(level + 1, WATCHED_LEVELS[-1]),
                "watch_at": fields.Datetime.now()
                + timedelta(
                    minutes=minutes if level < WATCHED_LEVELS[-1] else max(minutes, 60)
                ),
            }
        )
