from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import TrainingCommon


@tagged("post_install", "-at_install")
class TestCompetence(TrainingCommon):
    """Who can take cases: by certifications, and at the edges of their days."""

    def setUp(self):
        super().setUp()
        self._long_there()

    # ------------------------------------------------------------------
    # Certifications
    # ------------------------------------------------------------------
    def test_nothing_required(self):
        self.assertAssignable()

    def test_missing(self):
        requirement = self._require()
        self.assertNotAssignable("certification “Course tq_course” is missing")
        self.assertEqual(self._state(requirement), "missing")

    def test_valid(self):
        requirement = self._require()
        self._certify(end=61)
        self.assertAssignable()
        self.assertEqual(self._state(requirement), "valid")

    def test_without_end(self):
        requirement = self._require()
        self._certify(end=None)
        self.assertAssignable()
        self.assertEqual(self._state(requirement), "valid")

    def test_expires_within_sixty_days(self):
        requirement = self._require()
        self._certify(end=60)
        self.assertAssignable()
        self.assertEqual(self._state(requirement), "expiring")

    def test_expires_today_is_still_valid(self):
        requirement = self._require()
        self._certify(end=0)
        self.assertAssignable()
        self.assertEqual(self._state(requirement), "expiring")

    def test_expired_yesterday(self):
        requirement = self._require()
        self._certify(end=-1)
        yesterday = self.today - timedelta(days=1)
        self.assertNotAssignable(f"“Course tq_course” expired on {yesterday}")
        self.assertEqual(self._state(requirement), "expired")

    def test_begins_tomorrow(self):
        self._require()
        self._certify(start=1)
        self.assertNotAssignable("is missing")

    def test_begins_today(self):
        self._require()
        self._certify(start=0)
        self.assertAssignable()

    def test_renewed_early_the_later_counts(self):
        requirement = self._require()
        self._certify(start=-300, end=5)
        self._certify(start=-1, end=364)
        self.assertAssignable()
        self.assertEqual(self._state(requirement), "valid")

    def test_shorter_one_later_takes_nothing_away(self):
        requirement = self._require()
        self._certify(start=-300, end=200)
        self._certify(start=-1, end=1)
        self.assertEqual(self._state(requirement), "valid")

    def test_must_be_renewed_although_valid(self):
        requirement = self._require(renew_months=1)
        self._certify(start=-40, end=None)
        self.assertEqual(self._state(requirement), "expired")
        self._certify(start=-1, end=None)
        self.assertEqual(self._state(requirement), "expiring")

    def test_day_of_the_center(self):
        """At 20:30 UTC it is the next day in Karachi, and still the same in Mexico."""
        self._require()
        west = self._make_center("TQW", tz="America/Mexico_City")
        there = self._make_representative(self._make_employee("west"), west)
        there.employee_id.user_id = self._make_user("west")
        self._long_there(there)
        last = datetime(2031, 5, 10)
        for employee in self.employee | there.employee_id:
            self._certify(employee).write(
                {"valid_from": "2031-01-01", "valid_to": last.date()}
            )
        with freeze_time("2031-05-10 18:30:00"):
            self.assertAssignable()
            self.assertAssignable(there)
        with freeze_time("2031-05-10 20:30:00"):
            self.assertNotAssignable("expired on 2031-05-10")
            self.assertAssignable(there)
        with freeze_time("2031-05-11 05:30:00"):
            self.assertAssignable(there)
        with freeze_time("2031-05-11 06:30:00"):
            self.assertNotAssignable("expired", there)

    # ------------------------------------------------------------------
    # Whom it concerns
    # ------------------------------------------------------------------
    def test_other_discipline(self):
        self._require(discipline=self.blue)
        self.assertAssignable()

    def test_two_disciplines(self):
        """What one post asks for doesn't keep somebody from the other."""
        second = self._make_representative(self.employee, discipline=self.blue)
        self._long_there(second)
        self._require(discipline=self.blue)
        self.assertAssignable()
        self.assertNotAssignable("is missing", second)
        self._certify()
        self.assertAssignable(second)

    def test_center_host_and_agency(self):
        agency = self.env["osc.agency"].create({"name": "TQ agency"})
        for vals in (
            {"center_id": self.other_center.id},
            {"host_type": "police"},
            {"agency_id": agency.id},
        ):
            requirement = self._require(**vals)
            self.assertAssignable()
            requirement.active = False
        for vals in (
            {"center_id": self.center.id},
            {"host_type": self.center.host_type},
        ):
            requirement = self._require(**vals)
            self.assertNotAssignable("is missing")
            requirement.active = False
        self.representative.agency_id = agency
        self._require(agency_id=agency.id)
        self.assertNotAssignable("is missing")

    def test_archived(self):
        requirement = self._require()
        self.employee.active = False
        self.assertNotAssignable("the employee is archived")
        self.assertFalse(self._state(requirement))
        self.employee.active = True
        self.representative.active = False
        self.assertFalse(self._state(requirement))
        self.assertNotAssignable("archived")

    def test_one_thing_only(self):
        with self.assertImpossible():
            self._require(sop_id=self.sop.id)

    def test_reasons_add_up(self):
        self._require()
        self.center.state = "closed"
        self.representative.invalidate_recordset()
        self.assertEqual(
            self.representative.unassignable_reason, "the center is closed"
        )
        self.center.state = "operational"
        self.worker.active = False
        self.assertNotAssignable("the login is disabled; certification")

    # ------------------------------------------------------------------
    # Grace
    # ------------------------------------------------------------------
    def test_limits_of_months_and_days(self):
        requirement = self._require()
        for record, name, most in (
            (requirement, "renew_months", 120),
            (requirement, "grace_days", 365),
            (requirement, "version_grace_days", 365),
            (self.course, "osc_validity_months", 120),
        ):
            for value in (-1, most + 1):
                with self.subTest(name=name, value=value), self.assertImpossible():
                    record[name] = value
                    record.flush_recordset()
                record.invalidate_recordset()
            record[name] = most
            record.flush_recordset()

    def test_grace_of_new_staff(self):
        requirement = self._require(grace_days=30)
        self.representative.joined_on = self.today - timedelta(days=29)
        self.assertAssignable()
        self.assertEqual(self._state(requirement), "grace")
        self.representative.joined_on = self.today - timedelta(days=30)
        self.assertNotAssignable("is missing")

    def test_grace_of_a_new_requirement(self):
        requirement = self._require(grace_days=30, since=self.today)
        self.assertAssignable()
        requirement.since = self.today - timedelta(days=30)
        self.assertNotAssignable("is missing")

    def test_required_later(self):
        self._require(since=self.today + timedelta(days=1))
        self.assertAssignable()

    def test_who_comes_back_is_not_new(self):
        self._require(grace_days=30)
        self.assertNotAssignable("is missing")
        self.representative.active = False
        self.env.flush_all()
        again = self._make_representative(self.employee)
        self.assertNotAssignable("is missing", again)

    def test_grace_is_given_by_hr_only(self):
        mine = self.representative.with_user(self.manager)
        with self.assertRaises(AccessError):
            mine.joined_on = self.today
        with self.assertRaises(AccessError):
            mine.create(
                {
                    "employee_id": self._make_employee("late").id,
                    "center_id": self.center.id,
                    "discipline_id": self.blue.id,
                    "joined_on": self.today + timedelta(days=90),
                }
            )
        self.representative.with_user(self.administrator).joined_on = self.today

    def test_grace_of_who_moves_to_another_center(self):
        """For what only the new center requires, and for nothing else."""
        west = self._make_center("TQW", host_type="police")
        first = self._make_course("tq_first")
        there = self._require(center_id=west.id, grace_days=10)
        everywhere = self._require(first, grace_days=10)
        self.assertNotAssignable("“Course tq_first” is missing")
        self.representative.center_id = west
        self.assertEqual(self.representative.moved_on, self.today)
        self.assertEqual(self._state(there), "grace")
        self.assertEqual(self._state(everywhere), "missing")
        self.assertNotAssignable("“Course tq_first” is missing")
        self._certify(skill=first)
        self.assertAssignable()
        self.representative.moved_on = self.today - timedelta(days=9)
        self.assertAssignable()
        self.representative.moved_on = self.today - timedelta(days=10)
        self.assertNotAssignable("“Course tq_course” is missing")

    def test_who_comes_back_to_a_center_has_no_grace_there_again(self):
        here = self._require(center_id=self.center.id, grace_days=10)
        self.assertEqual(self._state(here), "missing")
        self.representative.center_id = self.other_center
        self.representative.center_id = self.center
        self.assertEqual(self._state(here), "missing")

    def test_a_move_gives_no_grace_for_what_was_required_before(self):
        same = self._make_center("TQS", host_type=self.center.host_type)
        other = self._make_center("TQO", host_type="justice")
        self.assertNotEqual(self.center.host_type, "justice")
        host = self._require(host_type=self.center.host_type, grace_days=10)
        second = self._make_course("tq_second")
        justice = self._require(second, host_type="justice", grace_days=10)
        self.representative.center_id = same
        self.assertEqual(self._state(host), "missing")
        self.representative.center_id = other
        self.assertEqual(self._state(justice), "grace")

    def test_grace_of_a_move_for_an_sop_of_the_center(self):
        self.sop.center_ids = self.other_center
        self._publish(days_ago=100)
        requirement = self._require(self.sop, grace_days=10)
        self.assertFalse(self._state(requirement))
        self.representative.center_id = self.other_center
        self.assertEqual(self._state(requirement), "grace")

    def test_a_second_post_at_another_center(self):
        requirement = self._require(center_id=self.other_center.id, grace_days=10)
        second = self._make_representative(self.employee, self.other_center)
        self.assertEqual(second.joined_on, self.representative.joined_on)
        self.assertEqual(self._state(requirement, second), "grace")
        second.active = False
        second.joined_on = second.moved_on = self.today - timedelta(days=50)
        self.env.flush_all()
        again = self._make_representative(self.employee, self.other_center)
        self.assertFalse(again.moved_on)
        self.assertEqual(self._state(requirement, again), "missing", "not new again")

    def test_a_move_is_noted_by_nobody(self):
        mine = self.representative.with_user(self.manager)
        for vals in (
            {"moved_on": self.today},
            {"moved_from_id": self.other_center.id},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                mine.write(vals)
        self.assertFalse(self.representative.moved_on)

    def test_manager_adds_somebody_with_the_form(self):
        """The form sends the default along."""
        self.representative.joined_on = self.today - timedelta(days=50)
        form = Form(self.env["osc.representative"].with_user(self.manager))
        form.employee_id = self.env["hr.employee"].browse(self.employee.id)
        form.center_id = self.other_center
        self.other_center.manager_id = self.manager
        form.discipline_id = self.red
        self.assertEqual(
            form.save().joined_on, self.today - timedelta(days=50), "not new again"
        )

    # ------------------------------------------------------------------
    # SOPs
    # ------------------------------------------------------------------
    def test_sop_not_passed(self):
        self._publish(days_ago=5)
        self._require(self.sop)
        self.assertNotAssignable("TQ-01 1.0 not passed")

    def test_sop_passed(self):
        version = self._publish(days_ago=5)
        requirement = self._require(self.sop)
        self._acknowledge(version)
        self.assertAssignable()
        self.assertEqual(self._state(requirement), "valid")

    def test_sop_without_version_in_force(self):
        requirement = self._require(self.sop)
        self.assertAssignable()
        self.assertFalse(self._state(requirement))

    def test_sop_read_is_not_passed(self):
        version = self._publish(days_ago=5)
        self._require(self.sop)
        self.env["osc.sop.acknowledgement"].create(
            {
                "version_id": version.id,
                "employee_id": self.employee.id,
                "read_at": fields.Datetime.now(),
            }
        )
        self.assertNotAssignable("TQ-01 1.0 not passed")

    def test_new_version_has_days_of_grace(self):
        self._require(self.sop, version_grace_days=14)
        first = self._publish("1.0", days_ago=100)
        self._acknowledge(first)
        second = self._publish("2.0", days_ago=13)
        self.assertAssignable()
        self._backdate(second, 14)
        self.assertNotAssignable("TQ-01 2.0 not passed")
        self._acknowledge(second)
        self.assertAssignable()

    def test_next_version_gives_no_time_to_who_let_it_pass(self):
        requirement = self._require(self.sop, version_grace_days=14)
        self._acknowledge(self._publish("1.0", days_ago=100))
        self._publish("2.0", days_ago=20)
        self.assertNotAssignable("TQ-01 2.0 not passed")
        self._publish("3.0")
        self.assertNotAssignable("TQ-01 3.0 not passed")
        self.assertEqual(self._state(requirement), "missing")

    def test_version_of_others(self):
        self._require(self.sop)
        self._publish(discipline_ids=[fields.Command.set(self.blue.ids)])
        self.assertAssignable()

    def test_sop_of_another_center(self):
        self._require(self.sop)
        self._publish(days_ago=3)
        self.assertNotAssignable("not passed")
        self.sop.center_ids = self.other_center
        self.assertAssignable()

    def test_sop_must_be_passed_again(self):
        version = self._publish(days_ago=300)
        requirement = self._require(self.sop, renew_months=6)
        self._acknowledge(
            version, passed_at=fields.Datetime.now() - timedelta(days=250)
        )
        self.assertNotAssignable("TQ-01 1.0 had to be passed again by")
        self.assertEqual(self._state(requirement), "expired")
        self._acknowledge(version)
        self.assertAssignable()

    # ------------------------------------------------------------------
    # Who learns why
    # ------------------------------------------------------------------
    def test_why_is_not_told_to_colleagues(self):
        self._require()
        colleague = self._make_representative(
            self._make_employee("colleague", user_id=self.case_worker.id),
            discipline=self.blue,
        )
        self.assertTrue(colleague)
        for user, known in (
            (self.worker, True),
            (self.manager, True),
            (self.hr, True),
            (self.case_worker, False),
            (self.coordinator, False),
            (self.administrator, False),
        ):
            with self.subTest(user=user.name):
                seen = self.representative.with_user(user)
                seen._forget_assignable()
                self.assertFalse(seen.assignable)
                self.assertEqual("is missing" in seen.unassignable_reason, known)
                if not known:
                    self.assertEqual(
                        seen.unassignable_reason, "training isn't complete"
                    )

    # ------------------------------------------------------------------
    # The roster
    # ------------------------------------------------------------------
    def test_roster_warns_of_the_day_of_the_shift(self):
        self._require()
        self._certify(end=3)
        now = fields.Datetime.now()
        soon = self._make_shift(
            self.representative, now + timedelta(days=2), now + timedelta(days=2.3)
        )
        later = self._make_shift(
            self.representative, now + timedelta(days=5), now + timedelta(days=5.3)
        )
        self.assertFalse(soon.training_warning)
        self.assertIn("expired on", later.training_warning)
        self.assertAssignable()

    def test_roster_warns_of_what_ends_in_the_night_of_the_shift(self):
        """At midnight no more cases are given, so the roster must have said so."""
        self._require()
        self._certify(end=2)
        midnight = self.center._midnight(self.today + timedelta(days=3))
        evening = midnight - timedelta(hours=6)
        day = self._make_shift(self.representative, evening, midnight)
        self.assertFalse(day.training_warning)
        day.unlink()
        night = self._make_shift(
            self.representative,
            midnight - timedelta(hours=2),
            midnight + timedelta(hours=6),
        )
        self.assertIn("before the shift ends", night.training_warning)
        self.assertIn("expired on", night.training_warning)
        self._certify(start=3, end=30)
        night.invalidate_recordset(["training_warning"])
        self.assertFalse(night.training_warning)

    def test_roster_knows_what_begins_later(self):
        self._require()
        self._certify(start=3, end=30)
        now = fields.Datetime.now()
        shift = self._make_shift(
            self.representative, now + timedelta(days=5), now + timedelta(days=5.3)
        )
        self.assertFalse(shift.training_warning)
        self.assertNotAssignable("is missing")

    def test_roster_warning_in_the_form(self):
        self._require()
        now = fields.Datetime.now()
        shift = self.env["osc.duty.shift"].new(
            {
                "representative_id": self.representative.id,
                "start": now + timedelta(days=1),
                "end": now + timedelta(days=1.3),
            }
        )
        warning = shift._onchange_training_warning()["warning"]
        self.assertIn("certification “Course tq_course” is missing", warning["message"])

    def test_one_query_for_many_shifts(self):
        self._require()
        now = fields.Datetime.now()
        shifts = self.env["osc.duty.shift"]
        for day in range(1, 20):
            shifts += self._make_shift(
                self.representative,
                now + timedelta(days=day),
                now + timedelta(days=day, hours=8),
            )
        self.env.flush_all()
        self.env.invalidate_all()
        shifts.mapped("representative_id.employee_id.active")
        with self.assertQueryCount(12):
            shifts.mapped("training_warning")

    def test_requirement_twice(self):
        self._require()
        with self.assertImpossible():
            self._require()

    def test_course_is_nobodys_gift_to_oneself(self):
        plain = self.env["hr.skill"].create(
            {"name": "Plain", "skill_type_id": self.skill_type.id}
        )
        self._require(plain)
        self.assertTrue(plain.osc_is_course)

    def test_constraint_on_days(self):
        with self.assertImpossible():
            self._require(grace_days=-1)

    def test_the_roster_tells_nothing_of_people_elsewhere(self):
        self._require()
        self._long_there()
        now = fields.Datetime.now()
        vals = {
            "representative_id": self.representative.id,
            "start": str(now + timedelta(days=1)),
            "end": str(now + timedelta(days=1.3)),
        }
        spec = {name: {} for name in (*vals, "training_warning")}
        shifts = self.env["osc.duty.shift"]
        asked = shifts.with_user(self.manager).onchange(vals, ["start"], spec)
        self.assertIn("is missing", asked["value"]["training_warning"])
        with self.assertRaises(AccessError):
            shifts.with_user(self.other_manager).onchange(vals, ["start"], spec)
