from datetime import timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class OscRosterCopy(models.TransientModel):
    """Copy a week of a center's roster to the weeks that follow.

    Shifts keep the hours that people read on the wall clock, so that a week that
    crosses a change to or from daylight-saving time is right.
    """

    _name = "osc.roster.copy"
    _description = "Copy a week of the roster"

    center_id = fields.Many2one(
        comodel_name="osc.center",
        required=True,
        default=lambda self: self.env["osc.center"]._default_for_user(),
    )
    week_start = fields.Date(
        string="Week from",
        required=True,
        default=lambda self: self._default_week_start(),
        help="First of the seven days that are copied.",
    )
    weeks = fields.Integer(string="Weeks to fill", required=True, default=1)

    _weeks_sane = models.Constraint(
        "CHECK(weeks BETWEEN 1 AND 26)", "Fill between 1 and 26 weeks."
    )

    @api.model
    def _default_week_start(self):
        today = fields.Date.context_today(self)
        return today - timedelta(days=today.weekday())

    def action_copy(self):
        """Copy the shifts; those that would overlap another are left out.

        :return: notification with how many were made and left out
        :raise UserError: there is nothing to copy
        """
        self.ensure_one()
        made, left_out = self._copy_shifts()
        message = self.env._("%(made)d shifts copied.", made=made)
        if left_out:
            message += " " + self.env._(
                "%(left_out)d left out: these people already have a shift then.",
                left_out=left_out,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left_out else "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _copy_shifts(self):
        center = self.center_id
        Shift = self.env["osc.duty.shift"]
        source = Shift.search(
            Domain("center_id", "=", center.id)
            # who has left is not planned again
            & Domain("representative_id.active", "=", True)
            & Domain("start", ">=", center._midnight(self.week_start))
            & Domain("start", "<", center._midnight(self._day(1)))
        )
        if not source:
            raise UserError(
                self.env._(
                    "%(center)s has no shifts in the week from %(day)s. Plan that "
                    "week first, then copy it.",
                    center=center.name,
                    day=self.week_start,
                )
            )
        taken = self._taken_periods(source.employee_id)
        vals_list = []
        left_out = 0
        for week in range(1, self.weeks + 1):
            for shift in source:
                start = self._weeks_later(shift.start, week)
                end = self._weeks_later(shift.end, week)
                periods = taken.setdefault(shift.employee_id.id, [])
                if end <= start or any(a < end and b > start for a, b in periods):
                    left_out += 1
                    continue
                periods.append((start, end))
                vals_list.append(
                    {
                        "representative_id": shift.representative_id.id,
                        "start": start,
                        "end": end,
                    }
                )
        Shift.create(vals_list)
        return len(vals_list), left_out

    def _day(self, weeks):
        return self.week_start + timedelta(weeks=weeks)

    def _taken_periods(self, employees):
        """Shifts that these people already have in the weeks to fill.

        :return: ``{employee id: [(start, end), …]}``
        """
        # Someone may be on duty at a center whose roster the user can't see.
        shifts = (
            self.env["osc.duty.shift"]
            .sudo()
            .search(
                Domain("employee_id", "in", employees.ids)
                & Domain("end", ">", self.center_id._midnight(self._day(1)))
                & Domain(
                    "start", "<", self.center_id._midnight(self._day(self.weeks + 2))
                )
            )
        )
        taken = {}
        for shift in shifts:
            taken.setdefault(shift.employee_id.id, []).append((shift.start, shift.end))
        return taken

    def _weeks_later(self, moment, weeks):
        """The same wall-clock time some weeks later, as naive UTC."""
        zone = self.center_id._zone()
        local = (
            moment.replace(tzinfo=timezone.utc).astimezone(zone).replace(tzinfo=None)
        )
        later = (local + timedelta(weeks=weeks)).replace(tzinfo=zone)
        return later.astimezone(timezone.utc).replace(tzinfo=None)
