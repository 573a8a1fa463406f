from datetime import timedelta, timezone

from odoo import api, fields, models
from odoo.fields import Domain

# What was told of the end of a stay already.
TOLD_FIRST, TOLD_LAST, TOLD_OVER = 1, 2, 3


class OscShelterLimit(models.AbstractModel):
    """Part of ``osc.shelter.stay``: how long she may stay, and who is told of the end.

    The policy in force when she moved in governs the stay, however the law changes
    meanwhile; an extension follows the one of the day on which it is asked for. The end
    is at the same hour of the clock on the wall, also across a change of daylight
    saving. Nobody is put out by software: a stay over its limit is shown until solved.
    """

    _name = "osc.shelter.limit"
    _description = "Limit of stays"

    policy_id = fields.Many2one(
        comodel_name="osc.policy",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The policy that governs this stay.",
    )
    limit_days = fields.Integer(
        string="Limit (days)", readonly=True, copy=False, aggregator=None
    )
    extended_days = fields.Integer(
        string="Extended (days)",
        compute="_compute_due_out",
        store=True,
        aggregator="sum",
    )
    extension_count = fields.Integer(
        string="Extended (times)",
        compute="_compute_due_out",
        store=True,
        aggregator="sum",
    )
    due_out = fields.Datetime(
        string="Stay ends",
        compute="_compute_due_out",
        store=True,
        index="btree_not_null",
        help="When the longest stay ends. She isn't put out: somebody has to find the "
        "next place, or have it extended.",
    )
    hours_left = fields.Float(
        compute="_compute_hours_left", help="Below zero: over the limit."
    )
    is_over = fields.Boolean(
        string="Over the limit",
        compute="_compute_hours_left",
        search="_search_is_over",
    )
    told_level = fields.Integer(
        readonly=True, copy=False, aggregator=None, export_string_translation=False
    )

    @api.depends("check_in", "limit_days", "extension_ids.state", "extension_ids.days")
    def _compute_due_out(self):
        for stay in self:
            approved = stay.extension_ids.filtered(lambda e: e.state == "approved")
            stay.extension_count = len(approved)
            stay.extended_days = sum(approved.mapped("days"))
            stay.due_out = stay.check_in and stay._days_later(
                stay.limit_days + stay.extended_days
            )

    def _days_later(self, days):
        """The same time of the day at the center, some days after she moved in.

        A time that the clock leaves out in spring becomes the one an hour later; of a
        time that comes twice in autumn, the first counts.
        """
        zone = self.center_id._zone()
        local = self.check_in.replace(tzinfo=timezone.utc).astimezone(zone)
        wanted = (local.replace(tzinfo=None) + timedelta(days=days)).replace(
            tzinfo=zone
        )
        return wanted.astimezone(timezone.utc).replace(tzinfo=None)

    @api.depends("due_out", "state")
    def _compute_hours_left(self):
        now = fields.Datetime.now()
        for stay in self:
            running = stay.state == "in" and stay.due_out
            left = running and (stay.due_out - now).total_seconds() / 3600
            stay.hours_left = left or 0
            stay.is_over = bool(running) and left <= 0

    def _search_is_over(self, operator, value):
        if operator != "in":
            return NotImplemented
        over = Domain("state", "=", "in") & Domain("due_out", "<=", "now")
        return over if True in value else ~over

    def _day_number(self):
        """Which day of her stay it is; the day on which she came is the first."""
        self.ensure_one()
        center = self.center_id
        return (center._local_day() - center._local_day(self.check_in)).days + 1

    # ------------------------------------------------------------------
    # Watch
    # ------------------------------------------------------------------
    @api.model
    def _cron_watch(self):
        """Every quarter of an hour: warn of ends, free what expired, find a place."""
        apart = self.env["osc.intimation"]._apart
        # What fails for one woman keeps nobody else's end from being told.
        for stay in self._expired():
            apart("free", stay, self._release_one)
        for stay in self.search([("state", "=", "in")]):
            apart("warn of the end of", stay, self._watch_one)
            if not stay._has_placement():
                apart("find a place for", stay, lambda stay: stay._place_if_due())

    @api.model
    def _watch_one(self, stay):
        if stay.state == "in":
            stay._watch()

    @api.model
    def _expired(self):
        """Reservations that expired; their beds are free already."""
        return self.search(
            [
                ("state", "=", "reserved"),
                ("reserved_until", "<=", fields.Datetime.now()),
            ]
        )

    @api.model
    def _release_one(self, stay):
        """An expired reservation becomes cancelled, unless she came meanwhile."""
        if stay.state == "reserved" and stay.reserved_until <= fields.Datetime.now():
            stay.write({"state": "cancelled", "exit_kind": "expired"})

    def _watch(self):
        for stay in self.filtered("due_out"):
            level = stay._level_now()
            # Without anybody to tell, it isn't told.
            if level > stay.told_level and stay._people_to_tell(level):
                stay.told_level = level
                stay._tell_end(level)

    def _level_now(self):
        """Of what has to be told now: nothing, the first or last warning, the end."""
        policy = self.policy_id
        left = self.due_out - fields.Datetime.now()
        if left <= timedelta():
            return TOLD_OVER
        if left <= timedelta(days=policy._limit("shelter_last_warning_days")):
            return TOLD_LAST
        if left <= timedelta(days=policy._limit("shelter_first_warning_days")):
            return TOLD_FIRST
        return 0

    def _people_to_tell(self, level):
        """Shelter in-charge and case worker; over the limit, and when there is neither,
        who answers for the center, too."""
        case = self.case_id
        users = self.shelter_id._in_charge_users() | case.case_worker_id
        users = users.filtered("active") - case.excluded_user_ids
        if level == TOLD_OVER or not users:
            users |= case._answering(self.env["res.users"])
        return users

    def _tell_end(self, level):
        """A code and a time, and not what ends: others see the screen, too."""
        self.ensure_one()

        def message(case):
            when = case._local_text(self.due_out)
            if level == TOLD_OVER:
                text = case.env._(
                    "A time in %(case)s has passed: %(when)s. Open the case to see what "
                    "to do.",
                    case=case.display_name,
                    when=when,
                )
            else:
                text = case.env._(
                    "Something ends in %(case)s: %(when)s. Open the case to see what to "
                    "do.",
                    case=case.display_name,
                    when=when,
                )
            return case.env._("A time in %s", case.display_name), text

        self.case_id._notify_people(self._people_to_tell(level), message)

    def _tell_missing(self):
        """Somebody of this stay wasn't there at night."""
        self.ensure_one()
        # Who counts need not work on the case.
        stay = self.sudo()

        def message(case):
            return case.env._("%s: please look", case.display_name), case.env._(
                "Something was noted in %s that can't wait. Call the center.",
                case.display_name,
            )

        stay.case_id._notify_people(stay._people_to_tell(TOLD_OVER), message)

    def _forget_told(self):
        """The end has changed: it is told anew when it comes near."""
        self.told_level = 0
