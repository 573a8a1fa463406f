from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL


class OscShelterBed(models.Model):
    """A bed or cot, and who is in it now.

    The bed board says to everybody who may look for a bed which are free. The code of
    the case is for those who run the shelter, and for those who work on the case.
    """

    _name = "osc.shelter.bed"
    _description = "Bed"
    _inherit = "osc.given.mixin"
    _rec_names_search = ["name", "room_id.name"]
    _order = "shelter_id, room_sequence, room_id, sequence, name, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    room_id = fields.Many2one(
        comodel_name="osc.shelter.room",
        required=True,
        index=True,
        ondelete="cascade",
    )
    room_kind = fields.Selection(related="room_id.kind", string="Kind of room")
    room_sequence = fields.Integer(
        related="room_id.sequence",
        string="Order of the room",
        store=True,
        precompute=True,
        aggregator=None,
        export_string_translation=False,
    )
    shelter_id = fields.Many2one(
        related="room_id.shelter_id", store=True, precompute=True, index=True
    )
    center_id = fields.Many2one(
        related="room_id.center_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="room_id.company_id", store=True, precompute=True
    )
    kind = fields.Selection(
        selection=[("bed", "Bed"), ("cot", "Cot")], required=True, default="bed"
    )
    out_of_service = fields.Boolean(help="Broken, or the room can't be used.")
    active = fields.Boolean(default=True)

    # Now, for the board.
    board_state = fields.Selection(
        selection=[
            ("free", "Free"),
            ("reserved", "Reserved"),
            ("taken", "Taken"),
            ("over", "Over the limit"),
            ("out_of_service", "Out of service"),
        ],
        string="Now",
        compute="_compute_board",
        search="_search_board_state",
    )
    occupant = fields.Char(
        string="Who",
        compute="_compute_board",
        help="The code of the case; never a name.",
    )
    sharing_count = fields.Integer(
        string="Small children in the bed", compute="_compute_board", aggregator=None
    )
    occupied_since = fields.Datetime(string="Since", compute="_compute_board")
    occupied_until = fields.Datetime(string="Until", compute="_compute_board")
    stay_id = fields.Many2one(
        comodel_name="osc.shelter.stay",
        compute="_compute_board",
        help="Of those who work on the case.",
    )
    user_is_staff = fields.Boolean(related="shelter_id.user_is_staff")
    is_usable = fields.Boolean(
        compute="_compute_is_usable",
        compute_sudo=True,
        search="_search_is_usable",
        export_string_translation=False,
        help="Not out of service, and neither the bed nor its room or house is closed.",
    )

    _name_unique = models.Constraint(
        "UNIQUE(room_id, name)", "The room has a bed of this name already."
    )

    def write(self, vals):
        if not vals.get("active", True) or "room_id" in vals:
            self._check_not_in_use()
        result = super().write(vals)
        if "room_id" in vals:
            # Rules were checked where it was; they hold where it goes, too.
            self.check_access("write")
        return result

    def _check_not_in_use(self):
        """:raise UserError: somebody sleeps there or is expected"""
        taken = self.filtered(
            lambda bed: bed.board_state in ("taken", "over", "reserved")
        )
        if taken:
            raise UserError(
                self.env._(
                    "%s is in use. Move who sleeps there first.",
                    ", ".join(taken.mapped("display_name")),
                )
            )

    @api.depends("name", "room_id.name")
    def _compute_display_name(self):
        for bed in self:
            bed.display_name = f"{bed.room_id.name} · {bed.name}"

    # ------------------------------------------------------------------
    # The board
    # ------------------------------------------------------------------
    @api.model
    def _usable_domain(self):
        return (
            Domain("out_of_service", "=", False)
            & Domain("active", "=", True)
            & Domain("room_id.active", "=", True)
            & Domain("shelter_id.active", "=", True)
        )

    @api.depends("out_of_service", "active", "room_id.active", "shelter_id.active")
    def _compute_is_usable(self):
        usable = self.filtered_domain(self._usable_domain())
        for bed in self:
            bed.is_usable = bed in usable

    def _search_is_usable(self, operator, value):
        if operator != "in":
            return NotImplemented
        usable = self._usable_domain()
        return usable if True in value else ~usable

    @api.depends("is_usable")
    @api.depends_context("uid")
    def _compute_board(self):
        """Who is in each bed now: as many queries for one bed as for all."""
        rows = self._rows_now()
        now = fields.Datetime.now()
        # Who may read the stay sees the code; so does who runs the house for her.
        Stay = self.env["osc.shelter.stay"]
        readable = Stay.has_access("read")
        open_ids = set(
            rows.stay_id.sudo(False)._filtered_access("read").ids if readable else ()
        )
        sharing = Counter(row.bed_id.id for row in rows if row.shares_bed)
        in_bed = {row.bed_id.id: row for row in rows if not row.shares_bed}
        for bed in self:
            row = in_bed.get(bed.id, rows.browse())
            stay = row.stay_id
            if not row:
                bed.board_state = "free" if bed.is_usable else "out_of_service"
            elif row.is_reservation:
                bed.board_state = "reserved"
            elif stay.due_out and stay.due_out <= now:
                bed.board_state = "over"
            else:
                bed.board_state = "taken"
            may_open = stay.id in open_ids
            known = may_open or (
                bed.user_is_staff
                and self.env.user not in stay.case_id.excluded_user_ids
            )
            shown = row if known else rows.browse()
            bed.occupant = shown.display_name
            bed.occupied_since = shown.start
            bed.occupied_until = shown.end or shown.stay_id.due_out
            bed.sharing_count = sharing[bed.id] if known else 0
            bed.stay_id = may_open and stay.id

    def _rows_now(self):
        """Occupancies of these beds at this moment, as superuser, with their stays."""
        # Whether a bed is free is for everybody who looks for one; what more of it is
        # shown is decided for each user.
        Row = self.env["osc.shelter.occupancy"].sudo()
        return Row.search(Domain("bed_id", "in", self.ids) & Row._now_domain())

    def _search_board_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        # As above: that a bed is taken is no secret of the stay.
        Row = self.env["osc.shelter.occupancy"].sudo()
        here = Row._now_domain() & Domain("shares_bed", "=", False)
        now = fields.Datetime.now()
        past = Domain("stay_id.due_out", "<=", now)
        stayed = here & Domain("is_reservation", "=", False)
        rows = {
            "reserved": here & Domain("is_reservation", "=", True),
            "over": stayed & past,
            "taken": stayed
            & (
                Domain("stay_id.due_out", "=", False)
                | Domain("stay_id.due_out", ">", now)
            ),
        }
        domain = Domain.FALSE
        for state in set(value) & set(rows):
            domain |= Domain("id", "in", self._beds_of(Row._search(rows[state])))
        unused = ~Domain("id", "in", self._beds_of(Row._search(here)))
        if "free" in value:
            domain |= unused & self._usable_domain()
        if "out_of_service" in value:
            domain |= unused & ~self._usable_domain()
        return domain

    @api.model
    def _beds_of(self, query):
        """:param query: a ``Query`` of occupancies
        :return: SQL of the ids of their beds
        """
        Row = self.env["osc.shelter.occupancy"]
        return SQL(
            "(%s)", query.select(Row._field_to_sql(query.table, "bed_id", query))
        )

    # ------------------------------------------------------------------
    # By touch
    # ------------------------------------------------------------------
    def action_admit(self):
        """The form for a woman who gets this bed."""
        self.ensure_one()
        self.check_access("read")
        if self.board_state != "free":
            raise UserError(
                self.env._("%s isn't free. Choose another bed.", self.display_name)
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Admit"),
            "res_model": "osc.shelter.stay",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {"default_bed_id": self.id},
        }

    def action_open(self):
        """The stay of who is in this bed.

        :raise AccessError: the user doesn't work on the case
        """
        stay = self._own_stay()
        return {
            "type": "ir.actions.act_window",
            "res_model": "osc.shelter.stay",
            "res_id": stay.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_check_in(self):
        """She for whom this bed is reserved is there."""
        return self._own_stay().action_check_in()

    def action_move(self):
        """Ask to which bed whoever is in this one moves."""
        stay = self._own_stay()
        return stay._open_wizard("osc.shelter.move", default_from_bed_id=self.id)

    def action_check_out(self):
        """Ask how her stay ends."""
        return self._own_stay().action_ask_check_out()

    def _own_stay(self):
        """:raise AccessError: there is nobody, or the user doesn't work on the case"""
        self.ensure_one()
        self.check_access("read")
        if not self.stay_id:
            raise AccessError(
                self.env._(
                    "This stay is open to those who work on the case. The case worker "
                    "or the manager of the center lets you in."
                )
            )
        return self.stay_id
