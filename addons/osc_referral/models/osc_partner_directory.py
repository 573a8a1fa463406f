from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Up to here a partner is near, whatever districts it says that it serves.
NEAR_KILOMETRES = 25
# Whoever is open at the moment, on the clock of the opening hours.
OPEN_CALENDARS = """
    SELECT a.calendar_id
    FROM resource_calendar_attendance a
    JOIN resource_calendar c ON c.id = a.calendar_id
    CROSS JOIN LATERAL (
        SELECT %(moment)s::timestamp AT TIME ZONE 'UTC' AT TIME ZONE c.tz AS here
    ) clock
    WHERE a.display_type IS NULL AND a.day_period != 'lunch'
    AND a.dayofweek = (extract(isodow FROM here)::integer - 1)::text
    AND extract(hour FROM here) + extract(minute FROM here) / 60 >= a.hour_from
    AND extract(hour FROM here) + extract(minute FROM here) / 60 < a.hour_to
    AND NOT EXISTS (
        SELECT FROM resource_calendar_leaves l
        WHERE l.calendar_id = c.id AND l.resource_id IS NULL
        AND l.date_from <= %(moment)s AND l.date_to > %(moment)s
    )
"""
RANKED = """
    WITH open_now AS MATERIALIZED (%(open_calendars)s), found AS (
        SELECT p.id, p.complete_name AS name,
            CASE WHEN p.osc_calendar_id IS NULL THEN NULL
                ELSE p.osc_calendar_id IN (SELECT calendar_id FROM open_now)
            END AS is_open,
            EXISTS (
                SELECT FROM osc_partner_area_rel r
                WHERE r.partner_id = p.id AND r.area_id = %(area)s
            ) AS in_area,
            %(distance)s AS distance,
            CASE WHEN p.osc_capacity > 0 THEN greatest(0, p.osc_capacity - (
                SELECT count(*) FROM osc_referral f WHERE f.partner_id = p.id
                AND f.state IN ('sent', 'accepted', 'in_service')
            )) END AS free,
            CASE
                WHEN p.osc_agreement_to < %(today)s THEN 2
                WHEN p.osc_agreement_from <= %(today)s
                    OR p.osc_agreement_to IS NOT NULL AND p.osc_agreement_from IS NULL
                    THEN 0
                ELSE 1
            END AS agreement
        FROM res_partner p WHERE p.id IN %(partners)s
    )
    SELECT id, distance, in_area, is_open, free, agreement FROM found
    WHERE %(condition)s
    ORDER BY coalesce(free, 1) = 0,
        NOT (in_area OR coalesce(distance <= %(near)s, FALSE)),
        CASE WHEN is_open THEN 0 WHEN is_open IS NULL THEN 1 ELSE 2 END,
        agreement, distance NULLS LAST, name, id
    LIMIT %(limit)s
"""
DISTANCE = """
    CASE WHEN p.partner_latitude != 0 OR p.partner_longitude != 0 THEN
        12742 * asin(least(1, sqrt(
            sin(radians(p.partner_latitude::float8 - %(latitude)s) / 2) ^ 2
            + cos(radians(%(latitude)s)) * cos(radians(p.partner_latitude::float8))
            * sin(radians(p.partner_longitude::float8 - %(longitude)s) / 2) ^ 2
        )))
    END
"""


class OscPartnerDirectory(models.AbstractModel):
    """Part of ``res.partner``: who gives this service, to her, near here, now.

    One query, however many partners there are.
    """

    _name = "osc.partner.directory"
    _description = "Directory of partners"

    @api.model
    def _osc_find(
        self,
        service,
        *,
        center=None,
        area=None,
        age=None,
        sex=None,
        with_children=False,
        disability=False,
        open_now=False,
        without=None,
        limit=20,
    ):
        """Partners that give a service to somebody, the most suitable first.

        With a free place, near, open, with an agreement, the nearest; in this order.

        :param service: ``osc.service`` record
        :param center: ``osc.center`` record from which distances are measured
        :param area: ``osc.area`` record; empty: that of the center
        :param int age: completed years; ``None``: not known
        :param bool open_now: leave out who is closed or doesn't say
        :param without: ``res.partner`` records that are left out
        :return: list of dicts: ``partner``, ``distance`` (km or ``None``), ``in_area``,
            ``is_open`` (``None``: not known), ``free`` (``None``: not known),
            ``agreement`` (0 valid, 1 none, 2 ended)
        """
        center = center or self.env["osc.center"]
        domain = self._osc_serving_domain(service, age, sex, with_children, disability)
        if without:
            domain &= Domain("id", "not in", without.ids)
        now = fields.Datetime.now()
        self.flush_model()
        self.env["osc.referral"].flush_model(["partner_id", "state"])
        rows = self.env.execute_query_dict(
            SQL(
                RANKED,
                open_calendars=SQL(OPEN_CALENDARS, moment=now),
                area=(area or center.area_id).id or None,
                distance=self._osc_distance_sql(center),
                today=fields.Date.context_today(self),
                partners=self._search(domain).subselect(),
                condition=SQL("is_open") if open_now else SQL("TRUE"),
                near=NEAR_KILOMETRES,
                limit=limit,
            )
        )
        partners = self.browse(row["id"] for row in rows)
        return [
            {**row, "partner": partner}
            for row, partner in zip(rows, partners, strict=True)
        ]

    @api.model
    def _osc_serving_domain(self, service, age, sex, with_children, disability):
        """Partners that give a service to such a person."""
        domain = Domain("is_osc_partner", "=", True) & Domain(
            "osc_service_ids", "in", service.ids
        )
        if age is not None:
            domain &= Domain("osc_age_from", "in", [False, 0]) | Domain(
                "osc_age_from", "<=", age
            )
            domain &= Domain("osc_age_to", "in", [False, 0]) | Domain(
                "osc_age_to", ">=", age
            )
        if sex in ("female", "male"):
            domain &= Domain("osc_sex", "in", [False, "all", sex])
        if with_children:
            domain &= Domain("osc_takes_children", "=", True)
        if disability:
            domain &= Domain("osc_step_free", "=", True)
        return domain

    @api.model
    def _osc_distance_sql(self, center):
        """Kilometres as the crow flies; nothing is looked up anywhere."""
        if not (center.latitude or center.longitude):
            return SQL("NULL::float8")
        return SQL(DISTANCE, latitude=center.latitude, longitude=center.longitude)

    @api.model
    def _osc_find_for_case(self, case, service, **options):
        """Partners for the survivor of a case, the most suitable first.

        :param options: see ``_osc_find``
        """
        found = self._osc_find(service, **{**self._osc_about(case), **options})
        return self.browse(row["partner"].id for row in found)

    @api.model
    def _osc_about(self, case):
        """What is asked of a case to find partners for her, see ``_osc_find``."""
        # Whether a partner serves somebody like her says nothing of who she is.
        known = case.sudo()
        survivor = known.survivor_id
        return {
            "center": known.center_id,
            "age": survivor._age_on(known.center_id._local_day()),
            "sex": survivor.sex,
            "disability": survivor.disability in ("physical", "both"),
        }
