from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.osc_base.fields import _locked_text
from odoo.addons.osc_base.key_ring import VaultLocked

from .. import custody_chain
from ..custody_chain import Chain


class OscEvidenceCustody(models.AbstractModel):
    """Part of ``osc.evidence``: who has it, and whether the chain holds.

    The truth is the log (``osc.custody.event``). The columns here repeat its end, so
    that lists can be filtered.
    """

    _name = "osc.evidence.custody"
    _description = "Custody of evidence"
    _inherit = "osc.evidence.handover"

    event_ids = fields.One2many(
        comodel_name="osc.custody.event",
        inverse_name="evidence_id",
        string="Custody log",
        readonly=True,
    )
    holder_id = fields.Many2one(
        comodel_name="res.users",
        string="Who has it",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    place_id = fields.Many2one(
        comodel_name="osc.storage.place",
        string="Where it is",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    is_outside = fields.Boolean(
        string="Outside", readonly=True, copy=False, help="With somebody without login."
    )
    receiver_id = fields.Many2one(
        comodel_name="res.users",
        string="Waits for",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Who is to confirm that it was received.",
    )
    confirm_due_at = fields.Datetime(string="To confirm by", readonly=True, copy=False)
    has_break = fields.Boolean(
        readonly=True, copy=False, export_string_translation=False
    )
    is_broken = fields.Boolean(
        string="Chain broken", compute="_compute_chain", search="_search_is_broken"
    )
    chain_problems = fields.Text(
        string="What is wrong with the chain", compute="_compute_chain"
    )
    user_holds = fields.Boolean(
        compute="_compute_user_part", export_string_translation=False
    )
    user_receives = fields.Boolean(
        compute="_compute_user_part", export_string_translation=False
    )

    # ------------------------------------------------------------------
    # The chain
    # ------------------------------------------------------------------
    def _tolerance(self):
        """How long a hand-over may take before the chain counts as broken."""
        self.ensure_one()
        center = self._case_itself().center_id
        policy = center._policy_on(center._local_day())
        return timedelta(minutes=policy._limit("custody_confirm_minutes"))

    def _chain(self):
        """The chain of one exhibit as its log tells it."""
        self.ensure_one()
        # Rows of the log are read as they are, whatever of them the user may see.
        return Chain.of(self.sudo().event_ids._as_chain_events(), self._tolerance())

    @api.depends("event_ids", "confirm_due_at", "parent_id.event_ids")
    def _compute_chain(self):
        now = fields.Datetime.now()
        # What is wrong with the kit is wrong with what is in it.
        exhibits = self.sudo()
        lines_of = {
            exhibit.id: exhibit._problem_lines(now, tolerance)
            for tolerance, group in (exhibits | exhibits.parent_id)._by_tolerance()
            for exhibit in group
        }
        for exhibit in self:
            # A kit may be open to fewer people than a thing in it.
            kit = exhibit.sudo().parent_id
            lines = lines_of.get(exhibit.id, []) + lines_of.get(kit.id, [])
            exhibit.chain_problems = "\n".join(lines)
            exhibit.is_broken = bool(lines)

    def _by_tolerance(self):
        """These exhibits by center: the same policy holds for all of one."""
        return [
            (group[0]._tolerance(), group)
            for group in self.grouped(
                lambda exhibit: exhibit.case_id.center_id
            ).values()
        ]

    def _problem_lines(self, now, tolerance):
        chain = Chain.of(self.event_ids._as_chain_events(), tolerance)
        texts = self._problem_texts()
        return [
            self.env._(
                "%(code)s, no. %(seq)s: %(text)s",
                code=self.code,
                seq=seq,
                text=texts[problem],
            )
            for seq, problem in chain.problems_at(now)
        ]

    @api.model
    def _problem_texts(self):
        return {
            custody_chain.NO_START: self.env._(
                "the log doesn't begin with the collection"
            ),
            custody_chain.GAP: self.env._(
                "the log doesn't say how it came there: in between nobody had it"
            ),
            custody_chain.BACKWARDS: self.env._(
                "happened before what was recorded before it"
            ),
            custody_chain.LATE: self.env._(
                "too long between handing over and receiving: nobody had it"
            ),
            custody_chain.SELF: self.env._("the same person on both sides"),
            custody_chain.UNCONFIRMED: self.env._("the other side didn't confirm"),
            custody_chain.SEAL: self.env._(
                "the seal found isn't the one put on before"
            ),
            custody_chain.AFTER_END: self.env._("recorded after it was disposed of"),
        }

    def _search_is_broken(self, operator, value):
        if operator != "in":
            return NotImplemented
        broken = Domain("has_break", "=", True) | Domain("confirm_due_at", "<", "now")
        domain = broken | Domain("parent_id", "any!", broken)
        return domain if True in value else ~domain

    @api.depends("holder_id", "receiver_id", "parent_id")
    @api.depends_context("uid")
    def _compute_user_part(self):
        for exhibit in self:
            alone = not exhibit.parent_id
            exhibit.user_holds = alone and exhibit.holder_id == self.env.user
            exhibit.user_receives = alone and exhibit.receiver_id == self.env.user

    def _record(self, kind, state=None, **vals):
        """Write the next line of the log, and repeat its end in the columns.

        Its caller has checked the rights. Items in a kit are where the kit is.

        :param str state: empty: as before
        """
        self.ensure_one()
        state = state or self.state
        try:
            event = self.env["osc.custody.event"]._append(
                self, kind, state=state, **vals
            )
        except VaultLocked as error:
            raise UserError(_locked_text(self.env)) from error
        chain = self._chain()
        holder, holder_id = chain.holder or (None, None)
        # The columns belong to the log, not to whoever may write the exhibit.
        exhibit = self.sudo()
        shared = {
            "state": state,
            "holder_id": holder_id if holder == "user" else False,
            "place_id": holder_id if holder == "place" else False,
            "is_outside": holder == "outside",
            "seal_number": chain.seal,
        }
        if kind == "seal":
            shared.update(sealed_by_id=self.env.uid, sealed_at=event.at)
        exhibit.write(
            {
                **shared,
                "receiver_id": chain.pending.to_user_id if chain.pending else False,
                "confirm_due_at": chain.confirm_due,
                "has_break": bool(chain.problems),
            }
        )
        if exhibit.item_ids:
            exhibit.item_ids.write(shared)
        return event

    def action_verify(self):
        """Compare the log of these exhibits with its HMACs, and tell the user."""
        self.check_access("read")
        # What is signed may be hidden from the user; the result names numbers only.
        result = self.env["osc.custody.event"]._verify(self.sudo())
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if result["ok"] else "danger",
                "title": self.env._("Custody log"),
                "message": result["message"],
                "sticky": not result["ok"],
            },
        }

    def action_step(self):
        """Open the form of a step of custody; its kind comes with the button."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "osc_cases.osc_custody_step_action"
        )
        kind = self.env.context.get("custody_kind")
        kinds = dict(
            self.env["osc.custody.step"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        return dict(
            action,
            name=kinds.get(kind, action["name"]),
            context={
                "default_kind": kind,
                "default_evidence_ids": [fields.Command.set(self.ids)],
            },
        )
