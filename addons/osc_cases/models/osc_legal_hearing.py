from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.osc_base.fields import EncryptedChar, EncryptedText


class OscLegalHearing(models.Model):
    """A day in court, in the calendars of those who may read of the proceedings."""

    _name = "osc.legal.hearing"
    _description = "Hearing"
    _inherit = ["osc.case.appointment", "osc.legal.part"]
    _order = "start desc, id desc"

    state = fields.Selection(
        selection=[
            ("planned", "Planned"),
            ("held", "Held"),
            ("adjourned", "Adjourned"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="planned",
        readonly=True,
        copy=False,
    )
    place = EncryptedChar(help="Court and room. Not shown in the calendar.")
    she_attends = fields.Boolean(
        string="She has to be there", help="Plan a safe way there and back."
    )
    result = EncryptedText()

    @api.depends("case_id.display_name")
    def _compute_display_name(self):
        for hearing in self:
            hearing.display_name = self.env._(
                "%s · Hearing", hearing.case_id.display_name
            )

    def _attendees(self):
        return self._may_be_opened_by()

    @api.model
    def _refresh(self, cases):
        """Put what is planned into the calendars of those who may see it now."""
        # Whoever lets others join a case may not see its hearings.
        self.sudo().search(
            [
                ("case_id", "in", cases.ids),
                ("state", "=", "planned"),
                ("start", ">=", fields.Datetime.now()),
            ]
        )._update_events()

    def _is_cancelled(self):
        return self.state in ("adjourned", "cancelled")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [{**vals, "state": "planned"} for vals in vals_list]
        hearings = super().create(vals_list)
        if hearings.filtered(lambda h: h.proceeding_id.state == "decided"):
            raise UserError(
                self.env._("These proceedings ended. Only an appeal reopens them.")
            )
        return hearings

    def write(self, vals):
        if not self.env.su:
            if "state" in vals:
                raise UserError(self.env._("Use Held, Adjourned or Cancel."))
            if {"start", "duration"} & set(vals):
                self._check_planned()
        return super().write(vals)

    def _check_planned(self):
        """:raise UserError: it took place or was called off"""
        if any(hearing.state != "planned" for hearing in self):
            raise UserError(self.env._("This hearing isn't planned any more."))

    def action_held(self):
        """It took place.

        :raise UserError: it isn't planned any more, or hasn't begun
        """
        self.check_access("write")
        if any(hearing.start > fields.Datetime.now() for hearing in self):
            raise UserError(self.env._("This hearing has not begun."))
        return self._end("held")

    def action_adjourn(self):
        """The court put it off: plan a new one."""
        return self._end("adjourned")

    def action_cancel(self):
        """It doesn't take place."""
        return self._end("cancelled")

    def _end(self, state):
        self.check_access("write")
        self._check_planned()
        # The state is only written by these methods.
        self.sudo().write({"state": state})
        return True
