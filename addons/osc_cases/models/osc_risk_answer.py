from odoo import api, fields, models


class OscRiskAnswer(models.Model):
    """What she answered to one question. Empty: it was not asked."""

    _name = "osc.risk.answer"
    _description = "Answer of a risk assessment"
    _inherit = "osc.case.audited"
    _order = "sequence, id"

    assessment_id = fields.Many2one(
        comodel_name="osc.risk.assessment",
        required=True,
        index=True,
        ondelete="cascade",
    )
    case_id = fields.Many2one(related="assessment_id.case_id", store=True, index=True)
    item_id = fields.Many2one(
        comodel_name="osc.risk.item", required=True, ondelete="restrict"
    )
    # As the template was when she was asked: it may be corrected later.
    sequence = fields.Integer(
        string="No.", compute="_compute_from_item", store=True, precompute=True
    )
    weight = fields.Integer(
        compute="_compute_from_item", store=True, precompute=True, aggregator=None
    )
    high_alone = fields.Boolean(
        compute="_compute_from_item", store=True, precompute=True
    )
    question = fields.Text(related="item_id.name")
    answer = fields.Selection(
        selection=[
            ("yes", "Yes"),
            ("no", "No"),
            ("unknown", "Not known"),
            ("unsaid", "Prefers not to say"),
        ],
    )

    _one_per_item = models.Constraint(
        "UNIQUE(assessment_id, item_id)", "Each question is answered once."
    )

    @api.depends("item_id")
    def _compute_from_item(self):
        for answer in self:
            answer.sequence = answer.item_id.sequence
            answer.weight = answer.item_id.weight
            answer.high_alone = answer.item_id.high_alone

    @api.depends("case_id.display_name", "sequence")
    def _compute_display_name(self):
        for answer in self:
            answer.display_name = self.env._(
                "%(case)s · Answer %(number)s",
                case=answer.case_id.display_name,
                number=answer.sequence,
            )

    @api.model_create_multi
    def create(self, vals_list):
        answers = super().create(vals_list)
        answers.case_id._note_risk()
        return answers

    def write(self, vals):
        result = super().write(vals)
        self.case_id._note_risk()
        return result
