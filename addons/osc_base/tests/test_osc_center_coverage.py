from datetime import datetime, timedelta
from unittest import skipUnless

from odoo.tests import freeze_time, tagged

from .common import BaseCommon

try:
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st
except ImportError:  # a test tool that an Odoo server doesn't bring
    given = None

NOW = datetime(2026, 3, 10, 7, 0)  # noon of a Tuesday in Karachi
SLOT = timedelta(minutes=30)


@tagged("post_install", "-at_install")
class TestCoverage(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.blue_one = cls._make_representative(
            cls._make_employee("blue", user_id=cls.case_worker.id), discipline=cls.blue
        )

    def _uncovered(self, start, end, discipline=None):
        """Hours read on the wall clock in which a discipline has nobody."""
        tz = self.center.tz
        periods = self.center._uncovered_periods(
            self._utc(start, tz), self._utc(end, tz)
        )
        return [
            (self._local(begin, tz), self._local(stop, tz))
            for begin, stop in periods[discipline or self.red]
        ]

    def test_without_shifts_everything_is_uncovered(self):
        self.assertEqual(
            self._uncovered("2026-03-10 00:00", "2026-03-11 00:00"),
            [("2026-03-10 00:00", "2026-03-11 00:00")],
        )

    def test_gaps_before_between_and_after_shifts(self):
        self._make_local_shift(
            self.representative, "2026-03-10 08:00", "2026-03-10 12:00"
        )
        self._make_local_shift(
            self.representative, "2026-03-10 14:00", "2026-03-10 18:00"
        )
        self.assertEqual(
            self._uncovered("2026-03-10 00:00", "2026-03-11 00:00"),
            [
                ("2026-03-10 00:00", "2026-03-10 08:00"),
                ("2026-03-10 12:00", "2026-03-10 14:00"),
                ("2026-03-10 18:00", "2026-03-11 00:00"),
            ],
        )
        self.assertEqual(
            self._uncovered("2026-03-10 00:00", "2026-03-11 00:00", self.blue),
            [("2026-03-10 00:00", "2026-03-11 00:00")],
        )

    def test_back_to_back_shifts_of_two_people_leave_no_gap(self):
        colleague = self._make_representative(
            self._make_employee("colleague", user_id=self._make_user("colleague").id)
        )
        self._make_local_shift(
            self.representative, "2026-03-09 20:00", "2026-03-10 08:00"
        )
        self._make_local_shift(colleague, "2026-03-10 08:00", "2026-03-11 02:00")
        self.assertFalse(self._uncovered("2026-03-10 00:00", "2026-03-11 00:00"))

    def test_short_shift_inside_a_long_one_makes_no_gap(self):
        colleague = self._make_representative(
            self._make_employee("colleague", user_id=self._make_user("colleague").id)
        )
        self._make_local_shift(
            self.representative, "2026-03-10 00:00", "2026-03-10 20:00"
        )
        self._make_local_shift(colleague, "2026-03-10 02:00", "2026-03-10 04:00")
        self.assertEqual(
            self._uncovered("2026-03-10 00:00", "2026-03-11 00:00"),
            [("2026-03-10 20:00", "2026-03-11 00:00")],
        )

    def test_who_can_not_be_told_covers_nothing(self):
        self._make_local_shift(
            self.representative, "2026-03-10 00:00", "2026-03-11 00:00"
        )
        whole_day = [("2026-03-10 00:00", "2026-03-11 00:00")]
        self.assertFalse(self._uncovered(*whole_day[0]))
        self.worker.active = False
        self.assertEqual(self._uncovered(*whole_day[0]), whole_day)

    def test_backup_covers(self):
        self.representative.is_backup = True
        self._make_local_shift(
            self.representative, "2026-03-10 00:00", "2026-03-11 00:00"
        )
        self.assertFalse(self._uncovered("2026-03-10 00:00", "2026-03-11 00:00"))

    def test_shifts_of_another_center_do_not_cover(self):
        elsewhere = self._make_representative(self.employee, center=self.other_center)
        self._make_local_shift(elsewhere, "2026-03-10 00:00", "2026-03-11 00:00")
        self.assertEqual(
            self._uncovered("2026-03-10 00:00", "2026-03-11 00:00"),
            [("2026-03-10 00:00", "2026-03-11 00:00")],
        )

    def test_disciplines_that_need_no_cover_are_not_looked_at(self):
        self.center.discipline_ids = self.red
        periods = self.center._uncovered_periods(NOW, NOW + timedelta(days=1))
        self.assertEqual(list(periods), [self.red])

    # ------------------------------------------------------------------
    # The next seven days
    # ------------------------------------------------------------------
    def _uncovered_hours(self, center=None):
        center = center or self.center
        center.invalidate_recordset(["uncovered_hours", "coverage"])
        return center.uncovered_hours

    @freeze_time(NOW)
    def test_hours_to_midnight_of_the_seventh_day(self):
        """Noon: half of today and six days, for two disciplines."""
        self.assertEqual(self._uncovered_hours(), 2 * (12 + 6 * 24))
        self._make_local_shift(
            self.representative, "2026-03-10 00:00", "2026-03-17 00:00"
        )
        self.assertEqual(self._uncovered_hours(), 12 + 6 * 24)
        self._make_local_shift(self.blue_one, "2026-03-11 06:00", "2026-03-11 12:00")
        self.assertEqual(self._uncovered_hours(), 6 + 6 * 24)

    @freeze_time(NOW)
    def test_days_beyond_the_seventh_do_not_count(self):
        for representative in (self.representative, self.blue_one):
            self._make_local_shift(
                representative, "2026-03-10 00:00", "2026-03-17 00:00"
            )
        self.assertEqual(self._uncovered_hours(), 0)
        self.assertNotIn("text-bg-danger", self.center.coverage)

    def test_day_of_23_and_of_25_hours(self):
        self.center.write({"tz": "Europe/Copenhagen"})
        self.center.discipline_ids = self.red
        with freeze_time("2026-03-28 23:00:00"):  # midnight, summer time begins
            self.assertEqual(self._uncovered_hours(), 23 + 6 * 24)
        with freeze_time("2026-10-24 22:00:00"):  # midnight, summer time ends
            self.assertEqual(self._uncovered_hours(), 25 + 6 * 24)

    def test_table_shows_the_wall_clock(self):
        self.center.tz = "Europe/Copenhagen"
        days = [datetime(2026, 3, day).date() for day in (28, 29, 30)]
        periods = [
            (
                self._utc("2026-03-28 22:00", self.center.tz),
                self._utc("2026-03-30 07:30", self.center.tz),
            )
        ]
        self.assertEqual(
            self.center._periods_by_day(periods, days),
            [["22:00–24:00"], ["00:00–24:00"], ["00:00–07:30"]],
        )

    def test_hour_that_comes_twice_says_which_one(self):
        """02:30 in summer time to 02:15 in winter time are 45 minutes."""
        self.center.tz = "Europe/Copenhagen"
        periods = [(datetime(2026, 10, 25, 0, 30), datetime(2026, 10, 25, 1, 15))]
        self.assertEqual(
            self.center._periods_by_day(periods, [datetime(2026, 10, 25).date()]),
            [["02:30–02:15 CET"]],
        )

    @freeze_time(NOW)
    def test_table_names_disciplines_and_hours(self):
        self._make_local_shift(
            self.representative, "2026-03-10 00:00", "2026-03-17 00:00"
        )
        self._make_local_shift(self.blue_one, "2026-03-10 09:00", "2026-03-10 22:15")
        self._uncovered_hours()
        self.assertIn("Red", self.center.coverage)
        self.assertIn("22:15–24:00", self.center.coverage)
        self.assertNotIn("12:00–22:15", self.center.coverage)

    @freeze_time(NOW)
    def test_hours_do_not_depend_on_who_looks(self):
        """Also for who can't read the roster of this center."""
        for representative in (self.representative, self.blue_one):
            self._make_local_shift(
                representative, "2026-03-10 00:00", "2026-03-16 00:00"
            )
        for user in (self.manager, self.other_manager, self.coordinator, self.auditor):
            with self.subTest(user=user.login):
                center = self.center.with_user(user)
                self.env.flush_all()
                center.invalidate_recordset()
                self.assertEqual(center.uncovered_hours, 48)

    @freeze_time(NOW)
    def test_hours_of_many_centers_are_read_together(self):
        centers = self.env["osc.center"].union(
            *(self._make_center(f"TQ{number}") for number in range(10))
        )
        for day, center in enumerate(centers, 11):
            representative = self._make_representative(self.employee, center=center)
            self._make_local_shift(
                representative, f"2026-03-{day} 00:00", f"2026-03-{day} 12:00"
            )
        counts = []
        for some in (centers[:2], centers):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("uncovered_hours")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 3)


@skipUnless(given, "hypothesis is not installed")
@tagged("post_install", "-at_install")
class TestCoverageProperties(BaseCommon):
    """Whatever the roster: covered and uncovered time are the whole time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.representative
        for number in range(2):
            user = cls._make_user(f"property{number}")
            cls.people |= cls._make_representative(
                cls._make_employee(str(number), user_id=user.id)
            )

    if given:
        # for each person: pauses and lengths of shifts, in half hours
        rosters = st.lists(
            st.lists(
                st.tuples(st.integers(0, 20), st.integers(1, 40)),
                max_size=4,
            ),
            min_size=3,
            max_size=3,
        )

        @settings(
            max_examples=40,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(rosters, st.integers(0, 30), st.integers(1, 60))
        def test_covered_and_uncovered_are_the_whole_time(self, rosters, skip, slots):
            start = NOW + skip * SLOT
            end = start + slots * SLOT
            shifts = self._plan(rosters)
            gaps = self.center._uncovered_periods(start, end)[self.red]
            self._check_form(gaps, start, end)
            moment = start
            while moment < end:
                covered = any(s.start <= moment < s.end for s in shifts)
                uncovered = any(begin <= moment < stop for begin, stop in gaps)
                self.assertNotEqual(covered, uncovered, moment)
                moment += SLOT
            shifts.unlink()

    def _plan(self, rosters):
        vals_list = []
        for representative, roster in zip(self.people, rosters, strict=True):
            moment = NOW
            for pause, length in roster:
                begin = moment + pause * SLOT
                moment = begin + length * SLOT
                vals_list.append(
                    {
                        "representative_id": representative.id,
                        "start": begin,
                        "end": moment,
                    }
                )
        return self.env["osc.duty.shift"].create(vals_list)

    def _check_form(self, gaps, start, end):
        """In order, inside the time looked at, never empty, never touching."""
        for begin, stop in gaps:
            self.assertLess(begin, stop)
            self.assertLessEqual(start, begin)
            self.assertLessEqual(stop, end)
        for (_begin, stop), (begin, _stop) in zip(gaps, gaps[1:], strict=False):
            self.assertLess(stop, begin)
