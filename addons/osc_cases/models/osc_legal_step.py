from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.osc_base.fields import EncryptedText

from .osc_legal_proceeding import OUTCOMES


class OscLegalStep(models.Model):
    """Something that happened in proceedings: they came to a stage, or bail was given.

    Which stage it was is not rewritten: a mistake is followed by a step that says so.
    """

    _name = "osc.legal.step"
    _description = "Step of proceedings"
    _inherit = "osc.legal.part"
    _order = "happened_at desc, id desc"

    stage_id = fields.Many2one(
        comodel_name="osc.legal.stage",
        string="What",
        required=True,
        ondelete="restrict",
        domain="[('id', 'in', possible_stage_ids)]",
    )
    possible_stage_ids = fields.Many2many(
        comodel_name="osc.legal.stage",
        compute="_compute_possible_stage_ids",
        export_string_translation=False,
    )
    happened_at = fields.Datetime(
        string="When", required=True, default=fields.Datetime.now
    )
    note = EncryptedText()
    former_outcome = fields.Selection(
        selection=OUTCOMES,
        readonly=True,
        help="How the proceedings had ended when they were reopened.",
    )

    @api.depends("case_id.display_name", "stage_id")
    def _compute_display_name(self):
        for step in self:
            step.display_name = f"{step.case_id.display_name} · {step.stage_id.name}"

    @api.depends("proceeding_id")
    def _compute_possible_stage_ids(self):
        for step in self:
            # The center's country is no secret.
            center = step.proceeding_id._case_itself().center_id
            step.possible_stage_ids = self.env["osc.legal.stage"]._of_country(
                center.country_id
            )

    @api.constrains("stage_id", "proceeding_id")
    def _check_stage(self):
        for step in self:
            if step.stage_id not in step.possible_stage_ids:
                raise ValidationError(
                    self.env._(
                        "“%s” is no stage of proceedings in this country.",
                        step.stage_id.name,
                    )
                )

    @api.constrains("happened_at")
    def _check_happened_at(self):
        for step in self:
            if step.happened_at > fields.Datetime.now():
                raise ValidationError(
                    self.env._("A step can't have happened in the future.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [
            {name: value for name, value in vals.items() if name != "former_outcome"}
            for vals in vals_list
        ]
        steps = super().create(vals_list)
        steps._move_proceedings()
        steps._tell_clocks()
        return steps

    def write(self, vals):
        result = super().write(vals)
        if "happened_at" in vals:
            self._tell_clocks()
        return result

    def _tell_clocks(self):
        """Time limits of the case may start or be met by this."""
        for step in self.filtered("stage_id.clock_event"):
            # Whoever writes about proceedings may not write the case.
            step._case_itself()._clock_event(
                step.stage_id.clock_event, step.happened_at, source=step
            )

    def _move_proceedings(self):
        """Ended proceedings go on with an appeal, and with nothing else.

        :raise UserError: they ended and it is no appeal
        """
        for step in self:
            proceeding = step.proceeding_id
            if proceeding.state != "decided" or step.stage_id.is_side_event:
                continue
            if not step.stage_id.reopens:
                raise UserError(
                    self.env._("These proceedings ended. Only an appeal reopens them.")
                )
            # Written by this method only.
            step.sudo().former_outcome = proceeding.outcome
            proceeding._reopen()

    @api.model
    def _fixed_fields(self):
        return super()._fixed_fields() | {"stage_id"}
