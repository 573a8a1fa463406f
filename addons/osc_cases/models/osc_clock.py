from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.osc_base.fields import EncryptedText

from .osc_case_reporting import OPEN_STATES


class OscClock(models.Model):
    """One time limit that runs in one case, from one event.

    When it started and when it was met are worked out by ``osc.case._run_clocks``; the
    state follows from these times and from now, so it is never out of date.
    """

    _name = "osc.clock"
    _description = "Running time limit"
    _inherit = ["osc.case.audited", "osc.vault.mixin", "osc.case.words"]
    _order = "due_at, id"

    case_id = fields.Many2one(
        comodel_name="osc.case", required=True, index=True, ondelete="cascade"
    )
    center_id = fields.Many2one(
        related="case_id.center_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="center_id.company_id", store=True, precompute=True
    )
    type_id = fields.Many2one(
        comodel_name="osc.clock.type",
        string="Limit",
        required=True,
        index=True,
        ondelete="restrict",
    )
    discipline_id = fields.Many2one(
        related="type_id.discipline_id",
        string="Responsible",
        store=True,
        precompute=True,
    )
    incident_id = fields.Many2one(
        comodel_name="osc.incident",
        index="btree_not_null",
        ondelete="set null",
        groups="osc_base.group_representative",
    )
    event_id = fields.Many2one(
        comodel_name="osc.clock.event",
        index="btree_not_null",
        ondelete="set null",
        groups=fields.NO_ACCESS,
    )
    started_at = fields.Datetime(string="Since", required=True)
    limit_hours = fields.Float(string="Limit (hours)", required=True, aggregator="avg")
    warn_hours = fields.Float(aggregator=None)
    due_at = fields.Datetime(
        string="Due", compute="_compute_due_at", store=True, precompute=True
    )
    warn_at = fields.Datetime(compute="_compute_due_at", store=True, precompute=True)
    met_at = fields.Datetime(string="Met")
    met_in_time = fields.Boolean(
        string="In time", compute="_compute_met_in_time", store=True, precompute=True
    )
    waived_at = fields.Datetime(string="Waived")
    waived_by_id = fields.Many2one(
        comodel_name="res.users", string="Waiver noted by", ondelete="restrict"
    )
    waived_reason = EncryptedText(
        string="Why she waived it",
        groups="osc_base.group_representative",
        open_if="words_open",
    )
    state = fields.Selection(
        selection=[
            ("running", "Running"),
            ("met", "Met"),
            ("missed", "Missed"),
            ("waived", "Waived by her"),
        ],
        compute="_compute_state",
        search="_search_state",
    )
    warned_at = fields.Datetime()
    stand_in_warned_at = fields.Datetime(
        help="Nobody of the discipline was a member: who answers for the center was "
        "warned instead. Who becomes a member later is warned, too."
    )
    missed_told_at = fields.Datetime()

    _one_per_start = models.UniqueIndex(
        "(case_id, type_id, COALESCE(incident_id, 0), COALESCE(event_id, 0)) "
        "WHERE waived_at IS NULL",
        "This time limit runs already.",
    )
    _to_warn = models.Index(
        "(warn_at) WHERE met_at IS NULL AND waived_at IS NULL AND warned_at IS NULL"
    )
    _to_tell_missed = models.Index(
        "(due_at) WHERE met_at IS NULL AND waived_at IS NULL AND missed_told_at IS NULL"
    )

    @api.depends("case_id.display_name")
    def _compute_display_name(self):
        for clock in self:
            clock.display_name = self.env._(
                "%(case)s · time limit %(number)s",
                case=clock.case_id.display_name,
                number=clock.id,
            )

    # ------------------------------------------------------------------
    # Times and state
    # ------------------------------------------------------------------
    @api.depends("started_at", "limit_hours", "warn_hours")
    def _compute_due_at(self):
        for clock in self:
            clock.due_at = clock.started_at + timedelta(hours=clock.limit_hours)
            clock.warn_at = clock.due_at - timedelta(hours=clock.warn_hours)

    @api.depends("met_at", "due_at")
    def _compute_met_in_time(self):
        for clock in self:
            clock.met_in_time = bool(clock.met_at) and clock.met_at <= clock.due_at

    @api.depends("met_in_time", "met_at", "waived_at", "due_at")
    def _compute_state(self):
        now = fields.Datetime.now()
        for clock in self:
            if clock.met_in_time:
                clock.state = "met"
            elif clock.waived_at:
                clock.state = "waived"
            elif clock.met_at or clock.due_at <= now:
                clock.state = "missed"
            else:
                clock.state = "running"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        met = Domain("met_in_time", "=", True)
        waived = ~met & Domain("waived_at", "!=", False)
        open_ = ~met & Domain("waived_at", "=", False)
        missed = Domain("met_at", "!=", False) | Domain("due_at", "<=", "now")
        domains = {
            "met": met,
            "waived": waived,
            "missed": open_ & missed,
            "running": open_ & ~missed,
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.model
    def _unmet_domain(self):
        """What is still to be done, in time or not, in cases that are open."""
        return (
            Domain("met_at", "=", False)
            & Domain("waived_at", "=", False)
            & Domain("case_id.state", "in", OPEN_STATES)
        )

    def _start_key(self):
        """See ``osc.clock.type._start_key``."""
        return self.type_id._start_key(self.incident_id or self.event_id)

    def _correct(self, vals):
        """An event was learnt of or corrected: write what differs.

        Who was told already is told again only when there is time again.
        """
        self.ensure_one()
        vals = {
            name: value
            for name, value in vals.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }
        if not vals:
            return
        self.write(vals)
        now = fields.Datetime.now()
        if self.warn_at > now:
            self.write({"warned_at": False, "stand_in_warned_at": False})
        if self.due_at > now:
            self.missed_told_at = False

    # ------------------------------------------------------------------
    # Waive
    # ------------------------------------------------------------------
    def action_waive(self, reason):
        """She doesn't want it: the clock stands still.

        :param str reason: in her words; kept in the vault
        :raise AccessError: the user doesn't work on the case
        :raise UserError: without a reason, or it isn't open
        """
        self._check_may_waive()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Write why she doesn't want it."))
        for clock in self:
            if clock.met_at or clock.waived_at:
                raise UserError(self.env._("It was met or waived already."))
        # Nobody writes clocks directly: each change has its reason.
        self.sudo().write(
            {
                "waived_at": fields.Datetime.now(),
                "waived_by_id": self.env.uid,
                "waived_reason": reason,
            }
        )
        return True

    def action_unwaive(self):
        """She changed her mind: the clock runs again.

        :raise AccessError: the user doesn't work on the case
        :raise UserError: she hasn't waived it
        """
        self._check_may_waive()
        if not all(clock.waived_at for clock in self):
            raise UserError(self.env._("It wasn't waived."))
        # As above.
        self.sudo().write(
            {"waived_at": False, "waived_by_id": False, "waived_reason": False}
        )
        # The incident from which it counted may be gone.
        cases = self._case_itself()
        cases._one_teller()
        cases._run_clocks()
        return True

    def _check_may_waive(self):
        """Those who work on the case: its case workers and the discipline's people."""
        self.check_access("read")
        for clock in self:
            case = clock._case_itself()
            own = case._memberships_of(self.env.user)
            acts = any(
                member._acts_for_discipline()
                and member.discipline_id == clock.discipline_id
                for member in own
            )
            if not (acts or case.with_env(self.env).user_may_change):
                raise AccessError(
                    self.env._(
                        "The responsible discipline or the case worker notes that she "
                        "waives it."
                    )
                )

    # ------------------------------------------------------------------
    # Warn before, tell after
    # ------------------------------------------------------------------
    @api.model
    def _cron_watch(self):
        """Warn of limits that come near, and tell managers of those that passed."""
        now = fields.Datetime.now()
        delivery = self.env["osc.intimation"]
        missed = self._unmet_domain() & Domain("due_at", "<=", now)
        near = (
            self._unmet_domain()
            & Domain("warn_at", "<=", now)
            & Domain("due_at", ">", now)
        )
        for clock in self.search(near & Domain("warned_at", "=", False)):
            delivery._apart("warn of", clock, self._warn_one)
        for clock in self.search(missed & Domain("missed_told_at", "=", False)):
            delivery._apart("tell that it was missed:", clock, self._tell_missed_one)

    @api.model
    def _warn_one(self, clock):
        if clock.state != "running" or clock.warned_at or not clock.warn_hours:
            return
        now = fields.Datetime.now()
        if people := clock._responsible():
            clock._notify(people, missed=False)
            clock.warned_at = now
        elif not clock.stand_in_warned_at and (stand_in := clock._answering()):
            clock._notify(stand_in, missed=False)
            clock.stand_in_warned_at = now

    @api.model
    def _tell_missed_one(self, clock):
        if clock.state != "missed" or clock.met_at or clock.missed_told_at:
            return
        people = clock._answering()
        if people:
            clock._notify(people, missed=True)
            clock.missed_told_at = fields.Datetime.now()

    def _responsible(self):
        """Members of the case who act for the discipline now."""
        self.ensure_one()
        Member = self.env["osc.case.member"]
        return (
            Member.search(
                Member._valid_domain()
                & Member._acting_domain()
                & Domain("case_id", "=", self.case_id.id)
                & Domain("discipline_id", "=", self.discipline_id.id)
            ).user_id.filtered("active")
            - self.case_id.excluded_user_ids
        )

    def _answering(self):
        """The center manager, else the coordinator, else the case worker."""
        self.ensure_one()
        case = self.case_id
        return case._supervisor(2) or case._supervisor(3) or case.case_worker_id

    def _notify(self, users, *, missed):
        """The code and the time.

        Not which limit it is: its name would tell what happened to her.
        """

        def message(case):
            code = case.display_name
            subject = (
                case.env._("Time limit passed: %s", code)
                if missed
                else case.env._("Time limit: %s", code)
            )
            due = case._local_text(self.due_at)
            return subject, case.env._("%(case)s · due %(time)s", case=code, time=due)

        self.case_id._notify_people(users, message)
