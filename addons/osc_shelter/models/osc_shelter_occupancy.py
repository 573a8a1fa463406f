from odoo import api, fields, models
from odoo.fields import Domain


class OscShelterOccupancy(models.Model):
    """One person in one bed from one moment to another: she, or a child with her.

    The database itself refuses two people in one bed at one time. A reservation is a
    row that ends when it expires, so it frees the bed whether or not anybody clears it
    up. A move ends one row and begins another, so where each slept stays known. A child
    who sleeps in its mother's bed has a row that takes no bed.

    Written by the methods of stays only.
    """

    _name = "osc.shelter.occupancy"
    _description = "Person in a bed"
    _inherit = "osc.case.audited"
    _order = "start desc, id desc"

    stay_id = fields.Many2one(
        comodel_name="osc.shelter.stay", required=True, index=True, ondelete="cascade"
    )
    case_id = fields.Many2one(related="stay_id.case_id")
    companion_id = fields.Many2one(
        comodel_name="osc.shelter.companion",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: she herself.",
    )
    bed_id = fields.Many2one(
        comodel_name="osc.shelter.bed", required=True, index=True, ondelete="restrict"
    )
    room_id = fields.Many2one(related="bed_id.room_id")
    shares_bed = fields.Boolean(help="A small child in its mother's bed.")
    is_reservation = fields.Boolean(string="Reserved only")
    start = fields.Datetime(string="From", required=True)
    end = fields.Datetime(string="To", help="Empty: she is still there.")

    # The extension btree_gist that this needs is created with osc_base.
    _one_person_in_a_bed = models.Constraint(
        'EXCLUDE USING gist (bed_id WITH =, tsrange(start, "end") WITH &&) '
        "WHERE (NOT COALESCE(shares_bed, FALSE))",
        "Somebody else was given this bed a moment ago. Choose another one: the bed "
        "board shows which are free.",
    )
    _ends_after_start = models.Constraint(
        'CHECK("end" IS NULL OR "end" >= start)', "Nobody leaves before coming."
    )
    _reservations_end = models.Constraint(
        'CHECK(NOT COALESCE(is_reservation, FALSE) OR "end" IS NOT NULL)',
        "A reservation has an end.",
    )
    _open_by_person = models.Index('(stay_id, companion_id) WHERE "end" IS NULL')

    @api.depends("stay_id", "companion_id")
    def _compute_display_name(self):
        for row in self:
            person = row.companion_id or row.stay_id
            # The code of a case is shown to whoever sees the bed.
            row.display_name = person.sudo().display_name

    @api.model
    def _now_domain(self):
        """Rows that take a place now."""
        now = fields.Datetime.now()
        return Domain("start", "<=", now) & (
            Domain("end", "=", False) | Domain("end", ">", now)
        )
