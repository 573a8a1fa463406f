from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError


class OscTrainingDrillParticipant(models.Model):
    """Somebody who takes part in a drill, and how long it took to acknowledge."""

    _name = "osc.training.drill.participant"
    _description = "Participant of a drill"
    _inherit = ["osc.given.mixin"]
    _order = "drill_id desc, id"
    _rec_name = "drill_id"

    drill_id = fields.Many2one(
        comodel_name="osc.training.drill",
        required=True,
        index=True,
        ondelete="cascade",
    )
    drill_state = fields.Selection(
        related="drill_id.state", string="State of the drill"
    )
    scenario = fields.Text(related="drill_id.scenario")
    center_id = fields.Many2one(related="drill_id.center_id", store=True, index=True)
    representative_id = fields.Many2one(
        comodel_name="osc.representative",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('center_id', '=', center_id), ('user_id', '!=', False)]",
    )
    user_id = fields.Many2one(
        related="representative_id.user_id", string="Login", store=True, index=True
    )
    alerted_at = fields.Datetime(readonly=True)
    acknowledged_at = fields.Datetime(readonly=True)
    minutes = fields.Float(
        string="Time (minutes)",
        compute="_compute_minutes",
        store=True,
        aggregator="avg",
    )
    in_time = fields.Boolean(compute="_compute_minutes", store=True)

    _once = models.Constraint(
        "UNIQUE(drill_id, representative_id)",
        "This person takes part in the drill already.",
    )

    @api.depends("alerted_at", "acknowledged_at", "drill_id.target_minutes")
    def _compute_minutes(self):
        for one in self:
            if one.alerted_at and one.acknowledged_at:
                taken = one.acknowledged_at - one.alerted_at
                one.minutes = taken.total_seconds() / 60
                one.in_time = one.minutes <= one.drill_id.target_minutes
            else:
                one.minutes = 0
                one.in_time = False

    @api.constrains("drill_id", "representative_id")
    def _check_of_the_center(self):
        for one in self.sudo():  # the center of a person, whoever may see the person
            if one.representative_id.center_id != one.drill_id.center_id:
                raise ValidationError(
                    self.env._("People of the center of the drill take part in it.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        participants = super().create(
            [
                {**vals, "alerted_at": False, "acknowledged_at": False}
                for vals in vals_list
            ]
        )
        participants._check_planned()
        return participants

    def write(self, vals):
        if not self.env.su:
            self._check_planned()
            if {"alerted_at", "acknowledged_at"} & set(vals):
                raise UserError(self.env._("The server writes the times of a drill."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        self._check_planned()

    def _check_planned(self):
        """:raise UserError: the drill has begun"""
        if not self.env.su and any(self.drill_id.mapped(lambda d: d.state != "draft")):
            raise UserError(self.env._("A drill that has begun can't be changed."))

    def _alert(self):
        """Tell those who take part, on their screens and in their inbox."""
        link = Markup('<a href="/odoo/action-%s">%s</a>') % (
            "osc_training.osc_training_drill_participant_action_own",
            self.env._("Acknowledge"),
        )
        for one in self.filtered("user_id"):
            one.user_id._bus_send(
                "simple_notification",
                {
                    "type": "warning",
                    "sticky": True,
                    "title": self.env._("DRILL: %s", one.drill_id.name),
                    "message": self.env._(
                        "This is an exercise. Acknowledge it under Training, My drills."
                    ),
                },
            )
        self.env["mail.thread"].message_notify(
            partner_ids=self.user_id.partner_id.ids,
            subject=self.env._("DRILL"),
            body=Markup("<p>%s</p><p>%s</p>")
            % (self.env._("This is an exercise, no case."), link),
        )

    def action_acknowledge(self):
        """Acknowledge the own drill; the first time counts.

        :raise AccessError: somebody else takes part here
        """
        self.ensure_one()
        self.check_access("read")
        if self.user_id != self.env.user:
            raise AccessError(self.env._("Everybody acknowledges for themselves."))
        if self.drill_id.state != "running":
            raise UserError(self.env._("This drill isn't running."))
        if not self.acknowledged_at:
            # The times are written by nobody but the server.
            self.sudo().acknowledged_at = fields.Datetime.now()
