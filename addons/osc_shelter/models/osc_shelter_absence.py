from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.osc_base.fields import EncryptedText


class OscShelterAbsence(models.Model):
    """She goes out and comes back: to court, to hospital, to work."""

    _name = "osc.shelter.absence"
    _description = "Absence"
    _inherit = "osc.shelter.part"
    _order = "left_at desc, id desc"

    left_at = fields.Datetime(
        string="Went out", required=True, default=fields.Datetime.now
    )
    expected_at = fields.Datetime(string="Wants to be back")
    returned_at = fields.Datetime(string="Came back", copy=False)
    companion_ids = fields.Many2many(
        comodel_name="osc.shelter.companion",
        relation="osc_shelter_absence_companion_rel",
        column1="absence_id",
        column2="companion_id",
        string="Children who went along",
        domain="[('stay_id', '=', stay_id)]",
    )
    reason = EncryptedText(string="Where to", help="If she wants to say.")
    is_late = fields.Boolean(
        string="Not back", compute="_compute_is_late", search="_search_is_late"
    )

    _in_order = models.Constraint(
        "CHECK(returned_at IS NULL OR returned_at >= left_at)",
        "She came back after she went.",
    )

    @api.depends("returned_at", "expected_at")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for absence in self:
            absence.is_late = bool(
                not absence.returned_at
                and absence.expected_at
                and absence.expected_at <= now
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("returned_at", "=", False) & Domain("expected_at", "<=", "now")
        return late if True in value else ~late

    def action_returned(self):
        """She is back.

        :raise UserError: she is back already
        """
        self.check_access("write")
        if any(absence.returned_at for absence in self):
            raise UserError(self.env._("She is back already."))
        self.write({"returned_at": fields.Datetime.now()})
        return True
