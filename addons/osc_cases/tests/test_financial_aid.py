import base64

from lxml import etree
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .justice import JusticeCommon


@tagged("post_install", "-at_install")
class TestFinancialAid(JusticeCommon):
    """Money: one asks, another approves, and a receipt is kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fund = cls.env.ref("osc_cases.osc_financial_fund_center")
        cls.transport = cls.env.ref("osc_cases.osc_financial_aid_type_transport")

    def _aid(self, user=None, **vals):
        return self._make(
            "osc.financial.aid",
            user or self.worker,
            **{
                "type_id": self.transport.id,
                "fund_id": self.fund.id,
                "amount": 1500,
                "need": "A bus to her sister",
                **vals,
            },
        )

    def _requested(self, user=None, **vals):
        aid = self._aid(user, **vals)
        aid.action_request()
        self._settle()
        return aid

    def _approved(self, user=None):
        aid = self._requested(user)
        aid.with_user(self.manager).action_approve()
        self._settle()
        return aid

    def test_from_the_need_to_the_receipt(self):
        aid = self._requested()
        self.assertEqual(aid.requested_by_id, self.worker)
        aid.with_user(self.manager).action_approve()
        self.assertEqual(aid.decided_by_id, self.manager)
        self._settle()
        aid.with_user(self.financial).action_pay()
        self.assertEqual(aid.state, "paid")
        self.assertEqual(aid.paid_by_id, self.financial)
        file = (
            self.env["ir.attachment"]
            .with_user(self.financial)
            .create({"name": "bill.txt", "raw": b"bus ticket"})
        )
        aid.with_user(self.financial).receipt_ids = file
        self._settle()
        self.assertEqual((file.res_model, file.res_id), ("osc.financial.aid", aid.id))
        self.assertTrue(file.sudo().vault_key)
        self.assertEqual(
            base64.b64decode(file.with_user(self.manager).datas), b"bus ticket"
        )
        for user in (self.internal, self.medical, self.coordinator):
            with self.subTest(user=user.login):
                self.assertFalse(file.with_user(user).has_access("read"))

    def test_in_money_of_the_place(self):
        rupee = self.env.ref("base.PKR")
        self.center.country_id = self.env.ref("base.pk")
        rupee.active = False
        before = self._aid()
        self.assertEqual(before.currency_id, self.center.company_id.currency_id)
        rupee.active = True
        self.assertEqual(self._aid().currency_id, rupee)
        self._settle()
        self.assertEqual(before.currency_id, self.center.company_id.currency_id)

    def test_two_people(self):
        own = self._requested(self.manager)
        self.assertFalse(own.may_decide)
        for action in ("action_approve", "action_refuse"):
            with self.assertRaises(AccessError):
                getattr(own, action)()
        aid = self._requested()
        for user in (self.worker, self.financial, self.police):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                aid.with_user(user).action_approve()
        for user in (self.other_manager, self.coordinator, self.internal):
            with self.subTest(user=user.login), self._refused():
                aid.with_user(user).action_approve()
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.env.cr.execute(
                "UPDATE osc_financial_aid SET decided_by_id = requested_by_id "
                "WHERE id = %s",
                [aid.id],
            )

    def test_who_was_requester_and_becomes_manager_does_not_approve(self):
        aid = self._requested()
        self.center.manager_id = self.worker
        self.worker.group_ids = [
            fields.Command.link(self.env.ref("osc_base.group_center_manager").id)
        ]
        self._settle()
        with self.assertRaises(AccessError):
            aid.action_approve()

    def test_refusing_needs_a_reason(self):
        aid = self._requested().with_user(self.manager)
        with self.assertRaises(UserError):
            aid.action_refuse()
        with self.assertRaises(AccessError):
            aid.with_user(self.worker).decision_note = "Because"
        aid.decision_note = "The fund is for medicine"
        aid.action_refuse()
        self.assertEqual(aid.state, "refused")
        for action in ("action_approve", "action_pay", "action_request"):
            with self.subTest(action=action), self.assertRaises(UserError):
                getattr(aid, action)()

    def test_what_is_refused_in_which_state(self):
        allowed = {
            "draft": {"action_request", "action_cancel"},
            "requested": {"action_approve", "action_cancel"},
            "approved": {"action_pay", "action_cancel"},
            "refused": set(),
            "paid": set(),
            "cancelled": set(),
        }
        actions = ("action_request", "action_approve", "action_pay", "action_cancel")
        for state, possible in allowed.items():
            for action in set(actions) - possible:
                aid = self._requested()
                decided = state in ("approved", "refused", "paid")
                # Directly in the state, whatever the way to it.
                aid.sudo().write(
                    {"state": state, "decided_by_id": decided and self.manager.id}
                )
                self._settle()
                user = self.manager if action == "action_approve" else self.worker
                with (
                    self.subTest(state=state, action=action),
                    self.assertRaises(UserError),
                ):
                    getattr(aid.with_user(user), action)()

    def test_nothing_is_written_past_the_actions(self):
        aid = self._aid(state="approved", decided_by_id=self.manager.id)
        self.assertEqual(aid.state, "draft")
        self.assertFalse(aid.decided_by_id)
        for vals in (
            {"state": "paid"},
            {"decided_by_id": self.manager.id},
            {"requested_by_id": self.police.id},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                aid.write(vals)
        aid.action_request()
        for vals in (
            {"amount": 15000},
            {"fund_id": False},
            {"need": "something else"},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                aid.write(vals)
        with self.assertRaises(UserError):
            aid.unlink()
        self._aid().unlink()

    def test_only_a_draft_can_be_deleted_in_the_form_of_the_case(self):
        """Otherwise saving the case would fail, with all that was written in it."""
        arch = self.case.with_user(self.worker).get_view(
            self.env.ref("osc_cases.osc_case_view_form").id, "form"
        )["arch"]
        field = etree.fromstring(arch).find(".//field[@name='aid_ids']")
        for view in ("list", "kanban"):
            with self.subTest(view=view):
                delete = field.find(f"{view}/control/delete")
                self.assertEqual(delete.get("invisible"), "state != 'draft'")

    def test_a_request_needs_a_fund_and_an_amount(self):
        with self.assertRaises(UserError):
            self._aid(fund_id=False).action_request()
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self._aid(amount=0)

    def test_who_reads_and_who_asks(self):
        aid = self._aid()
        bill = self.env["ir.attachment"].create(
            {
                "name": "bill.jpg",
                "raw": b"Her name and where she lives",
                "res_model": aid._name,
                "res_id": aid.id,
            }
        )
        for record in (aid, bill):
            self._assert_reads(record, self.worker, self.manager, self.financial)
        for user in (self.worker, self.manager, self.financial):
            self.assertTrue(self.case.with_user(user).shows_aid)
        self.assertFalse(self.case.with_user(self.police).shows_aid)
        self._aid(self.financial)
        for user in (self.police, self.colleague, self.medical, self.internal):
            with self.subTest(user=user.login), self._refused():
                self._aid(user)
        with self._refused():
            aid.with_user(self.police).write({"amount": 1})
        with self._refused():
            aid.with_user(self.police).action_request()

    def test_the_case_cannot_be_exchanged(self):
        other = self._taken_on(self.worker)
        with self.assertRaises(AccessError):
            self._aid().case_id = other

    def test_totals_per_fund_say_nothing_about_anybody(self):
        self._approved()
        self._approved()
        Aid = self.env["osc.financial.aid"].with_user(self.manager)
        rows = Aid.formatted_read_group(
            [("case_id", "=", self.case.id)], ["fund_id"], ["amount:sum"]
        )
        self.assertEqual([row["amount:sum"] for row in rows], [3000])
        self.assertFalse(
            self.env["osc.financial.aid"]
            .with_user(self.other_manager)
            .formatted_read_group([], ["fund_id"], ["amount:sum"])
        )
        stored = {
            name
            for name, field in Aid._fields.items()
            if field.store and field.type in ("char", "text", "html")
        }
        self.assertEqual(stored, {"need", "decision_note"}, "and these are encrypted")

    def test_need_is_in_the_vault(self):
        aid = self._aid(need="A bus to her sister in Multan")
        self.env.cr.execute(
            "SELECT need FROM osc_financial_aid WHERE id = %s", [aid.id]
        )
        self.assertNotIn("Multan", self.env.cr.fetchone()[0])

    def test_lists_are_configured_by_managers(self):
        for user in (self.manager, self.administrator):
            self.env["osc.financial.fund"].with_user(user).create({"name": "New"})
        for user in (self.worker, self.financial, self.internal):
            with self.subTest(user=user.login), self._refused():
                self.env["osc.financial.fund"].with_user(user).create({"name": "New"})
