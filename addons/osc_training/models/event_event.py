from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

# What decides who is certified, from when, and who notes the attendance.
DECIDES = {
    "date_end",
    "date_tz",
    "osc_grant_on",
    "osc_skill_ids",
    "osc_trainer_ids",
    "user_id",
}


class EventEvent(models.Model):
    """Adds the training sessions of the centers: what they certify, and who teaches."""

    _inherit = "event.event"

    osc_skill_ids = fields.Many2many(
        comodel_name="hr.skill",
        string="Certifies",
        domain="[('osc_is_course', '=', True)]",
        help="Whoever attends, or passes, gets these certifications.",
    )
    osc_grant_on = fields.Selection(
        selection=[
            ("attendance", "Whoever attended"),
            ("result", "Whoever attended and passed"),
        ],
        string="Certified is",
        required=True,
        default="attendance",
    )
    osc_trainer_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="event_event_osc_trainer_rel",
        string="Trainers",
        help="They see who comes, and note who attended and passed.",
    )

    osc_is_published = fields.Boolean(
        compute="_compute_osc_is_published",
        search="_search_osc_is_published",
        export_string_translation=False,
        help="Shown to everybody by a website of events, where Odoo has one.",
    )

    @api.depends(
        lambda self: ["is_published"] if "is_published" in self._fields else []
    )
    def _compute_osc_is_published(self):
        published = self.filtered_domain(self._osc_published())
        for event in self:
            event.osc_is_published = event in published

    def _search_osc_is_published(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._osc_published() if True in value else ~self._osc_published()

    @api.model
    def _osc_published(self):
        if "is_published" not in self._fields:
            return Domain.FALSE
        return Domain("is_published", "=", True)

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events._check_osc_of_hr()
        events.event_mail_ids._osc_use_own_template()
        return events

    def write(self, vals):
        decides = bool(DECIDES & set(vals))
        if decides:
            self._check_osc_of_hr()
        result = super().write(vals)
        if decides:
            self._check_osc_of_hr()
        if {"osc_skill_ids", "osc_grant_on", "date_end", "date_tz"} & set(vals):
            self.registration_ids._osc_certify()
        if "osc_skill_ids" in vals:
            self.event_mail_ids._osc_use_own_template()
        return result

    def _check_osc_of_hr(self):
        """:raise AccessError: somebody who organises other events certifies with one"""
        if self.env.su or self.env.user.has_group("osc_training.group_hr"):
            return
        # Whoever organises other events may not read those of training.
        if any(self.sudo().mapped("osc_skill_ids")):
            raise AccessError(
                self.env._("Only HR plans sessions that certify for taking cases.")
            )

    def _osc_day(self):
        """The day from which the certifications of this session hold."""
        self.ensure_one()
        zone = self.date_tz or "UTC"
        end = fields.Datetime.context_timestamp(
            self.with_context(tz=zone), self.date_end
        )
        return end.date()

    @api.model
    def _osc_next_sessions(self, skills):
        """The next session of each course that is still to come.

        :return: ``{skill: event}``
        """
        sessions = self.search(
            [("osc_skill_ids", "in", skills.ids), ("date_end", ">", "now")],
            order="date_begin",
        )
        return {
            skill: sessions.filtered(
                lambda one, skill=skill: skill in one.osc_skill_ids
            )[:1]
            for skill in skills
        }

    def _osc_register(self, employee):
        """Register an employee; who is registered stays so."""
        self.ensure_one()
        known = self.registration_ids.filtered(
            lambda one: one.osc_employee_id == employee and one.state != "cancel"
        )
        if known:
            return known
        return known.create(
            {
                "event_id": self.id,
                "osc_employee_id": employee.id,
                "state": "open",
            }
        )

    def action_osc_registrations(self):
        """Open who comes, to note who attended and passed."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "osc_training.event_registration_action_given"
        )
        domain = [("event_id", "=", self.id), ("state", "!=", "cancel")]
        return {**action, "domain": domain, "display_name": self.name}
