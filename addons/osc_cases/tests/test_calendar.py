from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import NAME
from .justice import JusticeCommon


@tagged("post_install", "-at_install")
class TestCalendar(JusticeCommon):
    """Appointments of cases stand in the calendars of those whom they concern.

    Odoo shows internal users the time and the people of a private event, and all of
    one that it calls confidential. Here nobody else finds the event at all.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.proceeding = (
            cls.env["osc.legal.proceeding"]
            .with_user(cls.legal)
            .create(
                {
                    "case_id": cls.case.id,
                    "discipline_id": cls.disciplines["legal"].id,
                }
            )
        )

    def setUp(self):
        super().setUp()
        self.hearing = self._hearing(self.proceeding, place="Court room 4")
        self.event = self.hearing.sudo().event_id

    def _event_of(self, user):
        return self.event.with_user(user).with_context(active_test=False)

    def test_says_the_code_and_nothing_else(self):
        self.assertEqual(self.event.name, f"{self.case.name} · Appointment")
        self.assertEqual(self.event.privacy, "private")
        self.assertEqual(self.event.partner_ids, self.legal.partner_id)
        self.assertEqual(self.event.user_id, self.legal)
        for name in ("description", "location", "notes", "videocall_location"):
            self.assertFalse(self.event[name])
        self.assertFalse(self.event.activity_ids)
        # Internal users can read who follows what.
        self.assertFalse(self.event.message_follower_ids)
        self.assertEqual(self.event.start, self.hearing.start)

    def test_nobody_else_finds_it(self):
        for login in (
            *("internal", "portal", "worker", "manager", "police", "coordinator"),
            *("auditor", "administrator", "medical", "other_worker"),
        ):
            user = getattr(self, login)
            Event = self.env["calendar.event"].with_user(user)
            near = [("start", ">=", fields.Datetime.now())]
            with self.subTest(user=login):
                self.assertNotIn(self.event, Event.search(near))
                self.assertFalse(Event.search([("name", "ilike", self.case.name)]))
                self.assertFalse(Event.name_search(self.case.name))
                self.assertFalse(
                    Event.search([("partner_ids", "in", self.legal.partner_id.ids)])
                )
                groups = Event.formatted_read_group(near, ["user_id"], ["__count"])
                self.assertNotIn(
                    self.legal.id, [g["user_id"][0] for g in groups if g["user_id"]]
                )
                with self._refused():
                    self._event_of(user).read(["start"])
                if user != self.portal:
                    with self._refused():
                        self._event_of(user).write({"start": self.event.start})
                    with self._refused():
                        self._event_of(user).unlink()

    def test_nor_by_other_ways(self):
        stranger = self.internal
        partner = self.legal.partner_id.with_user(stranger)
        self.assertEqual(partner.meeting_count, 0)
        self.assertFalse(
            partner._get_busy_calendar_events(
                self.event.start - timedelta(days=1), self.event.stop
            )
        )
        Attendee = self.env["calendar.attendee"].with_user(stranger)
        self.assertFalse(Attendee.search([("partner_id", "=", partner.id)]))
        with self._refused():
            self.event.attendee_ids.with_user(stranger).read(["access_token"])
        with self._refused():
            partner.get_attendee_detail(self.event.ids)
        Filters = self.env["calendar.filters"].with_user(stranger)
        Filters.create({"user_id": stranger.id, "partner_id": partner.id})
        Message = self.env["mail.message"].with_user(stranger)
        self.assertFalse(
            Message.search(
                [("model", "=", "calendar.event"), ("res_id", "=", self.event.id)]
            )
        )

    def test_protecting_fields_are_nobodys(self):
        own = self._event_of(self.legal)
        for vals in (
            {"osc_case_id": False},
            {"privacy": "public"},
            {"name": "Hearing of Zarmina"},
            {"description": "Rape case"},
            {"location": "Court"},
            {"partner_ids": [fields.Command.link(self.internal.partner_id.id)]},
            {"active": False},
            {"attendee_ids": [fields.Command.clear()]},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                own.write(vals)
        with self.assertRaises(UserError):
            own.unlink()
        with self._refused():
            own.env["calendar.event"].create(
                {"name": "x", "osc_case_id": self.case.id, "start": self.event.start}
            )

    def test_nothing_is_mailed(self):
        self.env["mail.mail"].search([]).unlink()
        before = self.env["mail.message"].search_count([])
        self._consent("legal", "police")
        self._event_of(self.legal).write(
            {"start": self.event.start + timedelta(hours=1)}
        )
        self.event.attendee_ids.with_user(self.legal).do_accept()
        self.event.with_user(self.legal).action_sendmail()
        self.event.attendee_ids._send_invitation_emails()
        alarm = self.env.ref("calendar.alarm_mail_1", raise_if_not_found=False)
        alarm = alarm or self.env["calendar.alarm"].search(
            [("alarm_type", "=", "email")], limit=1
        )
        self.event.with_context(dont_notify=True).alarm_ids = alarm
        self.clock.move_to(self.event.start - timedelta(minutes=1))
        self.env["calendar.alarm_manager"]._send_reminder()
        self.event.message_post(
            body="See you", partner_ids=self.internal.partner_id.ids
        )
        self._settle()
        self.assertFalse(self.env["mail.mail"].search([]))
        self.assertFalse(
            self.env["mail.notification"].search(
                [
                    ("mail_message_id.model", "=", "calendar.event"),
                    ("mail_message_id.res_id", "=", self.event.id),
                ]
            )
        )
        self.assertGreater(self.env["mail.message"].search_count([]), before)
        self.assertFalse(
            self.env["ir.attachment"].search([("mimetype", "=", "text/calendar")])
        )

    def test_moves_with_the_hearing_and_back(self):
        later = self.hearing.start + timedelta(days=2)
        self._event_of(self.legal).write(
            {"start": later, "stop": later + timedelta(hours=3)}
        )
        self._settle()
        self.assertEqual(self.hearing.start, later)
        self.assertEqual(self.hearing.duration, 3)
        self.hearing.start = later + timedelta(days=1)
        self._settle()
        self.assertEqual(self.event.start, later + timedelta(days=1))
        self.assertEqual(self.event.stop, later + timedelta(days=1, hours=3))

    def test_consent_opens_and_closes_it(self):
        consent = self._consent("legal", "police")
        self.assertIn(self.police.partner_id, self.event.partner_ids)
        seen = self._event_of(self.police)
        self.assertEqual(seen.name, f"{self.case.name} · Appointment")
        self.assertTrue(seen.search([("id", "=", self.event.id)]))
        self.event.attendee_ids.filtered(
            lambda a: a.partner_id == self.police.partner_id
        ).with_user(self.police).do_accept()
        with self._refused():
            seen.write({"start": self.event.start + timedelta(days=1)})
        with self._refused():
            self.event.attendee_ids.filtered(
                lambda a: a.partner_id == self.legal.partner_id
            ).with_user(self.police).write({"state": "declined"})
        consent.action_withdraw()
        self._settle()
        self.assertFalse(seen.search([("id", "=", self.event.id)]))
        with self._refused():
            seen.read(["name"])

    def test_who_joins_later_gets_it_and_who_leaves_loses_it(self):
        self.people["legal"].with_user(self.manager).active = False
        self._settle()
        self.assertNotIn(self.legal.partner_id, self.event.partner_ids)
        with self._refused():
            self._event_of(self.legal).read(["start"])
        second = self._make_representative("legal", "legal_second")
        self.case.sudo()._tell_again()
        self._watch()
        mine = self.case.sudo().intimation_ids.filtered(
            lambda i: i.user_id == second.user_id
        )
        if not mine:
            self.env["osc.case.member"]._grant(
                self.case, second.user_id, "intimated", self.disciplines["legal"]
            )
        else:
            mine.with_user(second.user_id).action_acknowledge()
        self._settle()
        self.assertIn(second.user_id.partner_id, self.event.partner_ids)

    def _break_glass(self, user):
        request = (
            self.env["osc.break.glass.request"]
            .with_user(user)
            .create(
                {"case_code": self.case.name, "reason": "She is in danger", "hours": 1}
            )
        )
        request.action_confirm()
        self._settle()

    def test_who_had_emergency_access_holds_up_nobody(self):
        self._break_glass(self.medical)
        self.assertIn(self.medical.partner_id, self.event.partner_ids)
        self._pass_minutes(61)
        self._break_glass(self.police)
        self.case.with_user(self.worker).case_worker_id = self.colleague
        self._settle()
        self.people["legal"].with_user(self.manager).active = False
        self._settle()
        self.assertNotIn(self.medical.partner_id, self.event.partner_ids)

    def test_who_hands_over_leaves_her_appointments(self):
        start = fields.Datetime.now() + timedelta(days=1)
        meeting = self.case._make_appointment(start, 1, self.worker)
        self._settle()
        self.case.web_save({"case_worker_id": self.colleague.id}, {"display_name": {}})
        self._settle()
        self.assertEqual(self.case.sudo().case_worker_id, self.colleague)
        self.assertEqual(meeting.user_id, self.colleague)
        self.assertNotIn(self.worker.partner_id, meeting.partner_ids)

    def test_nobody_takes_back_the_invitation_of_another(self):
        self._break_glass(self.police)
        attendee = self.event.attendee_ids.filtered(
            lambda attendee: attendee.partner_id == self.legal.partner_id
        )
        for vals in ({"state": "declined"}, {"availability": "busy"}):
            with self._refused():
                attendee.with_user(self.police).write(vals)
        with self._refused():
            attendee.with_user(self.police).unlink()
        own = (self.event.attendee_ids - attendee).with_user(self.police)
        own.do_decline()
        self.assertEqual(own.state, "declined")

    def test_states_of_a_hearing(self):
        with self.assertRaises(UserError):
            self.hearing.action_held()
        with self.assertRaises(UserError):
            self.hearing.state = "held"
        for user in (self.police, self.worker, self.manager):
            with self.subTest(user=user.login), self._refused():
                self.hearing.with_user(user).action_cancel()
        self.hearing.action_adjourn()
        self._settle()
        self.assertFalse(self.event.exists())
        for action in ("action_held", "action_cancel", "action_adjourn"):
            with self.assertRaises(UserError):
                getattr(self.hearing, action)()
        with self.assertRaises(UserError):
            self.hearing.start = fields.Datetime.now()
        held = self._hearing(self.proceeding, days=-1)
        held.action_held()
        self.assertTrue(held.sudo().event_id)

    def test_a_meeting_planned_from_a_task_is_the_cases(self):
        case = self.case.with_user(self.worker)
        task = case.activity_schedule(
            "mail.mail_activity_data_meeting",
            summary="Meet her",
            note="At the back door",
            user_id=self.worker.id,
        )
        Event = self.env["calendar.event"].with_user(self.worker)
        context = task.action_create_calendar_event()["context"]
        self.env["mail.mail"].search([]).unlink()
        event = Event.with_context(**context).create(
            {
                "name": "Meet her",
                "start": fields.Datetime.now() + timedelta(days=1),
                "stop": fields.Datetime.now() + timedelta(days=1, hours=1),
                "partner_ids": [
                    fields.Command.set((self.worker | self.police).partner_id.ids)
                ],
            }
        )
        self._settle()
        self.assertEqual(event.sudo().osc_case_id, self.case)
        self.assertEqual(event.sudo().privacy, "private")
        self.assertFalse(self.env["mail.mail"].search([]))
        self.assertTrue(self._reads(self.police, event))
        for user in (self.internal, self.medical, self.legal):
            with self.subTest(user=user.login):
                self.assertFalse(self._reads(user, event))
        with self.assertRaises(UserError):
            event.name = f"Meet {NAME}"
        with self.assertRaises(ValidationError):
            event.partner_ids += self.internal.partner_id
        with self.assertRaises(ValidationError):
            Event.create(
                {
                    "name": "Meet her",
                    "res_model_id": self.env["ir.model"]._get_id("osc.case"),
                    "res_id": self.case.id,
                    "start": fields.Datetime.now(),
                    "stop": fields.Datetime.now() + timedelta(hours=1),
                    "partner_ids": [fields.Command.set(self.internal.partner_id.ids)],
                }
            )

    def test_other_events_are_as_they_were(self):
        event = (
            self.env["calendar.event"]
            .with_user(self.internal)
            .create(
                {
                    "name": "Staff meeting",
                    "start": fields.Datetime.now(),
                    "stop": fields.Datetime.now() + timedelta(hours=1),
                    "partner_ids": [fields.Command.link(self.medical.partner_id.id)],
                }
            )
        )
        self._settle()
        for user in (self.medical, self.worker, self.administrator):
            self.assertEqual(event.with_user(user).name, "Staff meeting")
        event.name = "Staff meeting, moved"
        event.attendee_ids.filtered(
            lambda a: a.partner_id == self.medical.partner_id
        ).with_user(self.medical).do_accept()
        event.unlink()
