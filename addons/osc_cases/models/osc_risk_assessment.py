from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from odoo.addons.osc_base.fields import EncryptedText

from .osc_risk_template import LEVELS, rank


class OscRiskAssessment(models.Model):
    """How dangerous it is for her at one moment. Asked again, it is a new record.

    What she answers is part of what she tells, so others read it with the consent that
    opens her statement; the level alone stands on the case. A worker who knows more may
    raise the level and never lower it.
    """

    _name = "osc.risk.assessment"
    _description = "Risk assessment"
    _inherit = ["osc.case.content", "osc.vault.mixin"]
    _order = "assessed_at desc, id desc"

    _content_scope = "statement"

    discipline_id = fields.Many2one(default=lambda self: self._default_discipline())
    template_id = fields.Many2one(
        comodel_name="osc.risk.template",
        string="Questions",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env["osc.risk.template"].search([], limit=1),
    )
    introduction = fields.Text(related="template_id.introduction")
    assessed_at = fields.Datetime(
        string="When", required=True, default=fields.Datetime.now
    )
    answer_ids = fields.One2many(
        comodel_name="osc.risk.answer",
        inverse_name="assessment_id",
        string="Answers",
        compute="_compute_answer_ids",
        store=True,
        readonly=False,
    )
    answered_count = fields.Integer(
        string="Answered", compute="_compute_answered", aggregator=None
    )
    item_count = fields.Integer(compute="_compute_answered", aggregator=None)
    score = fields.Integer(compute="_compute_level", store=True, aggregator="max")
    band_id = fields.Many2one(
        comodel_name="osc.risk.band",
        compute="_compute_level",
        store=True,
        ondelete="set null",
    )
    screened_level = fields.Selection(
        selection=LEVELS,
        string="By the answers",
        compute="_compute_level",
        store=True,
        help="Empty as long as no question is answered yes or no.",
    )
    override_level = fields.Selection(
        selection=LEVELS[1:],
        string="I judge it higher",
        help="What you know and the questions don't ask. Never lower than the answers.",
    )
    override_reason = EncryptedText(string="Why it is higher")
    level = fields.Selection(
        selection=LEVELS, string="Danger", compute="_compute_level", store=True
    )
    danger_rank = fields.Integer(
        string="Danger (1 low, 4 extreme)",
        compute="_compute_level",
        store=True,
        aggregator="max",
        help="For the graph: scores of different templates can't be compared.",
    )
    note = EncryptedText(string="Notes")

    # ------------------------------------------------------------------
    # Questions and answers
    # ------------------------------------------------------------------
    @api.model
    def _default_discipline(self):
        return super()._default_discipline() or self.env.ref(
            "osc_base.osc_discipline_casework", False
        )

    @api.depends("template_id")
    def _compute_answer_ids(self):
        for assessment in self:
            missing = assessment.template_id.item_ids - assessment.answer_ids.item_id
            others = assessment.answer_ids.filtered(
                lambda answer, own=assessment: (
                    answer.item_id.template_id != own.template_id
                )
            )
            assessment.answer_ids = [
                *(Command.delete(answer.id) for answer in others),
                *(Command.create({"item_id": item.id}) for item in missing),
            ]

    @api.depends("answer_ids.answer")
    def _compute_answered(self):
        for assessment in self:
            assessment.item_count = len(assessment.answer_ids)
            assessment.answered_count = len(assessment.answer_ids.filtered("answer"))

    # ------------------------------------------------------------------
    # Level
    # ------------------------------------------------------------------
    @api.depends(
        "answer_ids.answer",
        "answer_ids.weight",
        "answer_ids.high_alone",
        "template_id",
        "override_level",
    )
    def _compute_level(self):
        """Bands that are changed later leave earlier assessments as they were."""
        for assessment in self:
            answers = assessment.answer_ids
            yes = answers.filtered(lambda answer: answer.answer == "yes")
            assessment.score = sum(yes.mapped("weight"))
            level = False
            band = assessment.env["osc.risk.band"]
            if answers.filtered(lambda answer: answer.answer in ("yes", "no")):
                band = assessment.template_id._band_of(assessment.score)
                level = band.level
                if any(yes.mapped("high_alone")) and rank(level) < rank("high"):
                    level = "high"
                    # Not that of the score: “below the threshold” would be wrong.
                    band = assessment.template_id.band_ids.filtered(
                        lambda band: rank(band.level) >= rank("high")
                    ).sorted("score_from")[:1]
            assessment.band_id = band
            assessment.screened_level = level
            assessment.level = max(level, assessment.override_level, key=rank) or False
            assessment.danger_rank = rank(assessment.level) + 1

    @api.constrains("override_level", "override_reason")
    def _check_override(self):
        for assessment in self.filtered("override_level"):
            if not (assessment.override_reason or "").strip():
                raise ValidationError(
                    self.env._("Write why you judge the danger to be higher.")
                )
            if rank(assessment.override_level) <= rank(assessment.screened_level):
                raise ValidationError(
                    self.env._(
                        "Your judgement can only raise the danger above what the "
                        "answers say. Leave it empty otherwise."
                    )
                )

    @api.constrains("assessed_at")
    def _check_assessed_at(self):
        if any(one.assessed_at > fields.Datetime.now() for one in self):
            raise ValidationError(
                self.env._("An assessment can't be made in the future.")
            )

    @api.depends("case_id.display_name", "assessed_at")
    def _compute_display_name(self):
        for assessment in self:
            moment = assessment.assessed_at and fields.Datetime.context_timestamp(
                assessment, assessment.assessed_at
            )
            assessment.display_name = self.env._(
                "%(case)s · Risk %(day)s",
                case=assessment.case_id.display_name,
                day=moment and moment.strftime("%Y-%m-%d"),
            )

    @api.model_create_multi
    def create(self, vals_list):
        assessments = super().create(vals_list)
        assessments.case_id._note_risk()
        return assessments

    def write(self, vals):
        result = super().write(vals)
        self.case_id._note_risk()
        return result
