import re
from datetime import datetime, time, timezone
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from odoo.addons.base.models.res_partner import _tz_get

CODE_PATTERN = re.compile(r"[A-Z][A-Z0-9]{1,7}")


class OscCenter(models.Model):
    """A One-Stop Center: the house where agencies help under one roof."""

    _name = "osc.center"
    _description = "One-Stop Center"
    _inherit = "osc.center.coverage"
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
