from odoo import models


class CalendarAttendee(models.Model):
    """Who was invited answers, also without the right to move the appointment."""

    _inherit = "calendar.attendee"

    def _own_of_cases(self):
        """The user's own invitations to appointments of cases."""
        return self.filtered(
            lambda attendee: (
                attendee.partner_id == self.env.user.partner_id
                # The user needn't be able to read the case to be invited.
                and attendee.event_id.sudo().osc_case_id
            )
        )

    def write(self, vals):
        if self.env.su or set(vals) != {"state"}:
            return super().write(vals)
        own = self._own_of_cases()
        own.event_id.check_access("read")
        # Answering is all that an invitation allows.
        super(CalendarAttendee, own.sudo()).write(vals)
        return super(CalendarAttendee, self - own).write(vals)

    def do_accept(self):
        """Without a message below the appointment: nobody writes there."""
        own = self._own_of_cases()
        own.write({"state": "accepted"})
        return super(CalendarAttendee, self - own).do_accept()

    def do_decline(self):
        own = self._own_of_cases()
        own.write({"state": "declined"})
        return super(CalendarAttendee, self - own).do_decline()
