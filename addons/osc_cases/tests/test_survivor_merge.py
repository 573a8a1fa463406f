import json
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from .common import NAME, PHONE, CasesCommon


@tagged("post_install", "-at_install")
class TestSurvivorMerge(CasesCommon):
    """Two records of one survivor become one, and two again; survivors who belong
    together."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._only_rule("medical")
        cls.medical = cls.people["medical"].user_id

    def setUp(self):
        super().setUp()
        self.first = self._report(survivor_name=NAME, survivor_age=30)
        self.second = self._report(survivor_name="Zarmina T.", survivor_phone=PHONE)
        self.kept = self.first.survivor_id
        self.merged = self.second.survivor_id
        self.merged_code = self.merged.code
        self.env.flush_all()
        self.env.invalidate_all()

    def _merge(self, names=("phone",), user=None):
        merge = (
            self.env["osc.survivor.merge"]
            .with_user(user or self.worker)
            ._merge(
                self.kept.with_user(user or self.worker),
                self.merged.with_user(user or self.worker),
                names,
            )
        )
        self.env.flush_all()
        self.env.invalidate_all()
        return merge

    # ------------------------------------------------------------------
    # Merge
    # ------------------------------------------------------------------
    def test_cases_move_with_what_belongs_to_them(self):
        consent = (
            self.env["osc.consent"]
            .with_user(self.worker)
            .create(
                {
                    "case_id": self.second.id,
                    "scope": "identity",
                    "discipline_id": self.disciplines["medical"].id,
                }
            )
        )
        self._merge()
        self.assertEqual(self.kept.case_ids, self.first | self.second)
        self.assertFalse(self.merged.exists())
        self.assertEqual((self.kept.full_name, self.kept.phone), (NAME, PHONE))
        self.assertEqual(consent.case_id, self.second)
        found = self.env["osc.survivor"].with_user(self.worker)
        self.assertEqual(found.search([("phone", "=", PHONE)]), self.kept)

    def test_only_who_sees_both_may(self):
        for user in (self.colleague, self.medical, self.manager, self.administrator):
            with (
                self.subTest(user=user.login),
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models"),
            ):
                self._merge(user=user)
        other = self._report(user=self.colleague)
        self.merged = other.sudo().survivor_id
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            self._merge()

    def test_one_record_is_not_two(self):
        self.merged = self.kept
        with self.assertRaises(UserError):
            self._merge()

    def test_excluded_staff_learn_nothing_by_it(self):
        """Who knows her in one case and is excluded from the other."""
        self.env["osc.consent"].with_user(self.worker).create(
            {
                "case_id": self.first.id,
                "scope": "identity",
                "discipline_id": self.disciplines["medical"].id,
            }
        )
        self._intimation(self.first, self.medical).action_acknowledge()
        self.second.excluded_user_ids = self.medical
        with self.assertRaises(UserError) as caught:
            self._merge()
        self.assertNotIn(self.medical.name, str(caught.exception))
        self.assertTrue(self.merged.exists())

    def test_the_trail_has_codes_and_field_names_only(self):
        entries = self.env["osc.audit.entry"].sudo()
        before = entries.search([("reference", "=", self.kept.code)])
        self._merge()
        new = entries.search([("reference", "=", self.kept.code)]) - before
        details = " ".join(entry.details or "" for entry in new)
        self.assertIn(self.merged_code, details)
        self.assertIn("phone", details)
        for plain in (NAME, PHONE, "5550199"):
            self.assertNotIn(plain, details)

    def test_what_is_kept_for_undoing_is_encrypted(self):
        merge = self._merge()
        row = self.env.execute_query(
            SQL(
                "SELECT osc_survivor_merge::text FROM osc_survivor_merge WHERE id=%s",
                merge.id,
            )
        )[0][0]
        self.assertNotIn("5550199", row)
        for user in (self.worker, self.manager):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
                merge.with_user(user).read(["snapshot"])

    # ------------------------------------------------------------------
    # Wizard
    # ------------------------------------------------------------------
    def _request(self, user=None):
        Request = self.env["osc.survivor.merge.request"].with_user(user or self.worker)
        return Request.with_context(
            active_model="osc.survivor", active_ids=[self.merged.id, self.kept.id]
        )

    def test_the_preview_shows_what_differs_and_asks(self):
        form = Form(self._request())
        lines = {line["field_name"]: line for line in form.line_ids._records}
        self.assertEqual(form.kept_id, self.kept)
        self.assertIn("full_name", lines)
        self.assertNotIn("sex", lines)
        self.assertEqual(lines["phone"]["stays"], "merged")
        self.assertEqual(lines["full_name"]["stays"], "kept")
        request = form.save()
        shown = {line.field_name: line for line in request.line_ids}
        self.assertEqual(shown["full_name"].kept_value, NAME)
        self.assertEqual(shown["phone"].merged_value, PHONE)
        action = request.action_merge()
        self.assertEqual(action["res_id"], self.kept.id)
        self.assertEqual(self.kept.phone, PHONE)

    def test_the_record_itself_is_not_offered_as_the_one_that_goes(self):
        Request = self.env["osc.survivor.merge.request"].with_user(self.worker)
        for name, other in (("merged_id", "kept_id"), ("kept_id", "merged_id")):
            self.assertEqual(Request._fields[name].domain, f"[('id', '!=', {other})]")
        request = Request.create({"kept_id": self.kept.id, "merged_id": self.kept.id})
        with self.assertRaisesRegex(UserError, "two different records"):
            request.action_merge()

    def test_the_preview_stores_no_values(self):
        request = Form(self._request()).save()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT osc_survivor_merge_request_line::text "
                "FROM osc_survivor_merge_request_line WHERE request_id=%s",
                request.id,
            )
        )
        self.assertTrue(rows)
        self.assertNotIn(NAME, str(rows))
        self.assertNotIn("5550199", str(rows))

    def test_the_preview_is_for_who_sees_both(self):
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            self.env["osc.survivor.merge.request"].with_user(self.colleague).create(
                {"kept_id": self.kept.id, "merged_id": self.merged.id}
            )
        request = Form(self._request()).save()
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            request.with_user(self.colleague).action_merge()

    def test_nobody_adds_to_the_choice_of_another(self):
        request = Form(self._request()).save()
        Line = self.env["osc.survivor.merge.request.line"].with_user(self.colleague)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            Line.create(
                {"request_id": request.id, "field_name": "phone", "stays": "merged"}
            )

    def test_the_other_record_stays_after_a_swap(self):
        request = Form(self._request()).save()
        request.action_swap()
        self.assertEqual(request.kept_id, self.merged)
        request.action_merge()
        self.assertTrue(self.merged.exists())
        self.assertFalse(self.kept.exists())

    # ------------------------------------------------------------------
    # Undo
    # ------------------------------------------------------------------
    def test_the_manager_takes_them_apart_again(self):
        merge = self._merge(["full_name", "phone"]).with_user(self.manager)
        self.assertEqual(self.kept.full_name, "Zarmina T.")
        self.assertTrue(merge.may_undo)
        merge.action_undo()
        restored = self.second.sudo().survivor_id
        self.assertEqual(restored.code, self.merged_code)
        self.assertNotEqual(restored, self.kept)
        self.assertEqual((restored.full_name, restored.phone), ("Zarmina T.", PHONE))
        self.assertEqual((self.kept.full_name, self.kept.phone), (NAME, False))
        self.assertFalse(merge.sudo().snapshot)
        with self.assertRaises(UserError):
            merge.action_undo()

    def test_merged_again_each_merge_is_undone_in_any_order(self):
        for order in ((0, 1), (1, 0)):
            with self.subTest(order=order), self.env.cr.savepoint() as savepoint:
                third = self._report(survivor_name="Zarmeena Testperson")
                merges = [self._merge()]
                self.kept, self.merged = third.survivor_id, self.kept
                merges.append(self._merge(names=()))
                for number in order:
                    merges[number].with_user(self.manager).action_undo()
                    self.env.flush_all()
                    self.env.invalidate_all()
                cases = (self.first | self.second | third).sudo()
                self.assertEqual(
                    cases.mapped("survivor_id.full_name"),
                    [NAME, "Zarmina T.", "Zarmeena Testperson"],
                )
                savepoint.rollback()
                self.env.invalidate_all()
                self.kept = self.first.survivor_id
                self.merged = self.second.survivor_id

    def test_what_was_corrected_since_stays(self):
        merge = self._merge(["phone"])
        self.kept.phone = "+92 300 5550777"
        merge.with_user(self.manager).action_undo()
        self.assertEqual(self.kept.phone, "+92 300 5550777")

    def test_only_the_manager_of_the_center_undoes(self):
        merge = self._merge()
        for user in (self.worker, self.other_manager, self.coordinator):
            with (
                self.subTest(user=user.login),
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models"),
            ):
                merge.with_user(user).action_undo()

    def test_undoing_ends_with_its_days(self):
        merge = self._merge()
        self.assertEqual(merge.undo_until - merge.merged_at, timedelta(days=30))
        self.clock.tick(timedelta(days=31))
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            merge.with_user(self.manager).action_undo()
        self.env["osc.survivor.merge"]._forget_snapshots()
        self.assertFalse(merge.snapshot)

    # ------------------------------------------------------------------
    # Related survivors
    # ------------------------------------------------------------------
    def _relate(self, user=None, kind="child"):
        return (
            self.env["osc.survivor.relation"]
            .with_user(user or self.worker)
            .create(
                {
                    "survivor_id": self.kept.id,
                    "related_id": self.merged.id,
                    "kind": kind,
                }
            )
        )

    def test_each_shows_the_other(self):
        relation = self._relate()
        self.assertEqual(self.merged.relation_ids.related_id, self.kept)
        self.assertEqual(self.merged.relation_ids.kind, "mother")
        relation.kind = "sibling"
        self.assertEqual(self.merged.relation_ids.kind, "sibling")
        relation.unlink()
        self.assertFalse(self.merged.relation_ids)

    @mute_logger("odoo.sql_db")
    def test_once_and_not_to_herself(self):
        self._relate()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._relate()
        self.merged = self.kept
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._relate()

    def test_only_for_those_who_see_both(self):
        relation = self._relate()
        both = relation | self.merged.relation_ids
        self.second.case_worker_id = self.colleague
        self.env.flush_all()
        self.env.invalidate_all()
        for user in (self.worker, self.colleague, self.manager, self.medical):
            with self.subTest(user=user.login):
                for row in both:
                    self.assertFalse(row.with_user(user).has_access("read"))
        relation.sudo().unlink()
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            self._relate(self.colleague, kind="sibling")

    def test_relations_follow_a_merge_and_its_undoing(self):
        third = self._report(survivor_name="Daughter").survivor_id
        self.env["osc.survivor.relation"].with_user(self.worker).create(
            {"survivor_id": self.merged.id, "related_id": third.id, "kind": "child"}
        )
        self._relate(kind="sibling")
        merge = self._merge()
        self.assertEqual(self.kept.relation_ids.related_id, third)
        self.assertEqual(third.relation_ids.related_id, self.kept)
        self.assertTrue(json.loads(merge.snapshot)["relations"])
        merge.with_user(self.manager).action_undo()
        restored = self.second.sudo().survivor_id
        self.assertEqual(restored.relation_ids.related_id, third | self.kept)
        self.assertEqual(self.kept.relation_ids.related_id, restored)
