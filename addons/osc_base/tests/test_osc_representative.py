from psycopg2.errors import ForeignKeyViolation, UniqueViolation

from odoo.tests import freeze_time, tagged, warmup
from odoo.tools import mute_logger

from .common import BaseCommon


@tagged("post_install", "-at_install")
class TestOnDuty(BaseCommon):
    def _on_duty(self, *representatives):
        """Who of these is on duty, by the field; the search must say the same."""
        people = self.env["osc.representative"].union(*representatives)
        people.invalidate_recordset(["on_duty"])
        on_duty = people.filtered("on_duty")
        here = [("id", "in", people.ids)]
        search = self.env["osc.representative"].search
        self.assertEqual(search([*here, ("on_duty", "=", True)]), on_duty)
        self.assertEqual(search([*here, ("on_duty", "!=", False)]), on_duty)
        self.assertEqual(search([*here, ("on_duty", "=", False)]), people - on_duty)
        self.assertEqual(search([*here, ("on_duty", "!=", True)]), people - on_duty)
        return on_duty

    def test_start_belongs_to_the_shift_and_end_does_not(self):
        self._make_shift(
            self.representative, "2026-03-10 08:00:00", "2026-03-10 16:00:00"
        )
        expected = {
            "2026-03-10 07:59:59": False,
            "2026-03-10 08:00:00": True,
            "2026-03-10 15:59:59": True,
            "2026-03-10 16:00:00": False,
        }
        for moment, on_duty in expected.items():
            with self.subTest(moment=moment), freeze_time(moment):
                self.assertEqual(bool(self._on_duty(self.representative)), on_duty)

    def test_change_of_shift_at_local_midnight(self):
        """At 00:00 in Karachi, 19:00 UTC, one goes and the other comes."""
        night = self._make_representative(self._make_employee("night"))
        self._make_local_shift(
            self.representative, "2026-03-10 00:00", "2026-03-11 00:00"
        )
        self._make_local_shift(night, "2026-03-11 00:00", "2026-03-12 00:00")
        with freeze_time("2026-03-10 18:59:59"):
            self.assertEqual(
                self._on_duty(self.representative, night), self.representative
            )
        with freeze_time("2026-03-10 19:00:00"):
            self.assertEqual(self._on_duty(self.representative, night), night)

    def test_same_wall_clock_in_two_time_zones(self):
        """08:00–16:00 in Karachi and in Mexico City are eleven hours apart."""
        far = self._make_representative(
            self._make_employee("far"),
            center=self._make_center("TQM", tz="America/Mexico_City"),
        )
        for representative in (self.representative, far):
            self._make_local_shift(
                representative, "2026-07-01 08:00", "2026-07-01 16:00"
            )
        with freeze_time("2026-07-01 03:00:00"):
            self.assertEqual(
                self._on_duty(self.representative, far), self.representative
            )
        with freeze_time("2026-07-01 12:00:00"):
            self.assertFalse(self._on_duty(self.representative, far))
        with freeze_time("2026-07-01 14:00:00"):
            self.assertEqual(self._on_duty(self.representative, far), far)

    def test_night_shift_over_the_change_to_summer_time(self):
        """22:00–06:00 in Copenhagen is seven hours long on 28 March 2026."""
        center = self._make_center("TQD", tz="Europe/Copenhagen")
        representative = self._make_representative(
            self._make_employee("nordic"), center=center
        )
        shift = self._make_local_shift(
            representative, "2026-03-28 22:00", "2026-03-29 06:00"
        )
        self.assertEqual(shift.hours, 7)
        for moment, on_duty in {
            "2026-03-28 20:59:59": False,
            "2026-03-28 21:00:00": True,
            "2026-03-29 03:59:59": True,
            "2026-03-29 04:00:00": False,
        }.items():
            with self.subTest(moment=moment), freeze_time(moment):
                self.assertEqual(bool(self._on_duty(representative)), on_duty)

    def test_nobody_without_shift_is_on_duty(self):
        self.assertFalse(self._on_duty(self.representative))

    def test_on_duty_does_not_depend_on_the_roster_one_may_read(self):
        """A coordinator of other centers can't read the shifts, but the fact is one."""
        self._make_shift(
            self.representative, "2026-03-10 08:00:00", "2026-03-10 16:00:00"
        )
        self.env["ir.model.access"].search(
            [
                ("model_id.model", "=", "osc.duty.shift"),
                ("group_id", "=", self.env.ref("osc_base.group_any_role").id),
            ]
        ).perm_read = False
        with freeze_time("2026-03-10 09:00:00"):
            seen = self.representative.with_user(self.worker)
            self.assertFalse(
                self.env["osc.duty.shift"].with_user(self.worker).has_access("read")
            )
            self.assertTrue(seen.on_duty)
            self.assertIn(seen, seen.search([("on_duty", "=", True)]))

    def test_center_lists_who_is_on_duty(self):
        elsewhere = self._make_representative(
            self._make_employee("elsewhere"), center=self.other_center
        )
        off_duty = self._make_representative(self._make_employee("off"))
        for representative in (self.representative, elsewhere):
            self._make_shift(
                representative, "2026-03-10 08:00:00", "2026-03-10 16:00:00"
            )
        with freeze_time("2026-03-10 09:00:00"):
            self.assertEqual(self.center.on_duty_ids, self.representative)
            self.assertEqual(self.other_center.on_duty_ids, elsewhere)
        self.assertNotIn(off_duty, self.center.on_duty_ids)

    @warmup
    def test_queries_do_not_grow_with_the_number_of_people(self):
        """200 people: shifts and representatives in one query, whoever many."""
        employees = self.env["hr.employee"].create(
            [{"name": f"Employee {number}"} for number in range(5)]
        )
        disciplines = self.env["osc.discipline"].create(
            [{"name": f"D{n}", "code": f"tq_d{n}"} for n in range(8)]
        )
        centers = self.env["osc.center"].union(
            *(self._make_center(f"TQ{n}") for n in range(5))
        )
        people = self.env["osc.representative"].create(
            [
                {
                    "employee_id": employee.id,
                    "center_id": center.id,
                    "discipline_id": discipline.id,
                }
                for employee in employees
                for center in centers
                for discipline in disciplines
            ]
        )
        self.assertEqual(len(people), 200)
        for employee in employees:
            self._make_shift(
                people.filtered(lambda r, e=employee: r.employee_id == e)[0],
                "2026-03-10 08:00:00",
                "2026-03-10 16:00:00",
            )
        with freeze_time("2026-03-10 09:00:00"):
            self.env.flush_all()
            for some in (people[:20], people):
                self.env.invalidate_all()
                # the people by id, their shifts are part of the same query
                with self.assertQueryCount(1):
                    on_duty = some.mapped("on_duty")
                self.assertEqual(len(on_duty), len(some))
            self.assertEqual(sum(on_duty), 5)


@tagged("post_install", "-at_install")
class TestAssignable(BaseCommon):
    def _check_reasons(self, *reasons):
        self.representative.invalidate_recordset()
        self.assertEqual(self.representative.assignable, not reasons)
        self.assertEqual(
            self.representative.unassignable_reason, "; ".join(reasons) or False
        )

    def test_with_login_at_an_open_center(self):
        self._check_reasons()

    def test_without_login(self):
        self.employee.user_id = False
        self._check_reasons("the employee has no login")

    def test_with_a_disabled_login(self):
        self.worker.active = False
        self._check_reasons("the login is disabled")

    def test_archived(self):
        self.representative.active = False
        self._check_reasons("archived")

    def test_center_closed(self):
        self.center.state = "closed"
        self._check_reasons("the center is closed")

    def test_center_archived(self):
        self.center.active = False
        self._check_reasons("the center is closed")

    def test_all_reasons_are_named(self):
        self.employee.user_id = False
        self.center.state = "closed"
        self._check_reasons("the employee has no login", "the center is closed")

    def test_reason_is_the_same_for_who_can_not_read_users(self):
        self.worker.active = False
        seen = self.representative.with_user(self.coordinator)
        self.assertFalse(seen.assignable)
        self.assertEqual(seen.unassignable_reason, "the login is disabled")

    def test_user_and_name_follow_the_employee(self):
        self.assertEqual(self.representative.user_id, self.worker)
        self.employee.write({"name": "Renamed", "user_id": self.case_worker.id})
        self.assertEqual(self.representative.user_id, self.case_worker)
        self.assertEqual(self.representative.display_name, "Renamed (Red)")

    def test_one_active_record_for_a_role_at_a_center(self):
        self._make_representative(self.employee, discipline=self.blue)
        self._make_representative(self.employee, center=self.other_center)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            with self.env.cr.savepoint():
                self._make_representative(self.employee)
        self.representative.active = False
        self.env.flush_all()
        again = self._make_representative(self.employee)
        self.assertTrue(again.active)

    def test_employee_of_a_representative_can_not_be_deleted(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(ForeignKeyViolation):
            self.employee.unlink()
            self.env.flush_all()
