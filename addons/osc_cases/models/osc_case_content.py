from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL


class OscCaseContent(models.AbstractModel):
    """What a discipline writes about its own work on a case.

    Open to the members of the case who act for that discipline, and to others only
    within a scope that a consent, a legal duty or a vital interest opens to them. Models
    that inherit name that scope, or none: then it stays within the discipline. Whose it
    is and who wrote it never changes: rules look at what a record is, not at what it
    becomes.
    """

    _name = "osc.case.content"
    _description = "What a discipline writes about a case"
    _inherit = "osc.case.audited"

    _content_scope = None
    # Codes of disciplines that read it besides the one that wrote it.
    _reading_disciplines = ()
    # Codes of disciplines that write it; empty: each of the case.
    _writing_disciplines = ()
    _vault_attachments = True

    case_id = fields.Many2one(
        comodel_name="osc.case", required=True, index=True, ondelete="cascade"
    )
    discipline_id = fields.Many2one(
        comodel_name="osc.discipline",
        required=True,
        ondelete="restrict",
        help="Whose work it is: open to this discipline, to others by consent.",
    )
    author_id = fields.Many2one(
        comodel_name="res.users",
        string="Written by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    user_may_open = fields.Boolean(
        compute="_compute_user_rights",
        search="_search_user_may_open",
        export_string_translation=False,
    )
    user_may_change = fields.Boolean(
        compute="_compute_user_rights",
        search="_search_user_may_change",
        export_string_translation=False,
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [{**vals, "author_id": self.env.uid} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """:raise AccessError: it would become somebody else's"""
        for name in self._fixed_fields() & set(vals) if not self.env.su else ():
            if any(content[name].id != vals[name] for content in self):
                raise AccessError(
                    self.env._(
                        "“%s” can't be changed afterwards. Record it anew.",
                        self._fields[name]._description_string(self.env),
                    )
                )
        return super().write(vals)

    @api.model
    def _default_discipline(self):
        """The discipline that writes this for which the user works on the case of the
        context."""
        case = self.env["osc.case"].browse(self.env.context.get("default_case_id"))
        codes = self._writing_disciplines
        acting = case._memberships_of(self.env.user).filtered(
            lambda member: (
                member._acts_for_discipline()
                and (not codes or member.discipline_id.code in codes)
            )
        )
        return acting[:1].discipline_id

    @api.model
    def _fixed_fields(self):
        """Fields that say whose a record is."""
        return {"case_id", "discipline_id", "author_id"}

    # ------------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------------
    @api.depends("case_id", "discipline_id")
    @api.depends_context("uid")
    def _compute_user_rights(self):
        own = self._case_itself()._memberships_of(self.env.user)
        for content in self:
            content.user_may_change = any(map(content._is_written_by, own))
            content.user_may_open = any(map(content._is_open_to, own))

    def _is_written_by(self, member):
        """Whether a valid membership is one of the discipline that writes this."""
        self.ensure_one()
        return (
            member.case_id == self._case_itself()
            and member._acts_for_discipline()
            and member.discipline_id == self.discipline_id
        )

    def _is_open_to(self, member):
        """Whether a valid membership opens this."""
        self.ensure_one()
        return member.case_id == self._case_itself() and (
            self._is_written_by(member)
            or (
                member._acts_for_discipline()
                and member.discipline_id.code in self._reading_disciplines
            )
            or self._content_scope in member._open_scopes()
        )

    def _may_be_opened_by(self):
        """Users who may open this now, as superuser."""
        self.ensure_one()
        # Nobody reads the memberships of others; rules are asked of them.
        Member = self.env["osc.case.member"].sudo()
        case = self._case_itself()
        members = Member.search(
            Member._valid_domain() & Domain("case_id", "=", case.id)
        )
        return members.filtered(self._is_open_to).user_id - case.excluded_user_ids

    def _search_user_may_open(self, operator, value):
        return self._search_user_rights(operator, value, with_scope=True)

    def _search_user_may_change(self, operator, value):
        return self._search_user_rights(operator, value, with_scope=False)

    def _search_user_rights(self, operator, value, *, with_scope):
        """As ``_compute_user_rights``, in the database.

        A domain can't say "the member acts for the discipline of this record".
        """
        if operator != "in":
            return NotImplemented
        # The rows of the user's own memberships only, which decide what is open.
        Member = self.env["osc.case.member"].sudo()
        mine = self._acting_for("discipline_id")
        if with_scope and self._reading_disciplines:
            reading = Member._acting_domain() & Domain(
                "discipline_id.code", "in", self._reading_disciplines
            )
            readers = Member._of_user(reading)
            mine |= Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    "%s = ANY(ARRAY%s)",
                    model._field_to_sql(alias, "case_id", query),
                    readers.subselect(
                        Member._field_to_sql(readers.table, "case_id", readers)
                    ),
                )
            )
        if with_scope and self._content_scope:
            Scope = self.env["osc.case.member.scope"]
            cases = Scope._cases_open_to_user(self._content_scope)
            mine |= Domain.custom(
                to_sql=lambda model, alias, query: SQL(
                    "%s = ANY(ARRAY(%s))",
                    model._field_to_sql(alias, "case_id", query),
                    cases,
                )
            )
        return mine if True in value else ~mine

    @api.model
    def _acting_for(self, name):
        """Content in whose case the user acts for the discipline of a field.

        :param str name: a many2one field to ``osc.discipline``
        """
        # Nobody reads the memberships of others; rules are asked of them.
        Member = self.env["osc.case.member"].sudo()
        acting = Member._of_user(Member._acting_domain())
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "(%s, %s) IN %s",
                model._field_to_sql(alias, "case_id", query),
                model._field_to_sql(alias, name, query),
                acting.subselect(
                    Member._field_to_sql(acting.table, "case_id", acting),
                    Member._field_to_sql(acting.table, "discipline_id", acting),
                ),
            )
        )
