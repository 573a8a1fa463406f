import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import NO_ACCESS, Command, Domain

from odoo.addons.osc_base.fields import EncryptedText

from .osc_case_access import SURVIVOR_SCOPES

# What can be known of a survivor; the rest follows from it or points to her.
MERGED_FIELDS = (
    "full_name",
    "national_id",
    "phone",
    "address",
    "birth_date",
    "age_years",
    "age_estimated",
    "age_noted_on",
    "sex",
    "language_id",
    "disability",
    "safe_contact_allowed",
    "safe_contact_channel",
    "safe_contact_details",
    "safe_contact_hours",
    "safe_contact_notes",
)


class OscSurvivorMerge(models.Model):
    """Two records of one survivor became one: which, by whom, and how to undo it.

    Cases move to the kept record with everything that belongs to them; the merged
    record is deleted. What undoing needs is kept in the vault for some days. The trail
    has codes and names of fields, never values.
    """

    _name = "osc.survivor.merge"
    _description = "Merged survivors"
    _inherit = ["osc.vault.mixin", "osc.audit.mixin"]
    _order = "id desc"
    _rec_name = "merged_code"

    kept_id = fields.Many2one(
        comodel_name="osc.survivor",
        string="Kept record",
        ondelete="set null",
        index="btree_not_null",
        groups=NO_ACCESS,
    )
    kept_code = fields.Char(string="Kept", required=True, readonly=True)
    merged_code = fields.Char(string="Merged into it", required=True, readonly=True)
    center_ids = fields.Many2many(comodel_name="osc.center", string="Centers")
    merged_at = fields.Datetime(
        string="When", required=True, default=fields.Datetime.now
    )
    merged_by_id = fields.Many2one(
        comodel_name="res.users",
        string="By",
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    field_names = fields.Char(
        string="Fields taken over", help="Names of fields, without what stood there."
    )
    undo_until = fields.Datetime(string="Can be undone until", required=True)
    undone_at = fields.Datetime(string="Undone")
    snapshot = EncryptedText(groups=NO_ACCESS)
    may_undo = fields.Boolean(compute="_compute_may_undo")

    @api.depends("kept_code", "merged_code")
    def _compute_display_name(self):
        for merge in self:
            merge.display_name = f"{merge.merged_code} → {merge.kept_code}"

    def _audit_reference(self):
        return self.display_name

    def _audit_center(self):
        return self.center_ids[:1]

    # ------------------------------------------------------------------
    # Merge
    # ------------------------------------------------------------------
    @api.model
    def _merge(self, kept, merged, names):
        """Make two records of one survivor one.

        :param kept: ``osc.survivor`` record that stays
        :param merged: ``osc.survivor`` record that goes
        :param names: fields of which the value of ``merged`` stays
        :return: the record of the merge, as superuser
        :raise AccessError: the user may not see who both are, or change the kept one
        :raise UserError: it is one record, or somebody would learn what they must not
        """
        both = kept | merged
        if len(kept) != 1 or len(merged) != 1 or len(both) != 2:
            raise UserError(self.env._("Choose two different records."))
        both.check_access("read")
        both._check_may_keep()
        both.check_access("write")
        # From here on also cases are concerned that the user can't see.
        kept, merged = kept.sudo(), merged.sudo()
        self._check_nobody_learns(kept, merged)
        relations = self._relations(merged)
        names = set(names)
        if names & {"age_years", "age_estimated"}:
            names.add("age_noted_on")
        names = [name for name in MERGED_FIELDS if name in names]
        taken = _values(merged, names)
        snapshot = {
            "merged": {"code": merged.code, **_values(merged, MERGED_FIELDS)},
            "replaced": _values(kept, names),
            "taken": taken,
            "moved": self._references(merged),
            "relations": relations,
            "related": self._relate(
                kept, [(other, kind) for other, kind in relations if other != kept.id]
            ),
        }
        centers = self._cases(kept | merged).center_id
        days = min(
            (
                center._policy_on(center._local_day())._limit("merge_undo_days")
                for center in centers
            ),
            default=0,
        )
        # Nobody may write these records: each is made by this method.
        merge = self.sudo().create(
            {
                "kept_id": kept.id,
                "kept_code": kept.code,
                "merged_code": merged.code,
                "center_ids": [Command.set(centers.ids)],
                "field_names": ", ".join(names),
                "undo_until": fields.Datetime.add(fields.Datetime.now(), days=days),
                "snapshot": json.dumps(snapshot),
            }
        )
        self.env["osc.audit.entry"]._log(
            "write",
            kept,
            f"merged: {merged.code} into {kept.code}: {', '.join(names) or '-'}",
        )
        self._move(snapshot["moved"], kept)
        merged.exists().unlink()
        if taken:
            kept.write(taken)
        return merge

    @api.model
    def _check_nobody_learns(self, kept, merged):
        """Staff who are excluded from a case of one must not know the other.

        They would learn from the merged record what was hidden from them, for instance
        where she lives now.

        :raise UserError: without saying who it is
        """
        cases = self._cases(kept | merged)
        cases.invalidate_recordset(["excluded_user_ids"])
        excluded = cases.excluded_user_ids
        # Memberships of others, of which only a refusal is seen.
        Member = self.env["osc.case.member"].sudo()
        Scope = self.env["osc.case.member.scope"]
        knowing = Member.search(
            Member._valid_domain()
            & Domain("case_id", "in", cases.ids)
            & Domain("user_id", "in", excluded.ids)
            & Domain(
                "scope_ids",
                "any!",
                Scope._valid_domain() & Domain("scope", "in", SURVIVOR_SCOPES),
            )
        )
        if knowing:
            raise UserError(
                self.env._(
                    "Somebody who is excluded from one of the cases knows who she is "
                    "in another. End that first: they would learn more by merging."
                )
            )

    @api.model
    def _references(self, survivor):
        """What points to a survivor and will point to the kept one.

        :return: list of ``[model, field, ids]``
        """
        moved = []
        for model in self.env.values():
            if not model._auto or model._transient:
                continue
            for field in model._fields.values():
                if (
                    field.type == "many2one"
                    and field.store
                    and field.comodel_name == "osc.survivor"
                    and model._name not in (self._name, "osc.survivor.relation")
                ):
                    # Archived records and those of other companies move, too.
                    Model = model.sudo().with_context(active_test=False)
                    found = Model.search([(field.name, "=", survivor.id)])
                    moved.append([model._name, field.name, found.ids])
        return moved

    @api.model
    def _move(self, moved, survivor, only_from=None):
        """Let what pointed to one survivor point to another.

        :param list moved: see ``_references``
        :param only_from: leave out what doesn't point to this survivor (any more)
        """
        for model, name, ids in moved:
            # Cases that the user can't see move, too.
            Model = self.env[model].sudo().with_context(active_test=False)
            domain = Domain("id", "in", ids)
            if only_from:
                domain &= Domain(name, "=", only_from.id)
            if records := Model.search(domain):
                records.write({name: survivor.id})

    @api.model
    def _cases(self, survivors):
        """All cases of survivors, as superuser.

        Not by the field: what is in its cache may be what the user may see.
        """
        return (
            # All of them move, also those that the user may not open.
            self.env["osc.case"].sudo().search([("survivor_id", "in", survivors.ids)])
        )

    @api.model
    def _relations(self, survivor):
        """Whom she is related to: list of ``[id of the other, kind]``."""
        Relation = self.env["osc.survivor.relation"].sudo()
        return [
            [relation.related_id.id, relation.kind]
            for relation in Relation.search([("survivor_id", "=", survivor.id)])
        ]

    @api.model
    def _relate(self, survivor, relations):
        """Let somebody be related to others, unless she is already.

        :param list relations: ``[id of the other, kind]``
        :return: ids of the new relations
        """
        known = [other for other, _kind in self._relations(survivor)]
        others = survivor.browse(other for other, _kind in relations).exists().ids
        return (
            survivor.relation_ids.create(
                [
                    {"survivor_id": survivor.id, "related_id": other, "kind": kind}
                    for other, kind in relations
                    if other in others and other not in known
                ]
            )
        ).ids

    # ------------------------------------------------------------------
    # Undo
    # ------------------------------------------------------------------
    @api.depends("undo_until", "undone_at", "center_ids")
    @api.depends_context("uid")
    def _compute_may_undo(self):
        now = fields.Datetime.now()
        for merge in self:
            merge.may_undo = (
                not merge.undone_at
                and merge.undo_until > now
                # Centers of others are hidden from managers.
                and self.env.user in merge.sudo().center_ids.manager_id
            )

    def action_undo(self):
        """Take the two apart again: each has the cases and values that it had.

        What was changed on the kept record since then stays with it.

        :raise AccessError: the user doesn't manage a center of hers
        :raise UserError: it was undone, or the time for it has passed
        """
        self.ensure_one()
        self.check_access("read")
        # What undoing needs is for nobody's eyes.
        merge = self.sudo()
        if self.env.user not in merge.center_ids.manager_id:
            raise AccessError(
                self.env._("Only the manager of her center can take two records apart.")
            )
        kept = merge.kept_id
        if merge.undone_at or not merge._is_recent() or not kept:
            raise UserError(self.env._("This can't be undone any more."))
        snapshot = json.loads(merge.snapshot)
        restored = kept.create(snapshot["merged"])
        self._move(snapshot["moved"], restored, only_from=kept)
        kept.relation_ids.browse(snapshot["related"]).exists().unlink()
        self._relate(restored, snapshot["relations"])
        now = _values(kept, snapshot["taken"])
        back = {
            name: value
            for name, value in snapshot["replaced"].items()
            if now[name] == snapshot["taken"][name]
        }
        if back:
            kept.write(back)
        merge.write({"undone_at": fields.Datetime.now(), "snapshot": False})
        self.env["osc.audit.entry"]._log(
            "write",
            restored | kept,
            f"merge undone: {merge.merged_code} out of {merge.kept_code}",
        )
        return True

    def _is_recent(self):
        return self.undo_until > fields.Datetime.now() and bool(self.snapshot)

    @api.autovacuum
    def _forget_snapshots(self):
        """What is kept for undoing goes when the time for it has passed."""
        self.search(
            Domain("undo_until", "<=", fields.Datetime.now())
            & Domain("snapshot", "!=", False)
        ).write({"snapshot": False})


def _values(survivor, names):
    """Values of fields as they can be written, and kept as JSON."""
    values = {}
    for name in names:
        field = survivor._fields[name]
        value = survivor[name]
        if field.type == "many2one":
            value = value.id
        elif field.type == "date":
            value = fields.Date.to_string(value)
        values[name] = value or False
    return values
