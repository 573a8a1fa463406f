from odoo import api, fields, models


class OscDutyShift(models.Model):
    """Adds a warning when a shift is given to somebody who will not be trained then."""

    _inherit = "osc.duty.shift"

    training_warning = fields.Char(
        string="Training",
        compute="_compute_training_warning",
        compute_sudo=True,
        help="What the representative will lack when the shift begins.",
    )

    @api.depends("representative_id", "start", "end")
    @api.depends_context("uid")
    def _compute_training_warning(self):
        now = fields.Datetime.now()
        # Who is trained when a shift begins isn't relieved at midnight.
        pairs = {
            shift: (shift.representative_id._origin.id, max(shift.start, now))
            for shift in self
            if shift.representative_id
            and shift.start
            and (not shift.end or shift.end > now)
        }
        reasons = self.env["osc.representative"]._training_reasons(pairs.values())
        for shift in self:
            shift.training_warning = "; ".join(reasons.get(pairs.get(shift), ()))

    @api.onchange("representative_id", "start")
    def _onchange_training_warning(self):
        if self.training_warning:
            return {
                "warning": {
                    "type": "notification",
                    "title": self.env._("Not trained for this shift"),
                    "message": self.env._(
                        "%(name)s: %(reasons)s. You can give the shift all the same, "
                        "but no cases will be given unless this is mended by then.",
                        name=self.representative_id.name,
                        reasons=self.training_warning,
                    ),
                }
            }
        return None
