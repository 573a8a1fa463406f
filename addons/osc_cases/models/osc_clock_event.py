from odoo import fields, models

from .osc_clock_type import EVENTS


class OscClockEvent(models.Model):
    """When something happened that starts or meets clocks of a case.

    Kept apart from the clocks: a dose may be noted before the time of the incident is
    known, and the time of either may be corrected. Clocks are worked out from these;
    nobody reads them: they would tell all members of the case what was given to her.
    """

    _name = "osc.clock.event"
    _description = "Event that clocks count"
    _order = "moment, id"

    case_id = fields.Many2one(
        comodel_name="osc.case", required=True, index=True, ondelete="cascade"
    )
    name = fields.Selection(selection=EVENTS, string="Event", required=True)
    moment = fields.Datetime(required=True)
    source_model = fields.Char()
    source_id = fields.Many2oneReference(model_field="source_model")
