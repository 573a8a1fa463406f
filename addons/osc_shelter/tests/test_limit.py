from datetime import datetime, timedelta, timezone
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ShelterCommon

NAME = "Zarmina Testperson"


@tagged("post_install", "-at_install")
class TestLimit(ShelterCommon):
    def _local(self, moment):
        return (
            moment.replace(tzinfo=timezone.utc)
            .astimezone(self.center._zone())
            .replace(tzinfo=None)
        )

    def test_five_days_to_the_hour(self):
        stay = self._stay()
        self.assertEqual(stay.limit_days, 5)
        self.assertEqual(stay.policy_id, self.policy)
        self.assertEqual(stay.due_out, datetime(2026, 3, 15, 17, 0))
        self.assertEqual(stay.hours_left, 120)
        self._move_to("2026-03-11 05:00:00")
        self.assertEqual(stay.hours_left, 108, "counted when it is read")

    def test_what_fails_for_one_keeps_no_other_from_being_told(self):
        first = self._stay()
        second = self._stay(bed=1)
        Stay = self.registry["osc.shelter.stay"]
        tell = Stay._tell_end

        def fail_for_second(stay, level):
            if stay == second:
                raise ValueError("no mail")
            tell(stay, level)

        self._move_to("2026-03-13 18:00:00")
        with (
            patch.object(Stay, "_tell_end", fail_for_second),
            mute_logger("odoo.addons.osc_cases.models.osc_intimation_delivery"),
        ):
            self._watch_stays()
        self.assertEqual((first.told_level, second.told_level), (1, 0))
        self._watch_stays()
        self.assertEqual(second.told_level, 1, "tried again")

    def test_the_same_hour_across_daylight_saving(self):
        """In Berlin the clock leaves out an hour on 29 March 2026."""
        self.center.tz = "Europe/Berlin"
        self._move_to("2026-03-27 20:30:00")
        stay = self._stay()
        self.assertEqual(self._local(stay.check_in), datetime(2026, 3, 27, 21, 30))
        self.assertEqual(self._local(stay.due_out), datetime(2026, 4, 1, 21, 30))
        self.assertEqual(stay.hours_left, 119)

    def test_the_same_hour_when_an_hour_comes_twice(self):
        self.center.tz = "America/New_York"
        self._move_to("2026-10-30 16:00:00")
        stay = self._stay()
        self.assertEqual(self._local(stay.due_out), datetime(2026, 11, 4, 12, 0))
        self.assertEqual(stay.hours_left, 121)

    def test_an_hour_that_does_not_exist(self):
        self.center.tz = "Europe/Berlin"
        self.policy.shelter_days = 1
        self._move_to("2026-03-28 01:30:00")  # 02:30 there; the next day has none
        stay = self._stay()
        self.assertEqual(self._local(stay.due_out), datetime(2026, 3, 29, 3, 30))

    def _change_of_policy(self, day, **vals):
        """The law changes on a day."""
        self.policy.valid_to = day - timedelta(days=1)
        return self.env["osc.policy"].create(
            {
                "name": "Testland, later",
                "country_id": self.country.id,
                "valid_from": day,
                **vals,
            }
        )

    def test_a_stay_that_crosses_a_policy_and_a_daylight_saving_change(self):
        """The policy at check-in governs; an extension follows the one of its day."""
        self.center.tz = "Europe/Berlin"
        later = self._change_of_policy(
            fields.Date.to_date("2026-03-29"), shelter_days=2, shelter_extension_days=3
        )
        self._move_to("2026-03-27 20:30:00")
        stay = self._stay()
        self._move_to("2026-03-30 10:00:00")
        self._watch_stays()
        self.assertEqual(stay.policy_id, self.policy, "not the one in force now")
        self.assertFalse(stay.is_over)
        extension = stay.extension_ids.create(
            {"stay_id": stay.id, "days": 3, "reason": "The home has a bed on Friday"}
        )
        self.assertEqual(extension.policy_id, later)
        with self.assertRaisesRegex(Exception, "1 to 3 days .Testland, later"):
            with self.env.cr.savepoint():
                extension.with_user(self.manager).action_approve()
                stay.extension_ids.create(
                    {"stay_id": stay.id, "days": 4, "reason": "More"}
                )
        extension.with_user(self.manager).action_approve()
        self.assertEqual(self._local(stay.due_out), datetime(2026, 4, 4, 21, 30))

    def test_who_comes_after_the_change_gets_the_new_limit(self):
        later = self._change_of_policy(
            fields.Date.to_date("2026-03-11"), shelter_days=2
        )
        before = self._stay()
        self._move_to("2026-03-10 19:00:00")  # midnight at the center
        after = self._stay(bed=1)
        self.assertEqual((before.limit_days, after.limit_days), (5, 2))
        self.assertEqual(after.policy_id, later)

    def test_what_is_noted_later_has_the_policy_of_its_day(self):
        self._change_of_policy(fields.Date.to_date("2026-03-11"), shelter_days=2)
        stay = self._reserve()
        self._move_to("2026-03-10 21:00:00")
        stay.action_check_in("2026-03-10 18:30:00")
        self.assertEqual(stay.limit_days, 5)

    @settings(max_examples=60, deadline=None)
    @given(
        zone=st.sampled_from(
            [
                "Asia/Karachi",
                "Europe/Berlin",
                "America/Santiago",
                "Australia/Lord_Howe",
                "Africa/Casablanca",
            ]
        ),
        moment=st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)),
        days=st.integers(1, 40),
    )
    def test_the_wall_clock_rules(self, zone, moment, days):
        """At most an hour off, and only where the clock itself leaves it out."""
        self.center.tz = zone
        stay = self.env["osc.shelter.stay"].new(
            {"center_id": self.center.id, "check_in": moment.replace(microsecond=0)}
        )
        due = stay._days_later(days)
        wanted = self._local(stay.check_in) + timedelta(days=days)
        got = self._local(due)
        self.assertIn(
            got - wanted, (timedelta(), timedelta(hours=1), timedelta(minutes=30))
        )
        if got != wanted:
            there = wanted.replace(tzinfo=self.center._zone())
            back = there.astimezone(timezone.utc).astimezone(self.center._zone())
            self.assertNotEqual(back.replace(tzinfo=None), wanted, "it doesn't exist")

    # ------------------------------------------------------------------
    # Warnings
    # ------------------------------------------------------------------
    def _told_people(self, stay):
        """Who was told since the last look, and the words of it."""
        messages = self.env["mail.message"].search(
            [
                ("model", "=", "osc.case"),
                ("res_id", "=", stay.case_id.id),
                ("message_type", "=", "user_notification"),
                ("id", ">", self.last_message),
            ]
        )
        self.last_message = max(messages.ids, default=self.last_message)
        people = messages.notified_partner_ids or messages.partner_ids
        return people.user_ids, " ".join(messages.mapped("body"))

    def setUp(self):
        super().setUp()
        self.last_message = self.env["mail.message"].search([], limit=1).id or 0

    def test_two_days_one_day_and_the_end_are_told_once_each(self):
        case = self._case(survivor_name=NAME)
        stay = self._stay(case)
        self._told_people(stay)
        steps = [
            ("2026-03-11 17:00:00", self.env["res.users"]),
            ("2026-03-13 17:00:00", self.in_charge | self.worker),
            ("2026-03-13 20:00:00", self.env["res.users"]),
            ("2026-03-14 17:15:00", self.in_charge | self.worker),
            ("2026-03-15 17:00:00", self.in_charge | self.worker | self.manager),
            ("2026-03-16 17:00:00", self.env["res.users"]),
        ]
        for moment, people in steps:
            self._move_to(moment)
            stay.sudo().placement_id = (
                stay.env["osc.referral"]
                .sudo()
                .create(
                    {
                        "case_id": case.id,
                        "service_id": self.env.ref(
                            "osc_base.osc_service_long_term_home"
                        ).id,
                    }
                )
                if not stay.placement_id
                else stay.placement_id
            )
            self._watch_stays()
            told, words = self._told_people(stay)
            self.assertEqual(told, people, moment)
            if people:
                self.assertIn(case.name, words)
                for word in (NAME, "shelter", "stay", "bed"):
                    self.assertNotIn(word, words)
        self.assertTrue(stay.is_over)
        self.assertEqual(stay.state, "in", "nobody is put out by software")
        self.assertEqual(self._states(), "offfff")
        Stay = self.env["osc.shelter.stay"].with_user(self.in_charge)
        self.assertEqual(Stay.search([("is_over", "=", True)]), stay)
        self.assertTrue(case.shelter_is_over)

    def test_a_late_watch_tells_the_last_thing_only(self):
        stay = self._stay()
        self._move_to("2026-03-15 18:00:00")
        self._told_people(stay)
        self._watch_stays()
        self.assertEqual(stay.sudo().told_level, 3)

    def test_without_a_manager_the_coordinator_is_told(self):
        stay = self._stay()
        case = stay.sudo().case_id
        case.case_worker_id = False
        case.excluded_user_ids = self.in_charge | self.manager
        center = case.center_id
        coordinator, center.coordinator_id = center.coordinator_id, False
        self._move_to("2026-03-15 18:00:00")
        self._watch_stays()
        self.assertEqual(stay.sudo().told_level, 0, "there is nobody to tell")
        center.coordinator_id = coordinator
        self.assertEqual(stay.sudo()._people_to_tell(3), coordinator)
        self._watch_stays()
        self.assertEqual(stay.sudo().told_level, 3)

    def test_excluded_staff_hear_nothing(self):
        stay = self._stay()
        stay.sudo().case_id.excluded_user_ids = self.in_charge
        self.assertNotIn(self.in_charge, stay.sudo()._people_to_tell(3))
