from datetime import timezone
from zoneinfo import ZoneInfo

from odoo import fields, models


class HrEmployee(models.Model):
    """Adds where the person is a representative, and the SOPs acknowledged."""

    _inherit = "hr.employee"
    # Imported lists name people by either.
    _rec_names_search = ["name", "work_email"]

    osc_representative_ids = fields.One2many(
        comodel_name="osc.representative",
        inverse_name="employee_id",
        string="Representative as",
        # Training results stay private when somebody has left.
        context={"active_test": False},
        groups="hr.group_hr_user",
    )
    osc_acknowledgement_ids = fields.One2many(
        comodel_name="osc.sop.acknowledgement",
        inverse_name="employee_id",
        string="SOPs",
        groups="hr.group_hr_user",
    )

    def _osc_local_day(self, moment):
        """The day where the person works: at the first center, else in the own zone.

        :param datetime moment: naive UTC
        """
        self.ensure_one()
        center = self.osc_representative_ids.filtered("active").center_id[:1]
        if center:
            return center._local_day(moment)
        zone = ZoneInfo(self.tz or "UTC")
        return moment.replace(tzinfo=timezone.utc).astimezone(zone).date()
