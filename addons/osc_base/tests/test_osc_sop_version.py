from datetime import date

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import BaseCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 12:00:00")
class TestSopVersion(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sop = cls.env["osc.sop"].create({"name": "Test SOP", "code": "TQ-1"})
        cls.first = cls._make_version("1.0")
        # as the administrator, who has no other right than that of the group
        cls.first = cls.first.with_user(cls.administrator)

    @classmethod
    def _make_version(cls, number, **vals):
        return cls.env["osc.sop.version"].create(
            {
                "sop_id": cls.sop.id,
                "number": number,
                "body": "<p>Text</p>",
                "discipline_ids": [Command.set((cls.red | cls.blue).ids)],
                "duty_ids": [
                    Command.create(
                        {
                            "discipline_id": cls.red.id,
                            "role": "Officer",
                            "duties": "Comes at once.",
                            "service_ids": [Command.set(cls.service.ids)],
                        }
                    )
                ],
                **vals,
            }
        )

    def _put_in_force(self, version):
        version.action_review()
        version.action_approve()

    def _second(self, **vals):
        return self._make_version("2.0", **vals).with_user(self.administrator)

    # ------------------------------------------------------------------
    # From draft to superseded
    # ------------------------------------------------------------------
    def test_new_version_is_a_draft_and_nothing_is_in_force(self):
        self.assertEqual(self.first.state, "draft")
        self.assertFalse(self.sop.current_version_id)

    def test_approved_today_is_in_force_today(self):
        self._put_in_force(self.first)
        self.assertEqual(self.first.state, "in_force")
        self.assertEqual(self.first.in_force_from, date(2026, 3, 10))
        self.assertEqual(self.first.approved_by_id, self.administrator)
        self.assertEqual(str(self.first.approved_at), "2026-03-10 12:00:00")
        self.assertEqual(self.sop.current_version_id, self.first)

    def test_approval_can_not_be_dated_back(self):
        self.first.in_force_from = "2025-01-01"
        self._put_in_force(self.first)
        self.assertEqual(self.first.in_force_from, date(2026, 3, 10))

    def test_second_version_supersedes_the_first(self):
        self._put_in_force(self.first)
        second = self._second()
        self._put_in_force(second)
        self.assertEqual(self.first.state, "superseded")
        self.assertEqual(self.first.in_force_to, date(2026, 3, 10))
        self.assertEqual(second.state, "in_force")
        self.assertFalse(second.in_force_to)
        self.assertEqual(self.sop.current_version_id, second)

    def test_versions_of_other_sops_are_left_alone(self):
        self._put_in_force(self.first)
        other = self.env["osc.sop"].create({"name": "Other", "code": "TQ-2"})
        self._put_in_force(self._second(sop_id=other.id))
        self.assertEqual(self.first.state, "in_force")

    def test_approved_for_a_later_day(self):
        self._put_in_force(self.first)
        second = self._second(in_force_from="2026-03-12")
        self._put_in_force(second)
        cron = self.env["osc.sop.version"]._cron_put_in_force
        self.assertEqual((self.first.state, second.state), ("in_force", "review"))
        with freeze_time("2026-03-11 23:59:00"):
            cron()
            self.assertEqual((self.first.state, second.state), ("in_force", "review"))
        with freeze_time("2026-03-12 00:00:00"):
            cron()
        self.assertEqual((self.first.state, second.state), ("superseded", "in_force"))
        self.assertEqual(self.first.in_force_to, date(2026, 3, 12))
        self.assertEqual(second.in_force_from, date(2026, 3, 12))

    def test_two_versions_that_fall_due_together(self):
        """The job didn't run for some days: the later one holds in the end."""
        versions = self.first | self._second(in_force_from="2026-03-11")
        self.first.in_force_from = "2026-03-12"
        versions.action_review()
        versions.action_approve()
        with freeze_time("2026-03-20 00:00:00"):
            self.env["osc.sop.version"]._cron_put_in_force()
        self.assertEqual(versions.mapped("state"), ["in_force", "superseded"])
        self.assertEqual(self.sop.current_version_id, self.first)

    def test_cron_leaves_what_is_not_approved(self):
        self.first.in_force_from = "2026-03-01"
        self.first.action_review()
        self.env["osc.sop.version"]._cron_put_in_force()
        self.assertEqual(self.first.state, "review")

    def test_approval_taken_back_before_its_day(self):
        self.first.in_force_from = "2026-03-12"
        self._put_in_force(self.first)
        self.first.action_draft()
        self.assertFalse(self.first.approved_by_id)
        with freeze_time("2026-03-13 00:00:00"):
            self.env["osc.sop.version"]._cron_put_in_force()
        self.assertEqual(self.first.state, "draft")

    # ------------------------------------------------------------------
    # Ways that don't exist
    # ------------------------------------------------------------------
    def test_no_version_is_born_in_force(self):
        for state in ("review", "in_force", "superseded"):
            with (
                self.subTest(state=state),
                self.assertRefused(UserError, "A new version is a draft"),
            ):
                self._make_version("9", state=state)

    def test_transitions_that_are_refused(self):
        second = self._second()
        refused = [
            (self.first, "in_force"),
            (self.first, "superseded"),
        ]
        second.action_review()
        # reviewed, but nobody approved it
        refused += [(second, "in_force"), (second, "superseded")]
        third = self._make_version("3.0").with_user(self.administrator)
        self._put_in_force(third)
        refused += [(third, "draft"), (third, "review")]
        fourth = self._make_version("4.0").with_user(self.administrator)
        self._put_in_force(fourth)
        refused += [(third, state) for state in ("draft", "review", "in_force")]
        for version, state in refused[:4] + refused[6:]:
            before = version.state
            with self.subTest(before=before, state=state), self.assertRaises(UserError):
                version.state = state
            version.invalidate_recordset()
            self.assertEqual(version.state, before)
        for state in ("draft", "review"):
            with (
                self.subTest(before="in_force", state=state),
                self.assertRaises(UserError),
            ):
                fourth.state = state

    def test_only_reviewed_versions_are_approved(self):
        with self.assertRefused(UserError, "must be in review"):
            self.first.action_approve()
        self._put_in_force(self.first)
        with self.assertRefused(UserError, "must be in review"):
            self.first.action_approve()

    def test_approval_can_not_be_written_by_hand(self):
        for vals in (
            {"approved_by_id": self.manager.id},
            {"approved_at": "2026-01-01 00:00:00"},
            {"in_force_to": "2026-01-01"},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.first.write(vals)
            with self.subTest(create=vals), self.assertRaises(UserError):
                self.first.create({"sop_id": self.sop.id, "number": "9", **vals})

    def test_approval_can_not_be_given_as_a_default(self):
        """Neither by the context of a call nor by a default that somebody saved."""
        forged = {
            "state": "in_force",
            "approved_by_id": self.manager.id,
            "approved_at": "2026-01-01 00:00:00",
            "in_force_to": "2026-01-01",
        }
        context = {f"default_{name}": value for name, value in forged.items()}
        vals = {"sop_id": self.sop.id}
        by_context = self.first.with_context(**context).create({**vals, "number": "8"})
        Default = self.env["ir.default"].with_user(self.administrator)
        for name, value in forged.items():
            Default.set("osc.sop.version", name, value, user_id=True)
        saved = self.first.create({**vals, "number": "9"})
        for version in by_context | saved:
            self.assertEqual(version.state, "draft")
            self.assertFalse(version.approved_by_id)
            self.assertFalse(version.approved_at)
            self.assertFalse(version.in_force_to)

    def test_only_one_version_in_force_in_the_database(self):
        self._put_in_force(self.first)
        second = self._second()
        self.env.flush_all()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE osc_sop_version SET state = 'in_force' WHERE id = %s",
                [second.id],
            )

    def test_numbers_are_unique_in_an_sop(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self._make_version("1.0")

    # ------------------------------------------------------------------
    # What was signed stays what it is
    # ------------------------------------------------------------------
    def _changes(self, version):
        """Each a way to change what a reader signed."""
        duty = version.duty_ids
        other = self.env["osc.sop"].create({"name": "Other", "code": "TQ-9"})
        return {
            "body": lambda: version.write({"body": "<p>Else</p>"}),
            "number": lambda: version.write({"number": "1.1"}),
            "sop": lambda: version.write({"sop_id": other.id}),
            "disciplines": lambda: version.write(
                {"discipline_ids": [Command.unlink(self.blue.id)]}
            ),
            "day": lambda: version.write({"in_force_from": "2026-03-09"}),
            "duty text": lambda: duty.write({"duties": "Comes later."}),
            "duty services": lambda: duty.write({"service_ids": [Command.clear()]}),
            "duty gone": lambda: duty.unlink(),
            "duty gone by the version": lambda: version.write(
                {"duty_ids": [Command.clear()]}
            ),
            "duty new": lambda: duty.create(
                {
                    "version_id": version.id,
                    "discipline_id": self.red.id,
                    "role": "New",
                    "duties": "New",
                }
            ),
            "version gone": lambda: version.unlink(),
        }

    def _check_locked(self, version):
        for name, change in self._changes(version).items():
            with (
                self.subTest(change=name, state=version.state),
                self.assertRefused(UserError, "can't be edited"),
            ):
                change()
            self.env.invalidate_all()
        self.assertEqual(version.body, "<p>Text</p>")
        self.assertEqual(version.duty_ids.duties, "Comes at once.")

    def test_version_in_force_is_locked(self):
        self._put_in_force(self.first)
        self._check_locked(self.first)

    def test_superseded_version_is_locked(self):
        self._put_in_force(self.first)
        self._put_in_force(self._second())
        self._check_locked(self.first)

    def test_approved_version_is_locked_before_its_day(self):
        self.first.in_force_from = "2026-03-20"
        self._put_in_force(self.first)
        self.assertEqual(self.first.state, "review")
        self._check_locked(self.first)

    def test_duty_can_not_be_moved_into_a_version_in_force(self):
        self._put_in_force(self.first)
        second = self._second()
        with self.assertRefused(UserError, "can't be edited"):
            second.duty_ids.version_id = self.first

    def test_draft_and_review_are_edited(self):
        self.first.body = "<p>New text</p>"
        self.first.action_review()
        self.first.duty_ids.duties = "Comes later."
        self.first.number = "1.1"
        self.first.unlink()
        self.assertFalse(self.first.exists())

    def test_new_version_copies_text_and_duties(self):
        self._put_in_force(self.first)
        action = self.first.action_new_version()
        new = self.env["osc.sop.version"].browse(action["res_id"])
        self.assertEqual(new.state, "draft")
        self.assertEqual(new.number, "1.0 (new)")
        self.assertEqual(new.sop_id, self.sop)
        self.assertEqual(new.body, self.first.body)
        self.assertEqual(new.discipline_ids, self.red | self.blue)
        self.assertEqual(new.duty_ids.mapped("duties"), ["Comes at once."])
        self.assertEqual(new.duty_ids.service_ids, self.service)
        self.assertNotEqual(new.duty_ids, self.first.duty_ids)
        self.assertFalse(new.approved_by_id or new.approved_at or new.in_force_from)
        self.assertEqual(self.first.state, "in_force")

    # ------------------------------------------------------------------
    # Who
    # ------------------------------------------------------------------
    def test_only_administrators_move_versions(self):
        self.first.action_review()
        for user in (self.worker, self.manager, self.coordinator, self.auditor):
            version = self.first.with_user(user)
            for method in ("action_review", "action_draft", "action_approve"):
                with (
                    self.subTest(user=user.login, method=method),
                    self.assertRaises(AccessError),
                ):
                    getattr(version, method)()
        self.assertEqual(self.first.state, "review")

    def test_draft_is_read_by_managers_and_not_by_representatives(self):
        self._put_in_force(self.first)
        draft = self._second()
        find = [("sop_id", "=", self.sop.id)]
        for user, versions in {
            self.worker: self.first,
            self.case_worker: self.first,
            self.coordinator: self.first,
            self.auditor: self.first,
            self.manager: self.first | draft,
        }.items():
            with self.subTest(user=user.login):
                model = self.env["osc.sop.version"].with_user(user)
                self.assertEqual(model.search(find), versions)
                duties = self.env["osc.sop.duty"].with_user(user)
                self.assertEqual(
                    duties.search([("version_id.sop_id", "=", self.sop.id)]).sudo(),
                    versions.sudo().duty_ids,
                )
                self.assertEqual(
                    self.sop.with_user(user).current_version_id, self.first
                )
