from odoo import api, fields, models
from odoo.tools import SQL

LOOKS = ("read", "export", "print", "download")


class OscAuditOpening(models.Model):
    """Openings of records, with what may be unusual about them.

    Computed when it is asked for: hours, rosters and limits as they are now.
    """

    _name = "osc.audit.opening"
    _description = "Opening of a record"
    _auto = False
    _order = "id desc"
    _rec_name = "reference"
    _depends = {
        "osc.audit.entry": ["at", "user_id", "action", "model", "res_id"],
        "osc.center": ["tz"],
        "osc.duty.shift": ["start", "end", "representative_id"],
        "osc.representative": ["user_id"],
    }

    at = fields.Datetime(string="When", readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", readonly=True)
    action = fields.Selection(
        selection="_selection_action", readonly=True, string="What"
    )
    model = fields.Char(readonly=True)
    reference = fields.Char(readonly=True)
    center_id = fields.Many2one(comodel_name="osc.center", readonly=True)
    ip = fields.Char(string="Address", readonly=True)
    day = fields.Date(readonly=True, help="At the center.")
    hour = fields.Integer(
        readonly=True, aggregator=None, help="On the clock of the center."
    )
    after_hours = fields.Boolean(readonly=True)
    off_duty = fields.Boolean(
        string="Not on duty",
        readonly=True,
        help="The user is on the roster of a center, and had no shift at that time.",
    )
    records_that_day = fields.Integer(
        readonly=True,
        aggregator="max",
        help="Different records that the user opened on that day.",
    )
    many_records = fields.Boolean(readonly=True)

    @api.model
    def _selection_action(self):
        return self.env["osc.audit.entry"]._fields["action"].selection

    @api.model
    def _limit(self, name, default):
        # A limit of the system, which the auditor may not read as a parameter.
        return int(
            self.env["ir.config_parameter"].sudo().get_param(f"osc_base.{name}")
            or default
        )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH looked AS (
                SELECT e.*, e.at AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(c.tz, 'UTC')
                    AS local_at
                FROM osc_audit_entry e LEFT JOIN osc_center c ON c.id = e.center_id
                WHERE e.action IN %(looks)s
            ), per_day AS (
                SELECT user_id, local_at::date AS day,
                    count(DISTINCT (model, res_id)) AS records
                FROM looked GROUP BY user_id, local_at::date
            )
            SELECT l.id, l.at, l.user_id, l.action, l.model, l.reference, l.center_id,
                l.ip, l.local_at::date AS day,
                extract(hour FROM l.local_at)::integer AS hour,
                NOT extract(hour FROM l.local_at) BETWEEN %(begins)s AND %(ends)s - 1
                    AS after_hours,
                EXISTS (
                    SELECT FROM osc_representative r WHERE r.user_id = l.user_id
                ) AND NOT EXISTS (
                    SELECT FROM osc_representative r
                    JOIN osc_duty_shift s ON s.representative_id = r.id
                    WHERE r.user_id = l.user_id AND s.start <= l.at AND s."end" > l.at
                ) AS off_duty,
                d.records AS records_that_day,
                d.records >= %(many)s AS many_records
            FROM looked l JOIN per_day d
                ON d.user_id IS NOT DISTINCT FROM l.user_id
                AND d.day = l.local_at::date
            """,
            looks=LOOKS,
            begins=self._limit("audit_day_begins", 7),
            ends=self._limit("audit_day_ends", 21),
            many=self._limit("audit_many_records", 30),
        )
