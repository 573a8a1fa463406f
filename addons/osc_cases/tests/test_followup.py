from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCase

from .common import NOW, PHONE, CasesCommon

MOMENT = fields.Datetime.to_datetime(NOW)


@tagged("post_install", "-at_install")
class TestFollowup(MailCase, CasesCommon):
    def _safe(self, case, **vals):
        case.survivor_id.write(
            {
                "safe_contact_allowed": True,
                "safe_contact_channel": "call",
                "safe_contact_details": PHONE,
                "safe_contact_hours": "10 to 12",
                **vals,
            }
        )
        return case

    def _due(self, case):
        return case.followup_ids.sorted("due_on").mapped("due_on")

    def test_planned_by_the_policy(self):
        case = self._report()
        self.assertEqual(self._due(case), [date(2026, 3, 17), date(2026, 4, 9)])
        self.policy.followup_days = "1,2, 3"
        self.assertEqual(len(self._report().followup_ids), 3)
        self.policy.followup_days = False
        self.assertFalse(self._report().followup_ids)
        for wrong in ("soon", "0", "-1", "7;8"):
            with self.assertRaises(ValidationError):
                self.policy.followup_days = wrong

    def test_days_are_those_of_the_center(self):
        self.clock.move_to("2026-03-10 20:00:00")
        case = self._report()
        self.assertEqual(self._due(case)[0], date(2026, 3, 18), "11 March there")

    def test_done(self):
        case = self._safe(self._report())
        followup = case.followup_ids[0]
        followup.action_done("Sleeps better", still_safe=True)
        self.assertEqual(followup.state, "done")
        self.assertEqual(followup.note, "Sleeps better")
        self.assertEqual(followup.done_by_id, self.worker)
        for again in (
            followup.action_done,
            followup.action_not_reached,
            followup.action_declined,
        ):
            with self.assertRaises(UserError):
                again()
        with self.assertRaises(UserError):
            followup.due_on = date(2027, 1, 1)
        with self.assertRaises(UserError):
            followup.unlink()

    def test_never_by_an_unsafe_way(self):
        case = self._report()
        followup = case.followup_ids[0]
        with self.assertRaises(UserError):
            followup.action_done()
        with self.assertRaises(UserError):
            followup.action_not_reached()
        followup.action_done(came=True)
        self.assertEqual((followup.state, followup.way), ("done", "comes"))
        case.followup_ids[1].action_declined()

    def test_not_reached_is_tried_again(self):
        case = self._safe(self._report())
        first, second = case.followup_ids
        first.action_not_reached()
        self.assertEqual(len(case.followup_ids), 2, "one is planned already")
        second.action_not_reached()
        third = case.followup_ids - first - second
        self.assertEqual(third.due_on, date(2026, 3, 17))

    def test_out_of_reach_proposes_closing(self):
        case = self._safe(self._report())
        self.clock.tick(timedelta(days=29))
        case.followup_ids[0].action_not_reached()
        self.assertEqual(case.unreached_since, date(2026, 3, 10))
        self.assertFalse(case.closure_review)
        Case = self.env["osc.case"].with_user(self.worker)
        review = [("id", "=", case.id), ("closure_review", "=", True)]
        self.assertFalse(Case.search(review))
        self.clock.tick(timedelta(days=1))
        self.env.invalidate_all()
        self.assertTrue(case.closure_review)
        self.assertEqual(Case.search(review), case)
        case.followup_ids[1].action_not_reached()
        self.assertEqual(len(case.followup_ids), 2, "not tried for ever")
        self.policy.unreachable_days = 60
        self.env.invalidate_all()
        self.assertFalse(case.closure_review)
        self.policy.unreachable_days = 30
        more = case.followup_ids.create(
            {"case_id": case.id, "due_on": fields.Date.today()}
        )
        self.clock.tick(timedelta(minutes=1))
        more.with_user(self.worker).action_done()
        self.env.invalidate_all()
        self.assertFalse(case.unreached_since)
        self.assertFalse(case.closure_review)

    # ------------------------------------------------------------------
    # Safe contact
    # ------------------------------------------------------------------
    def test_contact_for_those_to_whom_it_is_open(self):
        case = self._safe(self._report(incident_ids=[self._incident("rape")]))
        medic = self.people["medical"].user_id
        self._intimation(case, medic).action_acknowledge()
        followup = case.followup_ids[0]
        self.assertTrue(followup.contact_open)
        self.assertEqual(followup.contact_details, PHONE)
        self.assertEqual(followup.contact_hours, "10 to 12")
        self.assertEqual(followup.contact_channel, "Phone call")
        for user in (medic, self.manager):
            seen = followup.with_user(user)
            self.assertFalse(seen.contact_open)
            self.assertFalse(seen.contact_details)
        self.env["osc.consent"].with_user(self.worker).create(
            {
                "case_id": case.id,
                "scope": "contact",
                "discipline_id": self.disciplines["medical"].id,
            }
        )
        self.env.invalidate_all()
        self.assertEqual(followup.with_user(medic).contact_details, PHONE)
        self._safe(case, safe_contact_allowed=False)
        self.assertFalse(followup.contact_details)

    # ------------------------------------------------------------------
    # Reminders
    # ------------------------------------------------------------------
    def _remind(self):
        before = self.env["mail.message"].search([], limit=1, order="id desc").id
        self.env["osc.followup"]._cron_remind()
        return self.env["mail.message"].search(
            [("id", ">", before), ("subject", "like", "Follow-up")]
        )

    def test_the_case_worker_is_reminded_once(self):
        case = self._report()
        self.env["osc.followup"].search([("case_id", "!=", case.id)]).told_at = NOW
        self.assertFalse(self._remind())
        # Midnight at the center is 19:00 in Greenwich.
        self.clock.move_to("2026-03-16 18:59:00")
        self.assertFalse(self._remind())
        self.clock.move_to("2026-03-16 19:00:00")
        message = self._remind()
        self.assertEqual(message.notified_partner_ids, self.worker.partner_id)
        self.assertIn(case.name, message.body)
        self.assertFalse(self._remind())
        case.followup_ids[0].due_on = date(2026, 3, 20)
        self.clock.move_to("2026-03-20 12:00:00")
        self.assertTrue(self._remind())
        case.action_close()
        self.clock.move_to("2026-04-20 12:00:00")
        self.assertFalse(self._remind())

    # ------------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------------
    def test_case_workers_plan(self):
        case = self._report(incident_ids=[self._incident("rape")])
        medic = self.people["medical"].user_id
        self._intimation(case, medic).action_acknowledge()
        Followup = self.env["osc.followup"]
        vals = {"case_id": case.id, "due_on": date(2026, 5, 1)}
        Followup.with_user(self.worker).create(vals)
        Followup.with_user(self.manager).create(vals).unlink()
        for user in (
            medic,
            self.colleague,
            self.coordinator,
            self.other_manager,
            self.auditor,
            self.administrator,
            self.internal,
        ):
            with self.assertRaises(AccessError):
                Followup.with_user(user).create(vals)
            with self.assertRaises(AccessError):
                case.followup_ids[0].with_user(user).action_declined()
        self.assertTrue(case.followup_ids[0].with_user(medic).due_on)

    def test_nobody_writes_what_came_of_it(self):
        followup = self._report().followup_ids[0]
        for vals in ({"state": "done"}, {"note": "x"}, {"done_at": NOW}):
            with self.assertRaises(AccessError):
                followup.write(vals)
            with self.assertRaises(AccessError):
                followup.create(
                    {"case_id": followup.case_id.id, "due_on": date.today(), **vals}
                )

    def test_not_moved_into_another_case(self):
        followup = self._report().followup_ids[0]
        other = self._report(self.colleague)
        with self.assertRaises(AccessError):
            followup.case_id = other.id
