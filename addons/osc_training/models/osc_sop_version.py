from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class OscSopVersion(models.Model):
    """Adds that those whom a version concerns read it, pass its quiz and sign it."""

    _name = "osc.sop.version"
    _inherit = ["osc.sop.version", "osc.sop.quiz"]

    acknowledgement_ids = fields.One2many(
        comodel_name="osc.sop.acknowledgement",
        inverse_name="version_id",
        string="Read and passed",
    )
    passed_count = fields.Integer(
        string="Passed by", compute="_compute_passed_count", compute_sudo=True
    )
    concerned_count = fields.Integer(
        string="Concerns people", compute="_compute_passed_count", compute_sudo=True
    )
    previous_version_id = fields.Many2one(
        comodel_name="osc.sop.version",
        string="Version before",
        compute="_compute_previous_version_id",
        compute_sudo=True,
    )
    difference = fields.Html(
        string="What changed",
        compute="_compute_difference",
        compute_sudo=True,
        sanitize=False,
        help="Roles and duties compared with those of the version before.",
    )

    @api.depends("acknowledgement_ids.passed_at", "state")
    def _compute_passed_count(self):
        """Figures for everybody; who has passed is for HR and managers."""
        self.passed_count = self.concerned_count = 0
        groups = self.env["osc.training.standing"]._read_group(
            [("version_id", "in", self.ids)],
            ["version_id", "state"],
            ["employee_id:count_distinct"],
        )
        for version, state, count in groups:
            version.concerned_count += count
            if state in ("valid", "expiring"):
                version.passed_count += count

    @api.depends("sop_id.version_ids.state", "in_force_from")
    def _compute_previous_version_id(self):
        for version in self:
            locked = version.sop_id.version_ids.filtered(
                lambda other: other.state in ("in_force", "superseded")
            ).sorted(
                lambda other: (
                    other.in_force_from,
                    other.state == "in_force",
                    other.approved_at,
                    other.id,
                )
            )
            if version in locked:
                locked = locked[: locked.ids.index(version.id)]
            version.previous_version_id = locked[-1:]

    @api.depends("duty_ids", "previous_version_id")
    @api.depends_context("lang")
    def _compute_difference(self):
        for version in self:
            before = version.previous_version_id.duty_ids
            version.difference = self.env["ir.qweb"]._render(
                "osc_training.sop_difference",
                {
                    "version": version,
                    "previous": version.previous_version_id,
                    "changes": version.duty_ids._changes_since(before),
                },
            )

    # ------------------------------------------------------------------
    # In force
    # ------------------------------------------------------------------
    def _put_in_force(self, today):
        before = self.filtered(lambda version: version.state == "in_force")
        result = super()._put_in_force(today)
        news = self.filtered(lambda version: version.state == "in_force") - before
        for version in news.sudo():  # who approves need not be HR
            version._ensure_quiz()
            version.sop_id.version_ids._close_tasks()
            version._open_tasks()
        return result

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self.env["osc.representative"]._forget_assignable()
        return result

    def _tasks(self):
        """The open tasks to read, pass and sign these versions."""
        # Of other people, whose tasks Odoo shows to nobody.
        Activity = self.env["mail.activity"].sudo()
        return Activity.search([("osc_sop_version_id", "in", self.ids)])

    def _open_tasks(self):
        """A task with a deadline for everybody whom a version in force concerns."""
        self.ensure_one()
        rows = self.env["osc.training.standing"]._rows(
            SQL("CROSS JOIN (SELECT %s::timestamp AS moment) m", fields.Datetime.now()),
            SQL(
                "s.version_id = %s AND s.user_id IS NOT NULL "
                "AND s.state NOT IN ('valid', 'expiring')",
                self.id,
            ),
        )
        deadlines = {}
        for row in rows:
            known = deadlines.get(row["user_id"])
            deadline = row["due_on"]
            deadlines[row["user_id"]] = min(known, deadline) if known else deadline
        activity_type = self.env.ref("osc_training.mail_activity_type_sop")
        users = self.env["res.users"].browse(deadlines).filtered("active")
        # Odoo lets whoever makes a task change it: nobody has made these.
        self.env["mail.activity"].with_user(SUPERUSER_ID).create(
            [
                {
                    "activity_type_id": activity_type.id,
                    "automated": True,
                    "date_deadline": deadlines[user.id],
                    "note": self.display_name,
                    "osc_sop_version_id": self.id,
                    "summary": self.env._("Read it, pass the quiz, sign"),
                    "user_id": user.id,
                }
                for user in users
            ]
        )
        for user in users:
            self.env["osc.training.reminder"]._tell_of_task(user, deadlines[user.id])

    def _close_tasks(self):
        """Tasks of versions that are not in force any more are void."""
        self.filtered(lambda version: version.state != "in_force")._tasks().unlink()

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    def action_acknowledge(self):
        """Open the version to read, pass and sign.

        :raise UserError: it isn't in force, or the user is no employee
        """
        self.ensure_one()
        self.check_access("read")
        if self.state != "in_force":
            raise UserError(self.env._("Only a version in force is read and passed."))
        # The own employee record isn't readable without rights of HR.
        employee = self.env.user.sudo().employee_id
        if not employee:
            raise UserError(
                self.env._("Your login belongs to no employee. Ask HR to link them.")
            )
        acknowledgement = (
            self.env["osc.sop.acknowledgement"].sudo()._open_for(self, employee)
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": acknowledgement._name,
            "res_id": acknowledgement.id,
            "view_mode": "form",
        }

    def action_standings(self):
        """Open who has passed this version and who has not."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "osc_training.osc_training_standing_action"
        )
        return {**action, "domain": [("version_id", "=", self.id)]}
