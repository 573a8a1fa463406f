from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.osc_base.fields import BlindIndex, EncryptedChar, EncryptedText

WRITING_DISCIPLINES = ("police", "legal")
# Outcomes in her favour. Reconciliation is none: it is counted by itself.
SUCCESSES = ("convicted", "granted")
OUTCOMES = [
    ("convicted", "Convicted"),
    ("granted", "Decided in her favour"),
    ("acquitted", "Acquitted"),
    ("dismissed", "Dismissed"),
    ("withdrawn", "Withdrawn"),
    ("reconciliation", "Reconciliation"),
]


class OscLegalProceeding(models.Model):
    """Proceedings before police and courts, as one discipline follows them.

    Police and lawyers keep records of their own. Others read them as far as she
    consents to the legal record; the notes are for the own discipline whatever she
    consents to: what she tells her lawyer doesn't go to the police.
    """

    _name = "osc.legal.proceeding"
    _description = "Proceedings"
    _inherit = ["osc.case.content", "osc.vault.mixin"]
    _order = "id desc"

    _content_scope = "legal"

    discipline_id = fields.Many2one(
        string="Kept by",
        domain=[("code", "in", WRITING_DISCIPLINES)],
        default=lambda self: self._default_discipline(),
    )
    kind = fields.Selection(
        selection=[
            ("criminal", "Criminal"),
            ("protection", "Protection or family"),
            ("other", "Other"),
        ],
        required=True,
        default="criminal",
    )
    fir_number = EncryptedChar(
        string="Number of the report",
        search_as="identifier",
        token_field="fir_number_token",
        help="FIR or diary number. Registers of the police are public: with the number, "
        "anybody can find out who she is.",
    )
    fir_number_token = BlindIndex("fir_number")
    police_station = EncryptedChar()
    investigator = EncryptedChar(help="Name and rank.")
    court = EncryptedChar()
    court_number = EncryptedChar(string="Number at the court")
    private_notes = EncryptedText(groups=fields.NO_ACCESS)
    notes = EncryptedText(
        string="Own notes",
        compute="_compute_notes",
        inverse="_inverse_notes",
        help="For your discipline only, whatever she consents to.",
    )
    notes_open = fields.Boolean(compute="_compute_notes")
    step_ids = fields.One2many(
        comodel_name="osc.legal.step", inverse_name="proceeding_id", string="History"
    )
    hearing_ids = fields.One2many(
        comodel_name="osc.legal.hearing",
        inverse_name="proceeding_id",
        string="Hearings",
    )
    order_ids = fields.One2many(
        comodel_name="osc.legal.order", inverse_name="proceeding_id", string="Orders"
    )
    stage_id = fields.Many2one(
        comodel_name="osc.legal.stage",
        compute="_compute_stage_id",
        store=True,
        help="From the history.",
    )
    state = fields.Selection(
        selection=[("open", "Open"), ("decided", "Ended")],
        required=True,
        default="open",
        readonly=True,
        copy=False,
    )
    outcome = fields.Selection(
        selection=OUTCOMES,
        copy=False,
        help="Reconciliation is an outcome of its own, and no success.",
    )
    decided_on = fields.Date(string="Ended on", copy=False)
    is_success = fields.Boolean(
        string="In her favour",
        compute="_compute_is_success",
        store=True,
        help="What statistics count as success: a conviction or a decision in her "
        "favour. Reconciliation never.",
    )

    _decided_has_outcome = models.Constraint(
        "CHECK(state = 'open' OR (outcome IS NOT NULL AND decided_on IS NOT NULL))",
        "Proceedings that ended have an outcome and a date.",
    )

    @api.depends("case_id.display_name", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for proceeding in self:
            proceeding.display_name = " · ".join(
                filter(
                    None, [proceeding.case_id.display_name, kinds.get(proceeding.kind)]
                )
            )

    @api.depends("step_ids.stage_id", "step_ids.happened_at")
    def _compute_stage_id(self):
        for proceeding in self:
            steps = proceeding.step_ids.filtered(
                lambda step: not step.stage_id.is_side_event
            )
            last = steps.sorted(lambda step: (step.happened_at, step._origin.id or 0))
            proceeding.stage_id = last[-1:].stage_id

    @api.depends("outcome", "state")
    def _compute_is_success(self):
        for proceeding in self:
            proceeding.is_success = (
                proceeding.state == "decided" and proceeding.outcome in SUCCESSES
            )

    @api.depends("private_notes", "case_id", "discipline_id")
    @api.depends_context("uid")
    def _compute_notes(self):
        own = self._case_itself()._memberships_of(self.env.user)
        for proceeding in self:
            proceeding.notes_open = not proceeding._origin or any(
                map(proceeding._is_written_by, own)
            )
            # Stored where nobody reads it directly.
            proceeding.notes = proceeding.notes_open and proceeding.sudo().private_notes

    def _inverse_notes(self):
        for proceeding in self:
            # Record rules asked already whether the user writes this record.
            proceeding.sudo().private_notes = proceeding.notes

    @api.constrains("discipline_id")
    def _check_discipline(self):
        for proceeding in self:
            if proceeding.discipline_id.code not in WRITING_DISCIPLINES:
                raise ValidationError(
                    self.env._("Proceedings are kept by the police or by a lawyer.")
                )

    @api.constrains("decided_on")
    def _check_decided_on(self):
        for proceeding in self:
            today = proceeding._case_itself().center_id._local_day()
            if proceeding.decided_on and proceeding.decided_on > today:
                raise ValidationError(
                    self.env._("Proceedings can't have ended in the future.")
                )

    # ------------------------------------------------------------------
    # End
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [{**vals, "state": "open"} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if "state" in vals:
                raise UserError(self.env._("Use End: it asks for the outcome."))
            ended = self.filtered(lambda proceeding: proceeding.state == "decided")
            if ended and {"outcome", "decided_on"} & set(vals):
                raise UserError(
                    self.env._(
                        "These proceedings ended. An appeal in the history reopens them."
                    )
                )
        return super().write(vals)

    def action_decide(self):
        """End proceedings with the outcome that was entered.

        :raise UserError: they ended before, or the outcome is missing
        """
        self.check_access("write")
        for proceeding in self:
            if proceeding.state != "open":
                raise UserError(self.env._("These proceedings ended already."))
            if not proceeding.outcome:
                raise UserError(self.env._("Enter how they ended first."))
            if not proceeding.decided_on:
                proceeding.decided_on = proceeding._case_itself().center_id._local_day()
        # The state is only written by these methods.
        self.sudo().write({"state": "decided"})
        return True

    def _reopen(self):
        """An appeal: they go on. The history keeps the outcome until now."""
        # Called when a step is recorded, which asked for the rights.
        self.sudo().write({"state": "open", "outcome": False, "decided_on": False})
