from datetime import datetime, timedelta
from itertools import permutations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from .common import NOW, CasesCommon

MOMENT = datetime.fromisoformat(NOW)
EXAMPLES = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


def ago(hours):
    return MOMENT - timedelta(hours=hours)


class ClockCommon(CasesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["osc.clock"].search([]).write(
            {"warned_at": NOW, "stand_in_warned_at": NOW, "missed_told_at": NOW}
        )

    def _clocks(self, case, code, user=None):
        """Clocks of a limit in a case, oldest start first."""
        return (
            self.env["osc.clock"]
            .with_user(user or self.worker)
            .search(
                [("case_id", "=", case.id), ("type_id.code", "=", code)],
                order="started_at, id",
            )
        )

    def _rape(self, hours=10, **vals):
        return self._report(
            incident_ids=[self._incident("rape", occurred_at=ago(hours))], **vals
        )

    def _codes(self, case):
        return sorted(case.sudo().clock_ids.type_id.mapped("code"))

    def _cron(self):
        self.env["osc.clock"]._cron_watch()
        self.env.flush_all()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestClock(ClockCommon):
    # ------------------------------------------------------------------
    # Which clocks run
    # ------------------------------------------------------------------
    def test_rape_of_a_woman(self):
        case = self._rape(survivor_age=22)
        self.assertEqual(
            self._codes(case),
            ["emergency_contraception", "first_service", "medico_legal_exam", "pep"],
        )
        pep = self._clocks(case, "pep")
        self.assertEqual(pep.started_at, ago(10))
        self.assertEqual(pep.due_at, MOMENT + timedelta(hours=62))
        self.assertEqual(pep.state, "running")

    def test_drafts_have_no_clocks(self):
        case = self._draft(incident_ids=[self._incident("rape", occurred_at=ago(1))])
        self.assertFalse(case.clock_ids)

    def test_what_is_not_rape_needs_no_prophylaxis(self):
        case = self._report(
            incident_ids=[self._incident("denial", occurred_at=ago(5))],
            survivor_age=30,
        )
        self.assertEqual(self._codes(case), ["first_service"])

    def test_contraception_for_women_of_that_age(self):
        for vals, runs in (
            ({"survivor_sex": "male"}, False),
            ({"survivor_age": 5}, False),
            ({"survivor_age": 70}, False),
            ({"survivor_age": 13}, True),
            ({}, True),
        ):
            case = self._rape(**vals)
            clocks = self._clocks(case, "emergency_contraception")
            self.assertEqual(bool(clocks), runs, vals)

    def test_child_authority_for_known_minors(self):
        self.assertTrue(self._clocks(self._rape(survivor_age=12), "child_authority"))
        self.assertFalse(self._clocks(self._rape(survivor_age=18), "child_authority"))
        self.assertFalse(self._clocks(self._rape(), "child_authority"))

    def test_age_learnt_later(self):
        case = self._rape()
        case.survivor_age = 12
        self.assertTrue(self._clocks(case, "child_authority"))
        case.survivor_age = 30
        self.assertFalse(self._clocks(case, "child_authority"))
        case.survivor_sex = "male"
        self.assertFalse(self._clocks(case, "emergency_contraception"))

    def test_country(self):
        self.center.country_id = self.env.ref("base.pk")
        case = self._rape(missing_child=True)
        target = self._clocks(case, "medico_legal_exam_target")
        self.assertEqual(target.due_at, MOMENT + timedelta(hours=6))
        self.assertTrue(self._clocks(case, "missing_child_alert"))

    def test_incident_without_a_time(self):
        case = self._report(incident_ids=[self._incident("rape")])
        self.assertFalse(self._clocks(case, "pep"))
        case.incident_ids.occurred_at = ago(3)
        self.assertEqual(self._clocks(case, "pep").started_at, ago(3))
        case.incident_ids.occurred_at = False
        self.assertFalse(self._clocks(case, "pep"))

    def test_what_was_given_is_read_by_nobody(self):
        case = self._rape(hours=10)
        case._clock_event("pep_given", ago(1))
        self.env.flush_all()
        for user in (self.worker, self.manager, self.coordinator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["osc.clock.event"].with_user(user).search([])

    def test_several_incidents(self):
        case = self._rape(hours=100)
        case.incident_ids = [self._incident("sexual_assault", occurred_at=ago(20))]
        old, new = self._clocks(case, "pep")
        self.assertEqual((old.state, new.state), ("missed", "running"))
        case._clock_event("pep_given", ago(1))
        self.assertEqual((old.state, new.state), ("missed", "met"))
        self.assertEqual(old.met_at, ago(1))
        case.incident_ids.sorted("occurred_at")[0].unlink()
        self.assertEqual(self._clocks(case, "pep"), new)

    def test_type_of_the_incident_corrected(self):
        case = self._rape()
        case.incident_ids.type_id = self.types["denial"]
        self.assertFalse(self._clocks(case, "pep"))

    # ------------------------------------------------------------------
    # Met and missed
    # ------------------------------------------------------------------
    def test_met_follows_corrections(self):
        case = self._rape()
        exam = self.env["osc.statement"].create(
            {"case_id": case.id, "discipline_id": self.disciplines["medical"].id}
        )
        case._clock_event("pep_given", ago(2), exam)
        pep = self._clocks(case, "pep")
        self.assertEqual((pep.state, pep.met_at), ("met", ago(2)))
        case._clock_event("pep_given", ago(3), exam)
        self.assertEqual(pep.met_at, ago(3))
        case.incident_ids.occurred_at = ago(90)
        self.assertEqual(pep.state, "missed")
        case.incident_ids.occurred_at = ago(1)
        self.assertEqual((pep.state, pep.met_at), ("running", False))
        case.incident_ids.occurred_at = ago(4)
        self.assertEqual(pep.state, "met")
        case._clock_event("pep_given", False, exam)
        self.assertEqual((pep.state, pep.met_at), ("running", False))

    def test_dose_before_the_time_of_the_incident_is_known(self):
        case = self._report(incident_ids=[self._incident("rape")])
        case._clock_event("pep_given", ago(1))
        case.incident_ids.occurred_at = ago(5)
        self.assertEqual(self._clocks(case, "pep").state, "met")

    def test_missed_and_found_as_such(self):
        case = self._rape()
        pep = self._clocks(case, "pep")
        self.clock.tick(timedelta(hours=62))
        self.env.invalidate_all()
        self.assertEqual(pep.state, "missed")
        Clock = self.env["osc.clock"].with_user(self.worker)
        here = [("case_id", "=", case.id), ("id", "=", pep.id)]
        self.assertTrue(Clock.search([*here, ("state", "=", "missed")]))
        self.assertFalse(Clock.search([*here, ("state", "=", "running")]))
        self.assertTrue(Clock.search([*here, ("state", "!=", "met")]))

    def test_nothing_is_refused_when_it_passed(self):
        case = self._rape(hours=500)
        case._clock_event("exam_done", MOMENT)
        case._clock_event("pep_given", MOMENT)
        self.assertEqual(self._clocks(case, "pep").met_at, MOMENT)

    def test_what_is_done_first(self):
        """An examination or a dose is a service, too, whoever gives it."""
        for event in ("first_service", "exam_done", "pep_given", "ec_given"):
            with self.subTest(event=event):
                case = self._rape()
                self.clock.tick(timedelta(minutes=20))
                case._clock_event(event, fields.Datetime.now())
                self.assertEqual(self._clocks(case, "first_service").state, "met")

    def test_follow_ups(self):
        case = self._rape()
        case._clock_event("exam_done", ago(1))
        codes = ("2_weeks", "3_months", "6_months")
        clocks = [self._clocks(case, f"medical_follow_up_{code}") for code in codes]
        case._clock_event("exam_done", ago(0))
        self.assertFalse(any(clock.met_at for clock in clocks))
        self.clock.tick(timedelta(days=12))
        case._clock_event("medical_follow_up", fields.Datetime.now())
        self.assertEqual([c.state for c in clocks], ["met", "running", "running"])
        self.clock.tick(timedelta(days=80))
        case._clock_event("exam_done", fields.Datetime.now())
        self.assertEqual([c.state for c in clocks], ["met", "met", "running"])

    def test_each_complaint_is_followed_up(self):
        case = self._report()
        case._clock_event("complaint", ago(30))
        case._clock_event("complaint", ago(2))
        case._clock_event("fir_registered", ago(20))
        first, second = self._clocks(case, "fir")
        self.assertEqual((first.state, second.state), ("met", "running"))

    def test_hours_are_hours_when_clocks_change(self):
        """72 hours on the wall clock of Copenhagen in the night of 29 March 2026."""
        self.center.tz = "Europe/Copenhagen"
        self.clock.move_to("2026-03-29 03:00:00")
        start = datetime(2026, 3, 28, 23, 30)
        case = self._report(incident_ids=[self._incident("rape", occurred_at=start)])
        pep = self._clocks(case, "pep").with_context(tz="Europe/Copenhagen")
        self.assertEqual(pep.due_at - pep.started_at, timedelta(hours=72))
        due = fields.Datetime.context_timestamp(pep, pep.due_at)
        self.assertEqual(due.strftime("%Y-%m-%d %H:%M"), "2026-04-01 01:30")

    # ------------------------------------------------------------------
    # Order, corrections, several incidents
    # ------------------------------------------------------------------
    def test_every_order_of_noting_it_down(self):
        """The clocks are the same whichever is noted first."""
        seen = set()
        for order in permutations(range(4)):
            case = self._report(incident_ids=[self._incident("rape")])
            steps = [
                lambda case=case: case.incident_ids.write({"occurred_at": ago(30)}),
                lambda case=case: case.write(
                    {"incident_ids": [self._incident("rape", occurred_at=ago(8))]}
                ),
                lambda case=case: case._clock_event("pep_given", ago(20)),
                lambda case=case: case._clock_event("pep_given", ago(5)),
            ]
            if order.index(0) > order.index(1):
                # the first step is about the incident that was there first
                first = case.incident_ids
                steps[0] = lambda first=first: first.write({"occurred_at": ago(30)})
            for step in order:
                steps[step]()
            seen.add(tuple((c.started_at, c.met_at) for c in self._clocks(case, "pep")))
        self.assertEqual(seen, {((ago(30), ago(20)), (ago(8), ago(5)))})

    @EXAMPLES
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["add", "move", "clear", "remove", "dose", "undose"]),
                st.integers(0, 200),
                st.integers(0, 5),
            ),
            max_size=8,
        )
    )
    def test_clocks_say_what_the_records_say(self, steps):
        """After any sequence of facts and corrections, as if all had been known."""
        case = self._report()
        doses = {}
        for what, hours, which in steps:
            incidents = case.incident_ids.sorted("id")
            incident = incidents[which % len(incidents)] if incidents else incidents
            if what == "add":
                case.incident_ids = [self._incident("rape", occurred_at=ago(hours))]
            elif what == "move":
                incident.write({"occurred_at": ago(hours)})
            elif what == "clear":
                incident.write({"occurred_at": False})
            elif what == "remove":
                incident.unlink()
            elif what == "dose":
                source = self.people[list(self.people)[which]]
                case._clock_event("pep_given", ago(hours), source)
                doses[source] = ago(hours)
            else:
                source = self.people[list(self.people)[which]]
                case._clock_event("pep_given", False, source)
                doses.pop(source, None)
        expected = sorted(
            (start, min((d for d in doses.values() if d >= start), default=False))
            for start in case.incident_ids.mapped("occurred_at")
            if start
        )
        clocks = self._clocks(case, "pep")
        self.assertEqual(sorted((c.started_at, c.met_at) for c in clocks), expected)
        for clock in clocks:
            self.assertEqual(clock.due_at, clock.started_at + timedelta(hours=72))
            in_time = clock.met_at and clock.met_at <= clock.due_at
            passed = clock.met_at or clock.due_at <= MOMENT
            self.assertEqual(
                clock.state, "met" if in_time else "missed" if passed else "running"
            )

    # ------------------------------------------------------------------
    # Waive
    # ------------------------------------------------------------------
    def test_she_waives_and_changes_her_mind(self):
        case = self._rape()
        pep = self._clocks(case, "pep")
        wizard = (
            self.env["osc.clock.waiver"]
            .with_user(self.worker)
            .create({"clock_id": pep.id, "reason": "She takes it already"})
        )
        wizard.action_confirm()
        self.assertEqual(pep.state, "waived")
        self.assertEqual(pep.waived_by_id, self.worker)
        self.assertEqual(pep.waived_reason, "She takes it already")
        with self.assertRaises(UserError):
            pep.action_waive("again")
        case.incident_ids.occurred_at = ago(12)
        self.assertEqual((pep.state, pep.started_at), ("waived", ago(12)))
        pep.action_unwaive()
        self.assertEqual((pep.state, pep.waived_reason), ("running", False))
        with self.assertRaises(UserError):
            pep.action_unwaive()

    def test_what_she_waived_stays_when_the_incident_goes(self):
        case = self._rape()
        pep = self._clocks(case, "pep")
        pep.action_waive("Not now")
        case.incident_ids.unlink()
        self.assertEqual(pep.exists().state, "waived")

    def test_given_after_all(self):
        case = self._rape()
        pep = self._clocks(case, "pep")
        pep.action_waive("Not now")
        case._clock_event("pep_given", MOMENT)
        self.assertEqual(pep.state, "met")

    def test_no_waiver_without_reason(self):
        pep = self._clocks(self._rape(), "pep")
        for reason in ("", "  ", None):
            with self.assertRaises(UserError):
                pep.action_waive(reason)

    def test_who_may_note_a_waiver(self):
        case = self._rape()
        pep = self._clocks(case, "pep")
        medic = self.people["medical"].user_id
        lawyer = self.people["legal"].user_id
        with self.assertRaises(AccessError):
            pep.with_user(medic).action_waive("She says so")
        self._intimation(case, medic).action_acknowledge()
        self._intimation(case, lawyer).action_acknowledge()
        with self.assertRaises(AccessError):
            pep.with_user(lawyer).action_waive("She says so")
        for user in (self.coordinator, self.auditor, self.administrator):
            with self.assertRaises(AccessError):
                pep.with_user(user).action_waive("She says so")
        pep.with_user(medic).action_waive("She says so")
        self.assertEqual(pep.state, "waived")

    # ------------------------------------------------------------------
    # Who sees and changes what
    # ------------------------------------------------------------------
    def test_nobody_writes_clocks(self):
        pep = self._clocks(self._rape(), "pep")
        for user in (self.worker, self.manager, self.administrator):
            clock = pep.with_user(user)
            with self.assertRaises(AccessError):
                clock.write({"met_at": NOW})
            with self.assertRaises(AccessError):
                clock.unlink()
            with self.assertRaises(AccessError):
                clock.create({"case_id": pep.case_id.id, "type_id": pep.type_id.id})

    def test_readers(self):
        case = self._rape()
        pep = self._clocks(case, "pep")
        for user in (self.worker, self.manager, self.coordinator):
            self.assertEqual(pep.with_user(user).state, "running")
        with self.assertRaises(AccessError):
            pep.with_user(self.coordinator).read(["waived_reason"])
        for user in (
            self.colleague,
            self.other_worker,
            self.other_manager,
            self.auditor,
            self.administrator,
            self.internal,
            self.portal,
            self.people["medical"].user_id,
        ):
            with self.assertRaises(AccessError):
                pep.with_user(user).read(["due_at"])
        case.sudo().excluded_user_ids = self.manager
        with self.assertRaises(AccessError):
            pep.with_user(self.manager).read(["due_at"])

    def test_limits_are_of_administrators_and_of_the_own_center(self):
        vals = {
            "name": "Ours",
            "code": "tq_ours",
            "start_event": "report",
            "meet_event": "exam_done",
            "limit_hours": 4,
            "discipline_id": self.disciplines["forensic"].id,
        }
        Type = self.env["osc.clock.type"]
        for user in (self.worker, self.manager, self.coordinator):
            with self.assertRaises(AccessError):
                Type.with_user(user).create(vals)
        with self.assertRaises(AccessError):
            Type.with_user(self.manager).create(
                {**vals, "center_id": self.other_center.id}
            )
        ours = Type.with_user(self.manager).create(
            {**vals, "center_id": self.center.id}
        )
        with self.assertRaises(AccessError):
            ours.center_id = False
        shipped = self.env.ref("osc_cases.osc_clock_type_pep")
        with self.assertRaises(AccessError):
            shipped.with_user(self.manager).limit_hours = 1
        shipped.with_user(self.administrator).limit_hours = 71
        here = self._report()
        self.assertTrue(here.clock_ids.filtered(lambda c: c.type_id == ours))
        there = self._report(self.other_worker, center_id=self.other_center.id)
        self.assertFalse(there.clock_ids.filtered(lambda c: c.type_id == ours))

    def test_what_began_is_not_turned_round(self):
        self._rape()
        pep = self.env.ref("osc_cases.osc_clock_type_pep").with_user(self.administrator)
        with self.assertRaises(UserError):
            pep.start_event = "report"
        with self.assertRaises(ValidationError):
            pep.domain = "[('nothing', '=', 1)]"

    def test_archived_limits_run_out(self):
        case = self._rape()
        pep = self._clocks(case, "pep")
        pep.type_id.sudo().active = False
        case._clock_event("pep_given", MOMENT)
        self.assertEqual(pep.state, "met")
        self.assertFalse(self._clocks(self._rape(), "pep"))

    def test_summary_of_the_case(self):
        case = self._rape(hours=71)
        self.assertEqual(case.next_due_at, MOMENT + timedelta(hours=1))
        self.clock.tick(timedelta(hours=2))
        self.env.invalidate_all()
        self.assertEqual(case.missed_clock_count, 3)
        self.assertEqual(case.next_due_at, ago(71) + timedelta(hours=120))
        case.action_close()
        self.assertFalse(case.next_due_at)
        self.assertEqual(case.missed_clock_count, 3)


@tagged("post_install", "-at_install")
class TestClockWarnings(MailCase, ClockCommon):
    def _told_people(self):
        """Who got a message about a time limit since the last call."""
        messages = self.env["mail.message"].search(
            [("subject", "like", "Time limit%"), ("id", ">", self.last)]
        )
        self.last = max(messages.ids, default=self.last)
        for message in messages:
            for text in (message.subject, message.body):
                self.assertNotIn("rophylaxis", text)
        return messages.notified_partner_ids.user_ids

    def setUp(self):
        super().setUp()
        self.last = self.env["mail.message"].search([], limit=1, order="id desc").id
        types = self.env["osc.clock.type"].search([("code", "!=", "pep")])
        types.active = False
        self.medic = self.people["medical"].user_id

    def test_members_before_and_the_manager_after(self):
        case = self._rape(hours=40)
        self._intimation(case, self.medic).action_acknowledge()
        self._cron()
        self.assertFalse(self._told_people())
        self.clock.tick(timedelta(hours=9))
        self._cron()
        self.assertEqual(self._told_people(), self.medic)
        self._cron()
        self.assertFalse(self._told_people())
        self.clock.tick(timedelta(hours=24))
        self._cron()
        self.assertEqual(self._told_people(), self.manager)
        self._cron()
        self.assertFalse(self._told_people())

    def test_the_manager_when_nobody_is_a_member(self):
        case = self._rape(hours=60)
        self._cron()
        self.assertEqual(self._told_people(), self.manager)
        self._cron()
        self.assertFalse(self._told_people())
        self._intimation(case, self.medic).action_acknowledge()
        self._cron()
        self.assertEqual(self._told_people(), self.medic)

    def test_nobody_when_met_waived_or_closed(self):
        for settle in (
            lambda case: case._clock_event("pep_given", MOMENT),
            lambda case: self._clocks(case, "pep").action_waive("Her decision"),
            lambda case: case.action_close(),
        ):
            case = self._rape(hours=60)
            settle(case)
            self._cron()
            self.clock.tick(timedelta(hours=20))
            self._cron()
            self.assertFalse(self._told_people())
            self.clock.move_to(NOW)

    def test_what_had_passed_before_she_came_is_nobodys_fault(self):
        self._rape(hours=90)
        self._cron()
        self.assertFalse(self._told_people())

    def test_again_only_when_there_is_time_again(self):
        case = self._rape(hours=60)
        self._intimation(case, self.medic).action_acknowledge()
        self._cron()
        self.assertEqual(self._told_people(), self.medic)
        case.incident_ids.occurred_at = ago(61)
        self._cron()
        self.assertFalse(self._told_people())
        case.incident_ids.occurred_at = ago(1)
        self.clock.tick(timedelta(hours=50))
        self._cron()
        self.assertEqual(self._told_people(), self.medic)

    def test_never_excluded_staff(self):
        case = self._rape(hours=60)
        case.excluded_user_ids = self.manager
        self._cron()
        self.assertEqual(self._told_people(), self.coordinator)

    def test_on_the_screen(self):
        self._rape(hours=60)
        self.env.cr.precommit.run()
        self.env["bus.bus"].sudo().search([]).unlink()
        self._cron()
        self.env.cr.precommit.run()
        rows = self.env["bus.bus"].sudo().search([])
        shown = [row for row in rows if "simple_notification" in row.message]
        self.assertEqual(len(shown), 1)
        self.assertNotIn("rophylaxis", shown[0].message)

    def test_drafts_of_clock_fields_are_commands(self):
        """A case can't be made with clocks of somebody's choice."""
        with self.assertRaises(AccessError):
            self._draft(clock_ids=[Command.create({"type_id": 1})])
