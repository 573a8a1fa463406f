from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.osc_base.key_ring import KeyRing

from ..custody_proof import event_flaw
from .osc_custody_tables import TRIGGERS


class OscCustodyVerification(models.AbstractModel):
    """Part of ``osc.custody.event``: finds what somebody changed in the logs."""

    _name = "osc.custody.verification"
    _description = "Verification of custody logs"

    @api.model
    def verify(self):
        """Compare all custody logs with their HMACs and with the audit trail.

        :return: dict: ``ok``; ``problem`` (a word, or ``None``); ``event_id``,
            ``seq`` and ``code`` of the exhibit, of the first row that is wrong;
            ``message`` for people; ``events``, how many were compared
        :raise AccessError: the user is no auditor
        """
        if not (self.env.su or self.env.user.has_group("osc_base.group_auditor")):
            raise AccessError(self.env._("Only auditors verify all custody logs."))
        # Auditors read no evidence; the result names codes and numbers only.
        return self.sudo()._verify(
            self.env["osc.evidence"].sudo().search([("id", "!=", False)]), all=True
        )

    def action_verify(self):
        """Verify, and tell the user the result."""
        result = self.verify()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if result["ok"] else "danger",
                "title": self.env._("Custody logs"),
                "message": result["message"],
                "sticky": True,
            },
        }

    @api.model
    def _verify(self, exhibits, all=False):
        """Verify the logs of some exhibits, as superuser.

        :param bool all: these are all there are, so any other row is too many
        """
        # As above.
        Event = self.env["osc.custody.event"].sudo()
        self.env.flush_all()
        Event.invalidate_model()
        codes = {exhibit.id: exhibit.code for exhibit in exhibits}
        domain = Domain.TRUE if all else Domain("evidence_id", "in", exhibits.ids)
        events = Event.search(
            domain & Domain("id", "!=", False), order="evidence_id, seq"
        )
        found, unknown = self._first_flaw(events)
        found = found or self._first_missing(events, exhibits, all)
        if not found and not self._guarded():
            found = (None, None, None, "guards")
        # What can't be verified never hides what is known to be wrong.
        found = found or unknown
        evidence_id, event_id, seq, problem = found or (None,) * 4
        result = {
            "ok": not found,
            "problem": problem,
            "event_id": event_id,
            "seq": seq,
            "code": codes.get(evidence_id),
            "events": len(events),
        }
        return {**result, "message": self._verification_text(result)}

    @api.model
    def _first_flaw(self, events):
        """:return: (exhibit, event, number, problem) of the first row that is wrong,
        and the same of the first one whose key is missing
        """
        ring, unknown = KeyRing.load(), None
        for exhibit, log in events.grouped("evidence_id").items():
            previous, expected = "", 1
            rows = {row["id"]: row for row in log._proof_rows()}
            for event in log.sorted("seq"):
                row = rows[event.id]
                if event.seq != expected:
                    return (exhibit.id, None, expected, "missing"), unknown
                problem = event_flaw(ring, row, event._proof_texts())
                if row["previous"] != previous:
                    problem = "altered"
                if not problem and event.file_id and not event.file_id._is_as_hashed():
                    problem = "file"
                if problem == "unknown_key":
                    unknown = unknown or (exhibit.id, event.id, event.seq, problem)
                elif problem:
                    return (exhibit.id, event.id, event.seq, problem), unknown
                previous, expected = row["mac"], expected + 1
        return None, unknown

    @api.model
    def _first_missing(self, events, exhibits, all):
        """An event that the audit trail tells of and the log doesn't have.

        It finds the end of a log that was cut off, and exhibits without a log.
        """
        self.env.cr.execute(
            "SELECT a.res_id, a.reference FROM osc_audit_entry a "
            "WHERE a.model = 'osc.custody.event' AND a.action = 'create' "
            "AND (%s OR a.reference = ANY(%s)) AND NOT EXISTS ("
            "SELECT FROM osc_custody_event e WHERE e.id = a.res_id) "
            "ORDER BY a.id LIMIT 1",
            [all, [case.display_name for case in exhibits.case_id]],
        )
        if row := self.env.cr.fetchone():
            return None, row[0], None, "missing"
        without = exhibits - events.evidence_id
        return (without[0].id, None, 1, "missing") if without else None

    @api.model
    def _guarded(self):
        self.env.cr.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'osc_custody_%%' "
            "AND tgenabled = 'O' AND tgrelid = 'osc_custody_event'::regclass"
        )
        return self.env.cr.fetchone()[0] == TRIGGERS

    def _proof_rows(self):
        """The rows as they are in the database."""
        self.env.cr.execute(
            "SELECT * FROM osc_custody_event WHERE id = ANY(%s)", [self.ids]
        )
        return self.env.cr.dictfetchall()

    def _proof_texts(self):
        """What the digest covers: the texts, and the hash of the file."""
        self.ensure_one()
        texts = [self.outsider, self.location, self.exception, self.file_id.sha256]
        return [text or None for text in texts]

    def _verification_text(self, result):
        texts = {
            None: self.env._("%(events)s events are as they were written.", **result),
            "altered": self.env._(
                "Event %(seq)s of exhibit %(code)s was altered.", **result
            ),
            "missing": self.env._(
                "Event %(seq)s of exhibit %(code)s is missing.", **result
            ),
            "file": self.env._(
                "The file of event %(seq)s of exhibit %(code)s isn't the one that was "
                "attached.",
                **result,
            ),
            "unknown_key": self.env._(
                "The key ring lacks the key with which event %(seq)s of exhibit "
                "%(code)s was signed, so it can't be verified.",
                **result,
            ),
            "guards": self.env._(
                "No event is wrong, but the triggers that guard the log were removed. "
                "Upgrading the addon puts them back."
            ),
        }
        if result["problem"] == "missing" and result["event_id"]:
            return self.env._(
                "Event with id %(event_id)s is in the audit trail and missing in the "
                "custody log.",
                **result,
            )
        return texts[result["problem"]]
