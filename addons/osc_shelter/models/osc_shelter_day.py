from odoo import fields, models
from odoo.tools import SQL


class OscShelterDay(models.Model):
    """Figures of one shelter and one night. Counts only, so that nobody is known by it.

    A view in the database: the night of a day begins on it, at the center.
    """

    _name = "osc.shelter.day"
    _description = "Shelter by day"
    _auto = False
    _order = "day desc, shelter_id"
    _rec_name = "day"

    day = fields.Date(readonly=True)
    shelter_id = fields.Many2one(comodel_name="osc.shelter", readonly=True)
    center_id = fields.Many2one(comodel_name="osc.center", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    beds = fields.Integer(readonly=True, aggregator="avg")
    people = fields.Integer(string="People at night", readonly=True, aggregator="avg")
    occupancy = fields.Float(
        string="Occupancy (%)",
        readonly=True,
        aggregator="avg",
        help="Beds in use. Small children in their mother's bed don't count.",
    )
    admitted = fields.Integer(string="Moved in", readonly=True)
    left = fields.Integer(string="Moved out", readonly=True)
    stay_days = fields.Float(
        string="Length of stay (nights)",
        readonly=True,
        aggregator="avg",
        help="Average of the women who moved out on this day.",
    )
    over_limit = fields.Integer(string="Over the limit", readonly=True)
    turned_away = fields.Integer(string="People turned away", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            WITH stay AS (
                SELECT s.shelter_id, s.nights,
                       (s.check_in AT TIME ZONE 'UTC' AT TIME ZONE c.tz)::date AS came,
                       (s.check_out AT TIME ZONE 'UTC' AT TIME ZONE c.tz)::date AS went,
                       (s.due_out AT TIME ZONE 'UTC' AT TIME ZONE c.tz)::date AS due
                  FROM osc_shelter_stay s
                  JOIN osc_center c ON c.id = s.center_id
                 WHERE s.check_in IS NOT NULL),
            place AS (
                SELECT b.shelter_id, COALESCE(o.shares_bed, FALSE) AS shares,
                       (o.start AT TIME ZONE 'UTC' AT TIME ZONE c.tz)::date AS came,
                       (o."end" AT TIME ZONE 'UTC' AT TIME ZONE c.tz)::date AS went
                  FROM osc_shelter_occupancy o
                  JOIN osc_shelter_bed b ON b.id = o.bed_id
                  JOIN osc_center c ON c.id = b.center_id
                 WHERE NOT COALESCE(o.is_reservation, FALSE)),
            away AS (
                SELECT t.shelter_id, t.people,
                       (t.happened_at AT TIME ZONE 'UTC' AT TIME ZONE c.tz)::date AS day
                  FROM osc_shelter_turnaway t
                  JOIN osc_center c ON c.id = t.center_id),
            capacity AS (
                SELECT shelter_id, count(*) AS beds FROM osc_shelter_bed
                 WHERE active AND NOT COALESCE(out_of_service, FALSE)
              GROUP BY shelter_id),
            first AS (
                SELECT shelter_id, min(day) AS day FROM (
                    SELECT shelter_id, came AS day FROM stay
                    UNION ALL SELECT shelter_id, day FROM away) AS something
              GROUP BY shelter_id),
            night AS (
                SELECT h.id AS shelter_id, h.center_id, h.company_id,
                       COALESCE(k.beds, 0) AS beds, d::date AS day
                  FROM osc_shelter h
                  JOIN osc_center c ON c.id = h.center_id
                  JOIN first f ON f.shelter_id = h.id
             LEFT JOIN capacity k ON k.shelter_id = h.id
            CROSS JOIN LATERAL generate_series(
                       f.day, (now() AT TIME ZONE c.tz)::date, interval '1 day') AS d)
            SELECT n.shelter_id * 100000 + (n.day - DATE '2000-01-01') AS id,
                   n.day, n.shelter_id, n.center_id, n.company_id, n.beds,
                   p.people,
                   CASE WHEN n.beds > 0 THEN 100.0 * p.taken / n.beds END AS occupancy,
                   s.admitted, s.left, s.stay_days, s.over_limit,
                   COALESCE(a.people, 0) AS turned_away
              FROM night n
            CROSS JOIN LATERAL (
                SELECT count(*) AS people, count(*) FILTER (WHERE NOT shares) AS taken
                  FROM place
                 WHERE place.shelter_id = n.shelter_id AND came <= n.day
                   AND (went IS NULL OR went > n.day)) AS p
            CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE came = n.day) AS admitted,
                       count(*) FILTER (WHERE went = n.day) AS "left",
                       avg(nights) FILTER (WHERE went = n.day) AS stay_days,
                       count(*) FILTER (WHERE due <= n.day
                           AND (went IS NULL OR went > n.day)) AS over_limit
                  FROM stay
                 WHERE stay.shelter_id = n.shelter_id AND came <= n.day) AS s
            CROSS JOIN LATERAL (
                SELECT sum(people) AS people FROM away
                 WHERE away.shelter_id = n.shelter_id AND away.day = n.day) AS a
            """
        )
