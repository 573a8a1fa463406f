from odoo import models
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

    def _log_roles(self, before):
        """Also ends what a role that was taken opened, by whichever road it was taken."""
        super()._log_roles(before)
        opens = self.env.ref("osc_base.group_representative", False)
        works = self.env.ref("osc_base.group_case_worker", False)
        for user in self:
            roles, former = user._roles(), before.get(user, self.env["res.groups"])
            taken = former - roles
            if opens and opens in taken:
                user._leave_cases(Domain.TRUE)
            elif works and works in taken:
                user._leave_case_work(Domain.TRUE)
            if opens and opens in roles - former:
                user._supervise_again()

    def _leave_closed_posts(self):
        for user in self:
            closed = Domain.TRUE
            if user.active:
                closed = Domain("company_id", "not in", user.company_ids.ids)
            user._leave_cases(closed)

    def _leave_cases(self, where):
        """
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
        user._leave_case_work(where)
        members = user.env["osc.case.member"].search(
            Domain("user_id", "=", user.id)
            & Domain("case_id", "any", where)
            & Domain("revoked_at", "=", False)
        )
        members._revoke()

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
