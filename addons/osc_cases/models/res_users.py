from odoo import models
from odoo.fields import Domain


class ResUsers(models.Model):
    """Whose login ends, here or in the company of a center, has no cases there."""

    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if {"active", "company_ids"} & set(vals):
            self._leave_closed_posts()
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
            members = user.env["osc.case.member"].search(
                Domain("user_id", "=", user.id)
                & Domain("case_id.company_id", "not in", user.company_ids.ids)
                & Domain("revoked_at", "=", False)
            )
            members._revoke()
