from odoo import api, fields, models
from odoo.fields import Domain

from .osc_case_access import SURVIVOR_SCOPES


class OscCaseMember(models.Model):
    """Who may open a case, why, and until when. Record rules ask nothing else.

    Rows are never deleted: revoking keeps who could see what at which time.
    """

    _name = "osc.case.member"
    _description = "Member of a case"
    _inherit = "osc.case.audited"
    _order = "id"
    _rec_name = "user_id"

    case_id = fields.Many2one(
        comodel_name="osc.case", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        comodel_name="res.users", required=True, index=True, ondelete="cascade"
    )
    discipline_id = fields.Many2one(comodel_name="osc.discipline", ondelete="restrict")
    # On which of the bases people act for a discipline.
    _acting_bases = ("assigned", "intimated")

    basis = fields.Selection(
        selection=[
            ("assigned", "Case worker"),
            ("intimated", "Acknowledged an intimation"),
            ("break_glass", "Emergency access"),
            ("supervision", "Supervision"),
        ],
        required=True,
    )
    scope_ids = fields.One2many(
        comodel_name="osc.case.member.scope",
        inverse_name="member_id",
        string="What is open",
        help="What is open to this person besides the case itself, and why.",
    )
    identity_access = fields.Boolean(
        string="Sees who she is",
        compute="_compute_identity_access",
        inverse="_inverse_identity_access",
        search="_search_identity_access",
        compute_sudo=True,
        help="May read the survivor's name and contacts now.",
    )
    granted_at = fields.Datetime(required=True, default=fields.Datetime.now)
    valid_until = fields.Datetime(help="Empty: as long as the case is open to them.")
    revoked_at = fields.Datetime(readonly=True)

    _one_per_basis = models.UniqueIndex(
        "(case_id, user_id, basis, COALESCE(discipline_id, 0)) "
        "WHERE revoked_at IS NULL",
        "This person already has access on that basis.",
    )
    _by_user = models.Index(
        "(user_id, case_id) INCLUDE (valid_until) WHERE revoked_at IS NULL"
    )

    # ------------------------------------------------------------------
    # Identity
    # ------------------------------------------------------------------
    @api.depends("scope_ids.scope", "scope_ids.valid_until", "scope_ids.closed_at")
    def _compute_identity_access(self):
        for member in self:
            member.identity_access = "identity" in member._open_scopes()

    def _inverse_identity_access(self):
        """A role that knows who she is, such as the case worker's."""
        for member in self:
            if member.identity_access:
                member._open("role", ["identity"])
            else:
                member.scope_ids.filtered(
                    lambda scope: scope.scope == "identity"
                )._close()

    def _search_identity_access(self, operator, value):
        if operator != "in":
            return NotImplemented
        Scope = self.env["osc.case.member.scope"]
        open_now = Domain(
            "scope_ids",
            "any!",
            Scope._valid_domain() & Domain("scope", "=", "identity"),
        )
        return open_now if True in value else ~open_now

    def _open_scopes(self):
        """Scopes that are open to this member now, whatever the reason."""
        self.ensure_one()
        # Rules ask this of every member, also before they may read anything.
        return set(self.sudo().scope_ids.filtered("is_open").mapped("scope"))

    # ------------------------------------------------------------------
    # Who is a member now
    # ------------------------------------------------------------------
    @api.model
    def _valid_domain(self):
        """Memberships that count now."""
        return Domain("revoked_at", "=", False) & (
            Domain("valid_until", "=", False) | Domain("valid_until", ">", "now")
        )

    @api.model
    def _of_user(self, domain=Domain.TRUE):
        """A query for the memberships of the current user that count now."""
        # The rows of the user's own memberships only, which decide what is open.
        return self.sudo()._search(
            self._valid_domain() & Domain("user_id", "=", self.env.uid) & domain
        )

    @api.model
    def _cases_of_user(self, domain=Domain.TRUE):
        """The ids of the cases of which the current user is a member, as SQL.

        For ``id = ANY(ARRAY(…))``: PostgreSQL looks them up once and then goes to these
        cases, also beside other rules. With a condition of its own for each case it
        would look through everybody else's (tests/bench/test_bench_access.py).
        """
        own = self._of_user(domain)
        return own.select(self._field_to_sql(own.table, "case_id", own))

    @api.model
    def _acting_domain(self):
        """Memberships of people who act for a discipline, not of supervisors."""
        return Domain("basis", "in", self._acting_bases)

    def _acts_for_discipline(self):
        """Whether this person works on the case for a discipline."""
        self.ensure_one()
        return self.basis in self._acting_bases and bool(self.discipline_id)

    def _agencies(self):
        """Agencies for which this person acts in this case."""
        self.ensure_one()
        # Colleagues of other agencies may be hidden from whoever grants.
        return (
            self.env["osc.representative"]
            .sudo()
            .search(
                Domain("user_id", "=", self.user_id.id)
                & Domain("center_id", "=", self.case_id.center_id.id)
                & Domain("discipline_id", "=", self.discipline_id.id)
            )
            .agency_id
        )

    def _is_valid(self):
        """Whether this membership counts now."""
        self.ensure_one()
        return not self.revoked_at and (
            not self.valid_until or self.valid_until > fields.Datetime.now()
        )

    @api.model
    def _grant(
        self, cases, users, basis, discipline=None, *, scopes=(), valid_until=None
    ):
        """Give people access to cases; who has it on that basis keeps it.

        A membership that ran out is ended and replaced by the new one. What consents
        and other grounds open to the discipline or agency is open from the start.

        :param cases: ``osc.case`` records
        :param users: ``res.users`` records
        :param str basis: see the field
        :param discipline: ``osc.discipline`` record for which they act, if any
        :param scopes: what the role opens by itself, see ``osc.case.member.scope``
        :param datetime valid_until: naive UTC; empty: as long as nobody revokes it
        :return: the new memberships, as superuser
        """
        discipline_id = discipline.id if discipline else False
        # Members are machinery: nobody may write them directly, so that each row has
        # a reason that a method gave it.
        Member = self.sudo()
        there = Member.search(
            Domain("case_id", "in", cases.ids)
            & Domain("user_id", "in", users.ids)
            & Domain("basis", "=", basis)
            & Domain("discipline_id", "=", discipline_id)
            & Domain("revoked_at", "=", False)
        )
        now = fields.Datetime.now()
        expired = there.filtered(
            lambda member: member.valid_until and member.valid_until <= now
        )
        expired._revoke()
        pairs = {(member.case_id.id, member.user_id.id) for member in there - expired}
        members = Member.create(
            [
                {
                    "case_id": case.id,
                    "user_id": user.id,
                    "basis": basis,
                    "discipline_id": discipline_id,
                    "valid_until": valid_until,
                }
                for case in cases
                for user in users
                if (case.id, user.id) not in pairs
            ]
        )
        members._open("role", scopes)
        members._apply_grounds()
        members._log_grant()
        return members

    def _open(self, ground, scopes, **vals):
        """Open scopes to members.

        :param str ground: see ``osc.case.member.scope``
        :param scopes: iterable of scopes
        :param vals: ``valid_until`` and the consent or duty on which it rests
        :return: the new rows
        """
        asked = set(scopes) & set(SURVIVOR_SCOPES)
        without = self._without_survivor() if asked else self.browse()
        opened = self.scope_ids.create(
            [
                {"member_id": member.id, "scope": scope, "ground": ground, **vals}
                for member in self
                for scope in scopes
                if member not in without or scope not in SURVIVOR_SCOPES
            ]
        )
        # Called whenever somebody joins, too: hearings enter their calendar.
        self.env["osc.legal.hearing"]._refresh(self.case_id)
        return opened

    def _without_survivor(self):
        """Members who are excluded from this or another case of the survivor."""
        # Her other cases may be hidden from whoever opens or excludes.
        members = self.sudo()
        excluding = (
            self.env["osc.case"]
            .sudo()
            .search(
                Domain("survivor_id", "in", members.case_id.survivor_id.ids)
                & Domain("excluded_user_ids", "in", members.user_id.ids)
            )
        )
        # The cache may hold what the user may see of it.
        excluding.invalidate_recordset(["excluded_user_ids"])
        excluded = {
            (case.survivor_id, user)
            for case in excluding
            for user in case.excluded_user_ids
        }
        return members.filtered(
            lambda member: (member.case_id.survivor_id, member.user_id) in excluded
        )

    def _apply_grounds(self):
        """Open what valid consents, duties and interests of the cases open to them."""
        # Whoever causes this, a representative who acknowledges for instance, may not
        # read all consents of the case.
        members = self.sudo()
        cases = members.case_id
        for ground in (cases.consent_ids, cases.disclosure_ids):
            ground.filtered("is_valid")._open_to(members)

    def _apply_grounds_anew(self):
        """The agency of these members changed: open and close accordingly."""
        self.scope_ids.filtered(lambda scope: scope.ground != "role")._close()
        self._apply_grounds()

    def _log_grant(self):
        """Each access that somebody gets is in the audit trail."""
        for basis, members in self.grouped("basis").items():
            for user, own in members.grouped("user_id").items():
                self.env["osc.audit.entry"]._log(
                    "grant", own.case_id, f"{basis}: {user.login}"
                )

    def _revoke(self):
        """End access now, in this transaction."""
        # Rows are machinery; the methods that end access check who may.
        valid = self.sudo().filtered(lambda member: not member.revoked_at)
        valid.write({"revoked_at": fields.Datetime.now()})
        valid.scope_ids._close()
        # The unique index must not see a row that is given again right away.
        valid.flush_recordset(["revoked_at"])
        for case, members in valid.grouped("case_id").items():
            case._take_leave(members.user_id)
