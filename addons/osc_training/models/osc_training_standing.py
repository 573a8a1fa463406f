from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_datetime

from .osc_training_facts import NO_END

EXPIRING_DAYS = 60
STATES = [
    ("valid", "Valid"),
    ("expiring", "Expires soon"),
    ("grace", "In grace"),
    ("expired", "Expired"),
    ("missing", "Missing"),
]
LACKING = ("expired", "missing")


class OscTrainingStanding(models.Model):
    """Where each representative stands with each requirement, at this moment.

    Not a table: a query over certifications, acknowledged SOPs and requirements, so that
    nothing is kept that was true yesterday. The day is that of the center's time zone.
    The same query tells who can take cases and who will be able to on another day.
    """

    _name = "osc.training.standing"
    _description = "Training of a representative"
    _inherit = "osc.training.facts"
    _auto = False
    _log_access = False
    _order = "lacking desc, due_on, representative_id, requirement_id, id"
    _rec_name = "requirement_id"
    _depends = {
        "hr.employee": ["active", "parent_id", "user_id"],
        "hr.employee.skill": ["employee_id", "skill_id", "valid_from", "valid_to"],
        "osc.center": ["active", "company_id", "host_type", "state", "tz"],
        "osc.representative": [
            "active",
            "agency_id",
            "center_id",
            "discipline_id",
            "employee_id",
            "joined_on",
            "moved_from_id",
            "moved_on",
        ],
        "hr.skill": ["name"],
        "osc.sop": ["active", "center_ids", "code", "name"],
        "osc.sop.acknowledgement": ["employee_id", "passed_at", "version_id"],
        "osc.sop.version": [
            "approved_at",
            "discipline_ids",
            "in_force_from",
            "sop_id",
            "state",
        ],
        "osc.training.requirement": [
            "active",
            "agency_id",
            "center_id",
            "discipline_id",
            "grace_days",
            "host_type",
            "renew_months",
            "since",
            "skill_id",
            "sop_id",
            "version_grace_days",
        ],
    }

    representative_id = fields.Many2one(
        comodel_name="osc.representative", readonly=True
    )
    requirement_id = fields.Many2one(
        comodel_name="osc.training.requirement", readonly=True
    )
    employee_id = fields.Many2one(comodel_name="hr.employee", readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="Login", readonly=True)
    manager_user_id = fields.Many2one(comodel_name="res.users", readonly=True)
    topic = fields.Char(
        string="Certification or SOP",
        readonly=True,
        help="The same for all disciplines of which it is required.",
    )
    center_id = fields.Many2one(comodel_name="osc.center", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    agency_id = fields.Many2one(comodel_name="osc.agency", readonly=True)
    discipline_id = fields.Many2one(comodel_name="osc.discipline", readonly=True)
    skill_id = fields.Many2one(
        comodel_name="hr.skill", string="Certification", readonly=True
    )
    sop_id = fields.Many2one(comodel_name="osc.sop", string="SOP", readonly=True)
    version_id = fields.Many2one(
        comodel_name="osc.sop.version", string="Version in force", readonly=True
    )
    valid_to = fields.Date(
        readonly=True, help="The last day on which it is valid. Empty: no end."
    )
    deadline = fields.Date(
        string="Grace until",
        readonly=True,
        help="The last day on which cases may be taken without it.",
    )
    due_on = fields.Date(
        string="Needed by",
        readonly=True,
        help="The last day on which the representative can take cases, unless it is "
        "renewed or passed by then. Empty: no end.",
    )
    days_left = fields.Integer(readonly=True, aggregator="min")
    lacking = fields.Integer(
        readonly=True, help="1 when it keeps the representative from taking cases."
    )
    state = fields.Selection(selection=STATES, readonly=True)
    has_quiz = fields.Boolean(compute="_compute_ways", compute_sudo=True)
    next_session = fields.Char(compute="_compute_ways", compute_sudo=True)

    @property
    def _table_query(self):
        return self._query_at(self._now())

    @api.depends("skill_id")
    @api.depends_context("tz", "lang")
    def _compute_ways(self):
        """How it can be had: by a quiz, at a session. As superuser, because surveys and
        events are for those who organise them."""
        sessions = self.env["event.event"]._osc_next_sessions(self.skill_id)
        for standing in self:
            skill = standing.skill_id
            session = sessions.get(skill)
            standing.has_quiz = bool(standing.version_id or skill.osc_survey_ids)
            standing.next_session = bool(session) and self.env._(
                "%(name)s, %(begin)s",
                name=session.name,
                begin=format_datetime(self.env, session.date_begin, dt_format="short"),
            )

    # ------------------------------------------------------------------
    # The own page
    # ------------------------------------------------------------------
    def _check_mine(self):
        """:raise AccessError: it is what somebody else needs"""
        self.ensure_one()
        self.check_access("read")
        if self.user_id != self.env.user:
            raise AccessError(self.env._("Everybody learns for themselves."))

    def action_learn(self):
        """Open what leads to it: the text and quiz of an SOP, or the quiz of a course.

        :raise UserError: there is no quiz
        """
        self._check_mine()
        if self.version_id:
            return self.version_id.action_acknowledge()
        # Surveys are of HR; the person gets answers of their own.
        survey = self.skill_id.sudo().osc_survey_ids[:1]
        if not survey:
            raise UserError(
                self.env._("There is no quiz for this course. Ask HR for a session.")
            )
        answer = survey._create_answer(user=self.env.user)
        return {
            "type": "ir.actions.act_url",
            "target": "self",
            "url": answer.get_start_url(),
        }

    def action_register(self):
        """Register for the next session of the course.

        :raise UserError: there is none to come
        """
        self._check_mine()
        # Events are for those who organise them; everybody may come to their course.
        Event = self.env["event.event"].sudo()
        session = Event._osc_next_sessions(self.skill_id).get(self.skill_id)
        if not session:
            raise UserError(self.env._("No session is planned. Ask HR for one."))
        session._osc_register(self.employee_id.sudo())
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("You are registered: %s", self.next_session),
            },
        }

    def action_certificate(self):
        """Print the own certificate that holds longest.

        :raise UserError: there is none
        """
        self._check_mine()
        held = (
            self.env["hr.employee.skill"]
            .search(
                [
                    ("employee_id", "=", self.employee_id.id),
                    ("skill_id", "=", self.skill_id.id),
                ]
            )
            .filtered(lambda one: one._osc_is_valid())
        )
        if not held:
            raise UserError(self.env._("You don't hold this certification now."))
        no_end = date.fromisoformat(NO_END)
        return max(held, key=lambda one: one.valid_to or no_end).action_osc_print()

    # ------------------------------------------------------------------
    # The query
    # ------------------------------------------------------------------
    @api.model
    def _now(self):
        """The moment of a query about everybody now, see ``_query_at``."""
        return SQL(
            "CROSS JOIN (SELECT %s::timestamp AS moment) m", fields.Datetime.now()
        )

    @api.model
    def _query_at(self, moments):
        """Standings at one moment, or at one for each representative.

        :param SQL moments: a join that adds ``m.moment`` in naive UTC
        :return: an ``SQL`` object
        """
        return SQL(
            """
            SELECT f.id, f.representative_id, f.requirement_id, f.employee_id,
                   f.user_id, f.manager_user_id, f.center_id, f.company_id,
                   f.agency_id, f.discipline_id, f.skill_id, f.sop_id, f.version_id,
                   NULLIF(f.held_until, %(no_end)s) AS valid_to,
                   f.deadline,
                   NULLIF(f.able_until, %(no_end)s) AS due_on,
                   NULLIF(f.able_until, %(no_end)s) - f.today AS days_left,
                   (f.able_until < f.today)::int AS lacking,
                   CASE
                       WHEN f.held_until > f.today + %(soon)s THEN 'valid'
                       WHEN f.held_until >= f.today THEN 'expiring'
                       WHEN f.deadline >= f.today THEN 'grace'
                       WHEN f.held_until IS NOT NULL THEN 'expired'
                       ELSE 'missing'
                   END AS state,
                   f.moment, f.topic
              FROM (%(facts)s) f
            """,
            facts=self._facts_query(moments),
            no_end=SQL("%s::date", NO_END),
            soon=EXPIRING_DAYS,
        )

    # ------------------------------------------------------------------
    # Who lacks what
    # ------------------------------------------------------------------
    @api.model
    def _rows(self, moments, condition):
        """Standings as rows; not as records, whose cache would outlive a change.

        :param SQL moments: see ``_query_at``
        :param SQL condition: over the columns, which are called ``s.…``
        :return: list of dicts
        """
        for model, names in self._depends.items():
            self.env[model].flush_model(names)
        columns = (
            "representative_id",
            "requirement_id",
            "employee_id",
            "user_id",
            "manager_user_id",
            "center_id",
            "skill_id",
            "sop_id",
            "version_id",
            "valid_to",
            "due_on",
            "days_left",
            "state",
            "moment",
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT %s FROM (%s) s WHERE %s ORDER BY s.representative_id, s.id",
                SQL(", ").join(SQL.identifier("s", name) for name in columns),
                self._query_at(moments),
                condition,
            )
        )
        return [dict(zip(columns, row, strict=True)) for row in rows]

    @api.model
    def _lacking(self, moments):
        """What keeps people from taking cases, each at a moment.

        :param moments: pairs of (id of the representative, naive UTC)
        :return: ``{pair: [row, …]}`` of those whom something keeps, see ``_rows``
        """
        lacking = {}
        moments = set(moments)
        if moments:
            pairs = SQL(
                "JOIN (VALUES %s) m (representative_id, moment) "
                "ON m.representative_id = r.id",
                SQL(", ").join(
                    SQL("(%s, %s::timestamp)", representative_id, moment)
                    for representative_id, moment in moments
                ),
            )
            for row in self._rows(pairs, SQL("s.lacking = 1")):
                pair = (row["representative_id"], row["moment"])
                lacking.setdefault(pair, []).append(row)
        return lacking

    @api.model
    def _reason(self, row):
        """Why somebody can't take cases, in words."""
        if row["sop_id"]:
            version = self.env["osc.sop.version"].browse(row["version_id"])
            values = {"sop": version.sop_id.code, "number": version.number}
            if row["valid_to"]:
                return self.env._(
                    "%(sop)s %(number)s had to be passed again by %(day)s",
                    day=row["valid_to"],
                    **values,
                )
            return self.env._("%(sop)s %(number)s not passed", **values)
        skill = self.env["hr.skill"].browse(row["skill_id"])
        if row["valid_to"]:
            return self.env._(
                "certification “%(skill)s” expired on %(day)s",
                skill=skill.name,
                day=row["valid_to"],
            )
        return self.env._("certification “%s” is missing", skill.name)
