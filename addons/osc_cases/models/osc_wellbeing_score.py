from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.osc_base.fields import EncryptedText


class OscWellbeingScore(models.Model):
    """A total of a questionnaire, to see over time how she is."""

    _name = "osc.wellbeing.score"
    _description = "Wellbeing score"
    _inherit = "osc.counselling.content"
    _order = "measured_on desc, id desc"

    scale_id = fields.Many2one(
        comodel_name="osc.wellbeing.scale", required=True, ondelete="restrict"
    )
    measured_on = fields.Date(
        string="When", required=True, default=fields.Date.context_today
    )
    total = fields.Integer(required=True, aggregator="avg")
    has_risk_item = fields.Boolean(related="scale_id.has_risk_item")
    risk_answer = fields.Integer(
        string="Answer about self-harm",
        aggregator=None,
        help="0: not at all. The number of the answer, as the questionnaire has it.",
    )
    shows_risk = fields.Boolean(compute="_compute_shows_risk")
    protocol = fields.Text(related="scale_id.protocol")
    protocol_done = fields.Boolean(
        string="Protocol followed", help="The steps above were taken."
    )
    remark = EncryptedText()

    @api.depends("case_id.display_name", "scale_id")
    def _compute_display_name(self):
        for score in self:
            score.display_name = f"{score.case_id.display_name} · {score.scale_id.name}"

    @api.depends("risk_answer", "scale_id")
    def _compute_shows_risk(self):
        for score in self:
            score.shows_risk = score.scale_id.has_risk_item and score.risk_answer > 0

    @api.constrains("discipline_id")
    def _check_discipline(self):
        return super()._check_discipline()

    @api.constrains("total", "risk_answer", "scale_id")
    def _check_range(self):
        for score in self:
            scale = score.scale_id
            if not scale.minimum <= score.total <= scale.maximum:
                raise ValidationError(
                    self.env._(
                        "%(scale)s goes from %(minimum)s to %(maximum)s.",
                        scale=scale.name,
                        minimum=scale.minimum,
                        maximum=scale.maximum,
                    )
                )
            highest = scale.risk_maximum if scale.has_risk_item else 0
            if not 0 <= score.risk_answer <= highest:
                raise ValidationError(
                    self.env._(
                        "The answer about self-harm goes from 0 to %s here.", highest
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        scores = super().create(vals_list)
        scores._raise_urgency()
        return scores

    def write(self, vals):
        result = super().write(vals)
        if {"risk_answer", "scale_id"} & set(vals):
            self._raise_urgency()
        return result

    def _raise_urgency(self):
        """Who thinks of harming herself is urgent; the case doesn't say why."""
        for score in self.filtered("shows_risk"):
            # Counsellors may not change the case otherwise.
            score._case_itself()._become_at_least(score.scale_id.risk_urgency)
