from odoo import api, fields, models

from .osc_clock_type import EVENTS

# What the delivery of a service of the catalog says for time limits.
EVENT_OF_SERVICE = {
    "pep": "pep_given",
    "emergency_contraception": "ec_given",
    "medico_legal_exam": "exam_done",
    "medical_follow_up": "medical_follow_up",
    "child_authority_notice": "child_authority_told",
    "fir": "fir_registered",
}


class OscService(models.Model):
    """Adds which time limit is met when a service has been delivered."""

    _inherit = "osc.service"

    clock_event = fields.Selection(
        selection=EVENTS,
        string="Meets time limits of",
        compute="_compute_clock_event",
        store=True,
        readonly=False,
        help="When this service was delivered, that has happened.",
    )

    @api.depends("code")
    def _compute_clock_event(self):
        for service in self:
            service.clock_event = EVENT_OF_SERVICE.get(service.code)
