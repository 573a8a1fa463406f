from datetime import date

from psycopg2.errors import CheckViolation

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import BaseCommon


@tagged("post_install", "-at_install")
class TestPolicy(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls._make_policy("Old", "2020-01-01", "2025-12-31", adult_age=16)
        cls.new = cls._make_policy("New", "2026-01-01")
        cls.north = cls._make_policy("North", "2024-01-01", state_id=cls.province.id)

    @classmethod
    def _make_policy(cls, name, valid_from, valid_to=False, **vals):
        return cls.env["osc.policy"].create(
            {
                "name": name,
                "country_id": cls.country.id,
                "valid_from": valid_from,
                "valid_to": valid_to,
                **vals,
            }
        )

    def _in_force(self, day, province=None):
        return self.env["osc.policy"]._in_force(
            self.country,
            province or self.env["res.country.state"],
            date.fromisoformat(day),
        )

    # ------------------------------------------------------------------
    # Which one holds
    # ------------------------------------------------------------------
    def test_first_and_last_day_belong_to_a_policy(self):
        self.assertFalse(self._in_force("2019-12-31"))
        self.assertEqual(self._in_force("2020-01-01"), self.old)
        self.assertEqual(self._in_force("2025-12-31"), self.old)
        self.assertEqual(self._in_force("2026-01-01"), self.new)
        self.assertEqual(self._in_force("2099-01-01"), self.new)

    def test_province_comes_before_country(self):
        self.assertEqual(self._in_force("2026-01-01", self.province), self.north)
        # before the province had its own, that of the country held
        self.assertEqual(self._in_force("2023-12-31", self.province), self.old)
        # the policy of a province doesn't hold outside it
        south = self.env["res.country.state"].create(
            {"name": "South", "code": "QXS", "country_id": self.country.id}
        )
        self.assertEqual(self._in_force("2026-01-01", south), self.new)
        self.assertEqual(self._in_force("2026-01-01"), self.new)

    def test_archived_policy_does_not_hold(self):
        self.north.active = False
        self.assertEqual(self._in_force("2026-01-01", self.province), self.new)

    def test_other_country_has_none(self):
        country = self.env["res.country"].create({"name": "Elsewhere", "code": "QY"})
        self.assertFalse(
            self.env["osc.policy"]._in_force(
                country, self.env["res.country.state"], date(2026, 1, 1)
            )
        )

    # ------------------------------------------------------------------
    # What is refused
    # ------------------------------------------------------------------
    def test_overlap_is_refused(self):
        for valid_from, valid_to in (
            ("2025-12-31", "2025-12-31"),
            ("2026-01-01", False),
            ("2019-01-01", False),
            ("2019-01-01", "2020-01-01"),
            ("2030-01-01", "2031-01-01"),
        ):
            with (
                self.subTest(start=valid_from),
                self.assertRefused(
                    ValidationError, "is in force in the same jurisdiction"
                ),
            ):
                self._make_policy("Overlap", valid_from, valid_to)

    def test_overlap_is_refused_on_change(self):
        for vals in (
            {"valid_to": False},
            {"valid_to": "2026-01-01"},
            {"valid_from": "2026-02-01", "valid_to": False},
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                self.old.write(vals)
        with self.assertRaises(ValidationError):
            self.north.state_id = False

    def test_archived_may_overlap_until_it_is_restored(self):
        archived = self._make_policy("Archived", "2026-01-01", active=False)
        with self.assertRaises(ValidationError):
            archived.active = True

    def test_gap_before_and_after_is_allowed(self):
        self.assertTrue(self._make_policy("Before", "2018-01-01", "2019-12-31"))
        self.new.valid_to = "2026-06-30"
        self.assertTrue(self._make_policy("Later", "2026-08-01"))
        self.assertFalse(self._in_force("2026-07-15"))

    def test_province_of_another_country(self):
        elsewhere = self.env["res.country"].create({"name": "Else", "code": "QY"})
        with self.assertRefused(ValidationError, "North is not a province of Else"):
            self.env["osc.policy"].create(
                {
                    "name": "Wrong",
                    "country_id": elsewhere.id,
                    "state_id": self.province.id,
                }
            )

    def test_database_refuses_senseless_values(self):
        for vals in (
            {"valid_from": "2027-01-02", "valid_to": "2027-01-01", "active": False},
            {"adult_age": 0, "active": False},
            {"adult_age": 31, "active": False},
        ):
            with (
                self.subTest(vals=vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self._make_policy(
                    "Senseless", vals.pop("valid_from", "2027-01-01"), **vals
                )
                self.env.flush_all()

    # ------------------------------------------------------------------
    # The policy of a center
    # ------------------------------------------------------------------
    @freeze_time("2026-03-10 12:00:00")
    def test_new_center_gets_the_policy_of_its_place(self):
        self.assertEqual(self._make_center("TQN").policy_id, self.new)
        north = self._make_center("TQP", state_id=self.province.id)
        self.assertEqual(north.policy_id, self.north)
        chosen = self._make_center("TQQ", policy_id=self.old.id)
        self.assertEqual(chosen.policy_id, self.old)

    def test_new_center_looks_at_the_day_of_its_place(self):
        """20:00 UTC on 31 December is the new year in Karachi, not in London."""
        with freeze_time("2025-12-31 20:00:00"):
            east = self._make_center("TQE", tz="Asia/Karachi")
            west = self._make_center("TQW", tz="Europe/London")
            self.assertEqual(east.policy_id, self.new)
            self.assertEqual(west.policy_id, self.old)

    @freeze_time("2026-03-10 12:00:00")
    def test_policy_follows_when_the_center_moves(self):
        center = self._make_center("TQN")
        self.assertEqual(center.policy_id, self.new)
        center.state_id = self.province
        # the policy of the country also fits a province of it: it is kept
        self.assertEqual(center.policy_id, self.new)
        elsewhere = self.env["res.country"].create({"name": "Else", "code": "QY"})
        center.write({"country_id": elsewhere.id, "state_id": False})
        self.assertFalse(center.policy_id)
        center.country_id = self.country
        self.assertEqual(center.policy_id, self.new)

    def test_policy_of_a_center_on_a_day(self):
        center = self._make_center("TQN", policy_id=self.old.id)
        ages = {
            "2025-12-31": 16,
            "2026-01-01": 18,
            "2020-01-01": 16,
            # before any policy: that of the center is better than none
            "2019-12-31": 16,
        }
        for day, age in ages.items():
            with self.subTest(day=day):
                policy = center._policy_on(date.fromisoformat(day))
                self.assertEqual(policy.adult_age, age)

    def test_expired_policy_without_successor_holds_on(self):
        self.new.unlink()
        center = self._make_center("TQN", policy_id=self.old.id)
        self.assertEqual(center._policy_on(date(2026, 5, 1)), self.old)

    def test_policy_of_a_province_is_followed_by_that_of_the_country(self):
        self.north.valid_to = "2026-05-31"
        center = self._make_center(
            "TQN", state_id=self.province.id, policy_id=self.north.id
        )
        self.assertEqual(center._policy_on(date(2026, 5, 31)), self.north)
        self.assertEqual(center._policy_on(date(2026, 6, 1)), self.new)

    def test_center_without_policy(self):
        elsewhere = self.env["res.country"].create({"name": "Else", "code": "QY"})
        center = self._make_center("TQN", country_id=elsewhere.id)
        self.assertFalse(center.policy_id)
        self.assertFalse(center._policy_on(date(2026, 1, 1)))
        later = self._make_policy("Else", "2026-02-01", country_id=elsewhere.id)
        self.assertEqual(center._policy_on(date(2026, 2, 1)), later)
