from odoo import api, fields, models
from odoo.exceptions import AccessError


class OscShelterHeadcountLine(models.Model):
    """One person who is expected in the house this night."""

    _name = "osc.shelter.headcount.line"
    _description = "Expected person"
    _inherit = "osc.case.audited"
    _order = "headcount_id desc, bed_id, id"

    headcount_id = fields.Many2one(
        comodel_name="osc.shelter.headcount",
        required=True,
        index=True,
        ondelete="cascade",
    )
    stay_id = fields.Many2one(
        comodel_name="osc.shelter.stay", required=True, index=True, ondelete="cascade"
    )
    case_id = fields.Many2one(related="stay_id.case_id")
    companion_id = fields.Many2one(
        comodel_name="osc.shelter.companion",
        index="btree_not_null",
        ondelete="cascade",
    )
    bed_id = fields.Many2one(comodel_name="osc.shelter.bed", ondelete="restrict")
    person = fields.Char(compute="_compute_person", compute_sudo=True)
    presence = fields.Selection(
        selection=[
            ("present", "Present"),
            ("away", "Away, known"),
            ("missing", "Missing"),
        ],
        string="Counted",
    )

    _once = models.UniqueIndex(
        "(headcount_id, stay_id, COALESCE(companion_id, 0))",
        "This person is on the list already.",
    )

    @api.depends("stay_id", "companion_id")
    def _compute_person(self):
        """By code: the case, and which child."""
        for line in self:
            line.person = (line.companion_id or line.stay_id).display_name

    @api.depends("person")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.person

    def write(self, vals):
        if not self.env.su:
            if set(vals) - {"presence"}:
                raise AccessError(self.env._("Only who is there is noted."))
            self.headcount_id._check_open()
        return super().write(vals)
