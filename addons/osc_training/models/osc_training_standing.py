from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_datetime

EXPIRING_DAYS = 60
NO_END = "9999-12-31"
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
        now = SQL(
            "CROSS JOIN (SELECT %s::timestamp AS moment) m", fields.Datetime.now()
        )
        return self._query_at(now)

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

    @api.model
    def _facts_query(self, moments):
        """For each representative and requirement: the last day on which it is held,
        and the last day of grace."""
        return SQL(
            """
            SELECT r.id::bigint * 1000000 + q.id AS id,
                   r.id AS representative_id, q.id AS requirement_id,
                   r.employee_id, e.user_id, boss.user_id AS manager_user_id,
                   r.center_id, c.company_id, r.agency_id, r.discipline_id,
                   q.skill_id, q.sop_id, v.id AS version_id, m.moment, d.today,
                   COALESCE(
                       sop.code || ' ' || COALESCE(
                           sop.name ->> %(lang)s, sop.name ->> 'en_US'
                       ),
                       skill.name ->> %(lang)s, skill.name ->> 'en_US'
                   ) AS topic,
                   COALESCE(cert.held_until, passed.held_until) AS held_until,
                   g.deadline,
                   GREATEST(
                       cert.held_until, passed.held_until, g.deadline
                   ) AS able_until
              FROM osc_representative r
              JOIN hr_employee e ON e.id = r.employee_id AND e.active
         LEFT JOIN hr_employee boss ON boss.id = e.parent_id
              JOIN osc_center c
                ON c.id = r.center_id AND c.active AND c.state != 'closed'
                   %(moments)s
        CROSS JOIN LATERAL (
                   SELECT (m.moment AT TIME ZONE 'UTC' AT TIME ZONE c.tz)::date
                       AS today
                   ) d
              JOIN osc_training_requirement q
                ON q.active AND q.discipline_id = r.discipline_id
               AND (q.center_id IS NULL OR q.center_id = r.center_id)
               AND (q.host_type IS NULL OR q.host_type = c.host_type)
               AND (q.agency_id IS NULL OR q.agency_id = r.agency_id)
         LEFT JOIN osc_sop sop ON sop.id = q.sop_id
         LEFT JOIN hr_skill skill ON skill.id = q.skill_id
         LEFT JOIN osc_sop_version v
                ON v.sop_id = q.sop_id AND v.state = 'in_force'
         LEFT JOIN LATERAL (%(certified)s) cert ON TRUE
         LEFT JOIN LATERAL (%(passed)s) passed ON TRUE
         LEFT JOIN LATERAL (%(unmet)s) unmet ON TRUE
        CROSS JOIN LATERAL (
                   SELECT GREATEST(
                       GREATEST(q.since, r.joined_on)
                           + COALESCE(q.grace_days, 0) - 1,
                       unmet.in_force_from
                           + COALESCE(q.version_grace_days, 0) - 1
                   ) AS deadline
                   ) g
             WHERE r.active
               AND (q.sop_id IS NULL OR (
                    sop.active AND v.id IS NOT NULL
                    AND %(concerned)s AND %(at_center)s
               ))
            """,
            moments=moments,
            lang=self.env.lang or "en_US",
            certified=self._certified_query(),
            passed=self._passed_query(),
            unmet=self._unmet_query(),
            concerned=self._names_or_all("osc.sop.version", "discipline_ids", "v", "r"),
            at_center=self._names_or_all("osc.sop", "center_ids", "sop", "r"),
        )

    @api.model
    def _certified_query(self):
        """The last day of the certification that holds longest; nothing without one.

        What begins later than today doesn't count yet.
        """
        return SQL(
            """
            SELECT MAX(LEAST(
                       COALESCE(s.valid_to, %(no_end)s),
                       CASE WHEN q.renew_months > 0
                            THEN COALESCE(s.valid_from, s.create_date::date)
                                 + make_interval(months => q.renew_months)
                            ELSE %(no_end)s
                       END
                   ))::date AS held_until
              FROM hr_employee_skill s
             WHERE q.skill_id IS NOT NULL
               AND s.employee_id = r.employee_id AND s.skill_id = q.skill_id
               AND COALESCE(s.valid_from, s.create_date::date) <= d.today
            """,
            no_end=SQL("%s::date", NO_END),
        )

    @api.model
    def _passed_query(self):
        """The last day for which the version in force is passed."""
        return SQL(
            """
            SELECT MAX(CASE
                       WHEN q.renew_months > 0
                       THEN (a.passed_at AT TIME ZONE 'UTC' AT TIME ZONE c.tz)::date
                            + make_interval(months => q.renew_months)
                       ELSE %(no_end)s
                   END)::date AS held_until
              FROM osc_sop_acknowledgement a
             WHERE v.id IS NOT NULL
               AND a.employee_id = r.employee_id AND a.version_id = v.id
               AND a.passed_at IS NOT NULL
            """,
            no_end=SQL("%s::date", NO_END),
        )

    @api.model
    def _unmet_query(self):
        """When the first version came that is newer than the last one passed.

        Who has let the time for one version pass gets no more of it by the next. Of
        several versions of one day the one in force came last, whenever it was drafted.
        """
        return SQL(
            """
            SELECT MIN(n.in_force_from) AS in_force_from
              FROM osc_sop_version n
             WHERE v.id IS NOT NULL
               AND n.sop_id = q.sop_id AND n.state IN ('in_force', 'superseded')
               AND %(concerned)s
               AND NOT EXISTS (
                   SELECT 1
                     FROM osc_sop_acknowledgement a
                     JOIN osc_sop_version p ON p.id = a.version_id
                    WHERE a.employee_id = r.employee_id AND p.sop_id = q.sop_id
                      AND a.passed_at IS NOT NULL
                      AND (p.id IN (n.id, v.id) OR n.id != v.id
                           AND (p.in_force_from, p.approved_at, p.id)
                               >= (n.in_force_from, n.approved_at, n.id))
               )
            """,
            concerned=self._names_or_all("osc.sop.version", "discipline_ids", "n", "r"),
        )

    @api.model
    def _names_or_all(self, model, field_name, alias, person):
        """Whether a relation of a record names what a representative has, or nothing.

        :param str alias: of the record's table
        :param str person: alias of the representative's table
        """
        field = self.env[model]._fields[field_name]
        own = {"osc.discipline": "discipline_id", "osc.center": "center_id"}
        names = SQL(
            "SELECT 1 FROM %s x WHERE %s = %s",
            SQL.identifier(field.relation),
            SQL.identifier("x", field.column1),
            SQL.identifier(alias, "id"),
        )
        return SQL(
            "(NOT EXISTS (%(names)s) OR EXISTS (%(names)s AND %(named)s = %(has)s))",
            names=names,
            named=SQL.identifier("x", field.column2),
            has=SQL.identifier(person, own[field.comodel_name]),
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
