from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.osc_base.fields import EncryptedChar, EncryptedText
from odoo.addons.osc_base.key_ring import KeyRing, VaultLocked

from ..custody_chain import Event
from ..custody_proof import COLUMNS, digest_of, sign
from .osc_custody_tables import GUARDS, TEXTS
from .osc_storage_place import STORAGE_CLASSES

KINDS = [
    ("collect", "Collected"),
    ("seal", "Sealed"),
    ("store", "Put into storage"),
    ("await", "Waits for her consent"),
    ("take", "Taken out of storage"),
    ("give", "Handed over"),
    ("receive", "Received"),
    ("refuse", "Not accepted"),
    ("cancel", "Hand-over called off"),
    ("pass", "Handed on outside"),
    ("take_back", "Came back"),
    ("analyse", "Opened for analysis"),
    ("report", "Result reported"),
    ("retain", "Retained"),
    ("file", "File attached"),
    ("dispose_request", "Disposal requested"),
    ("dispose", "Disposed of"),
]
STATES = [
    ("collected", "Collected"),
    ("sealed", "Sealed"),
    ("stored", "Stored"),
    ("awaiting_consent", "Awaiting her consent"),
    ("released", "Released to police"),
    ("in_transit", "In transit"),
    ("lab_received", "Received by the laboratory"),
    ("in_analysis", "In analysis"),
    ("reported", "Reported"),
    ("returned", "Returned"),
    ("retained", "Retained"),
    ("disposed", "Disposed of"),
]
PURPOSES = [
    ("internal", "Within the center"),
    ("police", "Release to police"),
    ("transport", "Transport"),
    ("lab", "Laboratory"),
    ("court", "Court"),
]
CONDITIONS = [
    ("intact", "Intact"),
    ("damaged", "Packaging damaged"),
    ("opened", "Seal broken"),
    ("wet", "Wet or leaking"),
]


class OscCustodyEvent(models.Model):
    """One line of the custody log of an exhibit. Written by the steps of
    ``osc.evidence``, never changed: triggers refuse it, and what gets past them is
    found by ``verify``.
    """

    _name = "osc.custody.event"
    _description = "Custody event"
    _inherit = ["osc.case.audited", "osc.vault.mixin", "osc.custody.verification"]
    _log_access = False
    _order = "evidence_id, seq"
    _rec_name = "kind"

    evidence_id = fields.Many2one(
        comodel_name="osc.evidence",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    case_id = fields.Many2one(
        comodel_name="osc.case",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    seq = fields.Integer(string="No.", required=True, readonly=True, aggregator=None)
    kind = fields.Selection(
        selection=KINDS, string="What", required=True, readonly=True
    )
    at = fields.Datetime(string="When", required=True, readonly=True)
    recorded_at = fields.Datetime(string="Recorded", required=True, readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Recorded by",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    from_user_id = fields.Many2one(
        comodel_name="res.users", string="From", readonly=True, ondelete="restrict"
    )
    from_agency_id = fields.Many2one(
        comodel_name="osc.agency",
        string="From agency",
        readonly=True,
        ondelete="restrict",
    )
    to_user_id = fields.Many2one(
        comodel_name="res.users", string="To", readonly=True, ondelete="restrict"
    )
    to_agency_id = fields.Many2one(
        comodel_name="osc.agency",
        string="To agency",
        readonly=True,
        ondelete="restrict",
    )
    outside = fields.Boolean(
        readonly=True, help="To somebody without a login: see the receipt."
    )
    outsider = EncryptedChar(string="Outside person", readonly=True)
    place_id = fields.Many2one(
        comodel_name="osc.storage.place",
        string="Storage place",
        readonly=True,
        ondelete="restrict",
    )
    storage_class = fields.Selection(
        selection=STORAGE_CLASSES, string="Storage", readonly=True
    )
    purpose = fields.Selection(selection=PURPOSES, readonly=True)
    answers = fields.Integer(
        string="Answers no.", readonly=True, aggregator=None, help="Of which event."
    )
    seal_in = fields.Char(string="Seal found", readonly=True)
    seal_out = fields.Char(string="Seal put on", readonly=True)
    condition = fields.Selection(selection=CONDITIONS, readonly=True)
    location = EncryptedChar(readonly=True)
    exception = EncryptedText(string="Anything unusual", readonly=True)
    file_id = fields.Many2one(
        comodel_name="osc.evidence.file",
        string="Receipt or file",
        readonly=True,
        ondelete="restrict",
    )
    state = fields.Selection(selection=STATES, string="Then", readonly=True)
    digest = fields.Char(required=True, readonly=True, export_string_translation=False)
    previous = fields.Char(
        required=True, readonly=True, export_string_translation=False
    )
    mac = fields.Char(required=True, readonly=True, export_string_translation=False)

    _seq_unique = models.Constraint(
        "UNIQUE(evidence_id, seq)", "This number of the custody log is taken."
    )

    def init(self):
        self.env.cr.execute(GUARDS)

    @api.depends("evidence_id.code", "seq")
    def _compute_display_name(self):
        for event in self:
            event.display_name = f"{event.evidence_id.code} · {event.seq}"

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

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        self._refuse()

    @api.model
    def _refuse(self):
        raise AccessError(
            self.env._(
                "The custody log can't be changed. Use the steps of the exhibit; a "
                "mistake is noted with the next step."
            )
        )

    @api.model
    def _append(self, evidence, kind, **vals):
        """Write the next event of an exhibit; its caller has checked the rights.

        The exhibit's row is locked, so that two steps at a time get two numbers.

        :param vals: plain values of the other fields, with ids of records
        """
        ring = KeyRing.load()
        if ring.locked:
            raise VaultLocked(ring.current or "")
        cr = self.env.cr
        self.env.flush_all()
        cr.execute(
            "SELECT id FROM osc_evidence WHERE id = %s FOR UPDATE", [evidence.id]
        )
        cr.execute(
            "SELECT seq, mac FROM osc_custody_event WHERE evidence_id = %s "
            "ORDER BY seq DESC LIMIT 1",
            [evidence.id],
        )
        seq, previous = cr.fetchone() or (0, "")
        cr.execute("SELECT nextval('osc_custody_event_id_seq')")
        now = fields.Datetime.now()
        row = dict.fromkeys(COLUMNS)
        row.update(
            id=cr.fetchone()[0],
            evidence_id=evidence.id,
            case_id=evidence.case_id.id,
            seq=seq + 1,
            kind=kind,
            at=now,
            recorded_at=now,
            user_id=self.env.uid,
            outside=False,
            previous=previous,
        )
        texts = {name: vals.pop(name, None) or None for name in TEXTS}
        row.update({name: value or None for name, value in vals.items()})
        row["outside"] = bool(row["outside"])
        event = self.browse(row["id"])
        # The hash of the file is a fact of the chain, whoever may open the file.
        file = self.env["osc.evidence.file"].sudo().browse(row["file_id"] or [])
        row["digest"] = digest_of(ring, [*texts.values(), file.sha256 or None])
        row["mac"] = sign(ring, row)
        for name, value in texts.items():
            place = self._fields[name]._place(event)
            row[name] = value and ring.encrypt(value.encode(), place)
        cr.execute(
            SQL(
                "INSERT INTO osc_custody_event (%s) VALUES %s",
                SQL(", ").join(map(SQL.identifier, row)),
                tuple(row.values()),
            )
        )
        evidence.invalidate_recordset(["event_ids"])
        self.env["osc.audit.entry"]._log("create", event, kind)
        return event

    # ------------------------------------------------------------------
    # For the chain
    # ------------------------------------------------------------------
    def _as_chain_events(self):
        """These rows as the chain needs them, in their order."""
        # Who had it and when is not about her; her texts are not read here.
        return [
            Event(
                seq=row.seq,
                kind=row.kind,
                at=row.at,
                user_id=row.user_id.id,
                from_user_id=row.from_user_id.id or None,
                to_user_id=row.to_user_id.id or None,
                place_id=row.place_id.id or None,
                outside=row.outside,
                answers=row.answers or None,
                seal_in=row.seal_in or None,
                seal_out=row.seal_out or None,
                receipt=bool(row.file_id),
            )
            # A chain is checked over all of its rows, or it isn't checked.
            for row in self.sudo().sorted("seq")
        ]
