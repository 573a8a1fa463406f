from datetime import date

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

# Days before (and, negative, after) the last day on which somebody can take cases.
REMIND_AT = (60, 30, 14, 7, 3, 0, -1, -30)
LAST_RUN = "osc_training.reminded_on"


class OscTrainingReminder(models.AbstractModel):
    """Tells people what they need soon, and their managers who needs something.

    A message has figures, days and a link; what it is about stands behind the login.
    """

    _name = "osc.training.reminder"
    _description = "Reminders of training"

    @api.model
    def _cron_remind(self):
        """Every day: remind of what has come closer since the last time, and see to it
        that those have a task whom an SOP concerns."""
        self.env["osc.sop.version"]._cron_tasks()
        # Parameters are the system's; the job keeps its last day there.
        parameters = self.env["ir.config_parameter"].sudo()
        today = fields.Date.today()
        last = parameters.get_param(LAST_RUN)
        passed = (today - date.fromisoformat(last)).days if last else 1
        if passed <= 0:
            return
        Standing = self.env["osc.training.standing"]
        rows = Standing._rows(Standing._now(), SQL("s.state != 'valid'"))
        due = [row for row in rows if self._is_due(row["days_left"], passed)]
        self._remind_people(due)
        self._remind_managers(due)
        parameters.set_param(LAST_RUN, today.isoformat())

    @api.model
    def _is_due(self, days_left, passed):
        """Whether one of the days to remind has come in the days that passed."""
        return any(days_left <= at < days_left + passed for at in REMIND_AT)

    @api.model
    def _remind_people(self, rows):
        by_user = {}
        for row in rows:
            by_user.setdefault(row["user_id"], []).append(row["due_on"])
        for user in self.env["res.users"].browse(filter(None, by_user)):
            days = by_user[user.id]
            self._notify(
                user,
                self.env._("Training: %s to do", len(days)),
                self.env._(
                    "You need %(count)s certifications or SOPs by %(day)s, to go on "
                    "taking cases.",
                    count=len(days),
                    day=min(days),
                ),
                "osc_training.osc_training_standing_action_own",
                self.env._("What I still need"),
            )

    @api.model
    def _remind_managers(self, rows):
        """The line manager, and the manager of the center, of each person."""
        people = {}
        centers = self.env["osc.center"].browse({row["center_id"] for row in rows})
        managers = {center.id: center.manager_id.id for center in centers}
        for row in rows:
            for user_id in {row["manager_user_id"], managers[row["center_id"]]}:
                if user_id and user_id != row["user_id"]:
                    known = people.setdefault(user_id, {})
                    first = known.get(row["employee_id"], row["due_on"])
                    known[row["employee_id"]] = min(first, row["due_on"])
        for user in self.env["res.users"].browse(people):
            days = people[user.id].values()
            self._notify(
                user,
                self.env._("Training: %s people", len(days)),
                self.env._(
                    "%(count)s of your people need certifications or SOPs, the first "
                    "by %(day)s, to go on taking cases.",
                    count=len(days),
                    day=min(days),
                ),
                "osc_training.osc_training_standing_action",
                self.env._("Who is trained"),
            )

    @api.model
    def _tell_of_tasks(self, deadlines):
        """Tell people of new tasks, which only they see.

        :param dict deadlines: the last day for each pair of ids (version, user)
        """
        by_user = {}
        for (_version_id, user_id), day in deadlines.items():
            by_user.setdefault(user_id, []).append(day)
        for user in self.env["res.users"].browse(by_user):
            days = by_user[user.id]
            self._notify(
                user,
                self.env._("Training: new tasks"),
                self.env._(
                    "SOPs for you to read, pass and sign: %(count)s, the first by "
                    "%(day)s.",
                    count=len(days),
                    day=min(days),
                ),
                "osc_training.osc_training_standing_action_own",
                self.env._("What I still need"),
            )

    @api.model
    def _notify(self, user, subject, text, action, label):
        if not user.active:
            return
        self.env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            subject=subject,
            body=Markup('<p>%s</p><p><a href="/odoo/action-%s">%s</a></p>')
            % (text, action, label),
        )
