from datetime import date, datetime

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import BaseCommon


@tagged("post_install", "-at_install")
class TestCenter(BaseCommon):
    # ------------------------------------------------------------------
    # Code and place
    # ------------------------------------------------------------------
    def test_codes_that_are_refused(self):
        for code in (
            "A",
            "lhr",
            "1AB",
            "ABCDEFGHI",
            "A-B",
            "A B",
            "LHÖ",
            "AB\n",
            "٣AB",
        ):
            with (
                self.subTest(code=code),
                self.assertRefused(ValidationError, "can't be the code of a center"),
            ):
                self._make_center(code)

    def test_codes_that_are_good(self):
        for code in ("QZ", "QZ1", "QZ345678"):
            with self.subTest(code=code):
                self.assertEqual(self._make_center(code).code, code)

    def test_code_is_unique(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self._make_center(self.center.code)

    def test_found_by_code_and_by_name(self):
        search = self.env["osc.center"].name_search
        self.assertEqual([r[0] for r in search("TQA")], [self.center.id])
        self.assertEqual([r[0] for r in search("Center TQB")], [self.other_center.id])

    def test_province_of_another_country(self):
        elsewhere = self.env["res.country"].create({"name": "Else", "code": "QY"})
        with self.assertRefused(ValidationError, "North is not a province of Else"):
            self._make_center("TQX", country_id=elsewhere.id, state_id=self.province.id)

    # ------------------------------------------------------------------
    # Time of the place
    # ------------------------------------------------------------------
    def test_day_of_the_place(self):
        moment = datetime(2026, 3, 10, 19, 0)
        self.assertEqual(self.center._local_day(moment), date(2026, 3, 11))
        self.center.tz = "America/Mexico_City"
        self.assertEqual(self.center._local_day(moment), date(2026, 3, 10))

    def test_midnight_of_the_place(self):
        self.assertEqual(
            self.center._midnight(date(2026, 3, 10)), datetime(2026, 3, 9, 19, 0)
        )
        self.center.tz = "Europe/Copenhagen"
        for day, utc in {
            date(2026, 3, 29): datetime(2026, 3, 28, 23, 0),
            date(2026, 3, 30): datetime(2026, 3, 29, 22, 0),
            date(2026, 10, 25): datetime(2026, 10, 24, 22, 0),
            date(2026, 10, 26): datetime(2026, 10, 25, 23, 0),
        }.items():
            with self.subTest(day=day):
                self.assertEqual(self.center._midnight(day), utc)

    # ------------------------------------------------------------------
    # Manager and administrator
    # ------------------------------------------------------------------
    def test_manager_changes_what_is_of_the_center(self):
        self.center.with_user(self.manager).write(
            {
                "name": "Renamed",
                "city": "Northtown",
                "tz": "UTC",
                "access_type": "private",
                "host_type": "hospital",
                "discipline_ids": [(6, 0, self.blue.ids)],
                "service_ids": [(6, 0, self.service.ids)],
            }
        )
        self.assertEqual(self.center.name, "Renamed")
        self.assertEqual(self.center.discipline_ids, self.blue)
        self.assertEqual(self.center.service_ids, self.service)

    def test_manager_can_not_change_who_is_responsible(self):
        policy = self.env["osc.policy"].create(
            {"name": "P", "country_id": self.country.id}
        )
        company = self.env["res.company"].create({"name": "Other company"})
        values = {
            "active": False,
            "code": "TQZ",
            "company_id": company.id,
            "coordinator_id": self.manager.id,
            "country_id": self.env.ref("base.pk").id,
            "manager_id": self.other_manager.id,
            "policy_id": policy.id,
            "state": "closed",
            "state_id": self.province.id,
        }
        self.assertEqual(set(values), self.center._administrator_fields())
        center = self.center.with_user(self.manager)
        for name, value in values.items():
            with (
                self.subTest(field=name),
                self.assertRefused(AccessError, "Only an administrator"),
            ):
                center.write({"city": "Northtown", name: value})
        self.center.invalidate_recordset()
        self.assertFalse(self.center.city)

    def test_administrator_changes_who_is_responsible(self):
        center = self.center.with_user(self.administrator)
        self.assertTrue(center.user_is_administrator)
        self.assertFalse(self.center.with_user(self.manager).user_is_administrator)
        center.write({"manager_id": self.other_manager.id, "state": "closed"})
        self.assertEqual(self.center.manager_id, self.other_manager)

    def test_manager_saves_the_form(self):
        """The form doesn't send back fields that a manager may not write."""
        with Form(self.center.with_user(self.manager)) as form:
            form.city = "Northtown"
        self.assertEqual(self.center.city, "Northtown")

    def test_manager_staffs_the_own_center(self):
        """Without rights in HR, through the form."""
        form = Form(self.env["osc.representative"].with_user(self.manager))
        form.employee_id = self.env["hr.employee"].browse(
            self._make_employee("newcomer", user_id=self.case_worker.id).id
        )
        form.center_id = self.center
        form.discipline_id = self.blue
        representative = form.save()
        self.assertTrue(representative.assignable)
        self.assertEqual(representative.user_id, self.case_worker)

    # ------------------------------------------------------------------
    # Center of a user
    # ------------------------------------------------------------------
    def test_center_of_a_user(self):
        model = self.env["osc.center"]
        self.assertEqual(model.with_user(self.worker)._default_for_user(), self.center)
        self.assertEqual(
            model.with_user(self.other_manager)._default_for_user(), self.other_center
        )
        self.assertFalse(model.with_user(self.auditor)._default_for_user())
