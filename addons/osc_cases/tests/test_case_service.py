from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import NAME, NOW, CasesCommon

MOMENT = fields.Datetime.to_datetime(NOW)
# Every way in which a service may go; all others are refused.
ALLOWED = {
    "requested": ["scheduled", "delivered", "declined", "unavailable", "referred"],
    "scheduled": [
        "requested",
        "scheduled",
        "delivered",
        "declined",
        "unavailable",
        "referred",
    ],
    "referred": ["requested", "delivered", "declined", "unavailable"],
    "declined": ["requested"],
    "unavailable": ["requested", "referred"],
    "delivered": ["requested"],
}


@tagged("post_install", "-at_install")
class TestCaseService(CasesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        services = cls.env["osc.service"].search([])
        cls.catalog = {service.code: service for service in services}
        cls.medic = cls.people["medical"].user_id
        cls.lawyer = cls.people["legal"].user_id

    def _asked(self, *codes, **vals):
        ids = [self.catalog[code].id for code in codes]
        return self._report(requested_service_ids=[Command.set(ids)], **vals)

    def test_the_form_tells_nobody_else_who_works_on_the_case(self):
        service = self._asked("pep").service_ids
        spec = {"case_id": {}, "member_user_ids": {}}
        vals = {"service_id": service.id}
        Outcome = self.env["osc.case.service.outcome"]
        shown = Outcome.with_user(self.worker).onchange(vals, ["service_id"], spec)
        self.assertTrue(shown["value"]["member_user_ids"])
        for user in (self.medic, self.colleague, self.other_worker):
            with self.subTest(user=user.login):
                self.env.invalidate_all()
                with self.assertRaises(AccessError):
                    Outcome.with_user(user).onchange(vals, ["service_id"], spec)

    def _go(self, service, state):
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        {
            "requested": service.action_request_again,
            "scheduled": lambda: service.action_schedule(tomorrow),
            "delivered": service.action_deliver,
            "declined": service.action_decline,
            "unavailable": lambda: service.action_unavailable("No doctor at night"),
            "referred": service.action_refer,
        }[state]()

    # ------------------------------------------------------------------
    # Asked for
    # ------------------------------------------------------------------
    def test_what_she_asks_for_is_requested_once(self):
        case = self._asked("pep", "legal_advice")
        self.assertEqual(
            set(case.service_ids.service_id.mapped("code")), {"pep", "legal_advice"}
        )
        self.assertEqual(set(case.service_ids.mapped("state")), {"requested"})
        case.action_report()
        case.in_danger = True
        self.assertEqual(len(case.service_ids), 2)
        case.requested_service_ids += self.catalog["counselling"]
        self.assertEqual(len(case.service_ids), 3)

    def test_drafts_have_no_services(self):
        case = self._draft(requested_service_ids=[Command.set(self.catalog["pep"].ids)])
        self.assertFalse(case.service_ids)

    def test_added_later(self):
        case = self._report()
        case.service_ids = [Command.create({"service_id": self.catalog["pep"].id})]
        self.assertEqual(case.service_ids.target_minutes, 30)
        self.assertEqual(case.service_ids.requested_by_id, self.worker)

    def test_free_of_cost(self):
        names = set(self.env["osc.case.service"]._fields)
        self.assertFalse({n for n in names if "price" in n or "amount" in n})

    # ------------------------------------------------------------------
    # States
    # ------------------------------------------------------------------
    def test_every_transition(self):
        for start, allowed in ALLOWED.items():
            for end in ALLOWED:
                service = self._asked("legal_advice").service_ids
                if start != "requested":
                    self._go(service, start)
                with self.subTest(start=start, end=end):
                    if end in allowed:
                        self._go(service, end)
                        self.assertEqual(service.state, end)
                    else:
                        with self.assertRaises(UserError):
                            self._go(service, end)
                        self.assertEqual(service.state, start)

    def test_times_are_measured(self):
        case = self._asked("pep", "legal_advice")
        pep = case.service_ids.filtered(lambda s: s.service_id.code == "pep")
        self._pass_minutes(30)
        pep.action_deliver()
        self.assertEqual((pep.minutes, pep.timing), (30, "in_time"))
        self.assertEqual(pep.delivered_by_id, self.worker)
        advice = case.service_ids - pep
        self._pass_minutes(advice.target_minutes)
        advice.action_deliver()
        self.assertEqual(advice.timing, "late")
        pep.service_id.sudo().target_minutes = 1
        self.assertEqual(pep.timing, "in_time", "measured against what held then")

    def test_given_before_it_was_asked_for(self):
        service = self._asked("first_aid").service_ids
        service.action_deliver(MOMENT - timedelta(hours=1))
        self.assertEqual((service.minutes, service.timing), (0, "in_time"))

    def test_not_in_the_future(self):
        service = self._asked("first_aid").service_ids
        with self.assertRaises(UserError):
            service.action_deliver(MOMENT + timedelta(minutes=1))

    def test_clocks_follow(self):
        case = self._asked(
            "pep",
            incident_ids=[
                self._incident("rape", occurred_at=MOMENT - timedelta(hours=3))
            ],
        )
        clocks = {clock.type_id.code: clock for clock in case.clock_ids}
        case.service_ids.action_deliver()
        self.assertEqual(clocks["pep"].state, "met")
        self.assertEqual(clocks["first_service"].state, "met")
        case.service_ids.action_request_again()
        self.assertEqual(clocks["pep"].state, "running")
        self.assertEqual(clocks["first_service"].state, "running")
        self.assertFalse(case.service_ids.delivered_at)

    def test_she_need_not_say_why_but_the_center_does(self):
        case = self._asked("pep", "counselling")
        first, second = case.service_ids
        first.action_decline()
        with self.assertRaises(UserError):
            second.action_unavailable("  ")
        second.action_unavailable("The psychologist is ill")
        self.assertEqual(second.reason, "The psychologist is ill")

    def test_closed_cases(self):
        case = self._asked("pep")
        case.action_close()
        with self.assertRaises(UserError):
            case.service_ids.action_deliver()
        with self.assertRaises(UserError):
            case.service_ids.create(
                {"case_id": case.id, "service_id": self.catalog["pep"].id}
            )

    # ------------------------------------------------------------------
    # Appointments
    # ------------------------------------------------------------------
    def test_appointment_says_nothing(self):
        case = self._asked("pep", survivor_name=NAME)
        self._intimation(case, self.medic).action_acknowledge()
        mails = self.env["mail.mail"].search_count([])
        start = MOMENT + timedelta(days=1)
        case.service_ids.action_schedule(
            start, 0.5, [self.medic.id, self.lawyer.id, self.worker.id]
        )
        event = case.service_ids.sudo().event_id
        self.assertEqual(event.name, case.name)
        self.assertEqual(event.privacy, "private")
        self.assertFalse(event.description)
        # The lawyer was told of the case and may not open it.
        self.assertEqual(event.partner_ids, (self.medic | self.worker).partner_id)
        self.assertEqual(case.service_ids.scheduled_at, start)
        self.assertEqual(event.stop - event.start, timedelta(minutes=30))
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.env.flush_all()
        self.env.invalidate_all()
        seen = event.with_user(self.colleague)
        self.assertFalse(seen.search([("id", "=", event.id)]))
        with self.assertRaises(AccessError):
            seen.read(["start"])
        with self.assertRaises(AccessError):
            event.with_user(self.worker).read(["osc_case_id"])
        with self.assertRaises(UserError):
            event.with_user(self.worker).name = f"Meet {NAME}"

    def test_appointment_moves_and_goes(self):
        service = self._asked("pep").service_ids
        service.action_schedule(MOMENT + timedelta(days=1))
        first = service.sudo().event_id
        later = MOMENT + timedelta(days=2)
        service.action_schedule(later)
        self.assertFalse(first.exists())
        event = service.sudo().event_id
        event.with_user(self.worker).write(
            {"start": later + timedelta(hours=1), "stop": later + timedelta(hours=2)}
        )
        self.assertEqual(service.scheduled_at, later + timedelta(hours=1))
        with self.assertRaises(UserError):
            event.with_user(self.worker).unlink()
        service.action_decline()
        self.assertFalse(event.exists())
        self.assertFalse(service.scheduled_at)

    def test_appointment_in_the_past_or_too_long(self):
        service = self._asked("pep").service_ids
        for start, hours in ((MOMENT - timedelta(hours=1), 1), (False, 1)):
            with self.assertRaises(UserError):
                service.action_schedule(start, hours)
        with self.assertRaises(UserError):
            service.action_schedule(MOMENT + timedelta(hours=1), 0)

    def test_who_leaves_the_case_leaves_its_appointments(self):
        case = self._asked("pep")
        self._intimation(case, self.medic).action_acknowledge()
        service = case.service_ids.with_user(self.medic)
        service.action_schedule(
            MOMENT + timedelta(days=1), 1, [self.medic.id, self.worker.id]
        )
        event = case.service_ids.sudo().event_id
        case.excluded_user_ids = self.medic
        self.assertEqual(event.partner_ids, self.worker.partner_id)
        self.assertEqual(event.user_id, self.worker)

    # ------------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------------
    def test_the_discipline_delivers_its_own(self):
        case = self._asked("pep", "legal_advice")
        pep = case.service_ids.filtered(lambda s: s.service_id.code == "pep")
        with self.assertRaises(AccessError):
            pep.with_user(self.medic).action_deliver()
        self._intimation(case, self.medic).action_acknowledge()
        self._intimation(case, self.lawyer).action_acknowledge()
        with self.assertRaises(AccessError):
            pep.with_user(self.lawyer).action_deliver()
        pep.with_user(self.medic).action_deliver()
        Service = self.env["osc.case.service"].with_user(self.medic)
        vals = {"case_id": case.id, "service_id": self.catalog["vaccination"].id}
        self.assertEqual(Service.create(vals).state, "requested")
        with self.assertRaises(AccessError):
            Service.create({**vals, "service_id": self.catalog["fir"].id})

    def test_nobody_writes_states(self):
        case = self._asked("pep")
        service = case.service_ids
        for user in (self.worker, self.manager):
            with self.assertRaises(AccessError):
                service.with_user(user).write({"state": "delivered"})
            with self.assertRaises(AccessError):
                service.with_user(user).create(
                    {
                        "case_id": case.id,
                        "service_id": self.catalog["pep"].id,
                        "state": "delivered",
                    }
                )
        made = (
            self.env["osc.case.service"]
            .with_user(self.worker)
            .with_context(default_state="delivered", default_delivered_at=NOW)
            .create({"case_id": case.id, "service_id": self.catalog["pep"].id})
        )
        self.assertEqual((made.state, made.delivered_at), ("requested", False))
        made.unlink()
        service.action_deliver()
        with self.assertRaises(UserError):
            service.unlink()

    def test_readers(self):
        case = self._asked("pep")
        for user in (self.worker, self.manager):
            self.assertTrue(case.service_ids.with_user(user).read(["state"]))
        for user in (
            self.coordinator,
            self.colleague,
            self.other_manager,
            self.auditor,
            self.administrator,
            self.internal,
            self.portal,
            self.medic,
        ):
            service = case.service_ids.with_user(user)
            with self.assertRaises(AccessError):
                service.read(["state"])
            with self.assertRaises(AccessError):
                service.action_deliver()
