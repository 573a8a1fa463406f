import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.osc_cases.tests.common import NAME, PHONE

from .common import ReferralCommon


@tagged("post_install", "-at_install")
class TestConsent(ReferralCommon):
    """What is passed on, on what ground, and until when."""

    def _consent(self, case, scope, partner=None, **vals):
        return (
            self.env["osc.consent"]
            .with_user(self.worker)
            .create(
                {
                    "case_id": case.id,
                    "scope": scope,
                    "partner_id": (partner or self.partner).id,
                    **vals,
                }
            )
        )

    def _codes(self, referral, user=None):
        """Lines that are open to somebody."""
        self.env.invalidate_all()
        return [
            line["code"]
            for line in referral.with_user(user or self.helper)._open_lines()
        ]

    # ------------------------------------------------------------------
    # What says her name closes with her name
    # ------------------------------------------------------------------
    def _withdraw(self, referral, scope):
        consents = referral.sudo().case_id.consent_ids
        consents.filtered(lambda c: c.scope == scope).with_user(
            self.worker
        ).action_withdraw()
        self.env.flush_all()
        self.env.invalidate_all()

    def test_a_note_with_her_name_closes_with_it(self):
        referral = self._refer()
        self._agree(referral, "identity")
        referral.note = f"{NAME} fears her brother"
        referral.action_send()
        referral.action_write(f"{NAME} comes at ten")
        referral.action_write("She comes at ten")
        texts = self.env["osc.referral.message"].with_user(self.helper)
        self.assertIn("note", self._codes(referral))
        self.assertEqual(len(texts.search([])), 2)
        self._withdraw(referral, "identity")
        self.assertEqual(self._codes(referral), ["urgency", "age"])
        self.assertEqual(texts.search([]).mapped("body"), ["She comes at ten"])

    def test_an_answer_with_her_phone_number_closes_with_it(self):
        referral = self._sent("identity", "contact")
        referral.action_write(f"Call her: {PHONE}")
        texts = self.env["osc.referral.message"].with_user(self.helper)
        about = [("referral_id", "=", referral.id), ("kind", "=", "answer")]
        self.assertEqual(texts.search_count(about), 1)
        self._withdraw(referral, "contact")
        self.assertEqual(texts.search_count(about), 0)

    def test_a_note_says_no_phone_number_that_is_not_passed_on(self):
        referral = self._refer()
        self._agree(referral, "identity")
        referral.note = f"Phone her: {PHONE}"
        with self.assertRaisesRegex(UserError, "says who she is"):
            referral.action_send()

    def test_the_letter_on_paper_says_what_is_open_to_the_partner(self):
        referral = self._sent("identity")
        self._withdraw(referral, "identity")
        self.assertIn("identity", self._codes(referral, self.worker))
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.worker)
            ._render_qweb_html("osc_referral.report_letter", referral.ids)
        )
        self.assertNotIn(NAME.encode(), html)

    def test_no_letter_without_content_is_printed(self):
        referral = self._sent()
        with self.assertRaisesRegex(UserError, "the case worker prints"):
            referral.with_user(self.manager)._check_may_print()

    def test_each_withdrawal_is_told(self):
        referral = self._sent("identity")
        self._withdraw(referral, "identity")
        told = len(self._mails())
        self._withdraw(referral, "referral")
        self.assertFalse(self._codes(referral))
        self.assertGreater(len(self._mails()), told, "the letter has to be destroyed")

    # ------------------------------------------------------------------
    # Grounds
    # ------------------------------------------------------------------
    def test_each_line_needs_its_scope(self):
        referral = self._refer()
        self._agree(referral)
        self.assertNotIn("identity", referral.allowed_item_ids.mapped("code"))
        referral.shared_scope = [Command.link(self.items["identity"].id)]
        with self.assertRaisesRegex(UserError, "hasn't agreed"):
            referral.action_send()
        self._consent(referral.case_id, "identity")
        referral.action_send()
        lines = {line["code"]: line["text"] for line in referral._open_lines()}
        self.assertEqual(lines["identity"], NAME)
        self.assertEqual(lines["age"].replace("\u200e", ""), "18+ · Female")

    def test_consent_to_another_partner_is_none(self):
        referral = self._refer()
        self._consent(referral.case_id, "referral", self.other_partner)
        with self.assertRaises(UserError):
            referral.action_send()

    def test_consent_for_a_discipline_is_none(self):
        """It is for those who work on the case."""
        referral = self._refer()
        self.env["osc.consent"].with_user(self.worker).create(
            {
                "case_id": referral.case_id.id,
                "scope": "identity",
                "discipline_id": referral.discipline_id.id,
            }
        )
        with self.assertRaises(UserError):
            referral.action_send()

    def test_consent_for_the_agency_of_the_partner(self):
        agency = self.env["osc.agency"].create(
            {"name": "Aasra at the center", "partner_id": self.partner.id}
        )
        referral = self._refer()
        self._consent(
            referral.case_id, "identity", partner_id=False, agency_id=agency.id
        )
        referral.action_send()
        self.assertIn("urgency", self._codes(referral))

    def test_named_duty_serves(self):
        referral = self._refer()
        self.env["osc.disclosure"].with_user(self.worker).create(
            {
                "case_id": referral.case_id.id,
                "scope": "referral",
                "partner_id": self.partner.id,
                "basis": "vital_interest",
                "reason": "She bleeds",
                "expires_at": fields.Datetime.now() + timedelta(hours=6),
            }
        )
        referral.action_send()
        self.assertIn("urgency", self._codes(referral))
        self._pass_minutes(6 * 60 + 1)
        self.assertEqual(self._codes(referral), [])

    def test_receiver_is_exactly_one(self):
        case = self._case()
        with self.assertRaises(ValidationError):
            self._consent(case, "identity", discipline_id=self.disciplines["legal"].id)
        for vals in (
            {"scope": "referral", "discipline_id": self.disciplines["legal"].id},
            {"scope": "statistics", "partner_id": self.partner.id},
        ):
            with self.assertRaises(ValidationError):
                self.env["osc.consent"].with_user(self.worker).create(
                    {"case_id": case.id, **vals}
                )

    def test_partner_consent_opens_nothing_inside(self):
        case = self._case()
        before = len(case.sudo().member_ids.scope_ids)
        self._consent(case, "identity")
        self.assertEqual(len(case.sudo().member_ids.scope_ids), before)

    def test_only_what_the_sender_knows(self):
        referral = self._refer()
        self._agree(referral, "identity")
        referral.with_user(self.manager).case_id.check_access("write")
        with self.assertRaisesRegex(AccessError, "isn't open to you"):
            referral.with_user(self.manager).action_send()

    def test_note_says_no_name_without_consent(self):
        referral = self._refer(note=f"{NAME} waits outside")
        self._agree(referral)
        with self.assertRaisesRegex(UserError, "who she is"):
            referral.action_send()
        self._agree(referral, "identity")
        referral.action_send()

    # ------------------------------------------------------------------
    # Frozen
    # ------------------------------------------------------------------
    def test_frozen_as_sent(self):
        referral = self._sent("identity")
        referral.case_id.survivor_id.full_name = "Somebody Else"
        referral.case_id.urgency = "emergency"
        lines = {
            line["code"]: line["text"]
            for line in self._as_partner(referral)._open_lines()
        }
        self.assertEqual(lines["identity"], NAME)
        self.assertEqual(lines["urgency"], "Urgent")

    def test_letter_of_staff_line_by_line(self):
        referral = self._sent("identity", note="Quiet room please")
        self.assertIn(NAME, referral.letter)
        manager = referral.with_user(self.manager)
        self.assertFalse(manager.letter, "supervision reads no content")
        # A colleague of the discipline whose service it is, without her name.
        self.env["osc.case.member"]._grant(
            referral.case_id.sudo(),
            self.people["psychosocial"].user_id,
            "intimated",
            self.disciplines["psychosocial"],
        )
        letter = referral.with_user(self.people["psychosocial"].user_id).letter
        self.assertIn("Quiet room please", letter)
        self.assertNotIn(NAME, letter)

    # ------------------------------------------------------------------
    # Taken back
    # ------------------------------------------------------------------
    def test_taking_back_closes_at_once(self):
        referral = self._sent("identity", "contact")
        referral.action_accept()
        self._as_partner(referral).action_write("When?")
        self.assertIn("identity", self._codes(referral))
        consents = referral.case_id.consent_ids
        consents.filtered(lambda c: c.scope == "identity").action_withdraw()
        codes = self._codes(referral)
        self.assertNotIn("identity", codes)
        self.assertIn("contact", codes)
        self.assertTrue(referral.closed_at)
        consents.filtered("is_valid").action_withdraw()
        self.assertEqual(self._codes(referral), [])
        Message = self.env["osc.referral.message"].with_user(self.helper)
        self.assertFalse(Message.search([]))
        partner = self._as_partner(referral)
        for refused in (partner.action_start, lambda: partner.action_write("Hello")):
            with self.assertRaises(UserError):
                refused()
        partner.action_complete("not_served")

    def test_document_closes_with_it(self):
        referral = self._sent()
        message = self._as_partner(referral)._add_document("plan.pdf", b"%PDF-1.4 x")
        document = message.sudo().document_id.with_user(self.helper)
        self.assertTrue(document.raw)
        referral.case_id.consent_ids.action_withdraw()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            document.read(["raw"])

    def test_both_sides_are_told(self):
        referral = self._sent("identity")
        self.env["mail.mail"].search([]).unlink()
        consents = referral.case_id.consent_ids
        consents.filtered(lambda c: c.scope == "identity").action_withdraw()
        told = self.env["mail.message"].search(
            [("subject", "=", f"Referral {referral.name}")], order="id desc", limit=2
        )
        self.assertEqual(
            told.notified_partner_ids, self.helper.partner_id | self.worker.partner_id
        )
        for message in told:
            self.assertNotIn(NAME, message.body)

    def test_running_out_is_noticed(self):
        case = self._case()
        self._consent(
            case, "referral", expires_at=fields.Datetime.now() + timedelta(minutes=30)
        )
        referral = self._refer(case)
        referral.action_send()
        self._run_cron()
        self.assertFalse(referral.closed_at)
        self._pass_minutes(31)
        self.assertEqual(self._codes(referral), [])
        self._run_cron()
        self.assertEqual(referral.closed_at, fields.Datetime.now())

    def test_what_is_over_is_closed(self):
        for end in ("cancel", "decline", "complete"):
            referral = self._sent()
            referral.action_accept()
            getattr(referral, f"action_{end}")()
            self.assertEqual(self._codes(referral), [], end)

    # ------------------------------------------------------------------
    # Audit trail and paper
    # ------------------------------------------------------------------
    def test_opening_in_the_portal_is_noted(self):
        referral = self._sent("identity")
        self._as_partner(referral)._open_for_partner()
        entry = self.env["osc.audit.entry"].search(
            [("user_id", "=", self.helper.id), ("action", "=", "read")], limit=1
        )
        self.assertEqual(entry.res_id, referral.id)
        self.assertEqual(entry.reference, referral.case_id.name)
        self.assertIn("identity", entry.details)
        self.assertNotIn(NAME, json.dumps(entry.read()[0], default=str))

    def test_letter_as_pdf(self):
        referral = self._sent("identity", note="Quiet room please")
        report = self.env.ref("osc_referral.osc_referral_letter_report")
        html, kind = (
            report.with_user(self.worker)
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(report, referral.ids)
        )
        self.assertEqual(kind, "pdf")
        self.assertTrue(html.startswith(b"%PDF"))
        self.assertNotIn(NAME.encode(), report.print_report_name.encode())
        referral.case_id.consent_ids.action_withdraw()
        with self.assertRaises(UserError):
            report.with_user(self.worker)._render_qweb_html(report, referral.ids)
        draft = self._refer(referral.case_id)
        with self.assertRaises(UserError):
            report.with_user(self.worker)._render_qweb_html(report, draft.ids)

    def test_prints_say_to_which_partner_she_agreed(self):
        case = self._sent("identity").case_id
        for model, report, vals in (
            ("osc.case.print", "osc_cases.report_case_summary", {}),
            ("osc.consent.print", "osc_cases.report_consent_form", {"is_filled": True}),
        ):
            Doc = self.env[model].with_user(self.worker)
            doc = Doc.create({"case_id": case.id, **vals})
            html, _kind = (
                self.env["ir.actions.report"]
                .with_user(self.worker)
                ._render_qweb_html(report, doc.ids)
            )
            self.assertIn(self.partner.name, str(html), report)
