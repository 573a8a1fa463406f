from odoo import api, models
from odoo.fields import Domain


class ResUsers(models.Model):
    """Whose login or role ends, or who leaves a center's company, has no cases there."""

    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if {"active", "company_ids"} & set(vals):
            self._leave_closed_posts()
        if vals.get("active"):
            self._supervise_again()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_leave(self):
        for user in self:
            user._leave_cases(Domain.TRUE)

    def _log_roles(self, before):
        """Also ends what a role that was taken opened, by whichever road it was taken."""
        result = super()._log_roles(before)
        opens = self.env.ref("osc_base.group_representative", False)
        works = self.env.ref("osc_base.group_case_worker", False)
        oversees = self.env.ref("osc_base.group_coordinator", False)
        for user in self:
            roles, former = user._roles(), before.get(user, self.env["res.groups"])
            taken = former - roles
            if opens and opens in taken:
                user._leave_cases(Domain.TRUE)
            elif works and works in taken:
                user._leave_case_work(Domain.TRUE)
            elif oversees and oversees in taken:
                user._pass_on_supervision(Domain.TRUE)
            if opens and opens in roles - former:
                user._supervise_again()
        return result

    def _leave_closed_posts(self):
        for user in self:
            closed = Domain.TRUE
            if user.active:
                closed = Domain("company_id", "not in", user.company_ids.ids)
            user._leave_cases(closed)

    def _leave_cases(self, where):
        """Posts, cases and what was taken on go to others or end.

        :param Domain where: companies of the centers that the user leaves
        """
        # Who keeps the users may see neither posts nor cases.
        user = self.sudo()
        posts = user.env["osc.representative"].search(
            Domain("user_id", "=", user.id) & where
        )
        for post in posts:
            post._leave(user, post.center_id, post.discipline_id, posts)
        # Also without a post, as the manager or a case worker may be.
        user._pass_on_supervision(where)
        user._leave_case_work(where)
        members = user.env["osc.case.member"].search(
            Domain("user_id", "=", user.id)
            & Domain("case_id", "any", where)
            & Domain("revoked_at", "=", False)
        )
        members._revoke()

    def _pass_on_supervision(self, where):
        """What waits for who answered for a center, or was taken on, goes to the next."""
        # As above.
        waiting = (
            self.env["osc.intimation"]
            .sudo()
            .search(
                where
                & Domain("user_id", "=", self.id)
                & Domain("representative_id", "=", False)
                & Domain("state", "in", ("sent", "acknowledged"))
            )
        )
        for case, intimations in waiting.grouped("case_id").items():
            intimations._cancel(self.env._("Doesn't answer for the center any more"))
            case._resume(intimations)

    def _leave_case_work(self, where):
        """Somebody else goes on with the cases of which the user was case worker."""
        # As above.
        for case in (
            self.env["osc.case"]
            .sudo()
            .search(where & Domain("case_worker_id", "=", self.id))
        ):
            case.case_worker_id = False
            case._tell_without_worker()

    def _supervise_again(self):
        """Who comes back and still answers for a center supervises its cases."""
        # Who keeps the users sees no case.
        self.env["osc.case"].sudo().search(
            Domain("center_id.manager_id", "in", self.ids)
            & Domain("state", "!=", "draft")
        )._grant_supervision()
