from odoo import api, fields, models

# Whatever of an event could say who she is or what it is about.
TEXTS = {"description", "location", "name", "notes"}


class CalendarEvent(models.Model):
    """Adds to which case an appointment belongs; nobody reads that in the calendar."""

    _inherit = "calendar.event"

    osc_case_id = fields.Many2one(
        comodel_name="osc.case",
        string="Case",
        index="btree_not_null",
        ondelete="cascade",
        copy=False,
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        events._keep_cases_private()
        events._check_no_identity(TEXTS)
        return events

    def write(self, vals):
        result = super().write(vals)
        if {"privacy", "res_model", "res_model_id"} & set(vals):
            self._keep_cases_private()
        self._check_no_identity(TEXTS & set(vals))
        return result

    def _check_no_identity(self, names):
        """Calendars are synchronised and printed: no name of hers in there.

        :raise UserError: one of these fields of a case's appointment says who she is
        """
        if not names:
            return
        # To which case it belongs is hidden; the case itself asks who may know.
        for event in self.sudo().filtered("osc_case_id"):
            case = event.osc_case_id.with_env(self.env)
            case._check_no_identity(*(event[name] for name in names))

    def _keep_cases_private(self):
        """Meetings made from a case show others only that somebody is busy."""
        of_cases = self.filtered(
            lambda event: event.res_model == "osc.case" and event.privacy != "private"
        )
        if of_cases:
            of_cases.privacy = "private"
