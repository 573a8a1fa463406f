import logging
import os
from contextlib import contextmanager

from odoo import api, fields, models, modules
from odoo.exceptions import AccessError
from odoo.http import request
from odoo.tools import SQL

from ..audit_proof import ENTRY_COLUMNS, next_id, sign_entry
from ..key_ring import KeyRing
from .osc_audit_tables import TABLES

_logger = logging.getLogger(__name__)

ACTIONS = [
    ("read", "Opened"),
    ("create", "Created"),
    ("write", "Changed"),
    ("unlink", "Deleted"),
    ("export", "Exported"),
    ("print", "Printed"),
    ("download", "Downloaded"),
    ("grant", "Access given or taken"),
    ("break_glass", "Emergency access"),
    ("denied", "Denied"),
]
# Written by themselves and at once, so that no rollback takes them away.
APART = {"read", "export", "print", "download", "denied"}
COLUMNS = SQL(", ").join(map(SQL.identifier, (*ENTRY_COLUMNS, "mac")))
_processes = {}  # numbers by database and process: what is forked needs its own


def _process_number(cr):
    """The number of this process among those that write entries; drawn once."""
    here = (cr.dbname, os.getpid())
    if here not in _processes:
        cr.execute("SELECT nextval('osc_audit_process')")
        [_processes[here]] = cr.fetchone()
    return _processes[here]


class OscAuditEntry(models.Model):
    """Who did what to which record, and when. Never what stands in the record.

    Rows are added and nothing else: triggers refuse the rest, and what gets past them
    is found by ``verify``. The table has no foreign keys, so that an entry neither
    locks nor outlives what it tells of in vain.
    """

    _name = "osc.audit.entry"
    _description = "Audit entry"
    _inherit = ["osc.audit.sealing", "osc.audit.verification"]
    _auto = False
    _log_access = False
    _order = "id desc"
    _rec_name = "reference"

    at = fields.Datetime(string="When", readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", readonly=True)
    login = fields.Char(readonly=True)
    action = fields.Selection(selection=ACTIONS, readonly=True)
    model = fields.Char(readonly=True)
    kind = fields.Char(compute="_compute_kind")
    res_id = fields.Integer(string="Record", readonly=True, aggregator=None)
    reference = fields.Char(
        readonly=True, help="Code of the record, such as that of a case."
    )
    center_id = fields.Many2one(comodel_name="osc.center", readonly=True)
    ip = fields.Char(string="Address", readonly=True, groups="osc_base.group_auditor")
    details = fields.Char(
        readonly=True,
        help="Names of fields or methods; never what stands in a field.",
        groups="osc_base.group_auditor",
    )

    def init(self):
        self.env.cr.execute(TABLES)

    @api.depends("model")
    def _compute_kind(self):
        for entry in self:
            known = entry.model and entry.model in self.env
            entry.kind = (
                self.env["ir.model"]._get(entry.model).name if known else entry.model
            )

    # ------------------------------------------------------------------
    # Append-only
    # ------------------------------------------------------------------
    # Nothing of what these do may happen.
    # pylint: disable=method-required-super
    @api.model_create_multi
    def create(self, vals_list):
        self._refuse()

    # pylint: disable=method-required-super
    def write(self, vals):
        self._refuse()

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        self._refuse()

    @api.model
    def _refuse(self):
        raise AccessError(
            self.env._("The audit trail can't be changed: it writes itself.")
        )

    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------
    @api.model
    def _log(self, action, records, details=""):
        """Note that the current user did something.

        Changes are noted in the transaction that makes them. What only looks, and what
        was denied, is noted apart and at once.

        :param str action: see the field
        :param records: what it was done to; may be empty, of any model
        :param str details: names of fields or methods, never values
        """
        self._add(action, self._rows(action, records, details))

    @api.model
    def _log_list(self, action, records, details=""):
        """As ``_log``, with one entry for all the records."""
        if len(records) <= 1:
            return self._log(action, records, details)
        rows = self._rows(action, records, details)
        codes = [row["reference"] for row in rows if row["reference"]]
        centers = {row["center_id"] for row in rows}
        ids = ", ".join(str(row["res_id"]) for row in rows)
        return self._add(
            action,
            [
                {
                    **rows[0],
                    "res_id": None,
                    "reference": ", ".join(codes) or None,
                    "center_id": centers.pop() if len(centers) == 1 else None,
                    "details": f"{details}: {ids}" if details else ids,
                }
            ],
        )

    @api.model
    def _log_denied(self, error, records, details=""):
        """Note once that something was denied; the denial stands whatever happens.

        :param error: the exception that tells the user; it remembers being noted
        """
        if getattr(error, "osc_noted", False):
            return
        error.osc_noted = True
        try:
            for owners, files in self._owners(records):
                records, details = owners, f"{details} {files}"
            self._log_list("denied", records, details)
        except Exception:
            # The transaction of the user may be broken already: without codes, then.
            try:
                self._add("denied", [self._row("denied", records._name, details)])
            except Exception:
                _logger.exception("A denied attempt isn't in the audit trail")

    @api.model
    def _rows(self, action, records, details):
        records = records._origin
        row = self._row(action, records._name, details)
        row["login"] = self.env.user.login if self.env.uid else None
        if not records:
            return [row]
        codes = centers = {}
        if hasattr(records, "_audit_reference"):
            # Reading what the entry needs must not be an access of its own.
            there = records.sudo()
            there = there.exists() if action == "denied" else there
            codes = {record.id: record._audit_reference() for record in there}
            centers = {record.id: record._audit_center().id for record in there}
        return [
            {
                **row,
                "res_id": res_id,
                "reference": _clean(codes.get(res_id)),
                "center_id": centers.get(res_id) or None,
            }
            for res_id in records.ids
        ]

    @api.model
    def _row(self, action, model, details):
        return {
            "at": fields.Datetime.now(),
            "user_id": self.env.uid or None,
            "login": None,
            "action": action,
            "model": model if model != "base" else None,
            "res_id": None,
            "reference": None,
            "center_id": None,
            "ip": request.httprequest.remote_addr if request else None,
            "details": _clean(details),
        }

    @api.model
    def _add(self, action, rows):
        if action not in APART:
            self._insert(self.env.cr, rows)
            if action == "break_glass":
                self.env.cr.postcommit.add(self._seal_now)
            return
        with self._apart(one_query=True) as cr:
            # What was denied must outlive a crash of the machine; that a record was
            # opened may wait for the disk some hundred milliseconds.
            self._insert(cr, rows, soon=action != "denied")
        if action == "denied":
            self._seal_now()

    @contextmanager
    def _apart(self, one_query=False):
        """A transaction of its own, committed at the end.

        :param bool one_query: each query commits itself, which saves two round trips

        In a test, a second connection would not see what the test has made, and would
        keep what it writes: there it is the test's own transaction.
        """
        if modules.module.current_test:
            yield self.env.cr
            return
        with self.pool.cursor() as cr:
            if not one_query:
                yield cr
                return
            cr.connection.autocommit = True
            try:
                yield cr
            finally:
                # The connection goes back to the pool.
                cr.connection.autocommit = False

    @api.model
    def _insert(self, cr, rows, soon=False):
        """Write rows, and note them for the next seal: one query.

        :param bool soon: the disk may have them a little later
        """
        if cr.readonly and modules.module.current_test:
            return  # tests/audit.py has seen the rows
        ring = KeyRing.load()
        process = _process_number(cr)
        waiting = rows
        while waiting:
            for row in waiting:
                row["id"] = next_id(process)
                row["mac"] = sign_entry(ring, row)
            values = [
                tuple(row[name] for name in (*ENTRY_COLUMNS, "mac")) for row in waiting
            ]
            cr.execute(
                SQL(
                    "%s WITH written AS (INSERT INTO osc_audit_entry (%s) VALUES %s "
                    "ON CONFLICT DO NOTHING RETURNING id) "
                    "INSERT INTO osc_audit_pending (id) "
                    "SELECT id FROM written RETURNING id",
                    SQL("SET LOCAL synchronous_commit = off;" if soon else ""),
                    COLUMNS,
                    SQL(", ").join(values),
                )
            )
            done = {entry_id for (entry_id,) in cr.fetchall()}
            waiting = [row for row in waiting if row["id"] not in done]

    # ------------------------------------------------------------------
    # Files
    # ------------------------------------------------------------------
    @api.model
    def _log_downloads(self, records, field_name):
        """Note that files of audited records were fetched.

        :param records: attachments, or audited records themselves
        """
        if hasattr(records, "_audit_reference"):
            self._log("download", records, field_name)
        for owners, files in self._owners(records):
            self._log("download", owners, files)

    @api.model
    def _owners(self, records):
        """:return: audited records to which attachments belong, and names of these"""
        if records._name != "ir.attachment":
            return []
        # Whose file it is must be known whatever the user may read.
        by_model = records.sudo().exists().grouped("res_model")
        return [
            (
                self.env[model].browse(set(files.mapped("res_id")) - {0}),
                f"ir.attachment {', '.join(map(str, files.ids))}",
            )
            for model, files in by_model.items()
            if model in self.env and hasattr(self.env[model], "_audit_reference")
        ]


def _clean(text):
    """Text that the database takes; nothing for an empty one."""
    return str(text).replace("\0", "") if text else None
