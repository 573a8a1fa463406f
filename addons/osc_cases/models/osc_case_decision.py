from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class OscCaseDecision(models.Model):
    """What a conference decided: a task on the case for one of its members.

    The task is an activity of Odoo, so it stands where people look for their tasks; it
    is done when that activity is done.
    """

    _name = "osc.case.decision"
    _description = "Decision of a conference"
    _inherit = "osc.case.audited"
    _order = "date_deadline, id"

    conference_id = fields.Many2one(
        comodel_name="osc.case.conference",
        required=True,
        index=True,
        ondelete="cascade",
    )
    case_id = fields.Many2one(
        related="conference_id.case_id", store=True, precompute=True, index=True
    )
    name = fields.Char(
        string="What",
        required=True,
        help="What is to be done. No names: “her”, “the children”.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Who",
        required=True,
        ondelete="restrict",
        domain="[('id', 'in', possible_user_ids)]",
    )
    possible_user_ids = fields.Many2many(related="conference_id.possible_user_ids")
    date_deadline = fields.Date(
        string="Until",
        required=True,
        compute="_compute_date_deadline",
        store=True,
        precompute=True,
        readonly=False,
    )
    activity_id = fields.Many2one(
        comodel_name="mail.activity",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=fields.NO_ACCESS,
    )
    done_at = fields.Datetime(string="Done", readonly=True, copy=False)
    done_by_id = fields.Many2one(
        comodel_name="res.users", string="Done by", readonly=True, copy=False
    )

    @api.depends("case_id.display_name")
    def _compute_display_name(self):
        for decision in self:
            decision.display_name = self.env._(
                "%s · Decision", decision.case_id.display_name
            )

    @api.depends("conference_id")
    def _compute_date_deadline(self):
        """Nothing is decided before the conference: its day, or today if that is later.

        Only for a new decision; a conference that is moved leaves the agreed day alone.
        """
        for decision in self:
            decision.date_deadline = (
                decision.date_deadline or decision.conference_id._first_deadline()
            )

    @api.constrains("user_id", "conference_id")
    def _check_member(self):
        for decision in self.filtered(lambda decision: not decision.done_at):
            if decision.user_id not in decision.case_id._valid_members():
                raise ValidationError(
                    self.env._(
                        "%s may not open the case, so can't do this.",
                        decision.user_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                {k: v for k, v in vals.items() if k not in ("done_at", "done_by_id")}
                for vals in vals_list
            ]
        decisions = super().create(vals_list)
        for decision in decisions:
            decision.case_id._check_no_identity(decision.name)
            activity = decision.case_id.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=decision.date_deadline,
                summary=decision.name,
                user_id=decision.user_id.id,
            )
            # The link is written by this method only.
            decision.sudo().activity_id = activity
        return decisions

    def write(self, vals):
        if not self.env.su:
            if {"done_at", "done_by_id"} & set(vals):
                raise UserError(self.env._("Mark the task of the case as done."))
            if "conference_id" in vals:
                raise UserError(self.env._("It belongs to another conference."))
            if any(decision.done_at for decision in self):
                raise UserError(self.env._("This was done already."))
        result = super().write(vals)
        for decision in self:
            if "name" in vals:
                decision.case_id._check_no_identity(decision.name)
            task = {
                task_name: vals[name]
                for name, task_name in {
                    "name": "summary",
                    "user_id": "user_id",
                    "date_deadline": "date_deadline",
                }.items()
                if name in vals
            }
            if task:
                # The task may be somebody else's.
                decision.sudo().activity_id.write(task)
        return result

    def unlink(self):
        # The tasks may be somebody else's.
        tasks = self.sudo().activity_id.filtered("active")
        result = super().unlink()
        tasks.unlink()
        return result

    def _done(self):
        """The task was done: called by the task, with the user who did it."""
        # Who does a task may not write decisions.
        self.sudo().filtered(lambda decision: not decision.done_at).write(
            {"done_at": fields.Datetime.now(), "done_by_id": self.env.uid}
        )

    def action_done(self):
        """Mark the task as done.

        :raise AccessError: the user may not open the conference
        """
        self.check_access("read")
        for decision in self:
            # Whether the user may do it is asked by the task.
            task = decision.sudo().activity_id.sudo(False)
            if task and not decision.done_at:
                task.action_done()
        return True
