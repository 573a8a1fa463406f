from odoo import api, fields, models
from odoo.exceptions import AccessError


class OscRepresentative(models.Model):
    """Adds that only those who are trained, and have understood the SOPs, take cases."""

    _name = "osc.representative"
    _inherit = ["osc.representative", "osc.given.mixin"]

    joined_on = fields.Date(
        string="Since",
        required=True,
        copy=False,
        default=fields.Date.context_today,
        help="From this day the days of grace count that somebody new has for what is "
        "required.",
    )
    moved_on = fields.Date(
        string="At this center since",
        copy=False,
        readonly=True,
        help="Empty: as long as a representative. From this day the days of grace count "
        "for what is required here and wasn't at the center before.",
    )
    moved_from_id = fields.Many2one(
        comodel_name="osc.center",
        string="Center before",
        copy=False,
        readonly=True,
        ondelete="set null",
    )
    override_ids = fields.One2many(
        comodel_name="osc.training.override",
        inverse_name="representative_id",
        string="Exceptions",
    )
    excepted_until = fields.Datetime(
        string="Excepted until",
        compute="_compute_excepted_until",
        compute_sudo=True,
        help="Until then a manager lets the representative take cases in spite of "
        "what is missing.",
    )
    standing_ids = fields.One2many(
        comodel_name="osc.training.standing",
        inverse_name="representative_id",
        string="Training",
    )

    # ------------------------------------------------------------------
    # Days of grace
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        today = fields.Date.context_today(self)
        # Forms send the default along, which nobody has chosen.
        vals_list = [
            {
                name: value
                for name, value in vals.items()
                if name != "joined_on" or fields.Date.to_date(value) != today
            }
            for vals in vals_list
        ]
        self._check_joined_on(vals_list)
        representatives = super().create(vals_list)
        for representative, vals in zip(representatives, vals_list, strict=True):
            if not vals.get("joined_on"):
                representative._keep_joined_on()
        return representatives

    def write(self, vals):
        self._check_joined_on([vals])
        centers = {one: one.center_id for one in self}
        result = super().write(vals)
        for representative, before in centers.items():
            if representative.center_id != before:
                representative._note_move(before, representative._others())
        return result

    @api.model
    def _check_joined_on(self, vals_list):
        """:raise AccessError: somebody who may not gives days of grace"""
        given = {name for vals in vals_list for name in vals}
        if self.env.su or not {"joined_on", "moved_from_id", "moved_on"} & given:
            return
        if not self.env.user.has_groups(
            "osc_training.group_hr,osc_base.group_administrator"
        ):
            raise AccessError(
                self.env._("Only HR can change since when somebody is there.")
            )

    def _keep_joined_on(self):
        """Who was there before in the same discipline isn't new again."""
        self.ensure_one()
        others = self._others()
        before = others[:1]
        if before and before.joined_on < self.joined_on:
            # Set by nobody but HR and this.
            self.sudo().joined_on = before.joined_on
            last = others.filtered("active") or others
            self._note_move(last[-1:].center_id, others)

    def _others(self):
        """The other records of the person in the same discipline, the oldest first."""
        self.ensure_one()
        # Records of other centers and archived ones count, whoever may see them.
        everywhere = self.sudo().with_context(active_test=False)
        return everywhere.search(
            [
                ("employee_id", "=", self.employee_id.id),
                ("discipline_id", "=", self.discipline_id.id),
                ("id", "!=", self.id),
            ],
            order="joined_on, id",
        )

    def _note_move(self, before, others):
        """Who comes to a center for the first time has days of grace for what is
        required there and wasn't at the center before."""
        self.ensure_one()
        new = self.center_id not in others.center_id | self.moved_from_id
        # Set by nobody but this.
        self.sudo().write(
            {
                # Kept when somebody comes back, or each way would give grace again.
                "moved_from_id": before.id,
                "moved_on": new and self.center_id._local_day(),
            }
        )

    # ------------------------------------------------------------------
    # Who can take cases
    # ------------------------------------------------------------------
    @api.depends(
        "joined_on",
        "moved_from_id",
        "moved_on",
        "agency_id",
        "center_id",
        "discipline_id",
        "employee_id.active",
        "employee_id.employee_skill_ids.skill_id",
        "employee_id.employee_skill_ids.valid_from",
        "employee_id.employee_skill_ids.valid_to",
        "employee_id.osc_acknowledgement_ids.passed_at",
        "override_ids.date_from",
        "override_ids.date_to",
    )
    @api.depends_context("uid")
    def _compute_assignable(self):
        result = super()._compute_assignable()
        now = fields.Datetime.now()
        pairs = {person: (person._origin.id, now) for person in self}
        reasons = self._training_reasons(pairs.values())
        for representative in self:
            lacking = reasons.get(pairs[representative], [])
            if lacking:
                known = [representative.unassignable_reason] * bool(
                    representative.unassignable_reason
                )
                representative.assignable = False
                representative.unassignable_reason = "; ".join(known + lacking)
        return result

    @api.model
    def _forget_assignable(self):
        """Something changed that no field of a representative depends on."""
        self.invalidate_model(["assignable", "unassignable_reason", "standing_ids"])
        self.env["osc.training.standing"].invalidate_model()

    @api.model
    def _training_reasons(self, moments):
        """Why people can't take cases, each at a moment, as far as training goes.

        :param moments: pairs of (id of the representative, naive UTC)
        :return: ``{pair: [reason, …]}`` of those who can't
        """
        moments = {pair for pair in moments if pair[0]}
        # Whether somebody can take cases is right whoever asks; why is told to some.
        Standing = self.env["osc.training.standing"].sudo()
        Override = self.env["osc.training.override"].sudo()
        lacking = Standing._lacking(moments)
        for excepted in Override._excepted(lacking.keys()):
            del lacking[excepted]
        people = self.sudo().browse({pair[0] for pair in moments})
        known = {person.id: person for person in people}
        reasons = {
            pair: [self.env._("the employee is archived")]
            for pair in moments
            if not known[pair[0]].employee_id.active
        }
        for pair, rows in lacking.items():
            if known[pair[0]]._may_know_training():
                texts = list(map(Standing._reason, rows))
            else:
                texts = [self.env._("training isn't complete")]
            reasons.setdefault(pair, []).extend(texts)
        return reasons

    def _may_know_training(self):
        """Whether the current user may know what a person lacks: that person, who
        manages the person or the center, HR. Colleagues learn that something is."""
        self.ensure_one()
        user = self.env.user
        return (
            user in self.user_id | self.center_id.manager_id
            or user == self.employee_id.parent_id.user_id
            or user._is_superuser()
            or user.has_group("hr.group_hr_user")
        )

    @api.depends("center_id", "override_ids.date_from", "override_ids.date_to")
    def _compute_excepted_until(self):
        now = fields.Datetime.now()
        for representative in self:
            ends = [
                override.date_to
                for override in representative.override_ids
                if override._holds_at(now)
            ]
            representative.excepted_until = max(ends, default=False)

    def action_override(self):
        """Open the page on which a manager makes an exception for one shift."""
        self.ensure_one()
        shift = self.env["osc.duty.shift"].search(
            [
                ("representative_id", "=", self.id),
                ("end", ">", fields.Datetime.now()),
            ],
            limit=1,
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Exception for one shift"),
            "res_model": "osc.training.override",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_representative_id": self.id,
                "default_shift_id": shift.id,
            },
        }

    def action_training(self):
        """Open what a representative holds and lacks."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "osc_training.osc_training_standing_action"
        )
        return {**action, "domain": [("representative_id", "=", self.id)]}
