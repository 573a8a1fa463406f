from datetime import timedelta

from odoo import api, fields, models


class OscDutyShift(models.Model):
    """Adds a warning when a shift is given to somebody who will not be trained then."""

    _inherit = "osc.duty.shift"

    training_warning = fields.Char(
        string="Training",
        compute="_compute_training_warning",
        compute_sudo=True,
        help="What the representative will lack when the shift begins, or before it "
        "ends.",
    )

    @api.depends("start", "end")
    @api.depends_context("show_hours", "tz")
    def _compute_display_name(self):
        """Whoever chooses among the shifts of one person must see when they are."""
        result = super()._compute_display_name()
        if self.env.context.get("show_hours"):
            for shift in self.filtered(lambda one: one.start and one.end):
                shift.display_name = self.env._(
                    "%(start)s to %(end)s",
                    start=shift._local_text(shift.start),
                    end=shift._local_text(shift.end),
                )
        return result

    @api.depends("representative_id", "start", "end")
    @api.depends_context("uid")
    def _compute_training_warning(self):
        """What ends at midnight keeps people from taking cases in the middle of a
        night: the last moment of a shift counts like the first."""
        now = fields.Datetime.now()
        first, last = {}, {}
        for shift in self:
            person = shift.representative_id._origin
            if person and shift.start and (not shift.end or shift.end > now):
                first[shift] = (person.id, max(shift.start, now))
                if shift.end:
                    last[shift] = (person.id, shift.end - timedelta(seconds=1))
        reasons = self.env["osc.representative"]._training_reasons(
            [*first.values(), *last.values()]
        )
        for shift in self:
            lacking = "; ".join(reasons.get(first.get(shift), ()))
            if not lacking and (later := reasons.get(last.get(shift))):
                lacking = self.env._("before the shift ends: %s", "; ".join(later))
            shift.training_warning = lacking

    @api.onchange("representative_id", "start", "end")
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
