from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import ReferralCommon

# A Tuesday, 22:00 at the center.
LAHORE = (31.5204, 74.3587)


@tagged("post_install", "-at_install")
class TestDirectory(ReferralCommon):
    """Who gives this service, to her, near here, now."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.center.write({"latitude": LAHORE[0], "longitude": LAHORE[1]})
        (cls.partner + cls.other_partner).is_osc_partner = False

    def _found(self, **options):
        found = (
            self.env["res.partner"]
            .with_user(self.worker)
            ._osc_find(self.service, **{"center": self.center, **options})
        )
        return [row["partner"].name for row in found]

    def _calendar(self, hour_from, hour_to, **vals):
        return self.env["resource.calendar"].create(
            {
                "name": f"{hour_from} to {hour_to}",
                "tz": "Asia/Karachi",
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": "Open",
                                "dayofweek": str(day),
                                "hour_from": hour_from,
                                "hour_to": hour_to,
                            }
                        )
                        for day in range(7)
                    ),
                ],
                **vals,
            }
        )

    def test_service_and_eligibility(self):
        make = self._make_partner
        make("All")
        make("Other service", self.catalog["legal_advice"])
        make("Men", osc_sex="male")
        make("Girls", osc_sex="female", osc_age_to=17)
        make("Grown", osc_age_from=18, osc_takes_children=True)
        make("Ramp", osc_step_free=True)
        make("Gone").active = False
        self.env["res.partner"].create({"name": "Company", "is_company": True})
        self.assertEqual(self._found(), ["All", "Girls", "Grown", "Men", "Ramp"])
        self.assertEqual(
            self._found(age=17, sex="female"), ["All", "Girls", "Ramp"]
        )
        self.assertEqual(
            self._found(age=18, sex="female"), ["All", "Grown", "Ramp"]
        )
        self.assertEqual(self._found(with_children=True), ["Grown"])
        self.assertEqual(self._found(disability=True), ["Ramp"])

    def test_near_before_far(self):
        make = self._make_partner
        make("A far", partner_latitude=24.86, partner_longitude=67.00)
        make("B unknown")
        make("C near", partner_latitude=31.55, partner_longitude=74.34)
        make("D serves the district", osc_area_ids=self.area)
        self.assertEqual(
            self._found(), ["C near", "D serves the district", "A far", "B unknown"]
        )
        rows = self.env["res.partner"]._osc_find(self.service, center=self.center)
        distances = {row["partner"].name: row["distance"] for row in rows}
        self.assertAlmostEqual(distances["A far"], 1033, delta=2)
        self.assertAlmostEqual(distances["C near"], 3.7, delta=0.3)
        self.assertIsNone(distances["B unknown"])

    def test_open_now(self):
        make = self._make_partner
        make("A closed", osc_calendar_id=self._calendar(9, 17).id)
        make("B open", osc_calendar_id=self._calendar(0, 24).id)
        make("C unknown")
        make("D late", osc_calendar_id=self._calendar(20, 22).id)
        self.assertEqual(self._found(), ["B open", "C unknown", "A closed", "D late"])
        self.assertEqual(self._found(open_now=True), ["B open"])
        self._pass_minutes(-1)
        self.assertEqual(self._found(open_now=True), ["B open", "D late"])
        day_off = self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.env["res.partner"]
                .search([("name", "=", "B open")])
                .osc_calendar_id.id,
                "date_from": "2026-03-10 00:00:00",
                "date_to": "2026-03-11 00:00:00",
            }
        )
        self.assertEqual(self._found(open_now=True), ["D late"])
        day_off.unlink()

    def test_full_and_without_agreement_last(self):
        full = self._make_partner("A full", osc_capacity=1, osc_area_ids=self.area)
        self._sent(partner=full)
        make = self._make_partner
        make("B ended", osc_agreement_to="2026-03-09")
        make("C valid", osc_agreement_from="2026-01-01", osc_agreement_to="2026-12-31")
        make("D none")
        self.assertEqual(self._found(), ["C valid", "D none", "B ended", "A full"])
        self.assertEqual((full.osc_open_count, full.osc_free), (1, 0))
        self.assertEqual(self._found(limit=1), ["C valid"])
        self.assertEqual(self._found(without=full, limit=9)[-1], "B ended")

    def test_one_query_and_figures(self):
        for number in range(30):
            self._make_partner(f"P{number:02}")
        self.env.flush_all()
        worker = self.env["res.partner"].with_user(self.worker)
        worker._osc_find(self.service, center=self.center)
        with self.assertQueryCount(1):
            worker._osc_find(self.service, center=self.center)

    def test_wizard_refers(self):
        far = self._make_partner("Far")
        case = self._case()
        search = (
            self.env["osc.referral.search"]
            .with_user(self.worker)
            .create({"case_id": case.id, "service_id": self.service.id})
        )
        self.assertEqual(search.area_id, self.area)
        self.assertEqual(search.line_ids.partner_id, far)
        action = search.line_ids.action_refer()
        referral = self.env["osc.referral"].browse(action["res_id"])
        self.assertEqual(referral.partner_id, far)
        self.assertEqual(referral.state, "draft")
        near = self._make_partner("Near", osc_area_ids=self.area)
        found = referral.with_user(self.worker).action_find()
        again = self.env["osc.referral.search"].with_user(self.worker).create(
            {
                name.removeprefix("default_"): value
                for name, value in found["context"].items()
            }
        )
        self.assertEqual(again.line_ids[0].partner_id, near)
        again.line_ids[0].action_refer()
        self.assertEqual(referral.partner_id, near)
        without_case = self.env["osc.referral.search"].with_user(self.worker).create(
            {"service_id": self.service.id}
        )
        with self.assertRaises(UserError):
            without_case.line_ids[0].action_refer()

    def test_limits(self):
        with self.assertRaises(ValidationError):
            self._make_partner("X", osc_age_from=20, osc_age_to=10)
        with self.assertRaises(ValidationError):
            self._make_partner(
                "X", osc_agreement_from="2026-02-01", osc_agreement_to="2026-01-01"
            )
        with self.assertRaises(ValidationError):
            self.env["res.partner"].create({"name": "Person", "is_osc_partner": True})
