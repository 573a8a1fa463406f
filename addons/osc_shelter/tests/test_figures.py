from datetime import datetime, timedelta

from odoo.tests import tagged

from .common import ShelterCommon


@tagged("post_install", "-at_install")
class TestFigures(ShelterCommon):
    """The view asks the database's own clock, so this happens days ago, really."""

    def setUp(self):
        super().setUp()
        # The day of the center: in its night it isn't that of UTC.
        self.env.cr.execute("SELECT now() AT TIME ZONE %s", [self.center.tz])
        [(now,)] = self.env.cr.fetchall()
        self.begin = datetime(now.year, now.month, now.day, 10) - timedelta(days=9)
        self._move_to(self.begin)

    def _days(self, user=None):
        self.env.flush_all()
        Day = self.env["osc.shelter.day"].with_user(user or self.manager)
        Day.invalidate_model()
        return Day.search([("shelter_id", "=", self.shelter.id)], order="day")

    def test_days(self):
        stay = self._stay(
            children=[self._child(age_years=9, bed=1), self._child(age_years=1)]
        )
        self._reserve(bed=3)
        case = self._case()
        self.env["osc.shelter.turnaway"].with_user(self.worker).create(
            {
                "case_id": case.id,
                "shelter_id": self.shelter.id,
                "reason": "no_bed",
                "people": 4,
            }
        )
        self._move_to(self.begin + timedelta(days=7))
        stay.action_check_out("home")
        days = self._days()
        self.assertEqual(len(days), 10)
        first = days[0]
        self.assertEqual(first.day, self.begin.date())
        self.assertEqual((first.beds, first.people, first.admitted), (6, 3, 1))
        self.assertAlmostEqual(first.occupancy, 100 * 2 / 6, 1)
        self.assertEqual(first.turned_away, 4)
        self.assertEqual(days.mapped("people"), [3] * 7 + [0] * 3)
        self.assertEqual(days.mapped("over_limit"), [0] * 5 + [1] * 2 + [0] * 3)
        last = days[7]
        self.assertEqual((last.left, last.stay_days), (1, 7))
        self.assertEqual(stay.nights, 7)

    def test_counts_for_those_who_oversee(self):
        self._stay()
        self.assertTrue(self._days(self.coordinator))
        self.assertTrue(self._days(self.in_charge))
        self.assertFalse(self._days(self.worker))
        self.assertFalse(self._days(self.other_manager))
        for user in (self.administrator, self.auditor, self.internal):
            Day = self.env["osc.shelter.day"].with_user(user)
            self.assertFalse(Day.has_access("read"), user.login)

    def test_grouped_by_month(self):
        self._stay()
        Day = self.env["osc.shelter.day"].with_user(self.coordinator)
        self.env.flush_all()
        rows = Day._read_group(
            [("shelter_id", "=", self.shelter.id)],
            ["shelter_id"],
            ["people:avg", "admitted:sum"],
        )
        self.assertEqual(rows, [(self.shelter.with_user(self.coordinator), 1, 1)])
