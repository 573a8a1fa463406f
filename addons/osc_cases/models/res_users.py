from odoo import models
from odoo.fields import Domain


class ResUsers(models.Model):
    """Whose login ends, here or in the company of a center, has no cases there."""

    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if {"active", "company_ids"} & set(vals):
            self._leave_closed_posts()
        if vals.get("active"):
            self._supervise_again()
        return result

    def _leave_closed_posts(self):
        # Who keeps the users may see neither posts nor cases.
        for user in self.sudo():
            posts = user.env["osc.representative"].search([("user_id", "=", user.id)])
            gone = posts.filtered(
                lambda post, user=user: (
                    not user.active or post.company_id not in user.company_ids
                )
            )
            for post in gone:
                post._leave(user, post.center_id, post.discipline_id, gone)
            closed = Domain.TRUE
            if user.active:
                closed = Domain("company_id", "not in", user.company_ids.ids)
            # Also without a post, as the manager or a case worker may be.
            for case in user.env["osc.case"].search(
                closed & Domain("case_worker_id", "=", user.id)
            ):
                case.case_worker_id = False
                case._tell_without_worker()
            members = user.env["osc.case.member"].search(
                Domain("user_id", "=", user.id)
                & Domain("case_id", "any", closed)
                & Domain("revoked_at", "=", False)
            )
            members._revoke()

    def _supervise_again(self):
        """Who comes back and still answers for a center supervises its cases."""
        # Who keeps the users sees no case.
        self.env["osc.case"].sudo().search(
            Domain("center_id.manager_id", "in", self.ids)
            & Domain("state", "!=", "draft")
        )._grant_supervision()
