from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

MEMBERS = "osc_base.group_representative"


class OscCase(models.Model):
    """Adds her time in the shelter, to those who work on it."""

    _inherit = "osc.case"

    stay_ids = fields.One2many(
        comodel_name="osc.shelter.stay",
        inverse_name="case_id",
        string="Stays in the shelter",
        copy=False,
        groups=MEMBERS,
    )
    stay_count = fields.Integer(
        string="Shelter", compute="_compute_shelter", groups=MEMBERS
    )
    shows_shelter = fields.Boolean(compute="_compute_shelter", groups=MEMBERS)
    shelter_due_out = fields.Datetime(
        string="Stay ends", compute="_compute_shelter", groups=MEMBERS
    )
    shelter_is_over = fields.Boolean(compute="_compute_shelter", groups=MEMBERS)

    @api.depends("stay_ids.state", "stay_ids.due_out")
    @api.depends_context("uid")
    def _compute_shelter(self):
        """As the user: only stays that are open to them are counted."""
        Stay = self.env["osc.shelter.stay"]
        readable = Stay.has_access("read")
        stays = (
            Stay.search(Domain("case_id", "in", self.ids)) if readable else Stay
        ).grouped("case_id")
        own = self._memberships_of(self.env.user)
        working = own.filtered(
            lambda member: (
                member.basis != "supervision" and Stay._keeps_registers(member)
            )
        ).case_id
        for case in self:
            here = stays.get(case, Stay)
            current = here.filtered(lambda stay: stay.state == "in")[:1]
            case.stay_count = len(here)
            # Found as superuser above, compared by record.
            case.shows_shelter = bool(here) or case.sudo() in working
            case.shelter_due_out = current.due_out
            case.shelter_is_over = current.is_over

    def _check_open(self):
        """A case isn't closed over a woman who sleeps in the house."""
        result = super()._check_open()
        # Her stay may be hidden from whoever closes.
        for case in self.sudo():
            if "in" in case.stay_ids.mapped("state"):
                raise UserError(
                    self.env._(
                        "She is still in the shelter. Check her out before you close "
                        "%s.",
                        case.display_name,
                    )
                )
        return result

    def action_open_stays(self):
        """Stays of this case that are open to the user.

        :raise AccessError: the user may not open the case
        """
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "osc_shelter.osc_shelter_stay_action"
        )
        context = {
            **literal_eval(action["context"]),
            "default_case_id": self.id,
            "search_default_filter_here": 0,
        }
        return dict(
            action,
            domain=[("case_id", "=", self.id)],
            context=context,
            display_name=self.display_name,
        )
