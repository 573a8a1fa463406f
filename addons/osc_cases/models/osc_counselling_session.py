from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.osc_base.fields import EncryptedText


class OscCounsellingSession(models.Model):
    """A session with a counsellor."""

    _name = "osc.counselling.session"
    _description = "Counselling session"
    _inherit = "osc.counselling.content"
    _order = "held_at desc, id desc"

    held_at = fields.Datetime(string="When", required=True, default=fields.Datetime.now)
    minutes = fields.Integer(string="Duration (minutes)", default=50)
    kind = fields.Selection(
        selection=[
            ("individual", "Alone"),
            ("family", "With her family"),
            ("group", "Group"),
            ("crisis", "Crisis"),
        ],
        required=True,
        default="individual",
    )
    by_phone = fields.Boolean(help="By phone or video.")
    female_counsellor = fields.Boolean(
        string="By a woman, as she wished", help="When she asked for it."
    )
    notes = EncryptedText(help="Read by the counsellors of this case and nobody else.")
    plan = EncryptedText(string="Until the next time")

    _minutes_sensible = models.Constraint(
        "CHECK(minutes BETWEEN 0 AND 600)", "Check the duration."
    )

    @api.depends("case_id.display_name")
    def _compute_display_name(self):
        for session in self:
            session.display_name = self.env._(
                "%s · Counselling", session.case_id.display_name
            )

    @api.model_create_multi
    def create(self, vals_list):
        sessions = super().create(vals_list)
        sessions._tell_clock()
        return sessions

    def write(self, vals):
        result = super().write(vals)
        if "held_at" in vals:
            self._tell_clock()
        return result

    def _tell_clock(self):
        """That something was done for her is no secret of the counsellors."""
        for session in self:
            session.case_id._clock_event(
                "first_service", session.held_at, source=session
            )

    @api.constrains("discipline_id")
    def _check_discipline(self):
        return super()._check_discipline()

    @api.constrains("held_at")
    def _check_held_at(self):
        for session in self:
            if session.held_at > fields.Datetime.now():
                raise ValidationError(
                    self.env._("Write about a session after it took place.")
                )
