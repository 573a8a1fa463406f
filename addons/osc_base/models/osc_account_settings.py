from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain

LIMITS = {
    "lock_after_minutes": (1, 60),
    "session_hours": (1, 24),
    "password_min_length": (8, 64),
}
RECOMMENDED_LENGTH = 12
PASSWORD_PARAMETER = "auth_password_policy.minlength"


class OscAccountSettings(models.Model):
    """How people with a role log in, how long they stay in, and who may export.

    One record, made with the addon. Odoo's own settings page is for the administrators
    of the whole system; those of the One-Stop Centers need not be that. Except for the
    second factor, the values are Odoo's own settings, shown and written where they are.
    """

    _name = "osc.account.settings"
    _description = "Accounts and sessions"

    two_factor_required = fields.Boolean(
        string="Second factor when logging in",
        default=True,
        help="Whoever has a role needs more than a password: an authenticator app, a "
        "passkey, or else a code that Odoo sends by e-mail.",
    )
    lock_after_minutes = fields.Integer(
        string="Lock after",
        compute="_compute_lock_after_minutes",
        inverse="_inverse_lock_after_minutes",
        compute_sudo=True,
    )
    session_hours = fields.Integer(
        string="Log out after",
        compute="_compute_session_hours",
        inverse="_inverse_session_hours",
        compute_sudo=True,
    )
    password_min_length = fields.Integer(
        string="Shortest password",
        compute="_compute_password_min_length",
        inverse="_inverse_password_min_length",
        compute_sudo=True,
    )
    short_passwords = fields.Boolean(compute="_compute_short_passwords")
    export_user_ids = fields.Many2many(
        comodel_name="res.users",
        string="May export lists",
        compute="_compute_export_user_ids",
        inverse="_inverse_export_user_ids",
        compute_sudo=True,
        domain=lambda self: self._account_domain(),
    )
    locked_out_user_ids = fields.Many2many(
        comodel_name="res.users",
        string="Can't log in",
        compute="_compute_second_factors",
        compute_sudo=True,
    )
    password_only_user_ids = fields.Many2many(
        comodel_name="res.users",
        string="Log in with a password only",
        compute="_compute_second_factors",
        compute_sudo=True,
    )

    @api.model
    def _account_domain(self):
        """The people who have a role."""
        role = self.env.ref("osc_base.group_any_role")
        return Domain("all_group_ids", "in", role.ids)

    @api.model
    def _accounts(self):
        """The people to whom export is given here.

        Administrators of the whole system may export whatever is set.
        """
        people = self.env["res.users"].search(self._account_domain())
        return people.filtered(lambda user: not user._is_system())

    def _compute_display_name(self):
        for settings in self:
            settings.display_name = self.env._("Accounts and sessions")

    def _compute_lock_after_minutes(self):
        for settings in self:
            settings.lock_after_minutes = self._role_group().lock_timeout_inactivity

    def _inverse_lock_after_minutes(self):
        self._check_limits("lock_after_minutes")
        for settings in self:
            self._role_group().lock_timeout_inactivity = settings.lock_after_minutes

    def _compute_session_hours(self):
        for settings in self:
            settings.session_hours = self._role_group().lock_timeout // 60

    def _inverse_session_hours(self):
        self._check_limits("session_hours")
        for settings in self:
            self._role_group().lock_timeout = settings.session_hours * 60

    def _compute_password_min_length(self):
        length = self.env["ir.config_parameter"].get_param(PASSWORD_PARAMETER, 0)
        for settings in self:
            settings.password_min_length = int(length)

    def _inverse_password_min_length(self):
        self._check_limits("password_min_length")
        for settings in self:
            # System parameters are for administrators of the whole system; this one
            # is the right of whoever may write the settings, which was checked.
            self.env["ir.config_parameter"].sudo().set_param(
                PASSWORD_PARAMETER, settings.password_min_length
            )

    @api.depends("password_min_length")
    def _compute_short_passwords(self):
        for settings in self:
            settings.short_passwords = settings.password_min_length < RECOMMENDED_LENGTH

    def _compute_export_user_ids(self):
        people = self._exporters()
        for settings in self:
            settings.export_user_ids = people

    @api.model
    def _exporters(self):
        group = self.env.ref("base.group_allow_export")
        return self._accounts().filtered(lambda user: group in user.all_group_ids)

    def _inverse_export_user_ids(self):
        group = self.env.ref("base.group_allow_export")
        for settings in self:
            # Groups of people are changed by administrators of the whole system. Here
            # it is this one group of people with a role, by whoever may write the
            # settings, which was checked.
            chosen = settings.export_user_ids.sudo()
            if strangers := chosen - chosen.browse(settings._accounts().ids):
                raise ValidationError(
                    self.env._(
                        "Only people with a role of the One-Stop Center can be chosen "
                        "here, and no administrators of the system: %s",
                        ", ".join(strangers.mapped("name")),
                    )
                )
            before = chosen.browse(settings._exporters().ids)
            (chosen - before).group_ids = [Command.link(group.id)]
            (before - chosen).group_ids = [Command.unlink(group.id)]
            for what, people in (
                ("given", chosen - before),
                ("taken", before - chosen),
            ):
                if people:
                    self.env["osc.audit.entry"]._log("grant", people, f"export {what}")
            if others := chosen.browse(settings._exporters().ids) - chosen:
                raise UserError(
                    self.env._(
                        "These people may export because of another group of theirs; "
                        "ask an administrator of the system: %s",
                        ", ".join(others.mapped("name")),
                    )
                )

    @api.depends("two_factor_required")
    def _compute_second_factors(self):
        people = self.env["res.users"].search(self._account_domain())
        factors = people.grouped("osc_second_factor")
        nobody = people.browse()
        for settings in self:
            settings.locked_out_user_ids = factors.get("missing", nobody)
            settings.password_only_user_ids = factors.get("none", nobody)

    def _check_limits(self, name):
        """Refuse a value out of reason, before it is applied."""
        least, most = LIMITS[name]
        for settings in self:
            if not least <= settings[name] <= most:
                raise ValidationError(
                    self.env._(
                        "“%(setting)s” must be between %(least)s and %(most)s.",
                        setting=self._fields[name]._description_string(self.env),
                        least=least,
                        most=most,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        settings = super().create(vals_list)
        settings._apply_two_factor()
        return settings

    def write(self, vals):
        result = super().write(vals)
        if "two_factor_required" in vals:
            self._apply_two_factor()
        if vals:
            self.env["osc.audit.entry"]._log("write", self, ", ".join(sorted(vals)))
        return result

    def _apply_two_factor(self):
        """A browser that need not be asked again is remembered for one session only."""
        for settings in self:
            self._role_group().lock_timeout_mfa = settings.two_factor_required

    def _role_group(self):
        """The group whose time limits hold for everybody with a role."""
        # Groups are changed by administrators of the whole system; the time limits of
        # this one by whoever may write the settings, which was checked.
        return self.env.ref("osc_base.group_any_role").sudo()

    @api.model
    def _two_factor_required(self):
        """Whether people with a role need a second factor."""
        settings = self.env.ref(
            "osc_base.osc_account_settings", raise_if_not_found=False
        )
        # Asked while somebody logs in, who has no rights yet. A setting that is gone
        # opens nothing.
        return not settings or settings.sudo().two_factor_required

    def action_accounts(self):
        """The people with a role, and how each logs in."""
        self.check_access("read")
        return self.env["ir.actions.act_window"]._for_xml_id(
            "osc_base.res_users_action_accounts"
        )
