from odoo import api, fields, models
from odoo.exceptions import AccessError


class ResUsers(models.Model):
    _inherit = "res.users"

    osc_second_factor = fields.Selection(
        string="Second factor",
        selection=[
            ("app", "Authenticator app"),
            ("passkey", "Passkey"),
            ("mail", "Code by e-mail"),
            ("none", "None: password only"),
            ("missing", "Can't log in: no e-mail address"),
        ],
        compute="_compute_osc_second_factor",
        compute_sudo=True,
        groups="osc_base.group_administrator",
    )

    @api.depends("email", "group_ids", "auth_passkey_key_ids", "totp_secret")
    def _compute_osc_second_factor(self):
        for user in self:
            kind = user._mfa_type()
            if kind == "totp":
                user.osc_second_factor = "app"
            elif user.auth_passkey_key_ids:
                user.osc_second_factor = "passkey"
            elif kind == "totp_mail":
                user.osc_second_factor = "mail" if user.email else "missing"
            else:
                user.osc_second_factor = "none"

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        users._skip_odoobot_greeting()
        users._log_roles({})
        return users

    def write(self, vals):
        changes = "group_ids" in vals
        before = {user: user._roles() for user in self} if changes else {}
        result = super().write(vals)
        if changes:
            self._skip_odoobot_greeting()
            self._log_roles(before)
        return result

    def _roles(self):
        """Roles of the One-Stop Centers that a user has by itself or by another."""
        # Who changes groups need not be able to read what they are called.
        privilege = self.env.ref("osc_base.privilege_osc", False)
        return self.sudo().all_group_ids.filtered(
            lambda group: privilege and group.privilege_id == privilege
        )

    def _log_roles(self, before):
        """Roles open cases and the trail: who gave or took one is in the trail."""
        for user in self:
            roles, former = user._roles(), before.get(user, self.env["res.groups"])
            for what, groups in (("given", roles - former), ("taken", former - roles)):
                if groups:
                    # Names of groups aren't readable for everybody who changes a user.
                    names = ", ".join(groups.sudo().mapped("name"))
                    self.env["osc.audit.entry"]._log(
                        "grant", user, f"role {what}: {names}"
                    )

    def _skip_odoobot_greeting(self):
        """The greeting of OdooBot would cover the intimations on a phone.

        It opens at the first login, which for a representative may well be the first
        emergency. Only where the addon that greets is installed.
        """
        if "odoobot_state" not in self._fields:
            return
        # Whoever creates a user may not write the state of the greeting.
        newcomers = self.sudo().filtered(
            lambda user: (
                user.odoobot_state in (False, "not_initialized")
                and user.has_group("osc_base.group_any_role")
            )
        )
        newcomers.odoobot_state = "disabled"

    # ------------------------------------------------------------------
    # Logging in
    # ------------------------------------------------------------------
    def _mfa_type(self):
        """Whoever has a role and no app gets a code by e-mail.

        Odoo's own setting knows all users or none; the other employees of the
        organisation are not asked because of the center.
        """
        kind = super()._mfa_type()
        if kind is None and self._osc_needs_second_factor():
            return "totp_mail"
        return kind

    def _osc_needs_second_factor(self):
        """Whether a role of this user asks for a second factor.

        A system administrator who sees no survivor is left to Odoo's own setting:
        somebody has to get in and set up the server through which the codes go out.
        """
        self.ensure_one()
        # Asked while somebody logs in, who has no rights yet.
        user = self.sudo()
        if not user.has_group("osc_base.group_any_role"):
            return False
        if user.has_group("base.group_system") and not user.has_group(
            "osc_base.group_representative"
        ):
            return False
        return self.env["osc.account.settings"]._two_factor_required()

    def _get_auth_methods(self):
        """On a locked screen the password comes before a code that wasn't sent yet."""
        methods = super()._get_auth_methods()
        if "totp_mail" in methods and self._osc_needs_second_factor():
            methods.remove("totp_mail")
            methods.append("totp_mail")
        return methods

    # ------------------------------------------------------------------
    # A lost laptop, a stolen password
    # ------------------------------------------------------------------
    def action_osc_end_sessions(self):
        """Log people out everywhere, at once, and forget their browsers and API keys.

        For the administrators of the One-Stop Centers, and of people with a role only.
        """
        self._check_osc_end_sessions()
        # Sessions, remembered browsers and keys belong to each person; the rights of
        # the administrator were checked.
        people = self.sudo()
        people.env["res.device"].search([("user_id", "in", people.ids)])._revoke()
        people._revoke_all_devices()
        people.api_key_ids._remove()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Logged out everywhere: %s", ", ".join(people.mapped("name"))
                ),
            },
        }

    def _check_osc_end_sessions(self):
        if not self.env.user.has_group("osc_base.group_administrator"):
            raise AccessError(
                self.env._("Only an administrator can end the sessions of others.")
            )
        for user in self.sudo():  # roles of others can't be asked for otherwise
            if not user.has_group("osc_base.group_any_role"):
                raise AccessError(
                    self.env._("%s has no role of the One-Stop Center.", user.name)
                )
            if user.has_group("base.group_system") and not self.env.is_system():
                raise AccessError(
                    self.env._(
                        "%s administers the system; only another such administrator "
                        "can end these sessions.",
                        user.name,
                    )
                )
