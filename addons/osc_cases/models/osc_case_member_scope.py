from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

SCOPES = [
    ("identity", "Who she is"),
    ("contact", "How to reach her"),
    ("statement", "Her statement"),
    ("safety", "Safety plan"),
    ("medical", "Medical record"),
    ("evidence", "Evidence"),
    ("legal", "Legal and police record"),
]


class OscCaseMemberScope(models.Model):
    """One thing that is open to a member of a case, why, and until when.

    Rows are never deleted: closing keeps who could see what at which time.
    """

    _name = "osc.case.member.scope"
    _description = "What is open to a member of a case"
    _inherit = "osc.case.audited"
    _order = "id"

    member_id = fields.Many2one(
        comodel_name="osc.case.member", required=True, index=True, ondelete="cascade"
    )
    case_id = fields.Many2one(related="member_id.case_id", store=True, index=True)
    user_id = fields.Many2one(related="member_id.user_id", string="Person")
    discipline_id = fields.Many2one(related="member_id.discipline_id")
    scope = fields.Selection(selection=SCOPES, string="Open", required=True)
    ground = fields.Selection(
        selection=[
            ("role", "Role in the case"),
            ("consent", "Consent"),
            ("legal_duty", "Legal duty"),
            ("vital_interest", "Vital interest"),
        ],
        required=True,
    )
    consent_id = fields.Many2one(
        comodel_name="osc.consent", index="btree_not_null", ondelete="cascade"
    )
    disclosure_id = fields.Many2one(
        comodel_name="osc.disclosure", index="btree_not_null", ondelete="cascade"
    )
    opened_at = fields.Datetime(required=True, default=fields.Datetime.now)
    valid_until = fields.Datetime(string="Open until")
    closed_at = fields.Datetime()
    is_open = fields.Boolean(compute="_compute_is_open")

    _open_by_member = models.Index("(member_id, scope) WHERE closed_at IS NULL")

    @api.depends("scope")
    def _compute_display_name(self):
        labels = dict(self._fields["scope"]._description_selection(self.env))
        for scope in self:
            scope.display_name = labels.get(scope.scope)

    @api.depends("valid_until", "closed_at")
    def _compute_is_open(self):
        now = fields.Datetime.now()
        for scope in self:
            scope.is_open = not scope.closed_at and (
                not scope.valid_until or scope.valid_until > now
            )

    @api.model
    def _valid_domain(self):
        """What is open now."""
        return Domain("closed_at", "=", False) & (
            Domain("valid_until", "=", False) | Domain("valid_until", ">", "now")
        )

    @api.model
    def _cases_open_to_user(self, scope, *, lasting=False):
        """The ids of the cases of which a scope is open to the current user, as SQL.

        Through the user's own memberships, as ``osc.case.member._cases_of_user``.

        :param bool lasting: leave out what ends by itself, emergency access for one
        """
        # Only rows of the user's own memberships, which decide what is open.
        Scope = self.sudo()
        no_end = Domain("valid_until", "=", False) if lasting else Domain.TRUE
        asked = no_end & Domain("basis", "!=", "break_glass") if lasting else no_end
        members = Scope.env["osc.case.member"]._of_user(asked)
        own = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s = ANY(ARRAY(%s))",
                model._field_to_sql(alias, "member_id", query),
                members.select(),
            )
        )
        opened = Scope._search(
            self._valid_domain() & Domain("scope", "=", scope) & own & no_end
        )
        return opened.select(Scope._field_to_sql(opened.table, "case_id", opened))

    def _close(self):
        """Close now, in this transaction."""
        self.filtered(lambda scope: not scope.closed_at).write(
            {"closed_at": fields.Datetime.now()}
        )
