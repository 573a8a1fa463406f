from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.osc_base.fields import EncryptedText
from odoo.addons.osc_cases.models.osc_case_reporting import OPEN_STATES

# Written by the actions only.
PROTECTED_FIELDS = {
    "author_id",
    "check_in",
    "check_out",
    "due_out",
    "extended_days",
    "extension_count",
    "limit_days",
    "nights",
    "occupancy_ids",
    "placement_id",
    "policy_id",
    "reserved_at",
    "reserved_until",
    "state",
    "told_level",
}


class OscShelterStay(models.Model):
    """A woman in the shelter, with her children: a bed is reserved, she comes, she goes.

    Making one reserves its beds at once, for the hours of the policy. The code of the
    case says who it is; names stay in the vault.
    """

    _name = "osc.shelter.stay"
    _description = "Stay in the shelter"
    _inherit = [
        "osc.vault.mixin",
        "osc.case.audited",
        "osc.shelter.rights",
        "osc.shelter.admission",
        "osc.shelter.limit",
        "osc.shelter.placement",
    ]
    _order = "id desc"
    _check_company_auto = True

    case_id = fields.Many2one(
        comodel_name="osc.case",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('state', 'in', ('reported', 'active'))]",
    )
    case_is_minor = fields.Boolean(related="case_id.is_minor")
    bed_id = fields.Many2one(
        comodel_name="osc.shelter.bed",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('board_state', '=', 'free')]",
        help="Her own bed. Choosing another one later moves her.",
    )
    room_id = fields.Many2one(related="bed_id.room_id")
    shelter_id = fields.Many2one(
        related="bed_id.shelter_id", store=True, precompute=True, index=True
    )
    center_id = fields.Many2one(
        related="bed_id.center_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="bed_id.company_id", store=True, precompute=True
    )
    state = fields.Selection(
        selection=[
            ("reserved", "Reserved"),
            ("in", "In the shelter"),
            ("out", "Left"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="reserved",
        readonly=True,
        copy=False,
        index=True,
        group_expand=True,
    )
    reserved_at = fields.Datetime(string="Reserved", readonly=True, copy=False)
    reserved_until = fields.Datetime(
        string="Bed is kept until",
        readonly=True,
        copy=False,
        help="Then others can have it. She may still come, if it is free.",
    )
    check_in = fields.Datetime(string="Moved in", readonly=True, copy=False)
    check_out = fields.Datetime(string="Moved out", readonly=True, copy=False)
    nights = fields.Integer(
        compute="_compute_nights",
        store=True,
        aggregator="avg",
        help="Of stays that are over.",
    )
    companion_ids = fields.One2many(
        comodel_name="osc.shelter.companion",
        inverse_name="stay_id",
        string="Children with her",
        copy=False,
    )
    people_count = fields.Integer(
        string="People", compute="_compute_people_count", help="She and her children."
    )
    extension_ids = fields.One2many(
        comodel_name="osc.shelter.extension",
        inverse_name="stay_id",
        string="Extensions",
        copy=False,
    )
    occupancy_ids = fields.One2many(
        comodel_name="osc.shelter.occupancy",
        inverse_name="stay_id",
        string="Beds so far",
        readonly=True,
        copy=False,
    )
    belonging_ids = fields.One2many(
        comodel_name="osc.shelter.belonging",
        inverse_name="stay_id",
        string="Belongings",
        copy=False,
    )
    visit_ids = fields.One2many(
        comodel_name="osc.shelter.visit",
        inverse_name="stay_id",
        string="Visitors",
        copy=False,
    )
    absence_ids = fields.One2many(
        comodel_name="osc.shelter.absence",
        inverse_name="stay_id",
        string="Absences",
        copy=False,
    )
    need_ids = fields.One2many(
        comodel_name="osc.shelter.need",
        inverse_name="stay_id",
        string="Meals and needs",
        copy=False,
    )
    incident_ids = fields.One2many(
        comodel_name="osc.shelter.incident",
        inverse_name="stay_id",
        string="Incidents",
        copy=False,
    )
    notes = EncryptedText(
        open_if="user_keeps_registers",
        help="For those who run the shelter and her case worker.",
    )
    exit_kind = fields.Selection(
        selection=[
            ("home", "Home, which is safe now"),
            ("relative", "To relatives or friends"),
            ("long_term", "Long-term home"),
            ("court", "By order of a court"),
            ("hospital", "Hospital"),
            ("own", "Left by her own decision"),
            ("unknown", "Left without telling"),
            ("other", "Elsewhere"),
            ("not_come", "Did not come"),
            ("expired", "Reservation expired"),
        ],
        string="How it ended",
        readonly=True,
        copy=False,
    )
    destination = EncryptedText(
        string="Where she went",
        open_if="destination_open",
        help="Shown to the shelter and to those who know how to reach her.",
    )
    destination_open = fields.Boolean(
        compute="_compute_destination_open", export_string_translation=False
    )
    author_id = fields.Many2one(
        comodel_name="res.users",
        string="Reserved by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )

    _one_at_a_time = models.UniqueIndex(
        "(case_id) WHERE state IN ('reserved', 'in')",
        "She has a bed already. Open that stay and move her.",
    )
    _in_order = models.Constraint(
        "CHECK(check_out IS NULL OR check_out >= check_in)",
        "Nobody leaves before coming.",
    )
    _in_has_limit = models.Constraint(
        "CHECK(state NOT IN ('in', 'out') OR (check_in IS NOT NULL AND limit_days > 0))",
        "Who is in the shelter came at some time and has a limit.",
    )

    @api.depends("case_id.display_name")
    def _compute_display_name(self):
        for stay in self:
            stay.display_name = stay.sudo().case_id.display_name

    @api.depends("check_in", "check_out")
    def _compute_nights(self):
        for stay in self:
            center = stay.center_id
            stay.nights = (
                stay.check_out
                and (
                    center._local_day(stay.check_out) - center._local_day(stay.check_in)
                ).days
            )

    @api.depends("companion_ids.left_at")
    def _compute_people_count(self):
        for stay in self:
            here = stay.companion_ids.filtered(lambda child: not child.left_at)
            stay.people_count = 1 + len(here)

    @api.depends("case_id")
    @api.depends_context("uid")
    def _compute_destination_open(self):
        known = self._open_to_user("contact")
        for stay in self:
            stay.destination_open = stay in known

    # ------------------------------------------------------------------
    # Reserve
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_not_protected(vals)
        cases = self.env["osc.case"].browse(
            vals["case_id"] for vals in vals_list if vals.get("case_id")
        )
        self._check_may_handle(cases)
        self._check_cases(cases)
        self._release_expired_of(cases)
        now = fields.Datetime.now()
        # What is given counts for more than a default of the context or of a user.
        unset = dict.fromkeys(
            ("check_in", "check_out", "limit_days", "policy_id"), False
        )
        prepared = []
        for vals in vals_list:
            bed = self.env["osc.shelter.bed"].browse(
                vals.get("bed_id") or self.env.context.get("default_bed_id")
            )
            hours = self._reservation_hours(bed.center_id)
            prepared.append(
                {
                    **unset,
                    "told_level": 0,
                    "reserved_at": now,
                    "reserved_until": now + timedelta(hours=hours),
                    **vals,
                    "state": "reserved",
                    "author_id": self.env.uid,
                }
            )
        stays = super().create(prepared)
        for stay in stays:
            stay._check_beds(stay.bed_id)
            stay._take_beds(stay)
        stays._let_in_charge_in()
        stays._tell_child_authority()
        return stays

    @api.model
    def _check_may_handle(self, cases):
        """Rules look too late: that she has a bed already would be told before.

        :raise AccessError: the user may not handle stays of these cases
        """
        if self.env.su:
            return
        for case in cases:
            if not self.new({"case_id": case.id}).user_may_handle:
                raise AccessError(
                    self.env._(
                        "Only those who change the case, and the shelter, reserve a bed."
                    )
                )

    @api.model
    def _check_cases(self, cases):
        """:raise UserError: a case isn't open"""
        for case in cases:
            if case.state not in OPEN_STATES:
                raise UserError(
                    self.env._(
                        "%s is not open. Report or reopen it first.", case.display_name
                    )
                )

    @api.model
    def _release_expired_of(self, cases):
        """An expired reservation of hers is no reason to refuse her another bed."""
        # It may be a reservation that a colleague made.
        expired = self.sudo().search(
            Domain("case_id", "in", cases.ids)
            & Domain("state", "=", "reserved")
            & Domain("reserved_until", "<=", fields.Datetime.now())
        )
        expired.write({"state": "cancelled", "exit_kind": "expired"})
        # The unique index must not see a stay that is over.
        expired.flush_recordset()

    @api.model
    def _reservation_hours(self, center):
        if not center:
            return 1
        policy = center._policy_on(center._local_day())
        return policy._limit("shelter_reservation_hours")

    def _let_in_charge_in(self):
        """Those in charge of the shelter open the case, without who she is."""
        discipline = self.env.ref("osc_base.osc_discipline_shelter", False)
        for stay in self:
            # Who is in charge may be hidden from whoever reserves.
            case = stay.sudo().case_id
            users = stay.sudo().shelter_id.in_charge_ids.user_id.filtered("active")
            acting = case.member_ids.filtered(
                lambda member: (
                    member._is_valid()
                    and member._acts_for_discipline()
                    and member.discipline_id == discipline
                )
            ).user_id
            self.env["osc.case.member"]._grant(
                case, users - acting - case.excluded_user_ids, "lodging", discipline
            )

    @api.model
    def _check_not_protected(self, vals):
        protected = PROTECTED_FIELDS & set(vals)
        if protected - {"author_id"} and not self.env.su:
            raise AccessError(
                self.env._(
                    "Use Check in, Check out, Move or Cancel: they note who did it and "
                    "when."
                )
            )

    def write(self, vals):
        self._check_not_protected(vals)
        if not self.env.su and any(
            stay.case_id.id != vals.get("case_id", stay.case_id.id) for stay in self
        ):
            raise AccessError(self.env._("A stay belongs to one case for good."))
        moved = self.filtered(
            lambda stay: "bed_id" in vals and stay.bed_id.id != vals["bed_id"]
        )
        if any(stay.state not in ("reserved", "in") for stay in moved):
            raise UserError(self.env._("This stay is over."))
        result = super().write(vals)
        for stay in moved:
            stay._check_beds(stay.bed_id)
            stay._move_person(stay)
        if vals.get("is_unaccompanied"):
            self._tell_child_authority()
        if vals.get("needs_longer"):
            self._place_if_due()
        if moved:
            moved._let_in_charge_in()
        return result

    # ------------------------------------------------------------------
    # Come and go
    # ------------------------------------------------------------------
    def action_check_in(self, check_in=None):
        """She is there: the days of the policy begin.

        :param check_in: naive UTC, text or datetime, when it is noted later; empty: now
        :raise UserError: the policy of that day doesn't admit somebody, or the
            reservation expired and the bed was given away
        """
        self.check_access("write")
        now = fields.Datetime.now()
        moment = fields.Datetime.to_datetime(check_in) or now
        if moment > now:
            raise UserError(self.env._("She can't have come in the future."))
        for stay in self:
            stay._check_state("reserved")
            stay._check_cases(stay.case_id)
            stay._check_in(moment)
        return True

    def _check_in(self, moment):
        self.ensure_one()
        day = self.center_id._local_day(moment)
        policy = self.center_id._policy_on(day)
        self._check_admission(self.companion_ids, day)
        self._check_beds(self.bed_id | self.companion_ids.bed_id)
        people = [self, *self.companion_ids]
        rows = self._rows_of(people)
        # The state and the times are only written by these methods.
        self.sudo().write(
            {
                "state": "in",
                "check_in": moment,
                "policy_id": policy.id,
                "limit_days": policy._limit("shelter_days"),
            }
        )
        rows.write({"is_reservation": False, "start": moment, "end": False})
        rows.flush_recordset()
        self._give_bed_service(moment)
        self._place_if_due()

    def _give_bed_service(self, moment):
        """The bed that she asked for was given; time limits follow."""
        self.case_id._clock_event("first_service", moment, self)
        service = self.env.ref("osc_base.osc_service_emergency_bed", False)
        # Whoever checks her in may not note every service of the case.
        self.sudo().case_id.service_ids.filtered(
            lambda asked: (
                asked.service_id == service
                and asked.state in ("requested", "scheduled", "referred")
            )
        ).action_deliver(moment)

    def action_check_out(self, exit_kind=None, destination=None, check_out=None):
        """She leaves, and the children who are still there with her.

        :param str exit_kind: see the field
        :param str destination: kept in the vault
        :param check_out: naive UTC, text or datetime, when it is noted later
        :raise UserError: she isn't in the shelter
        """
        self.check_access("write")
        now = fields.Datetime.now()
        moment = fields.Datetime.to_datetime(check_out) or now
        for stay in self:
            stay._check_state("in")
            if not stay.check_in <= moment <= now:
                raise UserError(
                    self.env._("She left after she came, and not in the future.")
                )
            here = stay.companion_ids.filtered(lambda child: not child.left_at)
            stay._free_beds([stay, *here], moment)
            # The state and the times are only written by these methods.
            here.sudo().write({"left_at": moment})
            stay.sudo().write(
                {
                    "state": "out",
                    "check_out": moment,
                    "exit_kind": exit_kind or "other",
                }
            )
            if destination:
                stay.destination = destination
        return True

    def action_cancel(self):
        """She doesn't come: the beds are free at once.

        :raise UserError: she is there already
        """
        self.check_access("write")
        for stay in self:
            stay._check_state("reserved")
            stay._free_beds([stay, *stay.companion_ids], fields.Datetime.now())
            # As above.
            stay.sudo().write({"state": "cancelled", "exit_kind": "not_come"})
        return True

    def _check_state(self, state):
        """:raise UserError: the stay is in another state"""
        if self.state != state:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(stay)s: this isn't possible any more, it is “%(state)s”.",
                    stay=self.display_name,
                    state=labels[self.state],
                )
            )

    # ------------------------------------------------------------------
    # Ask
    # ------------------------------------------------------------------
    def action_ask_check_out(self):
        """Ask how the stay ends and where she goes."""
        return self._open_wizard("osc.shelter.departure")

    def action_ask_extension(self):
        """Ask for days and reason of an extension."""
        return self._open_wizard("osc.shelter.extension")

    def action_ask_move(self):
        """Ask who moves, and to which bed."""
        return self._open_wizard("osc.shelter.move")

    def _open_wizard(self, model, **context):
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": model,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_stay_id": self.id, **context},
        }
