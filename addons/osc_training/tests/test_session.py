from datetime import datetime, timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import TrainingCommon


@tagged("post_install", "-at_install")
class TestSession(TrainingCommon):
    """Whoever attends a session, or passes a quiz, is certified."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_course = cls._make_course("tq_other", osc_validity_months=0)

    def _session(self, courses=None, end="2026-03-01 11:00:00", **vals):
        return self.env["event.event"].create(
            {
                "name": "Session",
                "date_begin": datetime.fromisoformat(end) - timedelta(hours=7),
                "date_end": end,
                "date_tz": "Asia/Karachi",
                "osc_skill_ids": [Command.set((courses or self.course).ids)],
                **vals,
            }
        )

    def _held(self, employee=None):
        return self.env["hr.employee.skill"].search(
            [
                ("employee_id", "=", (employee or self.employee).id),
                ("skill_id.osc_is_course", "=", True),
            ]
        )

    def test_attendance_certifies(self):
        registration = self._session()._osc_register(self.employee)
        self.assertEqual(registration.partner_id, self.worker.partner_id)
        self.assertFalse(self._held())
        registration.action_set_done()
        held = self._held()
        self.assertEqual(held.skill_id, self.course)
        self.assertEqual(str(held.valid_from), "2026-03-01")
        self.assertEqual(str(held.valid_to), "2027-03-01")
        self.assertEqual(held.osc_registration_id, registration)

    def test_day_where_the_session_is(self):
        """An evening session in Mexico ends on the next day by UTC."""
        session = self._session(
            end="2026-03-02 02:00:00", date_tz="America/Mexico_City"
        )
        session._osc_register(self.employee).action_set_done()
        self.assertEqual(str(self._held().valid_from), "2026-03-01")

    def test_last_day_of_a_short_month(self):
        session = self._session(end="2024-02-29 11:00:00")
        session._osc_register(self.employee).action_set_done()
        self.assertEqual(str(self._held().valid_to), "2025-02-28")

    def test_two_courses_at_once(self):
        session = self._session(self.course | self.other_course)
        session._osc_register(self.employee).action_set_done()
        held = self._held()
        self.assertEqual(held.skill_id, self.course | self.other_course)
        without_end = held.filtered(lambda one: one.skill_id == self.other_course)
        self.assertFalse(without_end.valid_to)

    def test_many_people_and_two_sessions_in_one_write(self):
        other = self._make_employee("other", user_id=self.case_worker.id)
        first, second = self._session(), self._session(self.other_course)
        registrations = self.env["event.registration"]
        for session in first | second:
            for employee in self.employee | other:
                registrations |= session._osc_register(employee)
        registrations.write({"state": "done"})
        for employee in self.employee | other:
            self.assertEqual(
                self._held(employee).skill_id, self.course | self.other_course
            )

    def test_result_decides(self):
        registration = self._session(osc_grant_on="result")._osc_register(self.employee)
        registration.state = "done"
        self.assertFalse(self._held())
        registration.osc_result = "failed"
        self.assertFalse(self._held())
        registration.osc_result = "passed"
        self.assertTrue(self._held())

    def test_failed_although_attended(self):
        registration = self._session()._osc_register(self.employee)
        registration.write({"state": "done", "osc_result": "failed"})
        self.assertFalse(self._held())

    def test_noted_by_mistake(self):
        registration = self._session()._osc_register(self.employee)
        registration.state = "done"
        manual = self._certify()
        registration.state = "open"
        self.assertEqual(self._held(), manual)

    def test_noted_by_mistake_while_another_session_certifies(self):
        """What two sessions of one day give is kept as long as one of them gives it."""
        first, second = (
            self._session()._osc_register(self.employee) for _n in range(2)
        )
        (first | second).write({"state": "done"})
        self.assertEqual(self._held().osc_registration_id, first)
        first.state = "open"
        self.assertEqual(self._held().osc_registration_id, second)
        second.state = "open"
        self.assertFalse(self._held())

    def test_noted_by_mistake_while_a_quiz_certifies(self):
        day = datetime.combine(self.today, datetime.min.time()) + timedelta(hours=6)
        registration = self._session(end=str(day))._osc_register(self.employee)
        registration.state = "done"
        answer = self._answer(self._quiz(self.course))
        answer._mark_done()
        registration.state = "open"
        self.assertEqual(self._held().osc_user_input_id, answer)

    def test_noted_twice_certifies_once(self):
        registration = self._session()._osc_register(self.employee)
        registration.state = "done"
        registration.state = "done"
        registration.osc_result = "passed"
        self.assertEqual(len(self._held()), 1)

    def test_renewed_early(self):
        self._certify(start=-300, end=65)
        requirement = self._require()
        self._long_there()
        day = datetime.combine(self.today, datetime.min.time()) + timedelta(hours=6)
        session = self._session(end=str(day))
        session._osc_register(self.employee).action_set_done()
        self.assertEqual(len(self._held()), 2)
        self.assertEqual(self._state(requirement), "valid")

    def test_registered_once(self):
        session = self._session()
        registration = session._osc_register(self.employee)
        self.assertEqual(session._osc_register(self.employee), registration)
        with self.assertRefused(ValidationError, "registered for this session already"):
            self.env["event.registration"].create(
                {"event_id": session.id, "osc_employee_id": self.employee.id}
            )

    def test_hr_notes_attendance(self):
        session = self._session().with_user(self.hr)
        session.registration_ids = [
            Command.create({"osc_employee_id": self.employee.id, "state": "done"})
        ]
        self.assertTrue(self._held())

    def test_hr_notes_attendance_in_the_form(self):
        session = self._session(osc_grant_on="result")
        session._osc_register(self.employee)
        form = Form(
            session.with_user(self.hr), "osc_training.event_event_view_form_session"
        )
        with form.registration_ids.edit(0) as line:
            line.state = "done"
            line.osc_result = "passed"
        form.save()
        self.assertTrue(self._held())

    def test_by_hand_it_holds_as_long_as_the_course_says(self):
        new = self.env["hr.employee.skill"].with_user(self.hr)
        vals = {
            "employee_id": self.employee.id,
            "skill_id": self.course.id,
            "skill_type_id": self.skill_type.id,
            "valid_from": "2026-03-01",
        }
        told = new.onchange(
            vals, ["skill_id"], {name: {} for name in vals | {"valid_to": 0}}
        )
        self.assertEqual(str(told["value"]["valid_to"]), "2027-03-01")

    def test_other_events_certify_nobody(self):
        event = self._session(osc_skill_ids=False)
        registration = self.env["event.registration"].create(
            {"event_id": event.id, "partner_id": self.worker.partner_id.id}
        )
        registration.state = "done"
        self.assertFalse(registration.osc_employee_id)
        self.assertFalse(self._held())

    # ------------------------------------------------------------------
    # Who is registered is told
    # ------------------------------------------------------------------
    def _mails(self):
        self.worker.email = "worker@tq.example"
        mails = self.env["mail.mail"].search([])
        return lambda: self.env["mail.mail"].search([]) - mails

    def test_who_is_registered_gets_a_mail(self):
        new = self._mails()
        session = self._session(
            end="2031-03-01 11:00:00",
            address_id=self.env["res.partner"].create({"name": "Hall of TQ"}).id,
        )
        session._osc_register(self.employee)
        (mail,) = new()
        self.assertIn(self.worker.partner_id, mail.recipient_ids)
        self.assertFalse(mail.attachment_ids)
        text = f"{mail.subject} {mail.body_html}"
        self.assertIn("Session", mail.subject)
        self.assertIn("March 1, 2031", text)
        self.assertIn("9:00", text, "the time is that of the place")
        self.assertIn("Hall of TQ", text)
        for secret in ("hash", "token", "/event/", "href", "Course"):
            self.assertNotIn(secret, text)
        self.assertFalse(session.event_mail_ids.filtered("error_datetime"))

    def test_whatever_way_it_became_a_session(self):
        own = self.env.ref("osc_training.mail_template_session")
        event = self._session(osc_skill_ids=False)
        self.assertNotIn(own, event.event_mail_ids.mapped("template_ref"))
        event.osc_skill_ids = self.course
        self.assertEqual({*event.event_mail_ids.mapped("template_ref")}, {own})
        odoos = self.env.ref("event.event_reminder")
        event.event_mail_ids[0].template_ref = f"mail.template,{odoos.id}"
        self.assertEqual(event.event_mail_ids[0].template_ref, own)
        ours = odoos.copy({"name": "Ours"})
        event.event_mail_ids[0].template_ref = f"mail.template,{ours.id}"
        self.assertEqual(event.event_mail_ids[0].template_ref, ours)

    # ------------------------------------------------------------------
    # Quizzes and the own page
    # ------------------------------------------------------------------
    def _quiz(self, course):
        Survey = self.env["survey.survey"]
        return Survey.create(
            {
                **Survey._osc_quiz_settings(),
                "title": course.name,
                "osc_skill_id": course.id,
                "question_and_page_ids": [
                    Command.create(
                        {
                            "title": "Right?",
                            "question_type": "simple_choice",
                            "suggested_answer_ids": [
                                Command.create(
                                    {
                                        "value": "Yes",
                                        "is_correct": True,
                                        "answer_score": 1,
                                    }
                                ),
                                Command.create({"value": "No"}),
                            ],
                        }
                    )
                ],
            }
        )

    def _answer(self, quiz, right=True, user=None):
        answer = quiz._create_answer(user=user or self.worker)
        choices = quiz.question_ids.suggested_answer_ids
        chosen = choices.filtered(lambda choice: choice.is_correct == right)
        answer._save_lines(quiz.question_ids, chosen.id)
        return answer

    def test_quiz_certifies(self):
        quiz = self._quiz(self.course)
        self._answer(quiz, right=False)._mark_done()
        self.assertFalse(self._held())
        answer = self._answer(quiz)
        answer._mark_done()
        held = self._held()
        self.assertEqual(held.valid_from, self.today)
        self.assertEqual(held.osc_user_input_id, answer)

    def test_two_quizzes_at_once(self):
        answers = self._answer(self._quiz(self.course))
        answers |= self._answer(self._quiz(self.other_course))
        answers._mark_done()
        self.assertEqual(self._held().skill_id, self.course | self.other_course)

    def test_hr_opens_and_makes_quizzes_of_a_course(self):
        known = self._quiz(self.course)
        action = self.env.ref("osc_training.survey_survey_action_course")
        place = {"active_id": self.course.id}
        quizzes = self.env["survey.survey"].with_user(self.hr)
        domain = safe_eval(action.domain, place)
        self.assertEqual(quizzes.search(domain), known)
        context = safe_eval(action.context.strip(), place)
        form = Form(quizzes.with_context(**context))
        form.title = "Another"
        made = form.save()
        self.assertEqual(made.osc_skill_id, self.course)
        for name, value in quizzes._osc_quiz_settings().items():
            self.assertEqual(made[name], value, name)

    def test_own_page(self):
        requirement = self._require()
        self._long_there()
        self.env.flush_all()
        mine = (
            self.env["osc.training.standing"]
            .with_user(self.worker)
            .search(
                [
                    ("user_id", "=", self.worker.id),
                    ("requirement_id", "=", requirement.id),
                ]
            )
        )
        self.assertEqual(mine.state, "missing")
        self.assertFalse(mine.has_quiz)
        self.assertFalse(mine.next_session)
        soon = self._session(end="2031-03-01 11:00:00")
        self._quiz(self.course)
        mine.invalidate_recordset()
        self.assertTrue(mine.has_quiz)
        self.assertIn("Session", mine.next_session)
        self.assertIn("/survey/", mine.action_learn()["url"])
        mine.action_register()
        self.assertEqual(soon.registration_ids.osc_employee_id, self.employee)

    # ------------------------------------------------------------------
    # Nobody certifies themselves by way of an event or a survey
    # ------------------------------------------------------------------
    def _give(self, *groups):
        for group in groups:
            self.worker.group_ids += self.env.ref(group)

    def test_who_organises_other_events_certifies_nobody(self):
        self._give("event.group_event_user")
        events = self.env["event.event"].with_user(self.worker)
        dates = {"date_begin": "2026-03-01 04:00:00", "date_end": "2026-03-01 11:00:00"}
        course = {"osc_skill_ids": [Command.set(self.course.ids)]}
        party = events.create({"name": "Party", **dates})
        session = self._session().with_user(self.worker)
        with self.assertRaises(AccessError):
            events.create({"name": "Mine", **dates, **course})
        for event, vals in (
            (party, course),
            (session, {"user_id": self.worker.id}),
            (session, {"osc_trainer_ids": [Command.set(self.worker.partner_id.ids)]}),
            (session, {"osc_grant_on": "attendance"}),
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                event.write(vals)
        guest = self.env["event.registration"].with_user(self.worker)
        guest = guest.create(
            {"event_id": party.id, "partner_id": self.worker.partner_id.id}
        )
        with self.assertRaises(AccessError):
            guest.write({"event_id": session.id, "state": "done"})
        self.assertFalse(self._held())

    def test_nobody_notes_the_own_attendance(self):
        self._give("event.group_event_registration_desk")
        session = self._session(
            osc_trainer_ids=[Command.set(self.worker.partner_id.ids)]
        )
        mine = session._osc_register(self.employee).with_user(self.worker)
        self.assertTrue(mine.read(["state"]))
        with self.assertRaises(AccessError):
            mine.state = "done"
        other = self._make_employee("other", user_id=self.case_worker.id)
        session._osc_register(other).with_user(self.worker).state = "done"
        self.assertTrue(self._held(other))
        self.assertFalse(self._held())

    def test_a_survey_doesnt_become_a_quiz_that_certifies(self):
        self._give("survey.group_survey_manager")
        survey = (
            self.env["survey.survey"]
            .with_user(self.worker)
            .create({"title": "Mine", "osc_skill_id": self.course.id})
        )
        with self.assertRaises(AccessError):
            survey.write({"survey_type": "osc_training", "user_id": False})
