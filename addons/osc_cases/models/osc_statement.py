from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.osc_base.fields import EncryptedChar, EncryptedText


class OscStatement(models.Model):
    """Her account, in her words, taken once so that she need not tell it again.

    Who takes a second full account says why. What was read back to her and confirmed
    never changes: she or the worker adds to it. A part that only one discipline needs
    is a record of its own, open to that discipline alone.
    """

    _name = "osc.statement"
    _description = "Statement"
    _inherit = ["osc.case.content", "osc.vault.mixin"]
    _order = "taken_at desc, id desc"

    _content_scope = "statement"

    discipline_id = fields.Many2one(
        default=lambda self: self.env.ref("osc_base.osc_discipline_casework", False)
    )
    kind = fields.Selection(
        selection=[
            ("full", "Whole account"),
            ("part", "A part, or a single question"),
            ("addendum", "Addition to a confirmed statement"),
        ],
        string="What it is",
        required=True,
        default="full",
    )
    corrects_id = fields.Many2one(
        comodel_name="osc.statement",
        string="Adds to",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('case_id', '=', case_id), ('confirmed_at', '!=', False)]",
    )
    addendum_ids = fields.One2many(
        comodel_name="osc.statement",
        inverse_name="corrects_id",
        string="Additions",
        readonly=True,
    )
    only_for_id = fields.Many2one(
        comodel_name="osc.discipline",
        string="Only for",
        ondelete="restrict",
        help="Besides those who took it, only this discipline reads it, and only by her "
        "consent. Empty: everybody to whom she opens her statement.",
    )
    taken_at = fields.Datetime(required=True, default=fields.Datetime.now)
    how = fields.Selection(
        selection=[
            ("written", "Written down"),
            ("audio", "Audio"),
            ("video", "Video"),
        ],
        string="How it was taken",
        required=True,
        default="written",
    )
    language_id = fields.Many2one(comodel_name="res.lang")
    interpreter = fields.Boolean(help="Somebody interpreted.")
    interpreter_name = EncryptedChar(string="Name of the interpreter")
    interpreter_agreed = fields.Boolean(
        string="She agreed to this interpreter",
        help="And the interpreter promised to keep it to themselves.",
    )
    present = EncryptedText(help="Who was in the room, besides her and the writer.")
    narrative = EncryptedText(
        string="In her words",
        help="Only what she wants to say. Others read it by her consent.",
    )
    recording_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="osc_statement_recording_rel",
        column1="statement_id",
        column2="attachment_id",
        help="Encrypted; open to those who may read the statement.",
    )
    read_back = fields.Selection(
        selection=[
            ("read_to_her", "Read to her"),
            ("read_herself", "She read it herself"),
            ("played", "The recording was played to her"),
        ],
    )
    confirmed_at = fields.Datetime(string="Confirmed", readonly=True, copy=False)
    confirmed_by_id = fields.Many2one(
        comodel_name="res.users", string="Confirmed with", readonly=True, copy=False
    )
    # Telling it again
    told_before_count = fields.Integer(
        compute="_compute_told_before",
        compute_sudo=True,
        export_string_translation=False,
        help="Other whole accounts in this case, also those that the user can't read.",
    )
    told_before_ids = fields.Many2many(
        comodel_name="osc.statement",
        string="She told it already",
        compute="_compute_told_before_ids",
        help="Those that the user may read.",
    )
    retold_reason = fields.Selection(
        selection=[
            ("agency", "An agency insisted on its own account"),
            ("court", "A court or magistrate must hear her"),
            ("not_readable", "The first one was not open to those who needed it"),
            ("incomplete", "The first one was not good enough"),
            ("wish", "She wished to tell it again"),
            ("other", "Other"),
        ],
        string="Why did she have to tell it again?",
    )
    retold_note = EncryptedText(string="More on the reason")

    _addendum_adds = models.Constraint(
        "CHECK((kind = 'addendum') = (corrects_id IS NOT NULL))",
        "An addition says which statement it adds to.",
    )

    @api.depends("case_id.display_name", "kind", "confirmed_at")
    def _compute_display_name(self):
        kinds = {
            "part": self.env._("Part of the statement"),
            "addendum": self.env._("Addition"),
        }
        for statement in self:
            kind = kinds.get(statement.kind) or self.env._("Statement")
            statement.display_name = f"{statement.case_id.display_name} · {kind}"

    # ------------------------------------------------------------------
    # Who reads it
    # ------------------------------------------------------------------
    @api.depends("only_for_id")
    @api.depends_context("uid")
    def _compute_user_rights(self):
        result = super()._compute_user_rights()
        kept = self.filtered(
            lambda statement: (
                statement.sudo().only_for_id and not statement.user_may_change
            )
        )
        members = kept._case_itself()._memberships_of(self.env.user)
        for statement in kept:
            # Whose part it is decides who reads it, so it is asked before.
            content = statement.sudo()
            statement.user_may_open = statement.user_may_open and any(
                member.case_id == content.case_id
                and member._acts_for_discipline()
                and member.discipline_id == content.only_for_id
                for member in members
            )
        return result

    def _search_user_may_open(self, operator, value):
        """As ``_compute_user_rights``, in the database."""
        if operator != "in":
            return NotImplemented
        readable = super()._search_user_may_open("in", [True]) & (
            Domain("only_for_id", "=", False)
            | self._acting_for("only_for_id")
            | self._acting_for("discipline_id")
        )
        return readable if True in value else ~readable

    # ------------------------------------------------------------------
    # Telling it once
    # ------------------------------------------------------------------
    @api.depends("case_id", "kind")
    def _compute_told_before(self):
        for statement in self:
            statement.told_before_count = self.search_count(statement._other_accounts())

    @api.depends("case_id", "kind")
    @api.depends_context("uid")
    def _compute_told_before_ids(self):
        for statement in self:
            statement.told_before_ids = self.search(statement._other_accounts())

    def _other_accounts(self):
        """Whole accounts in the same case besides this one."""
        self.ensure_one()
        return (
            Domain("case_id", "=", self.case_id._origin.id)
            & Domain("kind", "=", "full")
            & Domain("id", "!=", self._origin.id)
        )

    @api.constrains("case_id", "kind", "retold_reason")
    def _check_retold(self):
        """The first account needs no reason; every later one does."""
        for statement in self.filtered(lambda one: one.kind == "full"):
            # Also those count that the user can't read.
            earlier = self.sudo().search_count(
                statement._other_accounts() & Domain("id", "<", statement.id), limit=1
            )
            # Who may not write here is told nothing, not even that she told it.
            if (
                earlier
                and not statement.retold_reason
                and (statement.user_may_change or self.env.uid == SUPERUSER_ID)
            ):
                raise ValidationError(
                    self.env._(
                        "She has told it already. Read it in the case, or write why she "
                        "had to tell it again. A single question is “a part”."
                    )
                )

    @api.constrains("corrects_id", "case_id")
    def _check_corrects(self):
        for statement in self.filtered("corrects_id"):
            # What it corrects may be open to fewer people.
            added_to = statement.sudo().corrects_id
            if added_to.case_id != statement.case_id or not added_to.confirmed_at:
                raise ValidationError(
                    self.env._("Additions are for confirmed statements of the case.")
                )

    # ------------------------------------------------------------------
    # Confirming
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su:
                vals.pop("confirmed_at", None)
                vals.pop("confirmed_by_id", None)
        statements = super().create(vals_list)
        statements._take_recordings()
        return statements

    def write(self, vals):
        """:raise UserError: it was confirmed, or the confirmation would be invented"""
        if not self.env.su:
            if any(statement.confirmed_at for statement in self):
                raise UserError(
                    self.env._(
                        "She has confirmed this statement, so it can't change. Write an "
                        "addition."
                    )
                )
            if {"confirmed_at", "confirmed_by_id"} & set(vals):
                raise UserError(self.env._("Press Confirmed by her."))
        result = super().write(vals)
        if "recording_ids" in vals:
            self._take_recordings()
        return result

    def _take_recordings(self):
        """What was uploaded before the statement was saved belongs to it."""
        for statement in self:
            # An upload is its author's until it belongs to a record.
            loose = statement.recording_ids.sudo().filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user
            )
            if loose:
                loose.write({"res_model": self._name, "res_id": statement.id})

    def action_confirm(self):
        """It was read back to her and she says that it is right: from now on fixed.

        :raise UserError: it doesn't say how it was read back, or was confirmed before
        """
        self.check_access("write")
        for statement in self:
            if statement.confirmed_at:
                raise UserError(self.env._("It was confirmed already."))
            if not statement.read_back:
                raise UserError(
                    self.env._("First read it back to her, and say here how.")
                )
        # The confirmation is written by this method only.
        self.sudo().write(
            {
                "confirmed_at": fields.Datetime.now(),
                "confirmed_by_id": self.env.uid,
            }
        )
        return True

    def action_add(self):
        """Open a new addition to this confirmed statement."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "name": self.env._("Addition"),
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_case_id": self.case_id.id,
                "default_kind": "addendum",
                "default_corrects_id": self.id,
                "default_discipline_id": self.discipline_id.id,
                "default_only_for_id": self.only_for_id.id,
            },
        }
