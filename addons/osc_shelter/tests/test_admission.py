from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import ShelterCommon

TODAY = date(2026, 3, 10)  # at the center, too


@tagged("post_install", "-at_install")
class TestAdmission(ShelterCommon):
    def _new(self, **vals):
        """A child that isn't saved; the rule looks at it alone."""
        return self.env["osc.shelter.companion"].new(vals)

    def _admitted(self, day, **vals):
        return not self._new(**vals)._refusal(self.policy, day)

    def test_a_boy_who_comes_himself(self):
        """As old as a son may be; one whose age isn't known isn't sent away for that."""
        for age, admitted in ((12, True), (13, False), (30, False), (0, True)):
            case = self._case(survivor_age=age, survivor_sex="male")
            with self.subTest(age=age):
                if admitted:
                    self._reserve(case).action_cancel()
                else:
                    with self.assertRaisesRegex(UserError, "13 years") as refused:
                        self._reserve(case)
                    self.assertNotIn("30", str(refused.exception))

    def test_a_mother_with_a_daughter_and_two_sons(self):
        children = [
            self._child("female", age_years=16, bed=1),
            self._child("male", age_years=11, bed=2),
            self._child("male", age_years=14, bed=3),
        ]
        with self.assertRaises(UserError) as refusal:
            self._reserve(children=children)
        text = str(refusal.exception)
        self.assertIn("A son of 14 years", text)
        self.assertIn("birthday of 13 years (Testland)", text)
        self.assertIn("child authority", text, "what else there is")
        stay = self._stay(children=children[:2])
        self.assertEqual(stay.people_count, 3)

    def test_the_birthday_counts_at_the_center(self):
        """22:00 in Greenwich is the next day in Karachi."""
        boy = {"birth_date": "2013-03-11"}
        self._reserve(children=[self._child("male", bed=1, **boy)]).action_cancel()
        self._move_to("2026-03-10 20:00:00")
        with self.assertRaisesRegex(UserError, "A son of 13 years"):
            self._reserve(children=[self._child("male", bed=1, **boy)])

    def test_admission_is_asked_for_on_the_day_on_which_they_come(self):
        boy = self._child("male", bed=1, birth_date="2013-03-11")
        stay = self._reserve(children=[boy])
        self._move_to("2026-03-10 19:30:00")
        with self.assertRaisesRegex(UserError, "A son of 13 years"):
            stay.action_check_in()

    def test_who_turns_thirteen_in_the_shelter_stays(self):
        boy = self._child("male", bed=1, birth_date="2013-03-11")
        stay = self._stay(children=[boy])
        self._move_to("2026-03-12 08:00:00")
        self._watch_stays()
        self.assertFalse(stay.companion_ids.left_at)
        self.assertEqual(stay.state, "in")

    def test_a_corrected_age_puts_nobody_out(self):
        stay = self._stay(children=[self._child("male", bed=1, age_years=11)])
        stay.companion_ids.birth_date = "2010-01-01"
        self.assertEqual(self._states(), "ttffff")
        self.assertIn("can't be admitted", stay.companion_ids.admission)

    def test_a_corrected_age_counts_before_they_come(self):
        stay = self._reserve(children=[self._child("male", bed=1, age_years=11)])
        with self.assertRaisesRegex(UserError, "A son of 16 years"):
            stay.companion_ids.birth_date = "2010-01-01"

    def test_an_unknown_age_is_estimated_with_a_note(self):
        with self.assertRaisesRegex(UserError, "known or estimated"):
            self._reserve(children=[self._child("male", bed=1)])
        estimated = {"age_years": 12, "age_estimated": True}
        with self.assertRaisesRegex(ValidationError, "how the age was estimated"):
            self._reserve(children=[self._child("male", bed=1, **estimated)])
        note = {"age_note": "Two years after the flood"}
        self._reserve(children=[self._child("male", bed=1, **estimated, **note)])

    def test_daughters_of_any_age(self):
        for vals in ({}, {"age_years": 30}, {"birth_date": "1990-02-28"}):
            self.assertTrue(self._admitted(TODAY, sex="female", **vals), vals)

    def test_another_policy_says_otherwise(self):
        self.policy.shelter_son_age = 8
        self.assertFalse(self._admitted(TODAY, sex="male", age_years=9))
        self.assertTrue(self._admitted(TODAY, sex="male", age_years=8))

    def test_without_a_policy_the_standard_holds(self):
        none = self.env["osc.policy"]
        boy = self._new(sex="male", age_years=13)
        self.assertIn("standard limit", boy._refusal(none, TODAY))
        boy.age_years = 12
        self.assertFalse(boy._refusal(none, TODAY))

    def test_the_policy_of_the_day_counts(self):
        self.policy.valid_to = "2026-03-10"
        self.env["osc.policy"].create(
            {
                "name": "Testland, stricter",
                "country_id": self.country.id,
                "valid_from": "2026-03-11",
                "shelter_son_age": 8,
            }
        )
        boy = self._child("male", bed=1, age_years=11)
        self._stay(children=[boy]).action_check_out("home")
        self._move_to("2026-03-11 09:00:00")
        with self.assertRaisesRegex(UserError, "9 years .Testland, stricter."):
            self._reserve(children=[boy])

    @settings(max_examples=200, deadline=None)
    @given(
        birth=st.dates(date(1990, 1, 1), date(2026, 1, 1)),
        limit=st.integers(0, 20),
        offset=st.integers(-3, 3),
    )
    def test_a_son_is_admitted_until_the_birthday(self, birth, limit, offset):
        """Around the birthday, of every day of the year, leap days included."""
        birthday = birth + relativedelta(years=limit + 1)
        day = birthday + timedelta(days=offset)
        if day < birth:
            return
        self.policy.shelter_son_age = limit
        self.assertEqual(
            self._admitted(day, sex="male", birth_date=birth), day < birthday
        )

    def test_born_on_a_leap_day(self):
        leap = {"sex": "male", "birth_date": date(2012, 2, 29)}
        self.assertTrue(self._admitted(date(2025, 2, 27), **leap))
        self.assertFalse(self._admitted(date(2025, 2, 28), **leap))

    @settings(max_examples=60, deadline=None)
    @given(age=st.integers(1, 18), days=st.integers(0, 4000))
    def test_a_noted_age_grows(self, age, days):
        noted = date(2020, 2, 29)
        boy = self._new(sex="male", age_years=age, age_noted_on=noted)
        day = noted + timedelta(days=days)
        self.assertEqual(boy._age_on(day), age + relativedelta(day, noted).years)

    @settings(max_examples=60, deadline=None)
    @given(
        zone=st.sampled_from(
            ["Asia/Karachi", "America/Mexico_City", "Pacific/Kiritimati", "UTC"]
        ),
        minutes=st.integers(-1500, 1500),
    )
    def test_the_day_is_that_of_the_center(self, zone, minutes):
        self.center.tz = zone
        birthday = date(2026, 3, 11)
        midnight = self.center._midnight(birthday)
        moment = midnight + timedelta(minutes=minutes)
        day = self.center._local_day(moment)
        boy = {"sex": "male", "birth_date": date(2013, 3, 11)}
        self.assertEqual(self._admitted(day, **boy), moment < midnight)

    def test_a_minor_without_a_parent_the_child_authority_is_told(self):
        case = self._case(survivor_age=15)
        self.assertNotIn("child_protection", self._told(case))
        stay = self._reserve(case)
        self.assertTrue(stay.is_unaccompanied)
        self.assertIn("child authority comes first", stay.advice)
        self.assertIn("child_protection", self._told(case))
        stay.action_check_in()
        self.assertEqual(stay.state, "in", "it is no refusal")

    def test_a_minor_with_a_parent(self):
        case = self._case(survivor_age=15)
        self._reserve(case, is_unaccompanied=False)
        self.assertNotIn("child_protection", self._told(case))

    def test_advice_keeps_nobody_out(self):
        stay = self._reserve(is_pregnant=True, needs_accessible=True)
        self.assertIn("doctor", stay.advice)
        self.assertIn("isn't accessible", stay.advice)
        stay.action_check_in()

    def test_the_bed_that_she_asked_for_is_delivered(self):
        service = self.env.ref("osc_base.osc_service_emergency_bed")
        case = self._case(requested_service_ids=[(4, service.id)])
        self._stay(case)
        asked = case.service_ids.filtered(lambda s: s.service_id == service)
        self.assertEqual(asked.state, "delivered")
