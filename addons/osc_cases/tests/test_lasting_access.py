from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.osc_base.tests import audit

from .common import NAME, CasesCommon

QUIET = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


@tagged("post_install", "-at_install")
class TestLeaving(CasesCommon):
    """Whoever has no post at a center any more has none of its cases."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._only_rule("police")
        cls.post = cls.env["osc.representative"].search(
            [("user_id", "=", cls.worker.id)]
        )

    def _opens(self, user, case):
        self.env.flush_all()
        self.env.invalidate_all()
        own = case.with_user(user)
        return own.has_access("read") or bool(own.search([("id", "=", case.id)]))

    def test_a_case_worker_who_is_archived(self):
        case = self._report(survivor_name=NAME)
        draft = self._draft(survivor_name=NAME)
        survivor = case.sudo().survivor_id
        self.post.with_user(self.manager).active = False
        for one in (case, draft):
            self.assertFalse(self._opens(self.worker, one))
        self.assertFalse(survivor.with_user(self.worker).has_access("read"))
        self.assertFalse(case.sudo().case_worker_id)
        told = self.env["mail.message"].search(
            [("subject", "=", f"{case.name} has no case worker")]
        )
        self.assertEqual(told.notified_partner_ids, self.manager.partner_id)
        self.assertTrue(self._opens(self.manager, case))

    def test_a_case_worker_who_moves(self):
        case = self._report(survivor_name=NAME)
        self.post.center_id = self.other_center
        self.assertFalse(self._opens(self.worker, case))

    def _leaves(self, change):
        """Whether a change in Odoo's own records ends all that was open."""
        case = self._report(survivor_name=NAME)
        survivor = case.sudo().survivor_id
        self.assertTrue(self._opens(self.worker, case))
        change()
        self.assertFalse(self._opens(self.worker, case))
        self.assertFalse(survivor.with_user(self.worker).has_access("read"))
        self.assertFalse(self.env["osc.incident"].with_user(self.worker).search([]))
        self.assertFalse(case.sudo().case_worker_id)

    def test_a_post_that_is_archived_where_archived_ones_are_shown(self):
        post = self.post.with_context(active_test=False)
        self._leaves(post.action_archive)

    def test_an_employee_who_is_archived(self):
        draft = self._draft(self.colleague)
        self.assertTrue(self._opens(self.worker, draft))
        self._leaves(self.post.employee_id.action_archive)
        self.assertFalse(self._opens(self.worker, draft))

    def test_an_employee_whose_login_is_taken_away(self):
        self._leaves(lambda: self.post.employee_id.write({"user_id": False}))

    def test_a_login_that_is_disabled(self):
        self._leaves(self.worker.action_archive)

    def test_a_role_that_is_taken(self):
        case = self._report(survivor_name=NAME)
        police = self.people["police"].user_id
        self._intimation(case, police).with_user(police).action_acknowledge()
        role = self.env.ref("osc_base.group_representative")
        police.group_ids = [Command.unlink(role.id)]
        self.env.flush_all()
        waiting = case.sudo().intimation_ids.filtered(lambda i: i.state == "sent")
        self.assertTrue(waiting, "nobody else was told")
        self.assertNotIn(police, waiting.user_id)
        police.group_ids = [Command.link(role.id)]
        self.assertFalse(self._opens(police, case))
        # By the group's own form, too, and to representative only.
        works = self.env.ref("osc_base.group_case_worker")
        self.worker.group_ids = [Command.link(role.id)]
        works.user_ids = [Command.unlink(self.worker.id)]
        self.assertTrue(self.worker.has_group("osc_base.group_representative"))
        self.assertFalse(self._opens(self.worker, case))
        self.assertFalse(case.sudo().case_worker_id)
        told = self.env["mail.message"].search(
            [("subject", "=", f"{case.name} has no case worker")]
        )
        self.assertEqual(told.notified_partner_ids, self.manager.partner_id)

    def test_a_login_that_is_deleted(self):
        case = self._report(survivor_name=NAME)
        helper = new_test_user(
            self.env, "helper", "base.group_user,osc_base.group_case_worker"
        )
        case.sudo().case_worker_id = helper
        helper.unlink()
        told = self.env["mail.message"].search(
            [("subject", "=", f"{case.sudo().name} has no case worker")]
        )
        self.assertEqual(told.notified_partner_ids, self.manager.partner_id)

    def test_a_gap_that_a_manager_took_on_and_left(self):
        self.people["police"].shift_ids.unlink()
        self.backup.shift_ids.unlink()
        case = self._report(survivor_name=NAME)
        waiting = case.sudo().intimation_ids
        self.assertEqual(waiting.user_id, self.manager)
        waiting.with_user(self.manager).action_acknowledge()
        self.manager.active = False
        waiting = case.sudo().intimation_ids.filtered(lambda i: i.state == "sent")
        self.assertEqual(waiting.user_id, self.coordinator)
        role = self.env.ref("osc_base.group_coordinator")
        self.coordinator.group_ids = [Command.unlink(role.id)]
        self.assertEqual(waiting.state, "cancelled")
        self.assertEqual(case.sudo().gap_discipline_ids, self.disciplines["police"])

    def test_a_manager_whose_role_is_taken_and_given_back(self):
        case = self._report(survivor_name=NAME)
        runs = self.env.ref("osc_base.group_center_manager")
        self.manager.group_ids = [Command.unlink(runs.id)]
        own = case.sudo().member_ids.filtered(lambda m: m.user_id == self.manager)
        self.assertTrue(own)
        self.assertTrue(all(own.mapped("revoked_at")))
        self.manager.group_ids = [Command.link(runs.id)]
        self.assertTrue(self._opens(self.manager, case))

    def test_a_login_without_a_post_that_is_disabled(self):
        case = self._report(survivor_name=NAME)
        helper = new_test_user(
            self.env, "helper", "base.group_user,osc_base.group_case_worker"
        )
        case.sudo().case_worker_id = helper
        self.assertTrue(self._opens(helper, case))
        helper.active = False
        self.assertFalse(case.sudo().case_worker_id)
        helper.active = True
        self.assertFalse(self._opens(helper, case))

    def test_a_manager_who_is_disabled_and_comes_back(self):
        case = self._report(survivor_name=NAME)
        self.center.coordinator_id = new_test_user(
            self.env, "district", "base.group_user,osc_base.group_coordinator"
        )
        self.manager.active = False
        own = case.sudo().member_ids.filtered(lambda m: m.user_id == self.manager)
        self.assertTrue(own)
        self.assertTrue(all(own.mapped("revoked_at")))
        self.worker.active = False
        told = self.env["mail.message"].search(
            [("subject", "=", f"{case.name} has no case worker")]
        )
        self.assertEqual(
            told.notified_partner_ids, self.center.coordinator_id.partner_id
        )
        self.manager.active = True
        self.assertTrue(self._opens(self.manager, case))

    def test_a_login_that_moves_to_another_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self._leaves(
            lambda: self.worker.write(
                {
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                }
            )
        )

    def test_emergency_access_when_the_manager_has_left(self):
        self.center.coordinator_id = new_test_user(
            self.env, "district", "base.group_user,osc_base.group_coordinator"
        )
        case = self._report(survivor_name=NAME)
        self.manager.active = False
        self._break_glass(case, self.colleague)
        told = self.env["mail.message"].search(
            [("subject", "=", f"Emergency access to {case.name}")]
        )
        self.assertIn(self.center.coordinator_id.partner_id, told.notified_partner_ids)

    def test_emergency_access_of_who_leaves(self):
        case = self._report(survivor_name=NAME)
        post = self.env["osc.representative"].search(
            [("user_id", "=", self.colleague.id)]
        )
        self._break_glass(case, self.colleague)
        self.assertTrue(self._opens(self.colleague, case))
        post.active = False
        self.assertFalse(self._opens(self.colleague, case))

    def test_a_second_post_is_enough_to_stay(self):
        case = self._report(survivor_name=NAME)
        self._make_representative("legal", user=self.worker, on_duty=False)
        self.post.active = False
        self.assertTrue(self._opens(self.worker, case))

    def test_drafts_of_a_former_center(self):
        draft = self._draft(survivor_name=NAME)
        self.assertTrue(self._opens(self.colleague, draft))
        self.env["osc.representative"].search(
            [("user_id", "=", self.colleague.id)]
        ).active = False
        self.assertFalse(self._opens(self.colleague, draft))
        with mute_logger(*QUIET), self.assertRaises(AccessError):
            draft.with_user(self.colleague).case_worker_id = self.colleague
        self.assertFalse(
            self.env["osc.duty.shift"]
            .with_user(self.colleague)
            .search_count([("center_id", "=", self.center.id)])
        )


@tagged("post_install", "-at_install")
class TestEmergencyLimits(CasesCommon):
    """Emergency access ends by itself, and so does what was done with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._only_rule("police")
        cls.case = cls._report_case(survivor_name=NAME)

    @classmethod
    def _report_case(cls, **vals):
        case = cls.env["osc.case"].with_user(cls.worker)
        case = case.create({"channel": "phone", "urgency": "urgent", **vals})
        case.action_report()
        cls.env.flush_all()
        cls.env.invalidate_all()
        return case

    def setUp(self):
        super().setUp()
        self._break_glass(self.case, self.colleague)
        self.mine = self.case.with_user(self.colleague)

    def test_no_consent_and_no_legal_duty(self):
        legal = self.disciplines["legal"].id
        for model, vals in (
            ("osc.consent", {"scope": "identity"}),
            ("osc.disclosure", {"scope": "identity", "law": "An act"}),
        ):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.mine.env[model].create(
                    {"case_id": self.case.id, "discipline_id": legal, **vals}
                )

    def test_a_danger_to_life_can_be_told(self):
        self.mine.env["osc.disclosure"].create(
            {
                "case_id": self.case.id,
                "discipline_id": self.disciplines["police"].id,
                "scope": "identity",
                "basis": "vital_interest",
                "reason": "He stands at the gate",
                "expires_at": fields.Datetime.now() + timedelta(hours=2),
            }
        )

    def test_a_danger_to_life_lasts_no_longer_than_a_day(self):
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.env["osc.disclosure"].with_user(self.colleague).create(
                {
                    "case_id": self.case.id,
                    "discipline_id": self.disciplines["police"].id,
                    "scope": "identity",
                    "basis": "vital_interest",
                    "reason": "He stands at the gate",
                    "expires_at": fields.Datetime.now() + timedelta(days=2),
                }
            )

    def test_nobody_is_excluded_and_nothing_closed(self):
        with self.assertRaises(AccessError):
            self.mine.excluded_user_ids = self.manager
        with self.assertRaises(AccessError):
            self.mine.action_close()

    # ------------------------------------------------------------------
    # Who watches
    # ------------------------------------------------------------------
    def _seen(self, user, model, domain):
        self.env.invalidate_all()
        return self.env[model].with_user(user).search_count(domain)

    def test_an_auditor_is_not_blinded(self):
        emergency = [("case_id", "=", self.case.id)]
        trail = [("reference", "=", self.case.sudo().name)]
        before = self._seen(self.auditor, "osc.audit.entry", trail)
        self.assertEqual(self._seen(self.auditor, "osc.break.glass", emergency), 1)
        self.case.excluded_user_ids = [Command.set((self.auditor | self.manager).ids)]
        self.env.flush_all()
        self.assertGreaterEqual(
            self._seen(self.auditor, "osc.audit.entry", trail), before
        )
        self.assertEqual(self._seen(self.auditor, "osc.break.glass", emergency), 1)
        self.assertEqual(self._seen(self.manager, "osc.break.glass", emergency), 0)

    def test_excluding_who_answers_for_the_center_is_noticed(self):
        self.case.excluded_user_ids = self.manager
        told = self.env["mail.message"].search(
            [("subject", "=", f"{self.case.name}: somebody is excluded")]
        )
        self.assertEqual(told.notified_partner_ids, self.coordinator.partner_id)
        self.assertFalse(self.case.with_user(self.manager).has_access("read"))
        self.case.excluded_user_ids = False
        self.env.invalidate_all()
        self.assertTrue(self.case.with_user(self.manager).has_access("read"))

    def test_nobody_gives_themselves_a_post(self):
        employee = self.env["hr.employee"].create(
            {"name": "Manager", "user_id": self.manager.id}
        )
        vals = {
            "employee_id": employee.id,
            "center_id": self.center.id,
            "discipline_id": self.disciplines["psychosocial"].id,
        }
        Post = self.env["osc.representative"]
        with self.assertRaises(AccessError):
            Post.with_user(self.manager).create(vals)
        post = Post.with_user(self.administrator).create(vals)
        with self.assertRaises(AccessError):
            post.with_user(self.manager).discipline_id = self.disciplines["medical"]
        other = self.people["psychosocial"].with_user(self.manager)
        other.is_backup = True
        with self.assertRaises(AccessError):
            other.employee_id = employee

    def test_roles_are_in_the_trail(self):
        domain = [("action", "=", "grant"), ("model", "=", "res.users")]
        Entry = self.env["osc.audit.entry"]
        before = Entry.search(domain)
        role = self.env.ref("osc_base.group_case_worker")
        self.internal.group_ids += role
        self.env.flush_all()
        entry = Entry.search(domain) - before
        self.assertEqual(entry.mapped("res_id"), [self.internal.id])
        self.assertIn(f"role given: {role.name}", entry.details)

    def test_a_role_of_ones_own_is_removed(self):
        role = self.env["res.groups"].create(
            {
                "name": "Night desk",
                "privilege_id": self.env.ref("osc_base.privilege_osc").id,
                "user_ids": self.internal.ids,
            }
        )
        with audit.recording() as trail:
            role.unlink()
        self.assertEqual(
            [(entry["res_id"], entry["details"]) for entry in trail.entries],
            [(self.internal.id, "role taken: Night desk")],
        )

    def test_roles_that_a_group_brings_are_in_the_trail(self):
        """The page of a group has a list of its users, and of what it implies."""
        role = self.env.ref("osc_base.group_auditor")
        plain = self.env["res.groups"].create({"name": "Archive"})
        with audit.recording() as trail:
            role.user_ids += self.internal
            role.user_ids -= self.internal
            plain.user_ids += self.internal
            plain.implied_ids += role
            plain.unlink()
            self.env["res.groups"].create(
                {
                    "name": "Harmless",
                    "user_ids": self.internal.ids,
                    "implied_ids": role.ids,
                }
            )
        given, taken = (f"role {what}: {role.name}" for what in ("given", "taken"))
        self.assertEqual(
            [(entry["res_id"], entry["details"]) for entry in trail.entries],
            [(self.internal.id, what) for what in (given, taken, given, taken, given)],
        )
