from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class OscCaseContent(models.AbstractModel):
    """What a discipline writes about its own work on a case.

    Open to the members of the case who act for that discipline, and to others only
    within a scope that a consent, a legal duty or a vital interest opens to them. Models
    that inherit name that scope, or none: then it stays within the discipline.
    """

    _name = "osc.case.content"
    _description = "What a discipline writes about a case"
    _inherit = "osc.case.audited"

    _content_scope = None
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

    @api.depends("case_id", "discipline_id")
    @api.depends_context("uid")
    def _compute_user_rights(self):
        own = self.sudo().case_id._memberships_of(self.env.user)
        for content in self:
            members = own.filtered(lambda m, c=content: m.case_id == c.sudo().case_id)
            in_discipline = any(
                member._acts_for_discipline()
                and member.discipline_id == content.discipline_id
                for member in members
            )
            content.user_may_change = in_discipline
            content.user_may_open = in_discipline or any(
                self._content_scope in member._open_scopes() for member in members
            )

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
        Member = self.env["osc.case.member"].sudo()
        domain = Member._valid_domain() & Domain("user_id", "=", self.env.uid)
        mine = self._acting_for("discipline_id")
        if with_scope and self._content_scope:
            Scope = self.env["osc.case.member.scope"]
            opened = Scope._valid_domain() & Domain("scope", "=", self._content_scope)
            mine |= Domain(
                "case_id",
                "any!",
                Domain(
                    "member_ids", "any!", domain & Domain("scope_ids", "any!", opened)
                ),
            )
        return mine if True in value else ~mine

    @api.model
    def _acting_for(self, name):
        """Content in whose case the user acts for the discipline of a field.

        :param str name: a many2one field to ``osc.discipline``
        """
        Member = self.env["osc.case.member"].sudo()
        acting = Member._search(
            Member._valid_domain()
            & Domain("user_id", "=", self.env.uid)
            & Member._acting_domain()
        )
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
