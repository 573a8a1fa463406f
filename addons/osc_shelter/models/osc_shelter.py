from datetime import timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# Before this hour it is still the night of the day before.
MORNING = 12


class OscShelter(models.Model):
    """A house or floor of a center where women and their children sleep."""

    _name = "osc.shelter"
    _description = "Shelter"
    _order = "center_id, name, id"

    name = fields.Char(
        required=True,
        help="As people of the center call it. Never the address.",
    )
    center_id = fields.Many2one(
        comodel_name="osc.center",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["osc.center"]._default_for_user(),
    )
    company_id = fields.Many2one(related="center_id.company_id", store=True)
    in_charge_ids = fields.Many2many(
        comodel_name="osc.representative",
        relation="osc_shelter_in_charge_rel",
        column1="shelter_id",
        column2="representative_id",
        string="In charge",
        domain="[('center_id', '=', center_id), ('discipline_id.code', '=', 'shelter')]",
        help="They open the case of each woman for whom a bed is reserved here, without "
        "who she is, and are warned before a stay ends.",
    )
    room_ids = fields.One2many(
        comodel_name="osc.shelter.room", inverse_name="shelter_id", string="Rooms"
    )
    bed_count = fields.Integer(string="Beds", compute="_compute_bed_counts")
    free_count = fields.Integer(string="Free now", compute="_compute_bed_counts")
    active = fields.Boolean(default=True)
    user_is_staff = fields.Boolean(
        compute="_compute_user_is_staff",
        search="_search_user_is_staff",
        export_string_translation=False,
    )

    _name_unique = models.Constraint(
        "UNIQUE(center_id, name)", "The center has a shelter of this name already."
    )

    def write(self, vals):
        if "center_id" in vals and any(
            shelter.center_id.id != vals["center_id"] for shelter in self
        ):
            raise ValidationError(
                self.env._("A shelter stays with its center. Make a new one there.")
            )
        if not vals.get("active", True):
            # Of archived rooms, too: nobody may be forgotten in the house.
            Bed = self.env["osc.shelter.bed"].with_context(active_test=False)
            Bed.search([("shelter_id", "in", self.ids)])._check_not_in_use()
        former = {shelter: shelter._in_charge_users() for shelter in self}
        result = super().write(vals)
        if "in_charge_ids" in vals:
            for shelter in self:
                shelter._hand_over(former[shelter] - shelter._in_charge_users())
        return result

    def _in_charge_users(self):
        """Those in charge who still work for the shelter at this center."""
        # Who is in charge may be hidden from whoever reserves.
        shelters = self.sudo()
        return shelters.in_charge_ids.filtered(
            lambda person: (
                person.active
                and person.center_id in shelters.center_id
                and person.discipline_id.code == "shelter"
            )
        ).user_id.filtered("active")

    def _hand_over(self, former):
        """Others are in charge: they open the cases of who sleeps here or is expected,
        and those who are in charge no more don't, unless they work on the case.

        :param former: users who were in charge
        """
        # Whoever says who is in charge may open none of these stays.
        stays = self.env["osc.shelter.stay"].sudo()
        stays = stays.search(
            Domain("shelter_id", "=", self.id)
            & Domain("state", "in", ("reserved", "in"))
        )
        stays._let_in_charge_in()
        stays._let_out(former)

    @api.constrains("in_charge_ids")
    def _check_in_charge(self):
        """Who is in charge opens cases, so it can't be anybody."""
        for shelter in self:
            for person in shelter.in_charge_ids:
                if (
                    person.center_id != shelter.center_id
                    or person.discipline_id.code != "shelter"
                ):
                    raise ValidationError(
                        self.env._(
                            "%s is not a representative of the shelter at this center.",
                            person.name,
                        )
                    )

    def _compute_bed_counts(self):
        beds = self.env["osc.shelter.bed"].search(Domain("shelter_id", "in", self.ids))
        by_shelter = beds.grouped("shelter_id")
        for shelter in self:
            own = by_shelter.get(shelter, beds.browse())
            shelter.bed_count = len(own)
            shelter.free_count = len(
                own.filtered(lambda bed: bed.board_state == "free")
            )

    # ------------------------------------------------------------------
    # Who works there
    # ------------------------------------------------------------------
    @api.model
    def _staff_centers(self):
        """Centers whose shelter the user runs: shelter people, and the manager."""
        # Whether one is staff is a fact of one's own rows, whoever may read them.
        own = (
            self.env["osc.representative"]
            .sudo()
            .search(
                Domain("user_id", "=", self.env.uid)
                & Domain("discipline_id.code", "=", "shelter")
            )
        )
        managed = (
            # Rules ask it, of the user's own centers only.
            self.env["osc.center"].sudo().search([("manager_id", "=", self.env.uid)])
        )
        return own.center_id | managed

    @api.depends("center_id")
    @api.depends_context("uid")
    def _compute_user_is_staff(self):
        centers = self._staff_centers()
        for shelter in self:
            # Found as superuser above, compared by record.
            shelter.user_is_staff = shelter.sudo().center_id in centers

    def _search_user_is_staff(self, operator, value):
        if operator != "in":
            return NotImplemented
        own = Domain("center_id", "in", self._staff_centers().ids)
        return own if True in value else ~own

    def _night_now(self):
        """The day on which this night begins, at the center."""
        self.ensure_one()
        # The time zone of a center is no secret.
        zone = self.sudo().center_id._zone()
        now = fields.Datetime.now().replace(tzinfo=timezone.utc).astimezone(zone)
        return now.date() - timedelta(days=1 if now.hour < MORNING else 0)
