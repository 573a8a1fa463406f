from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from . import audit
from .common import BaseCommon

OTHERS = (
    "worker",
    "case_worker",
    "manager",
    "coordinator",
    "auditor",
    "internal",
    "portal",
)
FIELDS = [
    "two_factor_required",
    "lock_after_minutes",
    "session_hours",
    "password_min_length",
    "export_user_ids",
    "locked_out_user_ids",
    "password_only_user_ids",
]


@tagged("post_install", "-at_install")
class TestOscAccountSettings(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.record = cls.env.ref("osc_base.osc_account_settings")
        cls.record.two_factor_required = True
        cls.settings = cls.record.with_user(cls.administrator)
        cls.role_group = cls.env.ref("osc_base.group_any_role")
        cls.export_group = cls.env.ref("base.group_allow_export")
        cls.system_group = cls.env.ref("base.group_system")

    def _may_export(self, user):
        return user.has_group("base.group_allow_export")

    # ------------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------------
    def test_the_administrator_need_not_administer_the_system(self):
        self.assertFalse(self.administrator.has_group("base.group_erp_manager"))
        self.settings.write(
            {
                "two_factor_required": False,
                "lock_after_minutes": 5,
                "session_hours": 8,
                "password_min_length": 14,
                "export_user_ids": [Command.link(self.auditor.id)],
            }
        )
        self.env.invalidate_all()
        self.assertEqual(self.role_group.lock_timeout_inactivity, 5)
        self.assertEqual(self.role_group.lock_timeout, 8 * 60)
        self.assertFalse(self.role_group.lock_timeout_mfa)
        self.assertEqual(self.worker.get_password_policy(), {"minlength": 14})
        self.assertTrue(self._may_export(self.auditor))
        [shown] = self.settings.read(FIELDS)
        self.assertEqual(shown["session_hours"], 8)
        self.assertEqual(shown["export_user_ids"], self.auditor.ids)
        self.settings.two_factor_required = True
        self.assertTrue(self.role_group.lock_timeout_mfa)

    def test_nobody_else_reads_or_changes_them(self):
        for login in OTHERS:
            settings = self.record.with_user(getattr(self, login))
            with self.subTest(login):
                with self.assertRaises(AccessError):
                    settings.read(FIELDS)
                with self.assertRaises(AccessError):
                    settings.write({"two_factor_required": False})
                with self.assertRaises(AccessError):
                    settings.write({"export_user_ids": [Command.link(self.worker.id)]})
                with self.assertRaises(AccessError):
                    settings.action_accounts()
        self.assertTrue(self.record.two_factor_required)
        self.assertFalse(self._may_export(self.worker))

    def test_there_is_one_record_for_good(self):
        with self.assertRaises(AccessError):
            self.settings.create({})
        with self.assertRaises(AccessError):
            self.settings.unlink()

    def test_values_within_reason(self):
        for name, value, pattern in (
            ("lock_after_minutes", 0, "between 1 and 60"),
            ("lock_after_minutes", 61, "between 1 and 60"),
            ("session_hours", 0, "“Log out after” must be between 1 and 24"),
            ("session_hours", 25, "between 1 and 24"),
            ("password_min_length", 7, "“Shortest password” must be between 8 and 64"),
        ):
            with (
                self.subTest(name, value=value),
                self.assertRefused(ValidationError, pattern),
                self.env.cr.savepoint(),
            ):
                self.settings.write({name: value})

    def test_the_action_shows_everybody_with_a_role(self):
        action = self.settings.action_accounts()
        domain = self.env["ir.actions.act_window"].browse(action["id"]).domain
        self.assertEqual(domain, f"[('all_group_ids', 'in', [{self.role_group.id}])]")

    # ------------------------------------------------------------------
    # Export
    # ------------------------------------------------------------------
    def test_no_role_may_export(self):
        for role in self.role_group.privilege_id.group_ids | self.role_group:
            self.assertNotIn(self.export_group, role.all_implied_ids, role.name)
        for login in OTHERS:
            self.assertFalse(self._may_export(getattr(self, login)), login)

    def test_export_is_given_and_taken(self):
        self.settings.export_user_ids = self.worker | self.manager
        self.assertTrue(self.representative.with_user(self.worker).export_data(["id"]))
        self.settings.export_user_ids = self.manager
        self.assertTrue(self._may_export(self.manager))
        with self.assertRaises(UserError):
            self.representative.with_user(self.worker).export_data(["id"])

    def test_what_protects_accounts_is_in_the_trail(self):
        settings = self.settings
        with audit.recording() as trail:
            settings.two_factor_required = False
            settings.export_user_ids = self.worker
            settings.export_user_ids = self.worker.browse()
            self.env.flush_all()
        self.assertEqual(
            trail.seen("write"), [("write", settings._name, settings.id)] * 3
        )
        self.assertEqual(
            [(entry["res_id"], entry["details"]) for entry in trail.entries[:1]],
            [(settings.id, "two_factor_required")],
        )
        self.assertEqual(
            [
                (entry["res_id"], entry["details"])
                for entry in trail.entries
                if entry["action"] == "grant"
            ],
            [(self.worker.id, "export given"), (self.worker.id, "export taken")],
        )

    def test_export_only_for_people_with_a_role(self):
        self.internal.group_ids |= self.export_group
        self.assertNotIn(self.internal, self.settings.export_user_ids)
        for user in (self.internal, self.portal, self.env.ref("base.user_admin")):
            with (
                self.subTest(user.login),
                self.assertRefused(ValidationError, "Only people with a role"),
            ):
                self.settings.export_user_ids = [Command.link(user.id)]
        self.settings.export_user_ids = [Command.clear()]
        self.assertTrue(self._may_export(self.internal), "not the center's business")

    def test_export_that_another_group_brings(self):
        group = self.env["res.groups"].create(
            {"name": "G", "implied_ids": [Command.link(self.export_group.id)]}
        )
        self.worker.group_ids |= group
        self.assertEqual(self.settings.export_user_ids, self.worker)
        with self.assertRefused(UserError, "because of another group.*User worker"):
            self.settings.export_user_ids = [Command.clear()]

    # ------------------------------------------------------------------
    # The second factor
    # ------------------------------------------------------------------
    def test_every_role_needs_a_second_factor_and_nobody_else(self):
        for login in ("worker", "case_worker", "manager", "coordinator", "auditor"):
            user = getattr(self, login)
            self.assertEqual(user._mfa_type(), "totp_mail", login)
            self.assertTrue(user._rpc_api_keys_only(), login)
        self.assertEqual(self.administrator._mfa_type(), "totp_mail")
        for login in ("internal", "portal"):
            self.assertFalse(getattr(self, login)._mfa_type(), login)
        self.settings.two_factor_required = False
        self.assertFalse(self.worker._mfa_type())
        self.assertFalse(self.worker._rpc_api_keys_only())

    def test_odoos_own_setting_still_holds(self):
        self.settings.two_factor_required = False
        self.env["ir.config_parameter"].set_param("auth_totp.policy", "all_required")
        self.assertEqual(self.internal._mfa_type(), "totp_mail")
        self.assertEqual(self.worker._mfa_type(), "totp_mail")

    def test_a_system_administrator_without_survivors_gets_in(self):
        """Who sets up outgoing mail can't wait for an e-mail; who sees survivors must."""
        self.administrator.group_ids |= self.system_group
        self.assertFalse(self.administrator._mfa_type())
        self.assertIn(self.administrator, self.settings.password_only_user_ids)
        self.manager.group_ids |= self.system_group
        self.assertEqual(self.manager._mfa_type(), "totp_mail")

    def test_who_has_an_app_uses_it(self):
        self.worker.totp_secret = "JBSWY3DPEHPK3PXP"
        self.assertEqual(self.worker._mfa_type(), "totp")
        self._assert_second_factor(self.worker, "app")

    def test_people_whom_no_code_reaches_are_named(self):
        self._assert_second_factor(self.worker, "mail")
        self.worker.email = False
        self._assert_second_factor(self.worker, "missing")
        self.settings.invalidate_recordset()
        self.assertIn(self.worker, self.settings.locked_out_user_ids)
        self.assertNotIn(self.manager, self.settings.locked_out_user_ids)
        self.settings.two_factor_required = False
        self._assert_second_factor(self.worker, "none")
        self.assertFalse(self.settings.locked_out_user_ids)

    def _assert_second_factor(self, user, expected):
        seen = user.with_user(self.administrator)
        seen.invalidate_recordset()
        self.assertEqual(seen.osc_second_factor, expected)

    def test_who_lacks_a_second_factor_is_no_public_knowledge(self):
        for login in ("worker", "manager", "internal"):
            user = self.auditor.with_user(getattr(self, login))
            with self.subTest(login), self.assertRaises(AccessError):
                user.read(["osc_second_factor"])

    def test_a_locked_screen_asks_for_what_is_at_hand(self):
        self.assertEqual(self.worker._get_auth_methods(), ["password", "totp_mail"])
        self.worker.totp_secret = "JBSWY3DPEHPK3PXP"
        self.assertEqual(self.worker._get_auth_methods(), ["totp", "password"])

    # ------------------------------------------------------------------
    # Ending sessions
    # ------------------------------------------------------------------
    def test_only_administrators_end_sessions_of_others(self):
        for login in OTHERS:
            user = getattr(self, login)
            with self.subTest(login), self.assertRaises(AccessError):
                self.case_worker.with_user(user).action_osc_end_sessions()
        with self.assertRaises(AccessError):
            self.representative.with_user(self.manager).action_end_sessions()

    def test_only_sessions_of_people_with_a_role_are_ended(self):
        for user in (self.internal, self.portal):
            with self.assertRefused(AccessError, "has no role"):
                user.with_user(self.administrator).action_osc_end_sessions()
        self.auditor.group_ids |= self.system_group
        with self.assertRefused(AccessError, "another such administrator"):
            self.auditor.with_user(self.administrator).action_osc_end_sessions()
        self.administrator.group_ids |= self.system_group
        self.auditor.with_user(self.administrator).action_osc_end_sessions()

    def test_keys_and_remembered_browsers_are_forgotten(self):
        tomorrow = datetime.now() + timedelta(days=1)
        keys = self.env["res.users.apikeys"]
        keys.with_user(self.worker)._generate("rpc", "laptop", tomorrow)
        keys.with_user(self.manager)._generate("rpc", "desk", tomorrow)
        devices = self.env["auth_totp.device"].with_user(self.worker)
        devices.sudo()._generate("browser", "laptop", tomorrow)
        self.representative.with_user(self.administrator).action_end_sessions()
        self.env.invalidate_all()
        self.assertFalse(self.worker.api_key_ids)
        self.assertFalse(self.worker.totp_trusted_device_ids)
        self.assertTrue(self.manager.api_key_ids)
