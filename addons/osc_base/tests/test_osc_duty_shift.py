from datetime import timedelta

from psycopg2.errors import CheckViolation, ExclusionViolation

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BaseCommon


@tagged("post_install", "-at_install")
class TestDutyShift(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shift = cls._make_shift(
            cls.representative, "2026-03-10 08:00:00", "2026-03-10 16:00:00"
        )

    def test_overlap_is_refused_and_names_the_other_shift(self):
        overlaps = [
            ("2026-03-10 15:59:59", "2026-03-10 23:00:00"),  # its end
            ("2026-03-10 00:00:00", "2026-03-10 08:00:01"),  # its begin
            ("2026-03-10 09:00:00", "2026-03-10 10:00:00"),  # inside
            ("2026-03-09 00:00:00", "2026-03-12 00:00:00"),  # around
            ("2026-03-10 08:00:00", "2026-03-10 16:00:00"),  # the same
        ]
        for start, end in overlaps:
            with (
                self.subTest(start=start, end=end),
                self.assertRaises(ValidationError) as caught,
            ):
                self._make_shift(self.representative, start, end)
            self.assertIn("2026-03-10 08:00 to 2026-03-10 16:00", str(caught.exception))
            self.assertIn("Employee worker", str(caught.exception))

    def test_message_is_in_the_time_zone_of_the_reader(self):
        reader = self.env["osc.duty.shift"].with_context(tz="Asia/Karachi")
        with self.assertRefused(ValidationError, "2026-03-10 13:00"):
            reader.create(
                {
                    "representative_id": self.representative.id,
                    "start": "2026-03-10 09:00:00",
                    "end": "2026-03-10 10:00:00",
                }
            )

    def test_back_to_back_is_allowed(self):
        before = self._make_shift(
            self.representative, "2026-03-10 00:00:00", "2026-03-10 08:00:00"
        )
        after = self._make_shift(
            self.representative, "2026-03-10 16:00:00", "2026-03-11 00:00:00"
        )
        self.env.flush_all()
        self.assertEqual((before | after).mapped("hours"), [8, 8])

    def test_one_person_can_not_be_at_two_places(self):
        """One employee with two disciplines, or at two centers, is one person."""
        for vals in ({"discipline": self.blue}, {"center": self.other_center}):
            second = self._make_representative(self.employee, **vals)
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                self._make_shift(second, "2026-03-10 12:00:00", "2026-03-10 20:00:00")

    def test_two_people_may_be_on_duty_together(self):
        colleague = self._make_representative(self._make_employee("colleague"))
        shift = self._make_shift(
            colleague, "2026-03-10 08:00:00", "2026-03-10 16:00:00"
        )
        self.env.flush_all()
        self.assertEqual(shift.center_id, self.shift.center_id)

    def test_moving_a_shift_onto_another_is_refused(self):
        later = self._make_shift(
            self.representative, "2026-03-10 16:00:00", "2026-03-10 20:00:00"
        )
        with self.assertRaises(ValidationError):
            later.start = "2026-03-10 15:00:00"

    def _insert(self, representative, start, end):
        """As a transaction does that can't see the other shift."""
        self.env.cr.execute(
            """INSERT INTO osc_duty_shift
                   (representative_id, employee_id, center_id, start, "end")
               VALUES (%s, %s, %s, %s, %s)""",
            [
                representative.id,
                representative.employee_id.id,
                representative.center_id.id,
                start,
                end,
            ],
        )

    def test_database_refuses_what_python_can_not_see(self):
        self.env.flush_all()
        second = self._make_representative(self.employee, discipline=self.blue)
        self.env.flush_all()
        for representative in (self.representative, second):
            with (
                self.subTest(representative=representative.display_name),
                mute_logger("odoo.sql_db"),
                self.assertRaises(ExclusionViolation),
                self.env.cr.savepoint(),
            ):
                self._insert(representative, "2026-03-10 15:00", "2026-03-10 17:00")

    def test_database_allows_back_to_back(self):
        self.env.flush_all()
        self._insert(self.representative, "2026-03-10 16:00", "2026-03-10 17:00")
        self.assertEqual(
            self.env["osc.duty.shift"].search_count(
                [("representative_id", "=", self.representative.id)]
            ),
            2,
        )

    def test_must_end_after_it_starts(self):
        for end in ("2026-03-12 08:00:00", "2026-03-12 07:00:00"):
            with (
                self.subTest(end=end),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self._make_shift(self.representative, "2026-03-12 08:00:00", end)
                self.env.flush_all()

    def test_overlap_is_found_at_a_center_whose_roster_one_can_not_read(self):
        elsewhere = self._make_representative(self.employee, center=self.other_center)
        shifts = self.env["osc.duty.shift"].with_user(self.other_manager)
        self.assertNotIn(self.shift.id, shifts.search([]).ids)
        with self.assertRaises(ValidationError):
            shifts.create(
                {
                    "representative_id": elsewhere.id,
                    "start": "2026-03-10 12:00:00",
                    "end": "2026-03-10 20:00:00",
                }
            )

    def test_shifts_go_with_their_representative(self):
        self.representative.unlink()
        self.assertFalse(self.shift.exists())

    def test_who_goes_to_another_center_leaves_the_roster(self):
        """Nobody is told of cases there because of a shift that was planned here."""
        now = fields.Datetime.now()
        self._make_shift(
            self.representative, now - timedelta(hours=1), now + timedelta(hours=7)
        )
        later = self._make_shift(
            self.representative, now + timedelta(days=1), now + timedelta(days=1.3)
        )
        self.assertTrue(self.representative.on_duty)
        self.representative.center_id = self.other_center
        self.assertFalse(later.exists())
        self.assertEqual(
            self.representative.shift_ids.center_id, self.center, "worked there"
        )
        self.assertFalse(self.representative.on_duty)
        here = self._make_shift(
            self.representative, now + timedelta(days=1), now + timedelta(days=1.3)
        )
        self.assertEqual(here.center_id, self.other_center)
