from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.osc_cases.tests.common import NAME, NOW

from .common import ReferralCommon

MOMENT = fields.Datetime.to_datetime(NOW)
STATES = (
    "draft",
    "sent",
    "accepted",
    "declined",
    "in_service",
    "completed",
    "cancelled",
)
# Every way in which a referral may go; all others are refused.
ALLOWED = {
    "draft": {"sent", "cancelled"},
    "sent": {"accepted", "declined", "cancelled"},
    "accepted": {"in_service", "declined", "completed", "cancelled"},
    "in_service": {"completed", "cancelled"},
    "declined": set(),
    "completed": set(),
    "cancelled": set(),
}
WAYS = {
    "draft": (),
    "sent": ("sent",),
    "accepted": ("sent", "accepted"),
    "declined": ("sent", "declined"),
    "in_service": ("sent", "accepted", "in_service"),
    "completed": ("sent", "accepted", "completed"),
    "cancelled": ("cancelled",),
}


@tagged("post_install", "-at_install")
class TestReferral(ReferralCommon):
    def _go(self, referral, state):
        {
            "sent": referral.action_send,
            "accepted": referral.action_accept,
            "declined": lambda: referral.action_decline("full"),
            "in_service": referral.action_start,
            "completed": referral.action_complete,
            "cancelled": referral.action_cancel,
        }[state]()

    # ------------------------------------------------------------------
    # States
    # ------------------------------------------------------------------
    def test_every_transition(self):
        case = self._case()
        for start in STATES:
            for end in set(STATES) - {"draft"}:
                referral = self._refer(case)
                self._agree(referral)
                for step in WAYS[start]:
                    self._go(referral, step)
                with self.subTest(start=start, end=end):
                    if end in ALLOWED[start]:
                        self._go(referral, end)
                        self.assertEqual(referral.state, end)
                    else:
                        with self.assertRaises(UserError):
                            self._go(referral, end)
                        self.assertEqual(referral.state, start)

    def test_state_cannot_be_written(self):
        referral = self._refer()
        for vals in (
            {"state": "accepted"},
            {"sent_at": NOW},
            {"outcome": "served"},
            {"closed_at": False},
            {"former_id": referral.id},
        ):
            with self.assertRaises(AccessError):
                referral.write(vals)
            with self.assertRaises(AccessError):
                self._refer(**vals)

    def test_defaults_of_the_context_set_no_state(self):
        referral = (
            self.env["osc.referral"]
            .with_user(self.worker)
            .with_context(default_state="completed", default_outcome="served")
            .create({"case_id": self._case().id, "service_id": self.service.id})
        )
        self.assertEqual((referral.state, referral.outcome), ("draft", False))

    def test_what_was_sent_stays(self):
        referral = self._sent()
        with self.assertRaises(UserError):
            referral.partner_id = self.other_partner
        with self.assertRaises(UserError):
            referral.note = "More"
        with self.assertRaises(UserError):
            referral.unlink()
        self._refer(referral.case_id).unlink()

    def test_moved_to_another_case_only_by_who_may_change_that(self):
        referral = self._refer()
        foreign = self._report(user=self.other_worker, center_id=self.other_center.id)
        with self.assertRaises(AccessError):
            referral.case_id = foreign

    # ------------------------------------------------------------------
    # Sending
    # ------------------------------------------------------------------
    def test_a_note_goes_along_to_another_case(self):
        referral = self._refer(note="She stutters when men are near")
        case = self._case()
        referral.case_id = case
        self.assertEqual(referral.sudo().message_ids.case_id, case)
        self.assertEqual(referral.note, "She stutters when men are near")

    def test_not_without_consent(self):
        referral = self._refer()
        with self.assertRaisesRegex(UserError, "Nothing says"):
            referral.action_send()
        self.assertEqual(referral.state, "draft")

    def test_not_without_a_partner_who_gives_it(self):
        case = self._case()
        referral = self._refer(case)
        referral.partner_id = False
        with self.assertRaisesRegex(UserError, "Choose the partner"):
            referral.action_send()
        stranger = self._make_partner("Other things", self.catalog["legal_advice"])
        referral.partner_id = stranger
        with self.assertRaisesRegex(UserError, "doesn't give"):
            referral.action_send()

    def test_not_for_a_service_that_left_the_catalog(self):
        referral = self._refer()
        self.service.active = False
        with self.assertRaisesRegex(UserError, "in the catalog"):
            referral.action_send()

    def test_not_of_a_draft_case(self):
        referral = self._refer(self._draft())
        with self.assertRaisesRegex(UserError, "is not open"):
            referral.action_send()

    def test_due_from_the_target_of_the_service(self):
        self.service.target_minutes = 90
        referral = self._sent()
        self.assertEqual(referral.due_at, MOMENT + timedelta(minutes=90))
        self.service.target_minutes = 0
        self.policy.referral_answer_hours = 5
        referral = self._sent()
        self.assertEqual(referral.due_at, MOMENT + timedelta(hours=5))

    def test_service_of_the_case_follows(self):
        referral = self._sent()
        service = referral.case_id.service_ids
        self.assertEqual(len(service), 1)
        self.assertEqual(service.state, "referred")
        referral.action_accept()
        self.assertEqual(service.state, "referred")
        self._pass_minutes(60)
        referral.action_complete("served", "Two sessions")
        self.assertEqual(service.state, "delivered")
        self.assertEqual(service.delivered_at, fields.Datetime.now())

    def test_service_is_asked_for_again(self):
        for end in ("cancelled", "declined"):
            referral = self._sent()
            self._go(referral, end)
            self.assertEqual(referral.case_id.service_ids.state, "requested", end)
        referral = self._sent()
        referral.action_accept()
        referral.action_complete("not_seen")
        self.assertEqual(referral.case_id.service_ids.state, "requested")

    def test_service_nobody_asked_for_is_added(self):
        case = self._report()
        referral = self._sent(case=case)
        self.assertEqual(case.service_ids, referral.case_service_id)

    def test_two_partners_at_once(self):
        case = self._case()
        first = self._sent(case=case)
        second = self._sent(case=case, partner=self.other_partner)
        second.action_decline("full")
        self.assertEqual(case.service_ids.state, "referred", "the first is at it")
        first.action_cancel()
        self.assertEqual(case.service_ids.state, "requested")

    # ------------------------------------------------------------------
    # Declined, and the next
    # ------------------------------------------------------------------
    def test_declined_proposes_the_next(self):
        referral = self._sent(note="Speaks Pashto only")
        self._as_partner(referral).action_decline("full", "Until Monday")
        self.assertEqual(referral.decline_reason, "full")
        following = referral.following_ids
        self.assertEqual(following.partner_id, self.other_partner)
        self.assertEqual(following.state, "draft")
        self.assertEqual(following.case_id, referral.case_id)
        self.assertEqual(following.note, "Speaks Pashto only")
        self.assertFalse(following.has_ground, "she agreed to the other partner")
        with self.assertRaises(UserError):
            following.action_send()
        self._agree(following)
        following.action_send()
        following.action_decline("full")
        last = following.following_ids
        self.assertFalse(last.partner_id, "nobody is left; the need stays visible")
        self.assertEqual(last.state, "draft")

    def test_reason_must_be_one(self):
        referral = self._sent()
        with self.assertRaises(UserError):
            referral.action_decline("because")
        with self.assertRaises(UserError):
            self._refer().action_complete("wonderful")

    # ------------------------------------------------------------------
    # She is asked
    # ------------------------------------------------------------------
    def test_she_is_asked_whether_she_was_served(self):
        self.policy.followup_days = ""
        referral = self._sent()
        referral.action_accept()
        with self.assertRaises(UserError):
            referral.action_she_was_served()
        referral.action_complete()
        followup = referral.followup_id
        self.assertEqual(followup.due_on, MOMENT.date() + timedelta(days=7))
        referral.action_she_was_not_served()
        self.assertEqual(referral.she_says, "not_served")
        self.assertEqual(referral.asked_by_id, self.worker)
        self.assertEqual(referral.case_id.service_ids.state, "requested")
        self.assertEqual(referral.following_ids.partner_id, self.other_partner)

    def test_planned_followup_serves(self):
        self.policy.followup_days = "5"
        referral = self._sent()
        planned = referral.case_id.followup_ids
        referral.action_accept()
        referral.action_complete()
        self.assertEqual(referral.followup_id, planned)
        self.assertEqual(referral.case_id.followup_ids, planned)
        with self.assertRaises(AccessError):
            self._as_partner(referral).action_she_says("served")

    # ------------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------------
    def test_figures_per_partner(self):
        case = self._case()
        for minutes, step in ((10, "accepted"), (30, "declined"), (None, None)):
            referral = self._sent(case=case)
            if minutes:
                self._pass_minutes(minutes)
                self._go(referral, step)
        rows = (
            self.env["osc.referral"]
            .with_user(self.worker)
            ._read_group(
                [("partner_id", "=", self.partner.id)],
                ["partner_id"],
                ["answer_minutes:avg", "acceptance:avg", "completion:avg", "__count"],
            )
        )
        self.assertEqual(rows, [(self.partner, 20, 50, False, 3)])

    def test_neutral_names(self):
        referral = self._sent("identity")
        self.assertRegex(referral.name, r"^REF-2026-\d{5}$")
        for message in referral.sudo().message_ids:
            self.assertNotIn(NAME, message.display_name)

    def test_list_within_budget(self):
        case = self._case()
        self._refer(case)
        for _number in range(10):
            self._sent(case=case)
        referrals = self.env["osc.referral"].with_user(self.worker)
        names = {name: {} for name in ("name", "case_id", "partner_id", "state")}
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            rows = referrals.web_search_read([], names)
        self.assertGreaterEqual(rows["length"], 11)


@tagged("post_install", "-at_install")
class TestQuestions(ReferralCommon):
    def test_question_answer_and_document(self):
        referral = self._sent()
        partner = self._as_partner(referral)
        partner.action_write("Does she need an interpreter?")
        referral.action_write("Yes, Pashto")
        message = partner._add_document("plan.pdf", b"%PDF-1.4 plan")
        kinds = [m.kind for m in partner.env["osc.referral.message"].search([])]
        self.assertEqual(kinds, ["question", "answer", "document"])
        document = message.sudo().document_id
        self.assertTrue(document.vault_key, "encrypted")
        self.assertNotIn("plan", document.name)
        self.assertEqual(document.with_user(self.helper).raw, b"%PDF-1.4 plan")
        with self.assertRaises(AccessError):
            document.with_user(self.other_helper).read(["raw"])
        with self.assertRaises(UserError):
            partner.action_write("  ")

    def test_answer_says_no_name_without_consent(self):
        referral = self._sent()
        with self.assertRaisesRegex(UserError, "who she is"):
            referral.action_write(f"Her name is {NAME}")
        named = self._sent("identity", case=referral.case_id)
        named.action_write(f"Her name is {NAME}")

    def test_nothing_after_it_is_over(self):
        referral = self._sent()
        referral.action_cancel()
        for user in (self.worker, self.helper):
            with self.assertRaises(UserError):
                referral.with_user(user).action_write("Hello")
            with self.assertRaises(UserError):
                referral.with_user(user)._add_document("a.pdf", b"a")

    def test_closing_asks_about_it(self):
        """Nobody closes a case over a partner who still waits, or one never asked."""
        draft = self._refer()
        case = draft.case_id
        for open_referral in (draft, self._sent(case=case)):
            request = (
                self.env["osc.case.closing.request"]
                .with_user(self.worker)
                .create({"case_id": case.id})
            )
            self.assertIn(open_referral, request.open_referral_ids)
            before = case.with_user(self.worker)._count_open()
            open_referral.action_cancel()
            self.assertEqual(case.with_user(self.worker)._count_open(), before - 1)
            request.invalidate_recordset()
            self.assertNotIn(open_referral, request.open_referral_ids)

    def test_vault(self):
        referral = self._sent("identity", note="She fears the neighbour")
        self._as_partner(referral).action_write("Zebra question")
        self.env.flush_all()
        self.env.cr.execute("SELECT body FROM osc_referral_message")
        stored = " ".join(body or "" for (body,) in self.env.cr.fetchall())
        for word in (NAME, "neighbour", "Zebra question"):
            self.assertNotIn(word, stored)
        self.assertFalse(
            referral.message_ids.filtered(lambda m: m.kind in ("note", "letter"))
        )

    def test_two_services_one_command(self):
        referral = self._refer()
        referral.shared_scope = [Command.clear()]
        self._agree(referral)
        referral.action_send()
        self.assertFalse(referral.letter)
