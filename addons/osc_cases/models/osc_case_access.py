from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

# Who may change a case, not only read it.
CHANGING_BASES = ("assigned", "supervision", "break_glass")
# What whoever accompanies her needs: she says it to them.
CASE_WORKER_SCOPES = ("identity", "contact", "statement", "safety")
# What is open of the survivor herself, in whichever of her cases.
SURVIVOR_SCOPES = ("identity", "contact")


class OscCaseAccess(models.AbstractModel):
    """Part of ``osc.case``: who becomes a member of a case, and who is shut out.

    Record rules of cases and of what belongs to them ask the fields ``user_…`` below,
    and these ask nothing but ``osc.case.member``.
    """

    _name = "osc.case.access"
    _description = "Access to cases"

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
    user_sees_identity = fields.Boolean(
        compute="_compute_user_sees_identity",
        search="_search_user_sees_identity",
        export_string_translation=False,
    )
    user_sees_contact = fields.Boolean(
        compute="_compute_user_sees_identity",
        search="_search_user_sees_contact",
        export_string_translation=False,
    )
    user_keeps_survivor = fields.Boolean(
        compute="_compute_user_keeps_survivor",
        search="_search_user_keeps_survivor",
        help="Who she is and how to reach her is open to the user without an end.",
        export_string_translation=False,
    )

    # ------------------------------------------------------------------
    # What the current user may
    # ------------------------------------------------------------------
    def _check_access(self, operation):
        """For a page of cases one query answers what the rules ask of each."""
        if operation == "read" and len(self) > 1 and all(self._ids) and not self.env.su:
            access = self.env["ir.model.access"]
            if access.check(self._name, operation, raise_exception=False):
                found = self._search([("id", "in", self.ids)], active_test=False)
                if set(found) == set(self.ids):
                    return None
        return super()._check_access(operation)

    def _memberships_of(self, user):
        """Memberships of a user in these cases that count now, as superuser."""
        # Rules are worked out from memberships, which few may read.
        Member = self.env["osc.case.member"].sudo()
        return Member.search_fetch(
            Member._valid_domain()
            & Domain("user_id", "=", user.id)
            & Domain("case_id", "in", self.ids),
            ["case_id", "basis"],
        )

    @api.depends("member_ids.valid_until", "member_ids.revoked_at")
    @api.depends_context("uid")
    def _compute_user_rights(self):
        own = self._memberships_of(self.env.user)
        opened = own.case_id
        changed = own.filtered(lambda member: member.basis in CHANGING_BASES).case_id
        for case in self:
            case.user_may_open = case in opened
            case.user_may_change = case in changed

    @api.depends(
        "member_ids.valid_until",
        "member_ids.revoked_at",
        "member_ids.scope_ids.closed_at",
    )
    @api.depends_context("uid")
    def _compute_user_sees_identity(self):
        known, reached = set(), set()
        for member in self._memberships_of(self.env.user):
            scopes = member._open_scopes()
            if "identity" in scopes:
                known.add(member.case_id.id)
            if "contact" in scopes:
                reached.add(member.case_id.id)
        for case in self:
            case.user_sees_identity = case._origin.id in known
            case.user_sees_contact = case._origin.id in reached

    @api.depends(
        "member_ids.valid_until",
        "member_ids.revoked_at",
        "member_ids.scope_ids.closed_at",
    )
    @api.depends_context("uid")
    def _compute_user_keeps_survivor(self):
        # A record rule asks it of the case; what is open decides, not who asks.
        kept = self.sudo()._search(
            Domain("id", "in", self.ids) & Domain("user_keeps_survivor", "=", True)
        )
        kept = set(kept)
        for case in self:
            case.user_keeps_survivor = case._origin.id in kept

    def _search_user_may_open(self, operator, value):
        cases = self.env["osc.case.member"]._cases_of_user()
        return self._search_among(operator, value, cases)

    def _search_user_may_change(self, operator, value):
        changing = Domain("basis", "in", CHANGING_BASES)
        cases = self.env["osc.case.member"]._cases_of_user(changing)
        return self._search_among(operator, value, cases)

    def _search_user_sees_identity(self, operator, value):
        cases = self.env["osc.case.member.scope"]._cases_open_to_user("identity")
        return self._search_among(operator, value, cases)

    def _search_user_sees_contact(self, operator, value):
        cases = self.env["osc.case.member.scope"]._cases_open_to_user("contact")
        return self._search_among(operator, value, cases)

    def _search_user_keeps_survivor(self, operator, value):
        Scope = self.env["osc.case.member.scope"]
        known, reached = (
            Scope._cases_open_to_user(scope, lasting=True)
            for scope in ("identity", "contact")
        )
        both = SQL("%s INTERSECT %s", known, reached)
        return self._search_among(operator, value, both)

    def _search_among(self, operator, value, cases):
        if operator != "in":
            return NotImplemented
        mine = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s = ANY(ARRAY(%s))", model._field_to_sql(alias, "id", query), cases
            )
        )
        return mine if True in value else ~mine

    # ------------------------------------------------------------------
    # Who becomes a member
    # ------------------------------------------------------------------

    @api.constrains("case_worker_id", "excluded_user_ids")
    def _check_case_worker(self):
        """A case worker learns who she is, so it can't be just anybody."""
        for case in self:
            worker = case.case_worker_id
            # The groups of a colleague are not readable for case workers.
            if worker and not worker.sudo().has_group("osc_base.group_case_worker"):
                raise ValidationError(
                    self.env._("%s is not a case worker.", worker.name)
                )
            if worker in case.sudo().excluded_user_ids:
                raise ValidationError(
                    self.env._(
                        "%s is excluded from the case and can't be its case worker.",
                        worker.name,
                    )
                )

    def _check_lasting_access(self):
        """Emergency access ends by itself; what lasts is done by those who work on it.

        Handing over, closing, excluding staff, consents and disclosures.

        :raise AccessError: the user may change a case for some hours only
        """
        if self.env.su:
            return
        own = self._memberships_of(self.env.user)
        lasting = own.filtered(lambda member: member.basis != "break_glass").case_id
        for case in own.case_id - lasting:
            # Asked of cases that the user may not open, to say why not.
            if case.sudo().state != "draft":
                raise AccessError(
                    self.env._(
                        "%s is open to you for some hours only. What lasts is done by "
                        "its case worker or the manager of the center.",
                        case.sudo().display_name,
                    )
                )

    def _grant_case_worker(self):
        """The case worker opens the case and knows who she is."""
        discipline = self.env.ref("osc_base.osc_discipline_casework", False)
        for worker, cases in self.grouped("case_worker_id").items():
            self.env["osc.case.member"]._grant(
                cases, worker, "assigned", discipline, scopes=CASE_WORKER_SCOPES
            )

    def _grant_reporter(self):
        """Who reports a colleague's draft follows the case, without identity."""
        # The rows of others may be hidden from whoever reports.
        strangers = self.sudo().filtered(
            lambda case: self.env.user not in case.member_ids.user_id
        )
        self.env["osc.case.member"]._grant(strangers, self.env.user, "assigned")

    def _replace_case_worker(self, former):
        self.ensure_one()
        if former == self.case_worker_id:
            return
        taken_over = self.case_worker_id == self.env.user
        self._grant_case_worker()
        # Whoever hands a case over can't read it any more after this.
        self.sudo().member_ids.filtered(
            lambda member: member.basis == "assigned" and member.user_id == former
        )._revoke()
        if taken_over:
            self._tell_taken_over(former)

    def _answering(self, concerned):
        """Who answers for the center and may be told: its manager, else whoever
        coordinates. Nobody whose login ended or who is excluded from the case.

        :param concerned: users whom it is about, who aren't told
        """
        self.ensure_one()
        out = concerned | self.excluded_user_ids
        center = self.center_id
        manager = center.manager_id.filtered("active") - out
        return manager or center.coordinator_id.filtered("active") - out

    def _tell_without_worker(self):
        """Who answers for the center finds somebody who goes on with the case."""
        if self.state == "closed":
            return
        self._notify_people(
            self._answering(self.env["res.users"]),
            lambda this: (
                this.env._("%s has no case worker", this.display_name),
                this.env._("Whoever had it left. Choose who goes on with it."),
            ),
        )

    def _tell_taken_over(self, former):
        """Nobody makes themselves case worker, and learns who she is, unnoticed."""
        # Who answers for a center need not be readable for its case workers.
        case = self.sudo()
        case._notify_people(
            (former - case.excluded_user_ids) | case._answering(self.env.user),
            lambda this: (
                this.env._("%s has another case worker now", this.display_name),
                this.env._(
                    "Somebody took it over. The audit trail says who; ask them if you "
                    "don't know why."
                ),
            ),
        )

    def _grant_supervision(self):
        """Managers supervise the reported cases of their center, without identity."""
        by_manager = self.grouped(lambda case: case.center_id.manager_id)
        for manager, cases in by_manager.items():
            cases = cases.filtered(
                lambda case, manager=manager: manager not in case.excluded_user_ids
            )
            self.env["osc.case.member"]._grant(cases, manager, "supervision")

    def _shut_out_excluded(self):
        """Excluded staff lose access and their intimations go to somebody else."""
        for case in self:
            # Their rows may be hidden from the user who excludes them.
            excluded = case.sudo().excluded_user_ids
            case.sudo().member_ids.filtered(
                lambda member, excluded=excluded: member.user_id in excluded
            )._revoke()
            called_off = case.sudo().intimation_ids.filtered(
                lambda intimation, excluded=excluded: (
                    intimation.user_id in excluded
                    and intimation.state in ("sent", "acknowledged")
                )
            )
            # Who is excluded may be the accused: the reason tells them nothing.
            called_off._cancel(self.env._("Not needed any more"))
            case.sudo()._resume(called_off)

    def _answer_for_excluded(self, before):
        """Who answers for a center isn't shut out unnoticed, and comes back in.

        :param dict before: who was excluded of each case
        """
        self.filtered("reported_at")._grant_supervision()
        # Nobody may write memberships.
        for case in self.sudo():
            center = case.center_id
            answering = center.manager_id | center.coordinator_id
            shut_out = (case.excluded_user_ids - before[case.sudo(False)]) & answering
            if shut_out:
                case._notify_people(
                    answering - case.excluded_user_ids - self.env.user,
                    lambda this: (
                        this.env._("%s: somebody is excluded", this.display_name),
                        this.env._(
                            "Somebody who answers for the center is shut out from it. "
                            "It is yours to watch."
                        ),
                    ),
                )

    def _hide_survivor_from_excluded(self):
        """Who is excluded from one of her cases does not learn of her by another."""
        # Cases and members that the user can't see are concerned, too.
        hers = self.sudo().survivor_id
        Case = self.env["osc.case"].sudo()
        cases = Case.search(
            Domain("survivor_id", "in", hers.ids)
            & Domain("excluded_user_ids", "!=", False)
        )
        Member = self.env["osc.case.member"].sudo()
        Member.search(
            Member._valid_domain()
            & Domain("case_id.survivor_id", "in", cases.survivor_id.ids)
        )._without_survivor().scope_ids.filtered(
            lambda scope: scope.scope in SURVIVOR_SCOPES
        )._close()

    def _take_leave(self, users):
        """Nothing of this case stays with people who may not open it any more.

        Not in their inbox, not as followers, not as their activities: those go back to
        the case worker, so that nothing is forgotten.
        """
        self.ensure_one()
        # Whoever leaves can't remove what they no longer see.
        case = self.sudo()
        gone = users - case._valid_members()
        if not gone:
            return
        case.message_unsubscribe(gone.partner_id.ids)
        case.env["mail.notification"].search(
            [
                ("res_partner_id", "in", gone.partner_id.ids),
                ("mail_message_id.model", "=", case._name),
                ("mail_message_id.res_id", "=", case.id),
            ]
        ).unlink()
        theirs = case.activity_ids.filtered(lambda activity: activity.user_id in gone)
        theirs.with_context(mail_activity_quick_update=True).user_id = (
            case.case_worker_id - gone
        )

    def _valid_members(self):
        """Users who may open this case now, as superuser."""
        self.ensure_one()
        # As above.
        Member = self.env["osc.case.member"].sudo()
        return Member.search(
            Member._valid_domain() & Domain("case_id", "=", self.id)
        ).user_id
