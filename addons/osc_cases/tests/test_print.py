import io

from pypdf import PdfReader

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NAME, PHONE, CasesCommon

PLACE = "Tailor Teststreet"
WORDS = "HeCameAtNight"


@tagged("post_install", "-at_install")
class TestPrint(CasesCommon):
    """What goes on paper: the chosen parts, as far as they are open to who prints."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._only_rule("medical")
        cls.medical = cls.people["medical"].user_id
        cls.agency = cls.env["osc.agency"].create(
            {
                "name": "Test hospital",
                "discipline_ids": [Command.set(cls.disciplines["medical"].ids)],
            }
        )

    def setUp(self):
        super().setUp()
        self.case = self._report(
            survivor_name=NAME,
            survivor_phone=PHONE,
            survivor_age=30,
            incident_ids=[self._incident("rape")],
        )
        self._intimation(self.case, self.medical).action_acknowledge()
        content = {"case_id": self.case.id}
        self.env["osc.statement"].with_user(self.worker).create(
            {**content, "narrative": WORDS}
        )
        self.env["osc.safety.plan"].with_user(self.worker).create(
            {**content, "during_places": PLACE}
        )
        self.env.flush_all()
        self.env.invalidate_all()

    def _wizard(self, model, user=None, **vals):
        return (
            self.env[model]
            .with_user(user or self.worker)
            .create({"case_id": self.case.id, **vals})
        )

    def _text(self, wizard, user=None):
        """What stands on the pages that the button of a wizard makes."""
        action = wizard.action_print()
        report = self.env["ir.actions.report"].with_user(user or wizard.env.user)
        content, kind = report.with_context(
            force_report_rendering=True
        )._render_qweb_pdf(action["report_name"], wizard.ids)
        self.assertEqual(kind, "pdf")
        reader = PdfReader(io.BytesIO(content))
        return "\n".join(page.extract_text() for page in reader.pages)

    def _printed(self):
        return (
            self.env["osc.audit.entry"]
            .sudo()
            .search([("action", "=", "print"), ("reference", "=", self.case.name)])
        )

    # ------------------------------------------------------------------
    # Case summary
    # ------------------------------------------------------------------
    def test_times_are_those_of_the_center(self):
        self.worker.tz = "America/Mexico_City"
        center = self.case.sudo().center_id
        center.tz = "Asia/Karachi"
        text = self._text(self._wizard("osc.case.print"))
        there = fields.Datetime.context_timestamp(
            center.with_context(tz=center.tz), self.case.reported_at
        )
        self.assertIn(f"{there:%Y-%m-%d %H:%M}", text)
        self.assertIn("PKT", text)

    def test_nothing_guarded_unless_asked_for(self):
        text = self._text(self._wizard("osc.case.print"))
        self.assertIn(self.case.name, text)
        for guarded in (NAME, PHONE, PLACE, WORDS, "Rape"):
            self.assertNotIn(guarded, text)

    def test_what_is_asked_for(self):
        text = self._text(
            self._wizard(
                "osc.case.print",
                with_identity=True,
                with_statement=True,
                with_safety_plan=True,
                with_incidents=True,
            )
        )
        for asked in (NAME, PHONE, PLACE, WORDS, "Rape"):
            self.assertIn(asked, text)

    def test_a_language_that_is_not_noted_leaves_no_empty_part(self):
        statement = self.case.statement_ids.with_user(self.worker)
        self.assertFalse(statement.language_id)
        statement.read_back = "read_to_her"
        statement.action_confirm()
        text = self._text(self._wizard("osc.case.print", with_statement=True))
        self.assertRegex(text, rf"{self.worker.name}\s·\sconfirmed by her")

    def test_a_long_word_goes_on_in_the_next_line(self):
        self.case.survivor_id.with_user(self.worker).address = "x" * 300
        text = self._text(self._wizard("osc.case.print", with_identity=True))
        self.assertNotIn("x" * 150, text, "cut off at the edge of the paper")
        self.assertGreaterEqual(text.count("x"), 300)

    def test_what_is_not_open_stays_out_whatever_was_chosen(self):
        names = self.env["osc.case.print"]._part_fields()
        wizard = self._wizard(
            "osc.case.print", self.medical, **dict.fromkeys(names, True)
        )
        text = self._text(wizard)
        for guarded in (NAME, PHONE, PLACE, WORDS):
            self.assertNotIn(guarded, text)
        self.assertIn("Not open to you", text)

    def test_only_members_print(self):
        for user in (self.colleague, self.other_worker):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
                self._wizard("osc.case.print", user)
            # As of somebody who could open the case a moment ago.
            Wizard = self.env["osc.case.print"].with_user(user)
            wizard = Wizard.sudo().create({"case_id": self.case.id}).sudo(False)
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
                wizard.action_print()
            report = self.env["ir.actions.report"].with_user(user)
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
                report.with_context(force_report_rendering=True)._render_qweb_pdf(
                    "osc_cases.report_case_summary", wizard.ids
                )

    def test_nobody_prints_by_the_wizard_of_another(self):
        wizard = self._wizard("osc.case.print", with_identity=True)
        report = self.env["ir.actions.report"].with_user(self.medical)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            report.with_context(force_report_rendering=True)._render_qweb_pdf(
                "osc_cases.report_case_summary", wizard.ids
            )

    def test_each_print_is_in_the_trail_with_its_parts(self):
        before = len(self._printed())
        self._text(self._wizard("osc.case.print", with_safety_plan=True))
        entries = self._printed()
        self.assertEqual(len(entries), before + 1)
        self.assertEqual(entries[0].user_id, self.worker)
        self.assertIn("safety_plan", entries[0].details)
        self.assertEqual(entries[0].model, "osc.case")

    def test_nothing_chosen_is_nothing_printed(self):
        names = self.env["osc.case.print"]._part_fields()
        wizard = self._wizard("osc.case.print", **dict.fromkeys(names, False))
        with self.assertRaises(UserError):
            wizard.action_print()

    def test_the_file_is_named_by_the_code(self):
        report = self.env.ref("osc_cases.osc_case_print_report")
        self.assertEqual(report.print_report_name, "object.case_id.display_name")

    # ------------------------------------------------------------------
    # Consent form
    # ------------------------------------------------------------------
    def _form(self, code):
        return self.env.ref(f"osc_cases.osc_consent_form_{code}").id

    def test_forms_in_each_language_fit_on_a_page(self):
        for code in ("english", "urdu", "hindi"):
            with self.subTest(code=code):
                wizard = self._wizard("osc.consent.print", form_id=self._form(code))
                text = self._text(wizard)
                self.assertIn(self.case.name, text)
                self.assertIn("1 / 1", text)
                self.assertNotIn(NAME, text)

    def test_filled_with_what_she_agreed_to(self):
        self.env["osc.consent"].with_user(self.worker).create(
            {
                "case_id": self.case.id,
                "scope": "medical",
                "discipline_id": self.disciplines["medical"].id,
            }
        )
        name = self.disciplines["medical"].name
        vals = {"form_id": self._form("english")}
        self.assertNotIn(name, self._text(self._wizard("osc.consent.print", **vals)))
        text = self._text(self._wizard("osc.consent.print", is_filled=True, **vals))
        self.assertIn(name, text)
        self.assertIn("2026-03-10", text)
        self.assertIn("filled", self._printed()[0].details)

    def test_a_form_says_whether_its_words_were_checked(self):
        wizard = self._wizard("osc.consent.print", form_id=self._form("urdu"))
        self.assertIn("native speaker", self._text(wizard))
        wizard.form_id.sudo().is_reviewed = True
        self.assertNotIn("native speaker", self._text(wizard))

    # ------------------------------------------------------------------
    # Extract
    # ------------------------------------------------------------------
    def _extract(self, user=None, **vals):
        return self._wizard(
            "osc.referral.extract", user, agency_id=self.agency.id, **vals
        )

    def test_an_extract_has_the_chosen_lines(self):
        text = self._text(self._extract(note="Needs an interpreter"))
        self.assertIn("18+", text)
        self.assertIn("Needs an interpreter", text)
        for guarded in (NAME, PHONE, "Rape", WORDS):
            self.assertNotIn(guarded, text)

    def test_identity_only_by_consent_for_that_agency(self):
        extract = self._extract(with_identity=True)
        with self.assertRaises(UserError):
            extract.action_print()
        with self.assertRaises(UserError):
            self.env["ir.actions.report"].with_user(self.worker).with_context(
                force_report_rendering=True
            )._render_qweb_pdf("osc_cases.report_referral_extract", extract.ids)
        consent = (
            self.env["osc.consent"]
            .with_user(self.worker)
            .create(
                {
                    "case_id": self.case.id,
                    "scope": "identity",
                    "agency_id": self.agency.id,
                }
            )
        )
        self.env.invalidate_all()
        self.assertIn(NAME, self._text(extract))
        consent.action_withdraw()
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            extract.action_print()

    def test_the_note_can_not_say_who_she_is(self):
        with self.assertRaises(UserError):
            self._extract(note=f"She is {NAME}").action_print()

    def test_only_who_works_on_it_passes_it_on(self):
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            self._extract(self.colleague).action_print()
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            self._extract(self.medical)
