from odoo import api, models


class CalendarEvent(models.Model):
    """Meetings of a case show nothing to others than that somebody is busy.

    Odoo's calendars are open to every colleague.
    """

    _inherit = "calendar.event"

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events._keep_cases_private()
        return events

    def write(self, vals):
        result = super().write(vals)
        if {"privacy", "res_model", "res_model_id"} & set(vals):
            self._keep_cases_private()
        return result

    def _keep_cases_private(self):
        of_cases = self.filtered(
            lambda event: event.res_model == "osc.case" and event.privacy != "private"
        )
        if of_cases:
            of_cases.privacy = "private"
