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
            version.sop_id.version_ids._refresh_tasks()
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

    @api.model
    def _cron_tasks(self):
        """Every day: whom SOPs concern changes with requirements, people and centers."""
        in_force = self.search([("state", "=", "in_force")])
        tasks = self.env["mail.activity"].search([("osc_sop_version_id", "!=", False)])
        (in_force | tasks.osc_sop_version_id)._refresh_tasks()

    def _refresh_tasks(self):
        """Open a task for everybody whom these versions concern and who hasn't passed
        them; take away those of others.

        A task stays until the version is signed, unless it concerns the person no more.
        """
        concerned, deadlines = self._concerned()
        known = {}
        void = self.env["mail.activity"]
        for task in self._tasks():
            key = (task.osc_sop_version_id.id, task.user_id.id)
            if key in concerned and key not in known:
                known[key] = task
                if deadlines.get(key, task.date_deadline) != task.date_deadline:
                    task.date_deadline = deadlines[key]
            else:
                void |= task
        void.sudo().unlink()  # of other people, as they were found
        self._open_tasks(
            {key: day for key, day in deadlines.items() if key not in known}
        )

    def _concerned(self):
        """Who has still to pass or to sign those of these versions that are in force.

        :return: set of pairs of ids (version, user), and the last day for those of them
            who haven't passed
        """
        Standing = self.env["osc.training.standing"]
        rows = Standing._rows(
            Standing._now(),
            SQL("s.version_id = ANY(%s) AND s.user_id IS NOT NULL", self.ids),
        )
        passed, deadlines = set(), {}
        for row in rows:
            key = (row["version_id"], row["user_id"])
            if row["state"] in ("valid", "expiring"):
                passed.add(key)
            else:
                deadlines[key] = min(deadlines.get(key, row["due_on"]), row["due_on"])
        # Of other people, whose results are shown to few.
        unsigned = self.env["osc.sop.acknowledgement"].sudo()
        unsigned = unsigned.search(
            [("version_id", "in", self.ids), ("state", "=", "sign")]
        )
        to_sign = {(one.version_id.id, one.user_id.id) for one in unsigned}
        return deadlines.keys() | (passed & to_sign), deadlines

    def _open_tasks(self, deadlines):
        """Make tasks, and tell people of them.

        :param dict deadlines: the last day for each pair of ids (version, user)
        """
        versions = {version.id: version for version in self}
        users = self.env["res.users"].browse({user_id for _id, user_id in deadlines})
        active = set(users.filtered("active").ids)
        deadlines = {key: day for key, day in deadlines.items() if key[1] in active}
        activity_type = self.env.ref("osc_training.mail_activity_type_sop")
        # Odoo lets whoever makes a task change it: nobody has made these.
        self.env["mail.activity"].with_user(SUPERUSER_ID).create(
            [
                {
                    "activity_type_id": activity_type.id,
                    "automated": True,
                    "date_deadline": day,
                    "note": versions[version_id].display_name,
                    "osc_sop_version_id": version_id,
                    "summary": self.env._("Read it, pass the quiz, sign"),
                    "user_id": user_id,
                }
                for (version_id, user_id), day in deadlines.items()
            ]
        )
        self.env["osc.training.reminder"]._tell_of_tasks(deadlines)

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
        employee = self._own_employee()
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

    def _own_employee(self):
        """The user's employee record. Who works for several companies has one in each:
        then it is one that must still pass this version, first that of the company in
        which the user is now."""
        # The own employee record isn't readable without rights of HR.
        here = self.env.user.sudo().employee_id
        domain = [("user_id", "=", self.env.uid)]
        everywhere = here | here.sudo().search(domain)
        if len(everywhere) > 1:
            Standing = self.env["osc.training.standing"]
            rows = Standing._rows(
                Standing._now(),
                SQL("s.version_id = %s AND s.user_id = %s", self.id, self.env.uid),
            )
            due = everywhere.browse(
                row["employee_id"]
                for row in rows
                if row["state"] not in ("valid", "expiring")
            )
            everywhere = (everywhere & due) or everywhere
        return everywhere[:1]

    def action_standings(self):
        """Open who has passed this version and who has not."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "osc_training.osc_training_standing_action"
        )
        return {**action, "domain": [("version_id", "=", self.id)]}
