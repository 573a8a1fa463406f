from datetime import date

from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import BaseCommon


@tagged("post_install", "-at_install")
class TestRosterCopy(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nordic = cls._make_center("TQD", tz="Europe/Copenhagen")
        cls.night = cls._make_representative(
            cls._make_employee("night"), center=cls.nordic
        )

    def _copy(self, center, week_start, weeks=1, user=None):
        wizard = self.env["osc.roster.copy"].with_user(user or self.env.user)
        return wizard.create(
            {"center_id": center.id, "week_start": week_start, "weeks": weeks}
        ).action_copy()

    def _wall_clock(self, representative):
        tz = representative.center_id.tz
        shifts = self.env["osc.duty.shift"].search(
            [("representative_id", "=", representative.id)]
        )
        return [(self._local(s.start, tz), self._local(s.end, tz)) for s in shifts]

    def test_wall_clock_hours_stay_in_spring(self):
        """Monday 23 March to Sunday 29 March 2026, when summer time begins."""
        self._make_local_shift(self.night, "2026-03-18 22:00", "2026-03-19 06:00")
        self._make_local_shift(self.night, "2026-03-21 22:00", "2026-03-22 06:00")
        self._copy(self.nordic, "2026-03-16", weeks=2)
        self.assertEqual(
            self._wall_clock(self.night),
            [
                ("2026-03-18 22:00", "2026-03-19 06:00"),
                ("2026-03-21 22:00", "2026-03-22 06:00"),
                ("2026-03-25 22:00", "2026-03-26 06:00"),
                ("2026-03-28 22:00", "2026-03-29 06:00"),
                ("2026-04-01 22:00", "2026-04-02 06:00"),
                ("2026-04-04 22:00", "2026-04-05 06:00"),
            ],
        )
        shifts = self.env["osc.duty.shift"].search(
            [("representative_id", "=", self.night.id)]
        )
        self.assertEqual(shifts.mapped("hours"), [8, 8, 8, 7, 8, 8])

    def test_wall_clock_hours_stay_in_autumn(self):
        self._make_local_shift(self.night, "2026-10-17 22:00", "2026-10-18 06:00")
        self._copy(self.nordic, "2026-10-12")
        shifts = self.env["osc.duty.shift"].search(
            [("representative_id", "=", self.night.id)]
        )
        self.assertEqual(
            self._wall_clock(self.night)[1], ("2026-10-24 22:00", "2026-10-25 06:00")
        )
        self.assertEqual(shifts.mapped("hours"), [8, 9])

    def test_day_long_shifts_still_touch_each_other(self):
        """From midnight to midnight: days of 23 hours leave no gap and no overlap."""
        for day in range(16, 23):
            self._make_local_shift(
                self.night, f"2026-03-{day} 00:00", f"2026-03-{day + 1} 00:00"
            )
        self._copy(self.nordic, "2026-03-16", weeks=2)
        shifts = self.env["osc.duty.shift"].search(
            [("representative_id", "=", self.night.id)]
        )
        self.assertEqual(len(shifts), 21)
        self.assertEqual(shifts.mapped("start")[1:], shifts.mapped("end")[:-1])
        self.assertEqual(sum(shifts.mapped("hours")), 21 * 24 - 1)

    def test_mexico_city_has_no_summer_time_any_more(self):
        """2022 was the last year; the rules of the zone are used, not a fixed offset."""
        center = self._make_center("TQM", tz="America/Mexico_City")
        representative = self._make_representative(
            self._make_employee("mexico"), center=center
        )
        for year, start, hours in ((2022, "2022-03-26", 7), (2026, "2026-03-28", 8)):
            begin = date.fromisoformat(start)
            self._make_local_shift(
                representative,
                f"{begin} 22:00",
                f"{begin.replace(day=begin.day + 1)} 06:00",
            )
            self._copy(center, begin)
            shift = self.env["osc.duty.shift"].search(
                [("representative_id", "=", representative.id)],
                order="start desc",
                limit=1,
            )
            with self.subTest(year=year):
                self.assertIn("22:00", self._local(shift.start, center.tz))
                self.assertIn("06:00", self._local(shift.end, center.tz))
                self.assertEqual(shift.hours, hours)

    def test_only_the_seven_days_of_the_center_are_copied(self):
        """Its week begins at its midnight, not at that of UTC."""
        inside = ["2026-03-02 00:00", "2026-03-08 23:00"]
        outside = ["2026-03-01 23:00", "2026-03-09 00:00"]
        for start in inside + outside:
            self._make_local_shift(
                self.representative, start, start.replace(":00", ":30")
            )
        self._copy(self.center, "2026-03-02")
        starts = {start for start, end in self._wall_clock(self.representative)}
        self.assertEqual(
            starts - set(inside + outside),
            {"2026-03-09 00:00", "2026-03-15 23:00"} - set(outside),
        )

    def test_overlapping_shifts_are_left_out_and_counted(self):
        self._make_local_shift(
            self.representative, "2026-03-02 08:00", "2026-03-02 16:00"
        )
        self._make_local_shift(
            self.representative, "2026-03-03 08:00", "2026-03-03 16:00"
        )
        self._make_local_shift(
            self.representative, "2026-03-09 12:00", "2026-03-09 20:00"
        )
        action = self._copy(self.center, "2026-03-02")
        self.assertEqual(
            self._wall_clock(self.representative)[2:],
            [
                ("2026-03-09 12:00", "2026-03-09 20:00"),
                ("2026-03-10 08:00", "2026-03-10 16:00"),
            ],
        )
        self.assertEqual(action["params"]["type"], "warning")
        self.assertIn("1 shifts copied", action["params"]["message"])
        self.assertIn("1 left out", action["params"]["message"])

    def test_copying_twice_changes_nothing(self):
        self._make_local_shift(
            self.representative, "2026-03-02 08:00", "2026-03-02 16:00"
        )
        first = self._copy(self.center, "2026-03-02", weeks=3)
        self.assertEqual(first["params"]["type"], "success")
        again = self._copy(self.center, "2026-03-02", weeks=3)
        self.assertIn("0 shifts copied", again["params"]["message"])
        self.assertEqual(len(self._wall_clock(self.representative)), 4)

    def test_duty_at_another_center_is_in_the_way(self):
        elsewhere = self._make_representative(self.employee, center=self.other_center)
        self._make_local_shift(
            self.representative, "2026-03-02 08:00", "2026-03-02 16:00"
        )
        self._make_local_shift(elsewhere, "2026-03-09 10:00", "2026-03-09 12:00")
        action = self._copy(self.center, "2026-03-02", user=self.manager)
        self.assertIn("1 left out", action["params"]["message"])

    def test_who_has_left_is_not_planned_again(self):
        self._make_local_shift(
            self.representative, "2026-03-02 08:00", "2026-03-02 16:00"
        )
        colleague = self._make_representative(self._make_employee("colleague"))
        self._make_local_shift(colleague, "2026-03-02 08:00", "2026-03-02 16:00")
        self.representative.active = False
        self._copy(self.center, "2026-03-02")
        self.assertEqual(len(self._wall_clock(self.representative)), 1)
        self.assertEqual(len(self._wall_clock(colleague)), 2)

    def test_empty_week_says_what_to_do(self):
        with self.assertRefused(
            UserError, "Center TQA has no shifts in the week from 2026-03-02"
        ):
            self._copy(self.center, "2026-03-02")

    def test_number_of_weeks_is_sane(self):
        for weeks in (0, -1, 27):
            with (
                self.subTest(weeks=weeks),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.env["osc.roster.copy"].create(
                    {"center_id": self.center.id, "weeks": weeks}
                )

    @freeze_time("2026-03-12 10:00:00")
    def test_proposes_this_week_of_the_own_center(self):
        wizard = self.env["osc.roster.copy"].with_user(self.manager).create({})
        self.assertEqual(wizard.center_id, self.center)
        self.assertEqual(wizard.week_start, date(2026, 3, 9))
