import re
from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from odoo.addons.base.models.res_partner import _tz_get

CODE_PATTERN = re.compile(r"[A-Z][A-Z0-9]{1,7}")
COVERAGE_DAYS = 7


class OscCenter(models.Model):
    """A One-Stop Center: the house where agencies help under one roof."""

    _name = "osc.center"
    _description = "One-Stop Center"
    _order = "name, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True)
    code = fields.Char(
        required=True,
        help="Two to eight capital letters and digits, e.g. LHR. Case codes begin "
        "with it, so it says where a case is and nothing else.",
    )
    state = fields.Selection(
        selection=[
            ("planned", "Planned"),
            ("pilot", "Pilot"),
            ("operational", "Operational"),
            ("closed", "Closed"),
        ],
        required=True,
        default="planned",
    )
    host_type = fields.Selection(
        selection=[
            ("hospital", "Hospital"),
            ("police", "Police station"),
            ("justice", "Court or justice center"),
            ("standalone", "Stand-alone"),
        ],
        string="Host",
        required=True,
        default="standalone",
    )
    access_type = fields.Selection(
        selection=[("public", "Public"), ("private", "By referral only")],
        string="Access",
        required=True,
        default="public",
        help="Public: anyone may walk in. By referral only: the address is not made "
        "public.",
    )
    country_id = fields.Many2one(
        comodel_name="res.country",
        required=True,
        default=lambda self: self.env.company.country_id,
    )
    state_id = fields.Many2one(
        comodel_name="res.country.state",
        string="Province",
        domain="[('country_id', '=', country_id)]",
    )
    city = fields.Char()
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    policy_id = fields.Many2one(
        comodel_name="osc.policy",
        compute="_compute_policy_id",
        store=True,
        readonly=False,
        help="The policy of the center's jurisdiction. When it ends, the one that "
        "follows it in the same jurisdiction holds.",
    )
    manager_id = fields.Many2one(
        comodel_name="res.users",
        index="btree_not_null",
        help="Runs the center and is told when nobody else can be.",
    )
    coordinator_id = fields.Many2one(
        comodel_name="res.users",
        string="District coordinator",
        index="btree_not_null",
        help="Oversees several centers; never sees who a survivor is.",
    )
    representative_ids = fields.One2many(
        comodel_name="osc.representative",
        inverse_name="center_id",
        string="Representatives",
    )
    discipline_ids = fields.Many2many(
        comodel_name="osc.discipline",
        string="Disciplines to cover",
        default=lambda self: self.env["osc.discipline"].search([]),
        help="The center shows the hours in which nobody of these is on duty.",
    )
    service_ids = fields.Many2many(
        comodel_name="osc.service",
        string="Services on site",
        help="What is given under this roof. Everything else is referred.",
    )
    tz = fields.Selection(
        selection=_tz_get,
        string="Time zone",
        required=True,
        default=lambda self: self.env.user.tz or "UTC",
    )
    on_duty_ids = fields.Many2many(
        comodel_name="osc.representative",
        string="On duty now",
        compute="_compute_on_duty_ids",
    )
    uncovered_hours = fields.Float(
        string="Hours without cover",
        compute="_compute_coverage",
        help="Hours of the next 7 days in which a discipline has nobody on duty, "
        "added up over the disciplines to cover.",
    )
    coverage = fields.Html(
        string="Cover of the next 7 days", compute="_compute_coverage", sanitize=False
    )
    active = fields.Boolean(default=True)
    user_is_administrator = fields.Boolean(compute="_compute_user_is_administrator")

    _code_unique = models.Constraint(
        "UNIQUE(code)", "There is already a center with this code."
    )

    # ------------------------------------------------------------------
    # Policy and place
    # ------------------------------------------------------------------
    @api.depends("country_id", "state_id")
    def _compute_policy_id(self):
        for center in self:
            policy = center.policy_id
            fits = policy.country_id == center.country_id and policy.state_id in (
                center.state_id,
                self.env["res.country.state"],
            )
            if not (policy and fits):
                center.policy_id = self.env["osc.policy"]._in_force(
                    center.country_id, center.state_id, center._local_day()
                )

    def _policy_on(self, day):
        """The policy that holds at this center on a day.

        :param date day: day in the center's time zone
        :return: the center's own policy while it is in force, else the one in force
            in its jurisdiction on that day, else the center's own: an expired limit
            protects better than none
        """
        self.ensure_one()
        own = self.policy_id
        if own.valid_from and own.valid_from <= day:
            if not own.valid_to or own.valid_to >= day:
                return own
        country = own.country_id or self.country_id
        state = own.state_id or self.state_id
        return self.env["osc.policy"]._in_force(country, state, day) or own

    @api.constrains("code")
    def _check_code(self):
        for center in self:
            if not CODE_PATTERN.fullmatch(center.code):
                raise ValidationError(
                    self.env._(
                        "“%s” can't be the code of a center: use two to eight capital "
                        "letters and digits, beginning with a letter, such as LHR.",
                        center.code,
                    )
                )

    @api.constrains("country_id", "state_id")
    def _check_province(self):
        for center in self:
            if center.state_id and center.state_id.country_id != center.country_id:
                raise ValidationError(
                    self.env._(
                        "%(province)s is not a province of %(country)s.",
                        province=center.state_id.name,
                        country=center.country_id.name,
                    )
                )

    # ------------------------------------------------------------------
    # Who may change what
    # ------------------------------------------------------------------
    @api.model
    def _administrator_fields(self):
        """Fields that decide who is responsible; a manager can't change them."""
        return {
            "active",
            "code",
            "company_id",
            "coordinator_id",
            "country_id",
            "manager_id",
            "policy_id",
            "state",
            "state_id",
        }

    @api.depends_context("uid")
    def _compute_user_is_administrator(self):
        """For the form: whether the user may change the administrator's fields."""
        self.user_is_administrator = self.env.user.has_group(
            "osc_base.group_administrator"
        )

    def write(self, vals):
        protected = self._administrator_fields() & set(vals)
        if protected and not (
            self.env.su or self.env.user.has_group("osc_base.group_administrator")
        ):
            labels = [
                self._fields[name]._description_string(self.env) for name in protected
            ]
            raise AccessError(
                self.env._(
                    "Only an administrator of the One-Stop Centers can change: %s.",
                    ", ".join(sorted(labels)),
                )
            )
        return super().write(vals)

    # ------------------------------------------------------------------
    # Time of the place
    # ------------------------------------------------------------------
    def _zone(self):
        """Time zone of the center as a ``ZoneInfo``."""
        self.ensure_one()
        return ZoneInfo(self.tz or "UTC")

    def _local_day(self, moment=None):
        """The day at the center.

        :param datetime moment: naive UTC; empty means now
        """
        moment = moment or fields.Datetime.now()
        return moment.replace(tzinfo=timezone.utc).astimezone(self._zone()).date()

    def _midnight(self, day):
        """Naive UTC moment at which a day begins at the center."""
        local = datetime.combine(day, time.min, tzinfo=self._zone())
        return local.astimezone(timezone.utc).replace(tzinfo=None)

    # ------------------------------------------------------------------
    # Who is there
    # ------------------------------------------------------------------
    @api.depends_context("uid")
    def _compute_on_duty_ids(self):
        on_duty = self.env["osc.representative"].search(
            [("center_id", "in", self.ids), ("on_duty", "=", True)]
        )
        by_center = on_duty.grouped("center_id")
        for center in self:
            center.on_duty_ids = by_center.get(center, False)

    @api.depends_context("uid")
    def _compute_coverage(self):
        for center in self:
            today = center._local_day()
            days = [today + timedelta(days=n) for n in range(COVERAGE_DAYS)]
            start = fields.Datetime.now().replace(second=0, microsecond=0)
            end = center._midnight(today + timedelta(days=COVERAGE_DAYS))
            uncovered = center._uncovered_periods(start, end)
            center.uncovered_hours = sum(
                (stop - begin).total_seconds() / 3600
                for periods in uncovered.values()
                for begin, stop in periods
            )
            center.coverage = self.env["ir.qweb"]._render(
                "osc_base.center_coverage",
                {
                    "days": days,
                    "rows": [
                        (discipline, center._periods_by_day(periods, days))
                        for discipline, periods in uncovered.items()
                    ],
                },
            )

    def _uncovered_periods(self, start, end):
        """When nobody of a discipline is on duty.

        Only people who could be told count: representatives who can't be assigned
        do not cover anything.

        :param datetime start: naive UTC, begin of the time looked at
        :param datetime end: naive UTC, its end
        :return: ``{discipline: [(begin, end), …]}`` with every discipline to cover
        """
        self.ensure_one()
        shifts = self.env["osc.duty.shift"].search(
            Domain("center_id", "=", self.id)
            & Domain("start", "<", end)
            & Domain("end", ">", start),
            order="start",
        )
        shifts = shifts.filtered("representative_id.assignable")
        by_discipline = shifts.grouped("discipline_id")
        result = {}
        for discipline in self.discipline_ids:
            covered_until = start
            gaps = []
            for shift in by_discipline.get(discipline, ()):
                if shift.start > covered_until:
                    gaps.append((covered_until, shift.start))
                covered_until = max(covered_until, shift.end)
            if covered_until < end:
                gaps.append((covered_until, end))
            result[discipline] = gaps
        return result

    def _periods_by_day(self, periods, days):
        """Cut periods at the center's midnights and write them as local hours.

        :param list periods: ``[(begin, end), …]`` in naive UTC
        :param list days: days in the center's time zone
        :return: for each day a list of texts such as ``22:00–24:00``
        """
        zone = self._zone()
        cells = []
        for day in days:
            first = self._midnight(day)
            last = self._midnight(day + timedelta(days=1))
            texts = []
            for begin, end in periods:
                begin, stop = max(begin, first), min(end, last)
                if begin >= stop:
                    continue
                local = [
                    moment.replace(tzinfo=timezone.utc)
                    .astimezone(zone)
                    .strftime("%H:%M")
                    for moment in (begin, stop)
                ]
                if stop == last:
                    local[1] = "24:00"
                texts.append("–".join(local))
            cells.append(texts)
        return cells

    # ------------------------------------------------------------------
    # Centers of a person
    # ------------------------------------------------------------------
    @api.model
    def _default_for_user(self):
        """The center at which the current user works: as representative or manager."""
        representative = self.env["osc.representative"].search(
            [("user_id", "=", self.env.uid)], limit=1
        )
        return representative.center_id or self.search(
            [("manager_id", "=", self.env.uid)], limit=1
        )
