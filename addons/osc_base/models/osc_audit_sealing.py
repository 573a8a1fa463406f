import json
import logging
import os
import re
from pathlib import Path

import psycopg2

from odoo import api, fields, models, modules
from odoo.tools import SQL, config

from ..audit_proof import SEAL, SEAL_COLUMNS, canonical, hash_of
from ..key_ring import KeyRing

_logger = logging.getLogger(__name__)

AT_ONCE = 10_000  # entries under one seal


class OscAuditSealing(models.AbstractModel):
    """Part of ``osc.audit.entry``: seals bind the entries to each other.

    Nobody waits for a seal: entries that are being written now come under the next.
    """

    _name = "osc.audit.sealing"
    _description = "Sealing of the audit trail"

    @api.model
    def _cron_seal(self):
        """Seal what was written since the last time."""
        while self._seal():
            continue

    @api.model
    def _seal_now(self):
        """Seal what whoever did it would like to remove, before they can.

        Whatever is wrong with the seal, the entry is written; the next job seals it.
        """
        if modules.module.current_test:
            return  # the entries are the test's own, and gone with it
        try:
            self._seal()
        except Exception:
            _logger.exception("The audit trail could not be sealed at once")

    @api.model
    def _seal(self):
        """Put waiting entries under a new seal, in a transaction of its own.

        :return: the number of the seal, or ``None`` when there was nothing to do, no
            key, or another process is sealing
        """
        ring = KeyRing.load()
        if ring.locked:
            return None
        with self._apart() as cr:
            seal = self._make_seal(cr, ring)
        if not seal:
            return None
        _logger.info("Audit trail sealed up to %s: %s", seal["number"], seal["mac"])
        with self._apart() as cr:
            self._write_anchor(cr, seal)
        return seal["number"]

    @api.model
    def _make_seal(self, cr, ring):
        try:
            with cr.savepoint(flush=False):
                # As the first statement: what the other one sealed is seen after it.
                cr.execute(
                    "LOCK TABLE osc_audit_seal IN EXCLUSIVE MODE NOWAIT",
                    log_exceptions=False,
                )
        except psycopg2.errors.LockNotAvailable:
            return None
        cr.execute(
            "DELETE FROM osc_audit_pending WHERE id IN ("
            "SELECT id FROM osc_audit_pending ORDER BY id LIMIT %s) RETURNING id",
            [AT_ONCE],
        )
        ids = sorted(row[0] for row in cr.fetchall())
        if not ids:
            return None
        cr.execute("SELECT id, mac FROM osc_audit_entry WHERE id = ANY(%s)", [ids])
        # Who is missing now was there when it was written: an empty HMAC says so.
        macs = {**dict.fromkeys(ids, ""), **{i: mac or "" for i, mac in cr.fetchall()}}
        cr.execute(
            "SELECT number, mac FROM osc_audit_seal ORDER BY number DESC LIMIT 1"
        )
        number, previous = cr.fetchone() or (0, "")
        seal = {
            "number": number + 1,
            "at": fields.Datetime.now(),
            "previous": previous,
            "entry_ids": ids,
            "hash": hash_of(macs),
        }
        seal["mac"] = ring.sign(canonical(seal, SEAL_COLUMNS), SEAL)
        names = (*SEAL_COLUMNS, "mac")
        cr.execute(
            SQL(
                "INSERT INTO osc_audit_seal (%s) VALUES %s",
                SQL(", ").join(map(SQL.identifier, names)),
                tuple(seal[name] for name in names),
            )
        )
        return seal

    # ------------------------------------------------------------------
    # Outside the database
    # ------------------------------------------------------------------
    @api.model
    def _anchor_path(self):
        """File that knows the last seal, so that a removed end is found.

        A test has none: what it seals is gone afterwards.
        """
        if modules.module.current_test:
            return None
        # A parameter of the system, not of the user.
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid", "")
        name = re.sub(r"[^\w.-]", "_", f"{self.env.cr.dbname}-{uuid}.json")
        return Path(config["data_dir"]) / "osc_audit" / name

    @api.model
    def _read_anchor(self):
        """:return: ``{"number": …, "mac": …}`` of the last seal that was noted"""
        path = self._anchor_path()
        try:
            return path and json.loads(path.read_text())
        except FileNotFoundError:
            return None
        except (OSError, ValueError):
            return {"number": 0, "mac": "unreadable"}

    @api.model
    def _write_anchor(self, cr, seal):
        """Note a seal, unless the file knows of one that the database has not.

        That finding stays until a person has looked into it.
        """
        anchor = self._read_anchor()
        if anchor and self._seal_mac(cr, anchor["number"]) != anchor["mac"]:
            _logger.error(
                "The audit trail doesn't end where it was noted outside the database; "
                "verify it"
            )
            return
        path = self._anchor_path()
        if not path or anchor and anchor["number"] > seal["number"]:
            return
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            new = path.with_suffix(f".{os.getpid()}")
            new.write_text(json.dumps({"number": seal["number"], "mac": seal["mac"]}))
            os.replace(new, path)
        except OSError:
            _logger.exception("The last seal of the audit trail could not be noted")

    @api.model
    def _seal_mac(self, cr, number):
        cr.execute("SELECT mac FROM osc_audit_seal WHERE number = %s", [number])
        return (cr.fetchone() or [None])[0]
