from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.osc_base.fields import EncryptedText

# How somebody who was there leaves.
EXITS = [
    ("home", "Home, which is safe now"),
    ("relative", "To relatives or friends"),
    ("long_term", "Long-term home"),
    ("court", "By order of a court"),
    ("hospital", "Hospital"),
    ("own", "Left by her own decision"),
    ("unknown", "Left without telling"),
    ("other", "Elsewhere"),
]
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
        "osc.shelter.destination",
        "osc.case.audited",
        "osc.shelter.admission",
        "osc.shelter.limit",
        "osc.shelter.moving",
        "osc.shelter.placement",
        "osc.shelter.reservation",
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
            *EXITS,
            ("not_come", "Did not come"),
            ("expired", "Reservation expired"),
        ],
        string="How it ended",
        readonly=True,
        copy=False,
    )
    destination = EncryptedText(string="Where she went")
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
            stay.display_name = stay._case_itself().display_name

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

    # ------------------------------------------------------------------
    # Reserve
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_not_protected(vals)
        # What a context or a user's default says counts as what is given.
        default = self.default_get(["case_id"]).get("case_id")
        cases = self.env["osc.case"].browse(
            filter(None, (vals.get("case_id", default) for vals in vals_list))
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
            # Each child was asked for when it was added.
            stay._check_admission(stay.companion_ids.browse())
            stay._check_beds(stay.bed_id)
            stay._take_beds(stay)
        stays._let_in_charge_in()
        stays._tell_child_authority()
        return stays

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
        if vals.get("state") == "cancelled":
            self._let_out_of_unused()
        return result
