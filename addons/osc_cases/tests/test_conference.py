from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import NAME
from .justice import JusticeCommon


@tagged("post_install", "-at_install")
class TestConference(JusticeCommon):
    """Members of a case meet, decide, and do what they decided."""

    def _conference(self, *users, user=None, days=1, **vals):
        return self._make(
            "osc.case.conference",
            user or self.worker,
            start=fields.Datetime.now() + timedelta(days=days),
            participant_ids=[
                fields.Command.set([u.id for u in users or (self.worker, self.police)])
            ],
            **vals,
        )

    def _decision(self, conference, **vals):
        decision = conference.env["osc.case.decision"].create(
            {
                "conference_id": conference.id,
                "name": "Bring her documents",
                "user_id": self.police.id,
                "date_deadline": fields.Date.today() + timedelta(days=2),
                **vals,
            }
        )
        self._settle()
        return decision

    def test_members_only(self):
        for stranger in (self.medical, self.internal, self.coordinator, self.colleague):
            with self.subTest(user=stranger.login):
                with self.assertRaises(ValidationError):
                    self._conference(self.worker, stranger)
        conference = self._conference()
        with self.assertRaises(ValidationError):
            conference.participant_ids = self.police | self.medical
        self.assertNotIn(self.medical, conference.possible_user_ids)

    def test_nobody_else_learns_who_may_open_the_case(self):
        for user in (self.colleague, self.other_worker):
            with self.subTest(user=user.login), self._refused():
                self._conference(self.medical, user=user)

    def test_members_can_be_chosen_in_the_form_of_the_case(self):
        form = Form(
            self.case.with_user(self.worker), view="osc_cases.osc_case_view_form"
        )
        with form.conference_ids.new() as conference:
            possible = conference.possible_user_ids[:]
            self.assertIn(self.police, possible)
            self.assertNotIn(self.medical, possible)
            conference.start = fields.Datetime.now() + timedelta(days=1)
            with conference.decision_ids.new() as decision:
                self.assertIn(self.police, decision.possible_user_ids[:])
                decision.name = "Bring her documents"
                decision.user_id = self.police
        form.save()
        self.assertEqual(self.case.conference_ids.decision_ids.user_id, self.police)

    def test_a_conference_begins_in_the_list_of_all(self):
        form = Form(self.env["osc.case.conference"].with_user(self.worker))
        self.assertFalse(form.possible_user_ids[:])
        form.case_id = self.case.with_user(self.worker)
        self.assertIn(self.police, form.possible_user_ids[:])

    def test_who_calls_and_who_reads(self):
        conference = self._conference(agenda="Where she goes next")
        self._assert_reads(conference, self.worker, self.manager, self.police)
        for user in (self.police, self.colleague, self.internal):
            with self.subTest(user=user.login), self._refused():
                self._conference(user=user)
        with self._refused():
            conference.with_user(self.police).write({"minutes": "x"})
        self.assertEqual(
            conference.with_user(self.police).agenda, "Where she goes next"
        )

    def test_the_calendar_says_the_code(self):
        conference = self._conference(agenda="Where she goes next")
        event = conference.sudo().event_id
        self.assertEqual(event.name, f"{self.case.name} · Appointment")
        self.assertEqual(event.partner_ids, (self.worker | self.police).partner_id)
        self.assertFalse(event.description)
        for user, reads in (
            (self.police, True),
            (self.manager, True),
            (self.legal, False),
            (self.internal, False),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(self._reads(user, event), reads)
        with self._refused():
            event.with_user(self.police).write({"start": fields.Datetime.now()})
        later = conference.start + timedelta(days=1)
        event.with_user(self.worker).write({"start": later})
        self._settle()
        self.assertEqual(conference.start, later)
        conference.participant_ids = self.worker | self.legal
        self._settle()
        self.assertEqual(event.partner_ids, (self.worker | self.legal).partner_id)
        self.assertFalse(self._reads(self.police, event))
        conference.action_cancel()
        self.assertFalse(event.exists())

    def test_who_leaves_the_case_leaves_the_meeting(self):
        conference = self._conference()
        event = conference.sudo().event_id
        self.people["police"].with_user(self.manager).active = False
        self._settle()
        self.assertEqual(event.partner_ids, self.worker.partner_id)
        self.assertFalse(self._reads(self.police, conference))
        self.assertFalse(self._reads(self.police, event))

    def test_states(self):
        conference = self._conference()
        with self.assertRaises(UserError):
            conference.action_held()
        with self.assertRaises(UserError):
            conference.state = "held"
        with self._refused():
            conference.with_user(self.police).action_cancel()
        self.clock.tick(timedelta(days=1, minutes=1))
        conference.action_held()
        for vals in ({"start": fields.Datetime.now()}, {"duration": 2}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                conference.write(vals)
        with self.assertRaises(UserError):
            conference.action_cancel()
        conference.minutes = "She goes to her sister"
        other = self._taken_on(self.worker)
        with self.assertRaises(UserError):
            conference.case_id = other

    def test_decisions_become_tasks(self):
        conference = self._conference()
        decision = self._decision(conference)
        task = decision.sudo().activity_id
        self.assertEqual(task.res_model, "osc.case")
        self.assertEqual(task.res_id, self.case.id)
        self.assertEqual(task.user_id, self.police)
        self.assertEqual(task.summary, "Bring her documents")
        self.assertEqual(task.date_deadline, decision.date_deadline)
        self.assertEqual(conference.open_decision_count, 1)
        decision.date_deadline = fields.Date.today() + timedelta(days=5)
        self.assertEqual(task.date_deadline, decision.date_deadline)
        task.with_user(self.police).action_feedback(feedback="Done")
        self._settle()
        self.assertTrue(decision.done_at)
        self.assertEqual(decision.done_by_id, self.police)
        self.assertEqual(conference.open_decision_count, 0)
        with self.assertRaises(UserError):
            decision.name = "Something else"

    def test_a_decision_is_due_on_the_day_of_the_conference_or_later(self):
        """The day at the center, where it is tomorrow already at 20:00 UTC."""
        self.clock.move_to("2026-03-16 10:00:00")
        conference = self._conference(days=1)
        evening = self._conference(days=0.5)
        held = self._conference(days=-2)
        for meeting, day in (
            (conference, "2026-03-17"),
            (evening, "2026-03-17"),
            (held, "2026-03-16"),
        ):
            with self.subTest(start=meeting.start):
                decision = meeting.decision_ids.create(
                    {
                        "conference_id": meeting.id,
                        "name": "Bring her documents",
                        "user_id": self.police.id,
                    }
                )
                self.assertEqual(str(decision.date_deadline), day)
                self.assertEqual(str(decision.sudo().activity_id.date_deadline), day)
        conference.start += timedelta(days=-1)
        self._settle()
        self.assertEqual(str(conference.decision_ids.date_deadline), "2026-03-17")

    def test_the_form_says_the_day_of_the_conference(self):
        self.clock.move_to("2026-03-16 10:00:00")
        form = Form(
            self.case.with_user(self.worker), view="osc_cases.osc_case_view_form"
        )
        with form.conference_ids.new() as conference:
            with conference.decision_ids.new() as decision:
                self.assertEqual(str(decision.date_deadline), "2026-03-16")
                decision.name = "Bring her documents"
                decision.user_id = self.police
            conference.start = fields.Datetime.now() + timedelta(days=3)
            with conference.decision_ids.new() as decision:
                self.assertEqual(str(decision.date_deadline), "2026-03-19")
                decision.name = "Ask the shelter"
                decision.user_id = self.worker
        form.save()
        decisions = self.case.conference_ids.decision_ids
        self.assertEqual(
            {str(day) for day in decisions.mapped("date_deadline")}, {"2026-03-19"}
        )

    def test_done_from_the_decision(self):
        decision = self._decision(self._conference())
        with self._refused():
            decision.with_user(self.legal).action_done()
        with self.assertRaises(UserError):
            decision.done_at = fields.Datetime.now()
        decision.with_user(self.police).action_done()
        self._settle()
        self.assertTrue(decision.done_at)

    def test_no_names_and_no_strangers(self):
        conference = self._conference()
        with self.assertRaises(UserError):
            self._decision(conference, name=f"Call {NAME}")
        decision = self._decision(conference)
        with self.assertRaises(UserError):
            decision.name = f"Call {NAME}"
        for stranger in (self.medical, self.internal):
            with self.subTest(user=stranger.login):
                with self.assertRaises(ValidationError):
                    self._decision(conference, user_id=stranger.id)
        with self._refused():
            self._decision(conference.with_user(self.police))

    def test_taking_a_decision_back_takes_the_task_back(self):
        decision = self._decision(self._conference())
        task = decision.sudo().activity_id
        decision.unlink()
        self.assertFalse(task.exists())

    def test_through_the_form(self):
        form = Form(
            self.env["osc.case.conference"]
            .with_user(self.worker)
            .with_context(default_case_id=self.case.id)
        )
        form.start = fields.Datetime.now() + timedelta(days=1)
        form.participant_ids.add(self.legal)
        form.agenda = "Where she goes next"
        with form.decision_ids.new() as decision:
            decision.name = "Ask the shelter"
            decision.user_id = self.legal
        conference = form.save()
        self._settle()
        self.assertEqual(conference.participant_ids, self.worker | self.legal)
        self.assertEqual(conference.decision_ids.sudo().activity_id.user_id, self.legal)
