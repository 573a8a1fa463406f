import time

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..audit_proof import (
    ENTRY,
    ENTRY_COLUMNS,
    MARK,
    MARK_COLUMNS,
    SEAL,
    SEAL_COLUMNS,
    flaw,
    hash_of,
    time_of,
)
from ..key_ring import KeyRing
from .osc_audit_tables import GUARDED

SEALS_AT_ONCE = 500
TRIGGERS = 2  # of each guarded table
LAST = float("inf")
LATE_MINUTES = 5  # the job that seals runs each minute


class OscAuditVerification(models.AbstractModel):
    """Part of ``osc.audit.entry``: finds what somebody changed in the trail."""

    _name = "osc.audit.verification"
    _description = "Verification of the audit trail"

    @api.model
    def verify(self):
        """Compare the trail with its HMACs, seals and anchor.

        :return: dict: ``ok``; ``problem`` (a word, or ``None``); ``entry_id`` and
            ``seal``, the first at which something is wrong; ``message`` for people;
            counts of ``entries``, ``waiting`` for a seal, ``waiting_minutes`` of the
            oldest of these, ``unsigned``, ``seals``
        """
        if not (self.env.su or self.env.user.has_group("osc_base.group_auditor")):
            raise AccessError(self.env._("Only auditors verify the audit trail."))
        return _Verification(self.env).run()

    def action_verify(self):
        """Verify, and tell the user the result."""
        result = self.verify()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": self._verified_type(result),
                "title": self.env._("The trail is intact")
                if result["ok"]
                else self.env._("The trail is not intact"),
                "message": result["message"],
                "sticky": True,
            },
        }

    @api.model
    def _verified_type(self, result):
        if not result["ok"]:
            return "danger"
        late = result["waiting_minutes"] >= LATE_MINUTES
        return "warning" if late else "success"


class _Verification:
    """One run over the whole trail, in the snapshot of the current transaction."""

    def __init__(self, env):
        self.env, self.cr, self.ring = env, env.cr, KeyRing.load()
        self.found = []  # (entry id, seal number, problem)
        names = ("entries", "waiting", "waiting_minutes", "unsigned", "seals")
        self.counts = dict.fromkeys(names, 0)
        self.first_unsigned = None
        self.archived = 0  # number of the last seal whose entries are in an archive
        self.last_seal = (0, "")

    def run(self):
        self._marks()
        self._seals()
        self._waiting()
        self._strangers()
        anchor = self._anchor()
        self._guards()
        self.found.sort(key=lambda p: (p[0] or LAST, p[1] or LAST))
        if not self.found and self.first_unsigned:
            self.found.append((self.first_unsigned, None, "unsigned"))
        entry_id, seal, problem = self.found[0] if self.found else (None, None, None)
        return {
            "ok": not self.found,
            "problem": problem,
            "entry_id": entry_id,
            "seal": seal,
            "message": self._message(problem, entry_id, seal, anchor),
            "anchored": bool(anchor),
            **self.counts,
        }

    def _rows(self, table, columns, condition):
        names = (*columns, "mac")
        self.cr.execute(
            SQL(
                "SELECT %s FROM %s WHERE %s",
                SQL(", ").join(map(SQL.identifier, names)),
                SQL.identifier(table),
                condition,
            )
        )
        return [dict(zip(names, row, strict=True)) for row in self.cr.fetchall()]

    def _marks(self):
        """Which seals were taken to an archive: without gap, from the first."""
        for mark in self._rows("osc_audit_mark", MARK_COLUMNS, SQL("TRUE ORDER BY id")):
            problem = flaw(self.ring, mark, MARK_COLUMNS, MARK)
            if problem or mark["first_seal"] != self.archived + 1:
                self.found.append((None, mark["first_seal"], problem or "mark"))
            else:
                self.archived = mark["last_seal"]

    # ------------------------------------------------------------------
    # Seals and their entries
    # ------------------------------------------------------------------
    def _seals(self):
        while page := self._rows(
            "osc_audit_seal",
            SEAL_COLUMNS,
            SQL(
                "number > %s ORDER BY number LIMIT %s", self.last_seal[0], SEALS_AT_ONCE
            ),
        ):
            ids = [entry_id for seal in page for entry_id in seal["entry_ids"]]
            entries = {row["id"]: row for row in self._entries(ids)}
            for seal in page:
                self._seal(seal, entries)

    def _entries(self, ids):
        return self._rows("osc_audit_entry", ENTRY_COLUMNS, SQL("id = ANY(%s)", ids))

    def _seal(self, seal, entries):
        number, previous = self.last_seal
        self.counts["seals"] += 1
        if seal["number"] != number + 1 or seal["previous"] != previous:
            self.found.append((None, number + 1, "seal_missing"))
        self.last_seal = seal["number"], seal["mac"]
        problem = flaw(self.ring, seal, SEAL_COLUMNS, SEAL)
        if problem:
            problem = "unknown_key" if problem == "unknown_key" else "seal_altered"
            self.found.append((None, seal["number"], problem))
        macs = dict.fromkeys(seal["entry_ids"], "")
        if seal["number"] <= self.archived:
            back = entries.keys() & macs.keys()
            self.found += [(entry_id, seal["number"], "inserted") for entry_id in back]
            return
        for entry_id in macs:
            row = entries.get(entry_id)
            if self._entry(entry_id, row, seal["number"]):
                macs[entry_id] = row["mac"] or ""
        if not problem and hash_of(macs) != seal["hash"]:
            self._not_as_sealed(seal["number"], macs)

    def _not_as_sealed(self, number, macs):
        """Which entries under a good seal are not those that it covers."""
        here = [p for p in self.found if p[0] in macs]
        if not here:
            # Each is signed, but not as it was when it was sealed.
            self.found.append((min(macs), number, "altered"))
        for found in here:
            if found[2] == "unknown_key":
                # It was sealed with another HMAC: somebody made up that key.
                self.found.remove(found)
                self.found.append((found[0], number, "altered"))

    def _entry(self, entry_id, row, seal=None):
        """Check one row; whether it is there."""
        if row is None:
            self.found.append((entry_id, seal, "missing"))
            return False
        self.counts["entries"] += 1
        problem = flaw(self.ring, row, ENTRY_COLUMNS, ENTRY)
        if problem == "unsigned":
            self.counts["unsigned"] += 1
            self.first_unsigned = min(self.first_unsigned or entry_id, entry_id)
        elif problem:
            self.found.append((entry_id, seal, problem))
        return True

    def _waiting(self):
        self.cr.execute("SELECT id FROM osc_audit_pending ORDER BY id")
        ids = [row[0] for row in self.cr.fetchall()]
        self.counts["waiting"] = len(ids)
        if ids:
            waited = max(time.time() - time_of(ids[0]), 0)
            self.counts["waiting_minutes"] = int(waited // 60)
        entries = {row["id"]: row for row in self._entries(ids)}
        for entry_id in ids:
            self._entry(entry_id, entries.get(entry_id))

    def _strangers(self):
        """Rows that no seal covers and that don't wait for one."""
        self.cr.execute(
            "SELECT min(e.id) FROM osc_audit_entry e "
            "LEFT JOIN osc_audit_pending p ON p.id = e.id "
            "LEFT JOIN (SELECT unnest(entry_ids) AS id FROM osc_audit_seal) s "
            "ON s.id = e.id WHERE p.id IS NULL AND s.id IS NULL"
        )
        (entry_id,) = self.cr.fetchone()
        if entry_id:
            self.found.append((entry_id, None, "inserted"))

    # ------------------------------------------------------------------
    # Around the table
    # ------------------------------------------------------------------
    def _anchor(self):
        """The seal that is noted outside the database must be in it."""
        anchor = self.env["osc.audit.entry"]._read_anchor()
        if anchor:
            mac = self.env["osc.audit.entry"]._seal_mac(self.cr, anchor["number"])
            if mac != anchor["mac"]:
                self.found.append((None, anchor["number"], "end"))
        return anchor

    def _guards(self):
        self.cr.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'osc_audit_%%' "
            "AND tgenabled = 'O' AND tgrelid::regclass::text = ANY(%s)",
            [list(GUARDED)],
        )
        if self.cr.fetchone()[0] != TRIGGERS * len(GUARDED):
            self.found.append((None, None, "guards"))

    # ------------------------------------------------------------------
    # In words
    # ------------------------------------------------------------------
    def _message(self, problem, entry_id, seal, anchor):
        values = {"entry": entry_id, "seal": seal, **self.counts}
        texts = {
            "altered": self.env._("Entry %(entry)s was altered.", **values),
            "missing": self.env._("Entry %(entry)s is missing.", **values),
            "inserted": self.env._(
                "Entry %(entry)s was put in past the trail, or its seal was removed.",
                **values,
            ),
            "unsigned": self.env._(
                "%(unsigned)s entries, the first of them %(entry)s, were written while "
                "the server had no key. Nothing else is wrong with them, but nobody "
                "can prove who wrote them.",
                **values,
            ),
            "unknown_key": self.env._(
                "The key ring lacks a key with which a part of the trail was signed, so "
                "it can't be verified. First: entry %(entry)s, seal %(seal)s.",
                **values,
            ),
            "seal_missing": self.env._("Seal %(seal)s is missing.", **values),
            "seal_altered": self.env._("Seal %(seal)s was altered.", **values),
            "mark": self.env._(
                "The archive mark that begins at seal %(seal)s doesn't follow the one "
                "before it.",
                **values,
            ),
            "end": self.env._(
                "Seal %(seal)s was noted outside the database, and the trail doesn't "
                "have it: its end was removed, or an older backup was restored. If the "
                "backup was restored on purpose, note that down and move away the file "
                "%(file)s on the server; the next seal begins a new one.",
                file=self.env["osc.audit.entry"]._anchor_path(),
                **values,
            ),
            "guards": self.env._(
                "No entry is wrong, but the triggers that guard the trail were removed. "
                "Upgrading the addon puts them back.",
                **values,
            ),
            None: self.env._(
                "%(entries)s entries under %(seals)s seals are as they were written; "
                "%(waiting)s of them wait for the next seal.",
                **values,
            ),
        }
        text = texts[problem]
        if self.counts["waiting_minutes"] >= LATE_MINUTES:
            text += " " + self.env._(
                "The oldest entry without a seal waits for %(waiting_minutes)s minutes: "
                "the job that seals each minute doesn't run. What was removed from the "
                "database meanwhile can't be found.",
                **values,
            )
        if not anchor:
            text += " " + self.env._(
                "There is no note of the last seal outside the database yet."
            )
        return text
