from contextlib import contextmanager

from odoo import api, models
from odoo.fields import Command, Domain

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

# What of a group says who is in it, and in what other groups these people are then.
WHO = {"implied_by_ids", "implied_ids", "privilege_id", "user_ids"}


class ResGroups(models.Model):
    """Roles are also given and taken by changing a group, past its users' forms."""

    _inherit = "res.groups"

    @api.model_create_multi
    def create(self, vals_list):
        with self._noting_roles(WHO & {name for vals in vals_list for name in vals}):
            return super().create(vals_list)

    def write(self, vals):
        with self._noting_roles(WHO & set(vals)):
            return super().write(vals)

    def unlink(self):
        if not self.env.context.get(MODULE_UNINSTALL_FLAG):
            # Noted while the group still has a name.
            nobody = [Command.clear()]
            self.write({"user_ids": nobody, "implied_by_ids": nobody})
        return super().unlink()

    @contextmanager
    def _noting_roles(self, changes):
        """Whose roles change meanwhile is in the audit trail."""
        if not changes:
            yield
            return
        before = self._everybodys_roles()
        yield
        after = self._everybodys_roles()
        users = self.env["res.users"].union(*before, *after)
        users._log_roles(before)

    @api.model
    def _everybodys_roles(self):
        """:return: dict of users with a role to their roles"""
        privilege = self.env.ref("osc_base.privilege_osc", False)
        if not privilege:
            return {}
        self.env.flush_all()
        self.env.invalidate_all()
        # Who changes groups need not be able to read all users.
        users = self.env["res.users"].sudo().with_context(active_test=False)
        roles = self.sudo().search(Domain("privilege_id", "=", privilege.id))
        users = users.search(Domain("all_group_ids", "in", roles.ids))
        return {user.with_env(self.env): user._roles() for user in users}
