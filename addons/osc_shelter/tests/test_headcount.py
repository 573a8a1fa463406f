from datetime import date, timedelta

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ShelterCommon


@tagged("post_install", "-at_install")
class TestHeadcount(ShelterCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.night = cls._make_representative("shelter", "night").user_id

    def _count(self, user=None):
        Count = self.env["osc.shelter.headcount"].with_user(user or self.night)
        return Count.create({"shelter_id": self.shelter.id})

    def test_everybody_who_is_expected_is_listed(self):
        stay = self._stay(
            children=[self._child(age_years=9, bed=1), self._child(age_years=1)]
        )
        self._reserve(bed=2)
        count = self._count()
        self.assertEqual(count.night, date(2026, 3, 10))
        code = stay.case_id.name
        self.assertEqual(
            sorted(count.line_ids.mapped("person")),
            [code, f"{code} · child 1", f"{code} · child 2"],
        )
        self.assertEqual(count.expected_count, 3)

    def test_after_midnight_it_is_still_the_same_night(self):
        self._move_to("2026-03-10 20:00:00")  # 1:00 there
        self.assertEqual(self._count().night, date(2026, 3, 10))
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
        ):
            self._count()

    def test_another_night_is_not_counted(self):
        self._stay()
        for night in ("2026-03-09", "2026-03-11"):
            with self.assertRaisesRegex(UserError, "in the night itself"):
                self.env["osc.shelter.headcount"].with_user(self.night).create(
                    {"shelter_id": self.shelter.id, "night": night}
                )

    def test_counting(self):
        stay = self._stay(children=[self._child(age_years=9, bed=1)])
        other = self._stay(bed=2)
        self.env["osc.shelter.absence"].with_user(self.in_charge).create(
            {"stay_id": other.id}
        )
        count = self._count()
        away = count.line_ids.filtered(lambda line: line.presence == "away")
        self.assertEqual(away.stay_id.sudo(), other.sudo())
        with self.assertRaisesRegex(UserError, "2 people aren't counted"):
            count.action_close()
        child = count.line_ids.filtered("companion_id")
        child.presence = "missing"
        count.action_all_present()
        before = self.env["mail.message"].search([], limit=1).id or 0
        count.action_close()
        self.assertEqual((count.present_count, count.missing_count), (1, 1))
        self.assertEqual(count.taken_by_id, self.night)
        told = self.env["mail.message"].search(
            [("id", ">", before), ("res_id", "=", stay.case_id.id)]
        )
        self.assertIn(self.worker.partner_id, told.partner_ids)
        self.assertIn(stay.case_id.name, " ".join(told.mapped("body")))
        for change in (
            lambda: child.write({"presence": "present"}),
            count.action_all_present,
            count.action_list_again,
            lambda: count.write({"night": "2026-03-09"}),
        ):
            with self.assertRaises(UserError):
                change()

    def test_listing_again(self):
        stay = self._stay()
        count = self._count()
        count.line_ids.presence = "present"
        self._stay(bed=1)
        count.action_list_again()
        self.assertEqual(count.expected_count, 2)
        self.assertEqual(count.present_count, 1, "who was counted stays counted")
        self._move_to("2026-03-10 18:00:00")
        stay.action_check_out("home")
        count.action_list_again()
        self.assertEqual(count.expected_count, 1)

    def test_who_is_not_back_in_time_is_counted(self):
        """Absent and expected hours ago isn't “away, known”."""
        stay = self._stay()
        absence = self.env["osc.shelter.absence"].with_user(self.in_charge)
        absence.create(
            {
                "stay_id": stay.id,
                "left_at": fields.Datetime.now(),
                "expected_at": fields.Datetime.now() + timedelta(hours=2),
            }
        )
        self._move_to(fields.Datetime.now() + timedelta(hours=6))
        count = self._count()
        self.assertFalse(count.line_ids.presence)

    def test_who_is_not_back_when_the_count_is_closed_is_counted(self):
        """Away, known, when the list was made, and expected back before it is closed."""
        stay = self._stay()
        now = fields.Datetime.now()
        absence = self.env["osc.shelter.absence"].with_user(self.in_charge)
        absence.create(
            {
                "stay_id": stay.id,
                "left_at": now,
                "expected_at": now + timedelta(hours=2),
            }
        )
        count = self._count()
        self.assertEqual(count.line_ids.presence, "away")
        self._move_to(now + timedelta(hours=3))
        with self.assertRaisesRegex(UserError, "not back in time: 1"):
            count.action_close()
        count.line_ids.presence = "missing"
        count.action_close()
        self.assertEqual(count.missing_count, 1)

    def test_who_came_after_the_list_was_made_is_counted(self):
        self._stay()
        count = self._count()
        count.action_all_present()
        self._stay(bed=1)
        with self.assertRaisesRegex(UserError, "List again"):
            count.action_close()
        count.action_list_again()
        count.action_all_present()
        count.action_close()
        self.assertEqual(count.present_count, 2)

    def test_for_those_who_run_the_house(self):
        self._stay()
        count = self._count()
        self.assertTrue(count.with_user(self.manager).line_ids)
        for user in (
            self.worker,
            self.people["police"].user_id,
            self.other_manager,
            self.coordinator,
            self.administrator,
        ):
            with self.assertRaises(AccessError, msg=user.login):
                count.with_user(user).read(["night"])
            with self.assertRaises(AccessError, msg=user.login):
                count.line_ids.with_user(user).read(["presence"])
        for user in (self.worker, self.other_manager, self.coordinator):
            with self.assertRaises(AccessError, msg=user.login):
                self.env["osc.shelter.headcount"].with_user(user).create(
                    {"shelter_id": self.shelter.id, "night": "2026-03-09"}
                )

    def test_lines_are_listed_by_nobody(self):
        self._stay()
        line = self._count().line_ids
        self.assertFalse(line.has_access("create"))
        self.assertFalse(line.has_access("unlink"))
        with self.assertRaises(AccessError):
            line.stay_id = self._stay(bed=1)

    def test_excluded_staff_do_not_see_her_line(self):
        stay = self._stay()
        stay.sudo().case_id.excluded_user_ids = self.night
        self.env.invalidate_all()
        count = self._count()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(count.expected_count, 1)
        self.assertFalse(count.with_user(self.night).line_ids)
