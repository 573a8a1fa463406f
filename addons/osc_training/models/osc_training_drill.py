from odoo import api, fields, models
from odoo.exceptions import UserError


class OscTrainingDrill(models.Model):
    """A mock alert: how fast those who take part acknowledge.

    There is no case: it counts in no statistics of cases, and nobody is told but those
    who take part.
    """

    _name = "osc.training.drill"
    _description = "Drill"
    _order = "started_at desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, default=lambda self: self.env._("Drill"))
    center_id = fields.Many2one(
        comodel_name="osc.center",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env["osc.center"]._default_for_user(),
    )
    company_id = fields.Many2one(related="center_id.company_id", store=True)
    scenario = fields.Text(
        help="What is played. Invent it: never tell of a real case.",
    )
    target_minutes = fields.Integer(
        string="To acknowledge within (minutes)", required=True, default=15
    )
    participant_ids = fields.One2many(
        comodel_name="osc.training.drill.participant",
        inverse_name="drill_id",
        string="Who takes part",
        copy=False,
    )
    state = fields.Selection(
        selection=[("draft", "Planned"), ("running", "Running"), ("done", "Done")],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
    )
    started_at = fields.Datetime(readonly=True, copy=False)
    ended_at = fields.Datetime(readonly=True, copy=False)
    acknowledged_count = fields.Integer(
        string="Acknowledged", compute="_compute_result", store=True
    )
    participant_count = fields.Integer(
        string="Take part", compute="_compute_result", store=True
    )
    average_minutes = fields.Float(
        string="Average time (minutes)",
        compute="_compute_result",
        store=True,
        aggregator="avg",
    )

    _target_positive = models.Constraint(
        "CHECK(target_minutes > 0)", "Give at least one minute to acknowledge."
    )

    @api.depends("participant_ids.minutes", "participant_ids.acknowledged_at")
    def _compute_result(self):
        for drill in self:
            people = drill.participant_ids
            answered = people.filtered("acknowledged_at")
            drill.participant_count = len(people)
            drill.acknowledged_count = len(answered)
            drill.average_minutes = (
                sum(answered.mapped("minutes")) / len(answered) if answered else 0
            )

    def write(self, vals):
        if not self.env.su:
            self._check_planned(vals)
        return super().write(vals)

    def _check_planned(self, vals):
        """:raise UserError: a drill that has begun is changed"""
        if any(drill.state != "draft" for drill in self) and set(vals) - {"name"}:
            raise UserError(self.env._("A drill that has begun can't be changed."))
        if {"state", "started_at", "ended_at"} & set(vals):
            raise UserError(self.env._("Use the buttons to start and end a drill."))

    def action_start(self):
        """Alert those who take part, and nobody else."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._("This drill has begun already."))
        if not self.participant_ids:
            raise UserError(self.env._("Choose who takes part."))
        now = fields.Datetime.now()
        # The times are written by nobody but the server.
        drill = self.sudo()
        drill.write({"state": "running", "started_at": now})
        drill.participant_ids.write({"alerted_at": now})
        drill.participant_ids._alert()

    def action_end(self):
        """End the drill; who hasn't acknowledged by now, hasn't."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "running":
            raise UserError(self.env._("Only a running drill can be ended."))
        # States are written by these methods only.
        self.sudo().write({"state": "done", "ended_at": fields.Datetime.now()})

    def action_on_duty(self):
        """Let everybody take part who is on duty at the center now."""
        self.ensure_one()
        self.check_access("write")
        on_duty = self.env["osc.representative"].search(
            [("center_id", "=", self.center_id.id), ("on_duty", "=", True)]
        )
        self.participant_ids = [
            fields.Command.create({"representative_id": person.id})
            for person in on_duty - self.participant_ids.representative_id
        ]
