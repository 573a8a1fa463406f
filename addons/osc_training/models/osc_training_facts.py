from odoo import api, models
from odoo.tools import SQL

# The last day of what doesn't end.
NO_END = "9999-12-31"


class OscTrainingFacts(models.AbstractModel):
    """Part of ``osc.training.standing``: until when each requirement is held, as SQL.

    The alias ``r`` is the representative, ``q`` the requirement, ``c`` the center, ``v``
    the version in force of an SOP, ``d.today`` the day at the center.
    """

    _name = "osc.training.facts"
    _description = "Until when what is required is held"

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
         LEFT JOIN osc_center b ON b.id = r.moved_from_id
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
                       GREATEST(
                           q.since, r.joined_on,
                           CASE WHEN %(new_there)s THEN r.moved_on END
                       ) + COALESCE(q.grace_days, 0) - 1,
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
            new_there=self._new_there(),
        )

    @api.model
    def _new_there(self):
        """Whether somebody has moved from a center ``b`` where it wasn't required."""
        return SQL(
            """
            b.id IS NOT NULL AND NOT (
                COALESCE(q.center_id, b.id) = b.id
                AND COALESCE(q.host_type, b.host_type) = b.host_type
                AND (q.sop_id IS NULL OR %s)
            )
            """,
            self._names_or_all("osc.sop", "center_ids", "sop", "r", "moved_from_id"),
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
    def _names_or_all(self, model, field_name, alias, person, center="center_id"):
        """Whether a relation of a record names what a representative has, or nothing.

        :param str alias: of the record's table
        :param str person: alias of the representative's table
        :param str center: the column of that table that says which center
        """
        field = self.env[model]._fields[field_name]
        own = {"osc.discipline": "discipline_id", "osc.center": center}
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
