from odoo import models


class HrEmployee(models.Model):
    """Whoever leaves by the employee's own form leaves the cases, too."""

    _inherit = "hr.employee"

    def write(self, vals):
        if not {"active", "user_id"} & set(vals):
            return super().write(vals)
        # Who keeps the employees may see neither posts nor cases.
        posts = self.env["osc.representative"].sudo()
        posts = posts.search([("employee_id", "in", self.ids)])
        former = {post: post.user_id for post in posts}
        result = super().write(vals)
        posts.filtered(lambda post: not post.employee_id.active).active = False
        for post, user in former.items():
            if post.active and post.employee_id.user_id != user:
                post._leave(user, post.center_id, post.discipline_id, post)
        return result
