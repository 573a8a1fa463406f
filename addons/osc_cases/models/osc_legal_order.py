from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.osc_base.fields import EncryptedChar, EncryptedText

DECISION_FIELDS = {"decided_on", "state", "warned_at"}


class OscLegalOrder(models.Model):
    """What a court ordered for her safety and living, and until when it holds."""

    _name = "osc.legal.order"
    _description = "Court order"
    _inherit = "osc.legal.part"
    _order = "valid_to, id desc"

    kind = fields.Selection(
        selection=[
            ("protection", "Protection"),
            ("residence", "Residence"),
            ("monetary", "Monetary"),
            ("custody", "Custody"),
            ("other", "Other"),
        ],
        required=True,
        default="protection",
    )
    state = fields.Selection(
        selection=[
            ("applied", "Applied for"),
            ("granted", "Granted"),
            ("refused", "Refused"),
            ("ended", "Ended"),
        ],
        required=True,
        default="applied",
        readonly=True,
        copy=False,
    )
    is_interim = fields.Boolean(string="Interim")
    applied_on = fields.Date(default=fields.Date.context_today)
    decided_on = fields.Date(readonly=True, copy=False)
    valid_from = fields.Date()
    valid_to = fields.Date(string="Valid until", help="Empty: until further notice.")
    number = EncryptedChar()
    terms = EncryptedText(help="What is ordered, and what to do when he breaks it.")
    warned_at = fields.Datetime(
        readonly=True, copy=False, help="When people were told that it ends."
    )
    expires_soon = fields.Boolean(compute="_compute_expiry")
    has_expired = fields.Boolean(compute="_compute_expiry")

    _ends_after_start = models.Constraint(
        "CHECK(valid_from IS NULL OR valid_to IS NULL OR valid_from <= valid_to)",
        "An order can't end before it begins.",
    )
    _to_warn = models.Index("(valid_to) WHERE state = 'granted' AND warned_at IS NULL")

    @api.depends("case_id.display_name", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for order in self:
            order.display_name = (
                f"{order.case_id.display_name} · {kinds.get(order.kind)}"
            )

    @api.depends("state", "valid_to")
    def _compute_expiry(self):
        for order in self:
            today = order._case_itself().center_id._local_day()
            holds = order.state == "granted" and order.valid_to
            order.has_expired = bool(holds) and order.valid_to < today
            order.expires_soon = bool(
                holds
            ) and today <= order.valid_to <= order._warn_until(today)

    def _warn_until(self, today):
        """Orders that end up to this day are warned of."""
        self.ensure_one()
        # The limits of the law are no secret.
        policy = self._case_itself().center_id._policy_on(today)
        return today + timedelta(days=policy._limit("order_warning_days"))

    # ------------------------------------------------------------------
    # States
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {k: v for k, v in vals.items() if k not in DECISION_FIELDS}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and DECISION_FIELDS & set(vals):
            raise UserError(self.env._("Use Granted, Refused or Ended."))
        extended = self.filtered(
            lambda order: "valid_to" in vals and order.warned_at
        ).sudo()  # whom it was told is noted by the warning job only
        result = super().write(vals)
        if extended:
            extended.write({"warned_at": False})
        return result

    def action_grant(self):
        """The court granted it.

        :raise UserError: it was decided before
        """
        self._decide("granted", ("applied",))
        for order in self.filtered(lambda order: not order.valid_from):
            order.valid_from = order.decided_on
        return True

    def action_refuse(self):
        """The court refused it."""
        return self._decide("refused", ("applied",))

    def action_end(self):
        """It doesn't hold any more: lifted, or replaced by another one."""
        return self._decide("ended", ("granted",))

    def _decide(self, state, before):
        self.check_access("write")
        if any(order.state not in before for order in self):
            raise UserError(self.env._("This order was decided already, or not yet."))
        for order in self.sudo():  # the state is only written by these methods
            vals = {"state": state}
            if state != "ended":
                vals["decided_on"] = order.case_id.center_id._local_day()
            order.write(vals)
        return True

    # ------------------------------------------------------------------
    # Warnings
    # ------------------------------------------------------------------
    @api.model
    def _cron_warn(self):
        """Every day: tell those who can have an order prolonged that it ends."""
        today = fields.Date.today()
        orders = self.search(
            Domain("state", "=", "granted")
            & Domain("warned_at", "=", False)
            & Domain("valid_to", ">=", today - timedelta(days=1))
        )
        # What fails for one woman keeps nobody else's end from being told.
        for order in orders:
            self.env["osc.intimation"]._apart("warn of", order, self._warn_one)

    @api.model
    def _warn_one(self, order):
        day = order.case_id.center_id._local_day()
        due = order.valid_to and order.valid_to <= order._warn_until(day)
        if order.state == "granted" and not order.warned_at and due:
            order._warn()

    def _warn(self):
        """Tell the discipline that keeps it and the case worker; when there is neither,
        who answers for the center. Says the code and the day, and not what ends."""
        self.ensure_one()
        case = self.case_id
        Member = self.env["osc.case.member"]
        members = Member.search(
            Member._valid_domain() & Domain("case_id", "=", case.id)
        )
        told = members.filtered(self._is_written_by).user_id | case.case_worker_id
        told = told.filtered("active") - case.excluded_user_ids
        told = told or case._answering(self.env["res.users"])
        if not told:
            return
        case._notify_people(
            told,
            lambda case: (
                case.env._("A date in %s", case.display_name),
                case.env._(
                    "Something ends in %(case)s on %(day)s. Open the case to see what.",
                    case=case.display_name,
                    day=fields.Date.to_string(self.valid_to),
                ),
            ),
        )
        self.warned_at = fields.Datetime.now()
