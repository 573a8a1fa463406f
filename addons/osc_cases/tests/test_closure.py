from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.mail.tests.common import MailCase

from .common import CasesCommon
from .justice import JusticeCommon


@tagged("post_install", "-at_install")
class TestClosure(MailCase, CasesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env.ref("osc_cases.osc_closure_reason_needs_met")

    def _quiet_case(self, **vals):
        """A case of which nothing is open."""
        self.env["osc.clock.type"].search([]).active = False
        self.policy.followup_days = False
        return self._report(**vals)

    def _ask(self, case, user=None, **vals):
        case = case.with_user(user or self.worker)
        action = case.action_ask_closing()
        Request = case.env[action["res_model"]].with_context(**action["context"])
        form = Form(Request)
        form.reason_id = self.reason
        for name, value in vals.items():
            form[name] = value
        form.save().action_confirm()
        return case.closure_ids.sorted("id")[-1:]

    # ------------------------------------------------------------------
    # Without approval
    # ------------------------------------------------------------------
    def test_case_worker_closes(self):
        case = self._quiet_case()
        closure = self._ask(case, may_resume=True)
        self.assertEqual(case.state, "closed")
        self.assertEqual(closure.state, "closed")
        self.assertEqual(closure.reason_id, self.reason)
        self.assertTrue(closure.may_resume)
        self.assertEqual(closure.requested_by_id, self.worker)

    def test_the_method_alone_closes_too(self):
        case = self._report()
        case.action_close()
        self.assertEqual(case.closure_ids.mapped("state"), ["closed"])
        self.assertTrue(case.closure_ids.open_items)
        with self.assertRaises(UserError):
            case.action_close()
        with self.assertRaises(UserError):
            case.action_ask_closing()

    def test_what_is_open_is_explained(self):
        case = self._report(
            requested_service_ids=[
                Command.set(self.env["osc.service"].search([])[:1].ids)
            ]
        )
        request = self.env["osc.case.closing.request"].with_user(self.worker)
        request = request.create({"case_id": case.id, "reason_id": self.reason.id})
        self.assertEqual(len(request.open_service_ids), 1)
        self.assertEqual(len(request.open_followup_ids), 2)
        self.assertEqual(len(request.open_clock_ids), 1)
        with self.assertRaises(UserError):
            request.action_confirm()
        self.assertEqual(case.state, "reported")
        request.explanation = "She moved to her sister's town"
        request.action_confirm()
        self.assertEqual(case.closure_ids.open_items, 4)
        self.assertEqual(case.closure_ids.explanation, "She moved to her sister's town")

    def test_ended_things_need_no_words(self):
        case = self._report()
        case.followup_ids.action_declined()
        case.clock_ids.action_waive("She wants to be left alone")
        self._ask(case)
        self.assertEqual(case.state, "closed")

    # ------------------------------------------------------------------
    # With approval
    # ------------------------------------------------------------------
    def test_approved_by_the_manager(self):
        self.policy.closure_needs_approval = True
        case = self._quiet_case()
        with self.assertRaisesRegex(UserError, "ask"):
            case.action_close()
        closure = self._ask(case)
        self.assertEqual(case.state, "reported")
        self.assertEqual(closure.state, "requested")
        message = self.env["mail.message"].search(
            [("subject", "=", f"To approve: {case.name}")]
        )
        self.assertEqual(message.notified_partner_ids, self.manager.partner_id)
        with self.assertRaises(UserError):
            self._ask(case)
        for user in (self.worker, self.coordinator, self.colleague, self.administrator):
            with self.assertRaises(AccessError):
                closure.with_user(user).action_approve()
        closure.with_user(self.manager).action_approve()
        self.assertEqual((case.state, closure.state), ("closed", "closed"))
        self.assertEqual(closure.decided_by_id, self.manager)
        with self.assertRaises(UserError):
            closure.with_user(self.manager).action_approve()

    def test_returned_with_a_reason(self):
        self.policy.closure_needs_approval = True
        case = self._quiet_case()
        closure = self._ask(case)
        with self.assertRaises(AccessError):
            closure.action_return("not mine to say")
        with self.assertRaises(UserError):
            closure.with_user(self.manager).action_return(" ")
        wizard = self.env["osc.case.closure.return"].with_user(self.manager)
        wizard.create(
            {"closure_id": closure.id, "reason": "Review the safety plan"}
        ).action_confirm()
        self.assertEqual((case.state, closure.state), ("reported", "returned"))
        self.assertEqual(closure.return_reason, "Review the safety plan")
        again = self._ask(case)
        again.with_user(self.manager).action_approve()
        self.assertEqual(case.state, "closed")
        self.assertEqual(len(case.closure_ids), 2)

    def test_nobody_approves_their_own(self):
        self.policy.closure_needs_approval = True
        case = self._quiet_case()
        case.with_user(self.manager).case_worker_id = self.manager
        with self.assertRaises(UserError):
            case.with_user(self.manager).action_close()
        closure = self._ask(case, self.manager)
        self.assertEqual(closure.state, "requested")
        with self.assertRaises(AccessError):
            closure.with_user(self.manager).action_approve()

    def test_the_manager_closes_directly(self):
        self.policy.closure_needs_approval = True
        case = self._quiet_case()
        closure = self._ask(case)
        case.with_user(self.manager).action_close()
        self.assertEqual(case.state, "closed")
        self.assertEqual(case.closure_ids, closure)
        self.assertEqual(closure.decided_by_id, self.manager)

    def test_the_manager_asks_again_what_was_asked_before(self):
        self.policy.closure_needs_approval = True
        case = self._report()
        first = self._ask(case, explanation="She moved away")
        self._ask(case, self.manager, explanation="She moved away, she wrote")
        self.assertEqual(case.state, "closed")
        self.assertEqual(case.closure_ids.mapped("state").count("closed"), 1)
        self.assertEqual(first.state, "returned")

    def test_the_manager_explains_what_is_open(self):
        self.policy.closure_needs_approval = True
        case = self._report()
        with self.assertRaises(UserError):
            case.with_user(self.manager).action_close()
        self._ask(case, self.manager, explanation="Handed over on paper")
        self.assertEqual(case.state, "closed")

    def test_a_center_without_policy(self):
        self.center.policy_id = False
        self.policy.active = False
        self._quiet_case().action_close()

    # ------------------------------------------------------------------
    # Reopen
    # ------------------------------------------------------------------
    def test_history_stays(self):
        case = self._quiet_case()
        first = self._ask(case)
        case.action_reopen()
        self.assertEqual((case.state, first.state), ("active", "reopened"))
        self.assertEqual(first.reopened_by_id, self.worker)
        self.assertTrue(first.closed_at and first.reopened_at)
        second = self._ask(case)
        self.assertEqual(case.closure_ids, first | second)
        case.action_reopen()
        self.assertEqual(first.state, "reopened")
        self.assertLessEqual(first.reopened_at, second.reopened_at)

    # ------------------------------------------------------------------
    # Who may
    # ------------------------------------------------------------------
    def test_nobody_writes_closures(self):
        case = self._quiet_case()
        closure = self._ask(case)
        for user in (self.worker, self.manager, self.administrator):
            with self.assertRaises(AccessError):
                closure.with_user(user).write({"state": "requested"})
            with self.assertRaises(AccessError):
                closure.with_user(user).unlink()
            with self.assertRaises(AccessError):
                closure.with_user(user).create({"case_id": case.id})

    def test_others_neither_read_nor_close(self):
        case = self._quiet_case()
        medic = self.people["medical"].user_id
        for user in (
            self.colleague,
            self.coordinator,
            self.other_manager,
            self.auditor,
            self.administrator,
            self.internal,
            self.portal,
            medic,
        ):
            with self.assertRaises(AccessError):
                case.with_user(user).action_close()
            with self.assertRaises(AccessError):
                case.with_user(user).action_ask_closing()
        closure = self._ask(case)
        for user in (self.colleague, self.coordinator, self.auditor, medic):
            with self.assertRaises(AccessError):
                closure.with_user(user).read(["reason_id"])

    def test_requests_are_ones_own(self):
        case = self._quiet_case()
        request = self.env["osc.case.closing.request"].with_user(self.worker)
        request = request.create({"case_id": case.id, "reason_id": self.reason.id})
        with self.assertRaises(AccessError):
            request.with_user(self.manager).action_confirm()


@tagged("post_install", "-at_install")
class TestOpenWork(JusticeCommon):
    """Whoever closes a case learns that others haven't finished, and not what it is."""

    def test_what_others_have_not_finished_is_said(self):
        request = (
            self.env["osc.case.closing.request"]
            .with_user(self.worker)
            .create({"case_id": self.case.id})
        )
        self.assertFalse(request.open_work)
        proceeding = self._proceeding()
        self._hearing(proceeding, place="Court of sessions, room 7")
        self._make("osc.case.conference", self.worker, start=fields.Datetime.now())
        self._make(
            "osc.financial.aid",
            self.worker,
            type_id=self.env.ref("osc_cases.osc_financial_aid_type_transport").id,
            fund_id=self.env.ref("osc_cases.osc_financial_fund_center").id,
            amount=1500,
        ).action_request()
        self.case.sudo().risk_level = "high"
        self._settle()
        self.assertFalse(proceeding.with_user(self.worker).has_access("read"))
        self.assertFalse(self.case.with_user(self.police)._open_work())
        self.assertEqual(
            request.open_work.split("\n"),
            [
                "She is in high danger by the latest assessment",
                "Proceedings that haven't ended: 1",
                "Hearings to come: 1",
                "Conferences planned: 1",
                "Aid requested or approved, and not paid: 1",
            ],
        )
        self.case.followup_ids.action_declined()
        for clock in self.case.clock_ids:
            clock.action_waive("She wants to be left alone")
        with self.assertRaisesRegex(UserError, "Something is still open"):
            request.action_confirm()
        request.explanation = "She moved; the court goes on"
        request.action_confirm()
        self.assertEqual(self.case.closure_ids.open_items, 5)
