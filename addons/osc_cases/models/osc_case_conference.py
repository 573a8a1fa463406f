from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.osc_base.fields import EncryptedText


class OscCaseConference(models.Model):
    """Members of a case meet about it: agenda, minutes, and who does what until when."""

    _name = "osc.case.conference"
    _description = "Case conference"
    _inherit = ["osc.case.appointment", "osc.vault.mixin", "osc.case.audited"]
    _order = "start desc, id desc"

    case_id = fields.Many2one(
        comodel_name="osc.case", required=True, index=True, ondelete="cascade"
    )
    author_id = fields.Many2one(
        comodel_name="res.users",
        string="Called by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    state = fields.Selection(
        selection=[
            ("planned", "Planned"),
            ("held", "Held"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="planned",
        readonly=True,
        copy=False,
    )
    participant_ids = fields.Many2many(
        comodel_name="res.users",
        relation="osc_case_conference_user_rel",
        column1="conference_id",
        column2="user_id",
        string="Participants",
        domain="[('id', 'in', possible_user_ids)]",
        default=lambda self: self.env.user,
        help="Members of the case only.",
    )
    possible_user_ids = fields.Many2many(
        comodel_name="res.users",
        compute="_compute_possible_user_ids",
        export_string_translation=False,
    )
    agenda = EncryptedText()
    minutes = EncryptedText()
    decision_ids = fields.One2many(
        comodel_name="osc.case.decision",
        inverse_name="conference_id",
        string="Decisions",
    )
    open_decision_count = fields.Integer(
        string="To be done", compute="_compute_open_decision_count"
    )
    user_may_open = fields.Boolean(
        compute="_compute_user_rights",
        search="_search_user_may_open",
        export_string_translation=False,
    )
    user_may_change = fields.Boolean(
        compute="_compute_user_rights",
        search="_search_user_may_change",
        export_string_translation=False,
    )

    @api.depends("case_id.display_name")
    def _compute_display_name(self):
        for conference in self:
            conference.display_name = self.env._(
                "%s · Conference", conference.case_id.display_name
            )

    @api.depends("case_id")
    def _compute_possible_user_ids(self):
        for conference in self:
            # In the form of a case, the case is one that is being changed.
            case = conference.case_id._origin
            nobody = self.env["res.users"]
            conference.possible_user_ids = case._valid_members() if case else nobody

    @api.depends("decision_ids.done_at")
    def _compute_open_decision_count(self):
        for conference in self:
            conference.open_decision_count = len(
                conference.decision_ids.filtered(lambda decision: not decision.done_at)
            )

    # ------------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------------
    @api.depends("case_id", "participant_ids", "author_id")
    @api.depends_context("uid")
    def _compute_user_rights(self):
        for conference in self:
            case = conference.case_id
            invited = self.env.user in conference.sudo().participant_ids
            conference.user_may_change = case.user_may_change
            conference.user_may_open = case.user_may_change or (
                case.user_may_open and invited
            )

    def _search_user_may_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = Domain("case_id.user_may_change", "=", True) | (
            Domain("case_id.user_may_open", "=", True)
            & Domain("participant_ids", "in", [self.env.uid])
        )
        return mine if True in value else ~mine

    def _search_user_may_change(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = Domain("case_id.user_may_change", "=", True)
        return mine if True in value else ~mine

    @api.constrains("participant_ids", "case_id", "state")
    def _check_participants(self):
        """Whoever may not open the case isn't invited to talk about it."""
        for conference in self.filtered(lambda c: c.state == "planned"):
            members = conference.case_id._valid_members()
            # All who are invited, also those whom the user doesn't see.
            strangers = conference.sudo().participant_ids - members
            if strangers:
                raise ValidationError(
                    self.env._(
                        "Only people who may open the case can be invited, not %s.",
                        ", ".join(strangers.mapped("name")),
                    )
                )

    # ------------------------------------------------------------------
    # Decisions
    # ------------------------------------------------------------------
    def _first_deadline(self):
        """The first day until which a decision can be done, where the center is."""
        # In the form of a case, the case is one that is being changed.
        center = self._case_itself()._origin.center_id
        if not center:
            return fields.Date.context_today(self)
        today = center._local_day()
        return max(today, center._local_day(self.start)) if self.start else today

    @api.onchange("start")
    def _onchange_start(self):
        """Decisions that were noted before the day was chosen aren't due before it."""
        first = self._first_deadline()
        for decision in self.decision_ids.filtered(lambda one: not one.done_at):
            if decision.date_deadline and decision.date_deadline < first:
                decision.date_deadline = first

    # ------------------------------------------------------------------
    # Appointment
    # ------------------------------------------------------------------
    def _attendees(self):
        return self.participant_ids & self.case_id._valid_members()

    def _is_cancelled(self):
        return self.state == "cancelled"

    @api.model
    def _appointment_fields(self):
        return super()._appointment_fields() | {"participant_ids"}

    # ------------------------------------------------------------------
    # States
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: the user may not change the case"""
        if not self.env.su:
            # Before anybody learns from a refusal who may open it.
            default = self.env.context.get("default_case_id")
            ids = {vals.get("case_id", default) for vals in vals_list} - {None, False}
            self.env["osc.case"].browse(ids).check_access("write")
            vals_list = [
                {**vals, "state": "planned", "author_id": self.env.uid}
                for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if "state" in vals:
                raise UserError(self.env._("Use Held or Cancel."))
            for name in {"case_id", "author_id"} & set(vals):
                if any(conference[name].id != vals[name] for conference in self):
                    raise UserError(self.env._("It belongs to another case."))
            if {"start", "duration", "participant_ids"} & set(vals):
                self._check_planned()
        return super().write(vals)

    def _check_planned(self):
        """:raise UserError: it took place or was called off"""
        if any(conference.state != "planned" for conference in self):
            raise UserError(self.env._("This conference isn't planned any more."))

    def action_held(self):
        """It took place.

        :raise UserError: it isn't planned any more, or hasn't begun
        """
        self.check_access("write")
        if any(conference.start > fields.Datetime.now() for conference in self):
            raise UserError(self.env._("This conference has not begun."))
        return self._end("held")

    def action_cancel(self):
        """It doesn't take place."""
        return self._end("cancelled")

    def _end(self, state):
        self.check_access("write")
        self._check_planned()
        # The state is only written by these methods.
        self.sudo().write({"state": state})
        return True
