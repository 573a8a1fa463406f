import base64

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .. import audit_archive
from ..audit_proof import (
    ENTRY_COLUMNS,
    MARK,
    MARK_COLUMNS,
    SEAL_COLUMNS,
    canonical,
)
from ..key_ring import KeyRing

MONTHS = 24


class OscAuditArchiving(models.TransientModel):
    """Old parts of the trail go into a file, and then out of the database.

    Only who hands back the very file can take its entries out: so there is one.
    """

    _name = "osc.audit.archiving"
    _description = "Archive the audit trail"

    months = fields.Integer(
        string="Keep months",
        required=True,
        default=lambda self: self._default_months(),
        help="Entries of the last months stay in the database.",
    )
    file = fields.Binary(string="Archive", readonly=True, attachment=False)
    file_name = fields.Char()
    returned = fields.Binary(string="The file again", attachment=False)
    confirmed = fields.Boolean(
        string="The file is kept in a safe place outside this server"
    )

    @api.model
    def _default_months(self):
        # A setting of the system, which an auditor may not read as a parameter.
        parameters = self.env["ir.config_parameter"].sudo()
        return int(parameters.get_param("osc_base.audit_retention_months") or MONTHS)

    @api.model
    def _check_auditor(self):
        if not self.env.user.has_group("osc_base.group_auditor"):
            raise AccessError(self.env._("Only auditors archive the audit trail."))

    # ------------------------------------------------------------------
    # Into a file
    # ------------------------------------------------------------------
    def action_make_file(self):
        """Write the old seals and their entries into a file for download."""
        self._check_auditor()
        self.ensure_one()
        content = self._archive(*self._old_seals())
        self.file = base64.b64encode(content)
        return self._reopen()

    def _old_seals(self):
        """First and last of the seals that are old and not archived yet."""
        before = fields.Datetime.now() - relativedelta(months=max(self.months, 1))
        first = self._archived() + 1
        # Up to the first seal with an entry that is too young.
        self.env.cr.execute(
            "SELECT min(number) FROM osc_audit_seal WHERE number >= %s AND at >= %s",
            [first, before],
        )
        young = self.env.cr.fetchone()[0]
        self.env.cr.execute("SELECT max(number) FROM osc_audit_seal")
        newest = self.env.cr.fetchone()[0] or 0
        last = young - 1 if young else newest
        if last < first:
            raise UserError(self.env._("No part of the trail is old enough."))
        return first, last

    @api.model
    def _archived(self):
        self.env.cr.execute("SELECT max(last_seal) FROM osc_audit_mark")
        return self.env.cr.fetchone()[0] or 0

    def _archive(self, first, last):
        ring = KeyRing.load()
        if ring.locked:
            raise UserError(
                self.env._("The server has no key, so nothing can be archived.")
            )
        result = self.env["osc.audit.entry"].verify()
        if result["problem"] not in (None, "unsigned", "guards"):
            raise UserError(
                self.env._("The trail is not intact: %s", result["message"])
            )
        cr = self.env.cr
        cr.execute("SELECT mac FROM osc_audit_seal WHERE number = %s", [first - 1])
        header = {
            "format": audit_archive.FORMAT,
            # A parameter of the system.
            "database": self.env["ir.config_parameter"]
            .sudo()
            .get_param("database.uuid"),
            "first_seal": first,
            "last_seal": last,
            "previous": (cr.fetchone() or [""])[0],
        }
        header["mac"] = ring.sign(
            canonical(header, audit_archive.HEADER_COLUMNS), audit_archive.HEADER
        )
        self.file_name = f"audit-{first:06}-{last:06}.jsonl"
        lines = [audit_archive.line("header", header, audit_archive.HEADER_COLUMNS)]
        for seal in self._select(
            "osc_audit_seal",
            SEAL_COLUMNS,
            SQL("number BETWEEN %s AND %s ORDER BY number", first, last),
        ):
            lines.append(audit_archive.line("seal", seal, SEAL_COLUMNS))
            lines += [
                audit_archive.line("entry", entry, ENTRY_COLUMNS)
                for entry in self._select(
                    "osc_audit_entry",
                    ENTRY_COLUMNS,
                    SQL("id = ANY(%s) ORDER BY id", seal["entry_ids"]),
                )
            ]
        return "".join(lines).encode()

    def _select(self, table, columns, condition):
        names = (*columns, "mac")
        rows = self.env.execute_query(
            SQL(
                "SELECT %s FROM %s WHERE %s",
                SQL(", ").join(map(SQL.identifier, names)),
                SQL.identifier(table),
                condition,
            )
        )
        return [dict(zip(names, row, strict=True)) for row in rows]

    # ------------------------------------------------------------------
    # Out of the database
    # ------------------------------------------------------------------
    def action_take_out(self):
        """Take out of the database what is in the file that was handed back."""
        self._check_auditor()
        self.ensure_one()
        if not self.confirmed or not self.returned:
            raise UserError(
                self.env._("Hand back the file, and confirm that it is kept.")
            )
        content = base64.b64decode(self.returned)
        try:
            found = audit_archive.verify(content, KeyRing.load())
        except audit_archive.ArchiveAltered as error:
            raise UserError(
                self.env._("The file is not intact: %s", str(error))
            ) from error
        first, last = found["first_seal"], found["last_seal"]
        if first != self._archived() + 1 or content != self._archive(first, last):
            raise UserError(
                self.env._(
                    "The file is not the next part of this trail. Make it again."
                )
            )
        self._take_out(found, audit_archive.digest(content))
        return {"type": "ir.actions.act_window_close"}

    def _take_out(self, found, hash_of_file):
        ring = KeyRing.load()
        cr = self.env.cr
        cr.execute("SELECT COALESCE(max(id), 0) + 1 FROM osc_audit_mark")
        mark = {
            "id": cr.fetchone()[0],
            "at": fields.Datetime.now(),
            "user_id": self.env.uid,
            "first_seal": found["first_seal"],
            "last_seal": found["last_seal"],
            "entries": found["entries"],
            "hash": hash_of_file,
        }
        mark["mac"] = ring.sign(canonical(mark, MARK_COLUMNS), MARK)
        names = (*MARK_COLUMNS, "mac")
        self.env.execute_query(
            SQL(
                "INSERT INTO osc_audit_mark (%s) VALUES %s RETURNING id",
                SQL(", ").join(map(SQL.identifier, names)),
                tuple(mark[name] for name in names),
            )
        )
        cr.execute(
            "DELETE FROM osc_audit_entry WHERE id IN (SELECT unnest(entry_ids) "
            "FROM osc_audit_seal WHERE number BETWEEN %s AND %s)",
            [mark["first_seal"], mark["last_seal"]],
        )
        self.env["osc.audit.entry"].invalidate_model()
        # That part of the trail was taken out belongs into the trail.
        self.env["osc.audit.entry"]._add(
            "unlink",
            self.env["osc.audit.entry"]._rows(
                "unlink",
                self.env["osc.audit.entry"],
                f"archive {mark['first_seal']}-{mark['last_seal']} {hash_of_file}",
            ),
        )

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
