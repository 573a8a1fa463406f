from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CasesCommon

TODAY = date(2026, 3, 10)


def completed_years(birth, day):
    """Age by counting birthdays, in another way than the code under test.

    Born on 29 February: the birthday of other years is 28 February.
    """
    age = day.year - birth.year
    birthday_day = birth.day
    if (birth.month, birth.day) == (2, 29) and not _leap(day.year):
        birthday_day = 28
    return age - ((day.month, day.day) < (birth.month, birthday_day))


def _leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@tagged("post_install", "-at_install")
class TestSurvivor(CasesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survivor = cls.env["osc.survivor"].create({})

    def _case_of(self, **vals):
        """A case with a survivor of whom this is known."""
        case = self._draft()
        case.survivor_id.write(vals)
        return case

    def _new(self, **vals):
        """An unsaved survivor; cheap enough for hundreds of examples."""
        return self.env["osc.survivor"].new(vals)

    # ------------------------------------------------------------------
    # Code
    # ------------------------------------------------------------------
    def test_code_says_nothing(self):
        first = self._draft(survivor_name="Aisha").survivor_id
        second = self._draft().survivor_id
        self.assertRegex(first.code, r"^S-\d{6}$")
        self.assertNotEqual(first.code, second.code)
        self.assertEqual(first.display_name, first.code)

    def test_code_is_hers_alone(self):
        survivor = self._draft().survivor_id
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.cr.savepoint(),
        ):
            survivor.copy({"code": survivor.code}).flush_recordset()

    # ------------------------------------------------------------------
    # Age
    # ------------------------------------------------------------------
    def test_unknown_age(self):
        case = self._draft()
        survivor = case.survivor_id
        self.assertIsNone(survivor._age_on(TODAY))
        self.assertFalse(survivor.age_known)
        self.assertFalse(survivor.is_minor)
        self.assertFalse(case.is_minor)

    def test_estimated_zero_is_a_baby(self):
        case = self._case_of(age_estimated=True, age_years=0)
        self.assertEqual(case.survivor_id._age_on(TODAY), 0)
        self.assertTrue(case.survivor_id.age_known)
        self.assertTrue(case.is_minor)

    def test_estimated_baby_grows(self):
        survivor = self._case_of(age_estimated=True, age_years=0).survivor_id
        self.assertEqual(survivor._age_on(date(2027, 3, 10)), 1)
        self.assertFalse(
            survivor._is_minor_at(self.center, date(2044, 3, 10)),
            "a baby of 2026 is grown up in 2044",
        )

    def test_age_in_years_grows(self):
        survivor = self._case_of(age_years=17).survivor_id
        self.assertEqual(survivor.age_noted_on, TODAY)
        self.assertEqual(survivor._age_on(date(2027, 3, 9)), 17)
        self.assertEqual(survivor._age_on(date(2027, 3, 10)), 18)
        self.assertTrue(survivor.is_minor)
        self.clock.move_to("2027-03-10 05:00:00")
        survivor.invalidate_recordset()
        self.assertFalse(survivor.is_minor)

    def test_age_before_it_was_noted_does_not_shrink(self):
        survivor = self._case_of(age_years=17).survivor_id
        self.assertEqual(survivor._age_on(date(2020, 1, 1)), 17)

    def test_noting_the_age_again_starts_from_there(self):
        survivor = self._case_of(age_years=15).survivor_id
        self.clock.move_to("2027-06-01 05:00:00")
        survivor.age_years = 18
        self.assertEqual(survivor.age_noted_on, date(2027, 6, 1))
        self.assertFalse(survivor.is_minor)

    def test_noted_day_can_be_given(self):
        survivor = self._case_of(
            age_years=12, age_noted_on=date(2020, 3, 10)
        ).survivor_id
        self.assertEqual(survivor._age_on(TODAY), 18)

    def test_birth_date_goes_before_years(self):
        survivor = self._case_of(birth_date=date(2000, 1, 1), age_years=3).survivor_id
        self.assertEqual(survivor._age_on(TODAY), 26)
        self.assertFalse(survivor.is_minor)

    def test_birthday(self):
        case = self._case_of(birth_date=date(2008, 3, 10))
        survivor = case.survivor_id
        self.assertFalse(survivor._is_minor_at(self.center, date(2026, 3, 10)))
        self.assertTrue(survivor._is_minor_at(self.center, date(2026, 3, 9)))

    def test_birthday_begins_at_the_center_not_in_greenwich(self):
        case = self._case_of(birth_date=date(2008, 3, 11))
        self.clock.move_to("2026-03-10 18:59:59")
        case.invalidate_recordset()
        self.assertTrue(case.is_minor)
        self.clock.move_to("2026-03-10 19:00:00")
        case.invalidate_recordset()
        self.assertFalse(case.is_minor)

    def test_leap_day(self):
        survivor = self._new(birth_date=date(2008, 2, 29))
        self.assertEqual(survivor._age_on(date(2026, 2, 27)), 17)
        self.assertEqual(survivor._age_on(date(2026, 2, 28)), 18)
        self.assertEqual(survivor._age_on(date(2028, 2, 28)), 19)
        self.assertEqual(survivor._age_on(date(2028, 2, 29)), 20)

    @settings(deadline=None, max_examples=150, database=None)
    @given(
        birth=st.dates(min_value=date(1930, 1, 1), max_value=date(2026, 3, 10)),
        days=st.integers(min_value=0, max_value=40_000),
    )
    def test_age_by_birth_date(self, birth, days):
        day = birth + timedelta(days=days)
        survivor = self._new(birth_date=birth)
        age = survivor._age_on(day)
        self.assertEqual(age, completed_years(birth, day))
        self.assertEqual(survivor._is_minor_at(self.center, day), age < 18)

    @settings(deadline=None, max_examples=100, database=None)
    @given(
        years=st.integers(min_value=1, max_value=120),
        noted=st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31)),
        days=st.integers(min_value=-4000, max_value=20_000),
    )
    def test_age_by_years_never_shrinks(self, years, noted, days):
        survivor = self._new(age_years=years, age_noted_on=noted)
        day = noted + timedelta(days=days)
        age = survivor._age_on(day)
        self.assertGreaterEqual(age, years)
        self.assertLessEqual(age, years + max(days, 0) // 365)
        self.assertGreaterEqual(survivor._age_on(day + timedelta(days=366)), age)
        if days >= 0:
            self.assertEqual(age, years + completed_years(noted, day))

    # ------------------------------------------------------------------
    # Policy
    # ------------------------------------------------------------------
    def test_policy_of_the_center(self):
        case = self._case_of(age_years=16)
        self.assertTrue(case.is_minor)
        self.policy.adult_age = 16
        self.env.invalidate_all()
        self.assertFalse(case.is_minor)
        self.assertFalse(case.survivor_id.is_minor)

    def test_policy_of_the_day(self):
        case = self._case_of(birth_date=date(2009, 6, 1))
        self.policy.valid_to = date(2026, 6, 30)
        self.env["osc.policy"].create(
            {
                "name": "New law",
                "country_id": self.country.id,
                "valid_from": date(2026, 7, 1),
                "adult_age": 16,
            }
        )
        survivor = case.survivor_id
        self.assertTrue(survivor._is_minor_at(self.center, date(2026, 6, 30)))
        self.assertFalse(survivor._is_minor_at(self.center, date(2026, 7, 1)))

    def test_policy_of_the_province(self):
        self.env["osc.policy"].create(
            {
                "name": "North",
                "country_id": self.country.id,
                "state_id": self.province.id,
                "valid_from": date(2020, 1, 1),
                "adult_age": 21,
            }
        )
        north = self._make_center("TQN", state_id=self.province.id)
        survivor = self._new(age_years=19)
        self.assertTrue(survivor._is_minor_at(north))
        self.assertFalse(survivor._is_minor_at(self.center))

    def test_center_without_policy_protects_under_18(self):
        nowhere = self.env["res.country"].create({"name": "Nowhere", "code": "QY"})
        center = self._make_center("TQY", country_id=nowhere.id)
        self.assertFalse(center.policy_id)
        self.assertTrue(self._new(age_years=17)._is_minor_at(center))
        self.assertFalse(self._new(age_years=18)._is_minor_at(center))

    # ------------------------------------------------------------------
    # What can't be
    # ------------------------------------------------------------------
    def test_impossible_ages(self):
        survivor = self._draft().survivor_id
        for vals in (
            {"age_years": -1},
            {"age_years": 121},
            {"birth_date": TODAY + timedelta(days=2)},
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                survivor.write(vals)
        survivor.write({"age_years": 120})
        survivor.write({"birth_date": TODAY})

    def test_newborn_after_midnight_at_the_center(self):
        """01:00 of the 11th in Karachi is still the 10th in Greenwich."""
        self.clock.move_to("2026-03-10 20:00:00")
        case = self._case_of(birth_date=date(2026, 3, 11))
        self.assertTrue(case.is_minor)

    # ------------------------------------------------------------------
    # Age learnt later
    # ------------------------------------------------------------------
    def test_age_learnt_later_tells_child_protection(self):
        case = self._report()
        self.assertNotIn("child_protection", self._told(case))
        case.survivor_age = 14
        case.flush_recordset()
        case.write({"survivor_age": 14})
        self.assertIn("child_protection", self._told(case))
        intimation = case.sudo().intimation_ids.filtered(
            lambda i: i.discipline_id.code == "child_protection"
        )
        self.assertEqual(intimation.basis, "legal_duty")
        self.assertEqual(intimation.sent_at, fields.Datetime.now())

    def test_age_learnt_at_one_center_tells_all_her_cases(self):
        first = self._report()
        second = self._report(survivor_id=first.survivor_id.id)
        first.survivor_id.birth_date = date(2015, 1, 1)
        for case in (first, second):
            self.assertEqual(self._told(case).count("child_protection"), 1)
