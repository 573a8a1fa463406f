from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.osc_base.fields import EncryptedText

from .osc_case_reporting import OPEN_STATES

# From which state to which others a service may go.
TRANSITIONS = {
    "requested": {"scheduled", "delivered", "declined", "unavailable", "referred"},
    "scheduled": {
        "requested",
        "scheduled",
        "delivered",
        "declined",
        "unavailable",
        "referred",
    },
    "referred": {"requested", "delivered", "declined", "unavailable"},
    "declined": {"requested"},
    "unavailable": {"requested", "referred"},
    # Noted by mistake.
    "delivered": {"requested"},
}
OPEN_SERVICE_STATES = ("requested", "scheduled", "referred")
GIVEN_FIELDS = {"case_id", "service_id"}


class OscCaseService(models.Model):
    """One service that she asks for, and what becomes of it. Always free of cost."""

    _name = "osc.case.service"
    _description = "Service in a case"
    _inherit = ["osc.case.audited", "osc.vault.mixin", "osc.case.words"]
    _order = "requested_at desc, id desc"

    case_id = fields.Many2one(
        comodel_name="osc.case", required=True, index=True, ondelete="cascade"
    )
    center_id = fields.Many2one(
        related="case_id.center_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="center_id.company_id", store=True, precompute=True
    )
    service_id = fields.Many2one(
        comodel_name="osc.service", required=True, index=True, ondelete="restrict"
    )
    discipline_id = fields.Many2one(
        related="service_id.discipline_id", store=True, precompute=True
    )
    state = fields.Selection(
        selection=[
            ("requested", "Requested"),
            ("scheduled", "Scheduled"),
            ("referred", "Referred"),
            ("delivered", "Delivered"),
            ("declined", "Declined by her"),
            ("unavailable", "Unavailable"),
        ],
        required=True,
        default="requested",
        readonly=True,
        index=True,
        group_expand=True,
    )
    requested_at = fields.Datetime(
        string="Requested", required=True, default=fields.Datetime.now, readonly=True
    )
    requested_by_id = fields.Many2one(
        comodel_name="res.users",
        default=lambda self: self.env.user,
        readonly=True,
        ondelete="restrict",
    )
    event_id = fields.Many2one(
        comodel_name="calendar.event",
        string="Appointment",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    scheduled_at = fields.Datetime(
        related="event_id.start", string="Scheduled for", store=True
    )
    delivered_at = fields.Datetime(string="Delivered", readonly=True)
    delivered_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Noted by",
        readonly=True,
        ondelete="restrict",
        help="Who noted that it was delivered.",
    )
    reason = EncryptedText(string="Why", readonly=True, open_if="words_open")
    target_minutes = fields.Integer(
        string="Target (minutes)",
        readonly=True,
        aggregator=None,
        help="Of the catalog, when she asked for it. 0: none.",
    )
    minutes = fields.Integer(
        string="Minutes until delivered",
        compute="_compute_minutes",
        store=True,
        aggregator="avg",
    )
    timing = fields.Selection(
        selection=[
            ("in_time", "Within the target"),
            ("late", "Later than the target"),
            ("no_target", "No target"),
        ],
        compute="_compute_minutes",
        store=True,
    )

    @api.depends("case_id.display_name")
    def _compute_display_name(self):
        for service in self:
            service.display_name = self.env._(
                "%(case)s · service %(number)s",
                case=service.case_id.display_name,
                number=service.id,
            )

    @api.depends("requested_at", "delivered_at", "target_minutes")
    def _compute_minutes(self):
        for service in self:
            if not service.delivered_at:
                service.minutes = False
                service.timing = False
                continue
            passed = service.delivered_at - service.requested_at
            # What was given before anybody asked took no time.
            service.minutes = max(0, passed.total_seconds() // 60)
            if not service.target_minutes:
                service.timing = "no_target"
            elif service.minutes <= service.target_minutes:
                service.timing = "in_time"
            else:
                service.timing = "late"

    # ------------------------------------------------------------------
    # Ask for it
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(set(vals) - GIVEN_FIELDS for vals in vals_list):
            raise AccessError(
                self.env._("Only the service is chosen; the rest follows from it.")
            )
        catalog = self.env["osc.service"].browse(v["service_id"] for v in vals_list)
        # What is given counts for more than a default of the context or of a user.
        unset = {
            **dict.fromkeys(("event_id", "delivered_at", "delivered_by_id"), False),
            "state": "requested",
            "reason": False,
            "requested_at": fields.Datetime.now(),
            "requested_by_id": self.env.uid,
        }
        services = super().create(
            [
                {**unset, **vals, "target_minutes": service.target_minutes}
                for vals, service in zip(vals_list, catalog, strict=True)
            ]
        )
        services._check_may_act()
        return services

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        if any(service.state != "requested" for service in self):
            raise UserError(
                self.env._(
                    "Only a request that was entered by mistake can be deleted. Note "
                    "what became of it instead."
                )
            )

    def _check_may_act(self):
        """Those who work on the case, and the people of the service's discipline.

        :raise AccessError: the user is none of them
        :raise UserError: the case isn't open
        """
        self.check_access("read")
        if self.env.su:
            return
        for service in self:
            case = service.case_id
            own = case._memberships_of(self.env.user)
            acts = any(
                member._acts_for_discipline()
                and member.discipline_id == service.discipline_id
                for member in own
            )
            if not (acts or case.user_may_change):
                raise AccessError(
                    self.env._(
                        "The case worker and the people of the discipline note what "
                        "becomes of a service."
                    )
                )
            if case.state not in OPEN_STATES:
                raise UserError(
                    self.env._(
                        "%s is not open. Report or reopen it first.", case.display_name
                    )
                )

    # ------------------------------------------------------------------
    # What becomes of it
    # ------------------------------------------------------------------
    def action_schedule(self, start, hours=1.0, user_ids=None):
        """Make or move the appointment.

        :param start: naive UTC, text or datetime
        :param float hours: how long
        :param list user_ids: members of the case who take part; empty: the user
        :raise UserError: in the past, or it can't be scheduled any more
        """
        self.ensure_one()
        self._check_move("scheduled")
        start = fields.Datetime.to_datetime(start)
        if not start or start < fields.Datetime.now():
            raise UserError(self.env._("An appointment is in the future."))
        if not 0 < hours <= 24:
            raise UserError(self.env._("An appointment lasts up to 24 hours."))
        users = self.env["res.users"].browse(user_ids or self.env.uid)
        self._cancel_appointment()
        event = self.case_id._make_appointment(start, hours, users)
        self._move({"state": "scheduled", "event_id": event.id, "reason": False})
        return True

    def action_deliver(self, delivered_at=None):
        """It was done for her: measures the time and meets time limits.

        :param delivered_at: naive UTC, text or datetime; empty: now
        :raise UserError: in the future, or it was delivered already
        """
        self._check_move("delivered")
        now = fields.Datetime.now()
        moment = fields.Datetime.to_datetime(delivered_at) or now
        if moment > now:
            raise UserError(self.env._("It can't have been delivered in the future."))
        self._cancel_appointment()
        self._move(
            {
                "state": "delivered",
                "delivered_at": moment,
                "delivered_by_id": self.env.uid,
                "reason": False,
            }
        )
        self._tell_clocks(moment)
        return True

    def _tell_clocks(self, moment):
        """Time limits follow: what was delivered meets them, a mistake doesn't.

        :param datetime moment: when it was delivered; ``False``: it wasn't
        """
        for service in self:
            case = service.case_id
            case._clock_event("first_service", moment, service)
            if event := service.service_id.clock_event:
                case._clock_event(event, moment, service)

    def action_decline(self, reason=None):
        """She doesn't want it, and need not say why."""
        return self._end("declined", reason)

    def action_unavailable(self, reason):
        """The center can't give it.

        :raise UserError: without a reason: it is a gap that managers look at
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Write why the center can't give it."))
        return self._end("unavailable", reason)

    def action_refer(self):
        """A partner gives it."""
        return self._end("referred", None)

    def action_request_again(self):
        """She asks again, the appointment fell through, or it was noted by mistake."""
        delivered = self.filtered("delivered_at")
        self._end("requested", None)
        delivered._move({"delivered_at": False, "delivered_by_id": False})
        delivered._tell_clocks(False)
        return True

    def _end(self, state, reason):
        self._check_move(state)
        self._cancel_appointment()
        self._move({"state": state, "reason": (reason or "").strip() or False})
        return True

    def _check_move(self, state):
        """:raise UserError: it can't go to that state from where it is"""
        self._check_may_act()
        labels = dict(self._fields["state"]._description_selection(self.env))
        for service in self:
            if state not in TRANSITIONS[service.state]:
                raise UserError(
                    self.env._(
                        "%(service)s is “%(state)s” and can't become “%(new)s”.",
                        service=service.service_id.name,
                        state=labels[service.state],
                        new=labels[state],
                    )
                )

    def _move(self, vals):
        # Nobody writes services directly: each change is one of the actions above.
        self.sudo().write(vals)

    def _cancel_appointment(self):
        """An appointment that isn't kept is taken out of the calendars."""
        # The event may be a colleague's.
        events = self.sudo().event_id
        events.filtered(lambda event: event.start > fields.Datetime.now()).unlink()
