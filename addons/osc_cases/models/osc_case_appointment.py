from datetime import timedelta

from odoo import api, fields, models

# What Odoo does when an event is made or moved, besides making or moving it.
QUIET = {
    "active_id": False,
    "active_model": False,
    "dont_notify": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "no_mail_to_attendees": True,
    "skip_attendee_notification": True,
    "skip_contact_description": True,
    "tracking_disable": True,
}


class OscCaseAppointment(models.AbstractModel):
    """What happens at a time stands in the calendars of those who may know of it.

    The event says the code of the case and nothing else. It follows the record, and the
    record follows the event when somebody moves it in the calendar.
    """

    _name = "osc.case.appointment"
    _description = "Appointment of a case"

    start = fields.Datetime(required=True)
    duration = fields.Float(string="Duration (hours)", default=1.0)
    event_id = fields.Many2one(
        comodel_name="calendar.event",
        string="In the calendar",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    _duration_positive = models.Constraint(
        "CHECK(duration > 0 AND duration <= 24)",
        "An appointment lasts up to 24 hours.",
    )

    # ------------------------------------------------------------------
    # Hooks
    # ------------------------------------------------------------------
    def _attendees(self):
        """Users in whose calendars it stands, as superuser."""
        raise NotImplementedError

    def _is_cancelled(self):
        return False

    @api.model
    def _appointment_fields(self):
        """Fields that decide on the event."""
        return {"start", "duration", "state"}

    # ------------------------------------------------------------------
    # The event
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.pop("event_id", None)
        appointments = super().create(vals_list)
        appointments._update_events()
        return appointments

    def write(self, vals):
        if not self.env.su:
            vals = {name: value for name, value in vals.items() if name != "event_id"}
        result = super().write(vals)
        if self._appointment_fields() & set(vals):
            self._update_events()
        return result

    def unlink(self):
        # Who may delete the record may not delete events directly.
        events = self.sudo().event_id
        result = super().unlink()
        events.with_context(**QUIET).unlink()
        return result

    def _update_events(self):
        """Make, move or take away the events."""
        # Events of cases are written by this method only.
        for appointment in self.sudo().with_context(**QUIET):
            if appointment._is_cancelled():
                appointment.event_id.unlink()
                continue
            vals = appointment._event_vals()
            if not appointment.event_id:
                appointment.event_id = appointment.event_id.create(vals)
                continue
            event = appointment.event_id
            partner_ids = vals.pop("partner_ids")[0][2]
            changed = {
                name: value
                for name, value in vals.items()
                if name in ("start", "stop") and event[name] != value
            }
            if set(event.partner_ids.ids) != set(partner_ids):
                changed["partner_ids"] = [fields.Command.set(partner_ids)]
            if changed:
                event.write(changed)

    def _event_vals(self):
        self.ensure_one()
        attendees = self._attendees()
        organiser = self.author_id if self.author_id in attendees else attendees[:1]
        return {
            "name": self.env._("%s · Appointment", self.case_id.display_name),
            "start": self.start,
            "stop": self.start + timedelta(hours=self.duration),
            "partner_ids": [fields.Command.set(attendees.partner_id.ids)],
            "user_id": organiser.id,
            "privacy": "private",
            "osc_case_id": self.case_id.id,
            "description": False,
        }

    def _follow_event(self, event):
        """The event was moved in the calendar."""
        for appointment in self:
            duration = (event.stop - event.start).total_seconds() / 3600
            moved = {"start": event.start, "duration": duration}
            if any(appointment[name] != value for name, value in moved.items()):
                appointment.write(moved)
