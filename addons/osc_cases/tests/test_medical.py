import io
import re
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from pypdf import PdfReader

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools.misc import file_path

from .clinical import ClinicalCommon
from .common import NAME

# Tests that say nothing and harm: no field for them (Anti-Rape Act 2021, WHO).
BARRED = re.compile(
    r"two[\s_-]*finger|hymen|virgin|habituat|\bPV\s*test|laxity|elasticity", re.I
)


@tagged("post_install", "-at_install")
class TestMedicalExam(ClinicalCommon):
    """Exams: only of what she agreed to, and open by her consent only."""

    def _events_of_clock(self):
        return patch.object(type(self.env["osc.case"]), "_clock_event", autospec=True)

    def test_nothing_but_the_case_is_needed(self):
        exam = self._exam(consent_exam=False)
        self.assertEqual(exam.state, "open")
        self.assertEqual(exam.author_id, self.forensic)
        self.assertEqual(exam.discipline_id, self.disciplines["forensic"])
        self.assertEqual(exam.started_at, fields.Datetime.now())
        self.assertEqual(exam.display_name, f"{self.case.name} · Exam 1")
        other = self._exam(self.medical)
        self.assertEqual(other.discipline_id, self.disciplines["medical"])
        self.assertEqual(other.number, 2)

    def test_the_form_as_doctors_use_it(self):
        Exam = self.env["osc.medical.exam"].with_user(self.forensic)
        form = Form(Exam.with_context(default_case_id=self.case.id))
        form.consent_exam = "yes"
        form.mental_condition = "Calm"
        with form.finding_ids.new() as finding:
            finding.x, finding.y, finding.side = 30, 40, "back"
            finding.kind_id = self.env.ref("osc_cases.osc_injury_kind_bruise")
        exam = form.save()
        self.assertEqual(exam.finding_ids.number, 1)
        self.assertEqual(exam.finding_ids.side, "back")

    def test_treatment_without_an_exam_has_the_discipline_of_who_gives_it(self):
        Offer = self.env["osc.medical.offer"].with_user(self.medical)
        form = Form(Offer.with_context(default_case_id=self.case.id))
        form.treatment_id = self.env.ref("osc_cases.osc_medical_treatment_injury_care")
        self.assertEqual(form.save().discipline_id, self.disciplines["medical"])

    def test_findings_need_her_consent(self):
        for answer in (False, "no"):
            exam = self._exam(consent_exam=answer)
            with self.assertRaises(UserError):
                self._finding(exam)
        exam.consent_exam = "yes"
        finding = self._finding(exam)
        exam.consent_exam = "withdrawn"
        with self.assertRaises(UserError):
            self._finding(exam)
        self.assertTrue(finding.exists())
        self.assertEqual(exam.withdrawn_at, fields.Datetime.now())

    def test_photographs_need_her_consent(self):
        exam = self._exam()
        photo = self.env["ir.attachment"].with_user(self.forensic)
        photo = photo.create({"name": "arm.png", "raw": b"picture"})
        command = [fields.Command.link(photo.id)]
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._finding(exam, photo_ids=command)
        exam.consent_photographs = "yes"
        finding = self._finding(exam, photo_ids=command)
        self._settle()
        self.assertEqual(photo.sudo().res_id, finding.id)
        self.assertTrue(photo.sudo().vault_key)
        self.assertFalse(photo.with_user(self.police).has_access("read"))
        self._consent("medical", "legal")
        self.assertTrue(photo.with_user(self.legal).has_access("read"))

    def test_answers_never_hide_what_she_said(self):
        exam = self._exam()
        for answer in ("no", False):
            with self.assertRaises(UserError):
                exam.consent_exam = answer
        with self.assertRaises(UserError):
            exam.consent_police = "withdrawn"
        with self.assertRaises(UserError):
            self._exam(consent_police="withdrawn")
        exam.consent_police = "no"
        exam.consent_police = "yes"
        exam.consent_police = "withdrawn"
        with self.assertRaises(UserError):
            exam.consent_police = "no"

    def test_finish(self):
        exam = self._exam(consent_exam=False)
        with self.assertRaises(UserError):
            exam.action_finish()
        exam.consent_exam = "yes"
        finding = self._finding(exam)
        self._pass_minutes(40)
        with self._events_of_clock() as clock:
            exam.action_finish()
        (_case, event, moment), vals = clock.call_args
        self.assertEqual((event, moment), ("exam_done", fields.Datetime.now()))
        self.assertEqual(vals["source"], exam)
        self.assertEqual(exam.state, "done")
        self.assertEqual(exam.ended_at - exam.started_at, timedelta(minutes=40))
        for change in (
            lambda: exam.write({"conclusion": "Other"}),
            lambda: exam.write({"consent_samples": "yes"}),
            lambda: exam.write({"finding_ids": [fields.Command.clear()]}),
            lambda: finding.write({"x": 3}),
            lambda: finding.unlink(),
            lambda: self._finding(exam),
            exam.action_finish,
        ):
            with self.assertRaises(UserError):
                change()
        exam.addendum = "Bruise appeared"
        exam.consent_exam = "withdrawn"
        with self.assertRaises(AccessError):
            exam.unlink()

    def test_declined_exam_stops_no_clock(self):
        exam = self._exam(consent_exam="no")
        with self._events_of_clock() as clock:
            exam.action_finish()
        self.assertFalse(clock.called)
        self.assertEqual(exam.state, "declined")

    def test_state_is_not_written(self):
        exam = self._exam()
        for vals in ({"state": "done"}, {"author_id": self.medical.id}, {"number": 9}):
            with self.assertRaises(AccessError):
                exam.write(vals)
        self.assertEqual(self._exam(state="done").state, "open")

    def test_times(self):
        now = fields.Datetime.now()
        with self.assertRaises(ValidationError):
            self._exam(started_at=now + timedelta(minutes=1))
        exam = self._exam()
        with self.assertRaises(ValidationError):
            exam.ended_at = now + timedelta(minutes=1)

    def test_law_of_the_country(self):
        exam = self._exam()
        kind = self.env.ref("osc_cases.osc_injury_kind_pk_shajjah_khafifah")
        with self.assertRaises(ValidationError):
            self._finding(exam, legal_kind_id=kind.id)
        self.center.country_id = self.env.ref("base.pk")
        self.center.invalidate_recordset()
        self._finding(exam, legal_kind_id=kind.id)

    # ------------------------------------------------------------------
    # Treatment
    # ------------------------------------------------------------------
    def _offer(self, code, user=None, **vals):
        treatment = self.env.ref(f"osc_cases.osc_medical_treatment_{code}")
        return (
            self.env["osc.medical.offer"]
            .with_user(user or self.medical)
            .with_context(default_case_id=self.case.id)
            .create({"treatment_id": treatment.id, **vals})
        )

    def test_what_is_offered_in_an_exam_is_its_disciplines(self):
        exam = self._exam(self.medical)
        Offer = self.env["osc.medical.offer"].with_user(self.medical)
        offer = Offer.create(
            {
                "case_id": self.case.id,
                "exam_id": exam.id,
                "treatment_id": self.env["osc.medical.treatment"].search([])[:1].id,
            }
        )
        self.assertEqual(offer.discipline_id, exam.discipline_id)

    def test_treatment_waits_for_nothing(self):
        offer = self._offer("pep_start")
        self.assertEqual(offer.discipline_id, self.disciplines["medical"])
        with self._events_of_clock() as clock:
            offer.action_give()
        self.assertEqual(clock.call_args.args[1:], ("pep_given", fields.Datetime.now()))
        self.assertEqual(offer.given_by_id, self.medical)
        self.assertEqual(offer.state, "accepted")
        with self.assertRaises(UserError):
            offer.action_give()
        with self._events_of_clock() as clock:
            offer.given_at = False
        self.assertEqual(clock.call_args.args[1:], ("pep_given", False))
        with self._events_of_clock() as clock:
            self._offer("emergency_contraception", given_at="2026-03-10 16:00:00")
            self._offer("pain", given_at="2026-03-10 16:00:00")
        self.assertEqual(
            [call.args[1] for call in clock.mock_calls], ["ec_given", "first_service"]
        )

    def test_a_passed_window_refuses_nothing(self):
        self.case.sudo().incident_ids = [
            self._incident("rape", occurred_at="2026-03-06 17:00:00")
        ]
        self._settle()
        offer = self._offer("pep_start", state="out_of_window")
        self.assertEqual(offer.window, "96 h of 72 h")
        offer.action_give()
        self.assertTrue(offer.given_at)
        self.assertFalse(self._offer("pain").window)

    def test_never_against_her_will(self):
        offer = self._offer("sti_prophylaxis", state="declined")
        with self.assertRaises(UserError):
            offer.action_give()
        with self.assertRaises(ValidationError):
            offer.write({"given_at": fields.Datetime.now(), "state": "declined"})
        offer.state = "accepted"
        offer.action_give()
        with self.assertRaises(ValidationError):
            offer.given_at = fields.Datetime.now() + timedelta(minutes=1)

    def test_usual_treatment_is_listed_once(self):
        exam = self._exam()
        exam.action_offer_usual()
        count = len(exam.offer_ids)
        self.assertGreater(count, 5)
        self.assertFalse(any(exam.offer_ids.mapped("state")))
        exam.action_offer_usual()
        self.assertEqual(len(exam.offer_ids), count)

    # ------------------------------------------------------------------
    # Rights
    # ------------------------------------------------------------------
    def test_who_reads_exams_findings_and_treatment(self):
        exam = self._exam(mental_condition="Calm")
        finding = self._finding(exam, description="Bruise")
        exam.action_offer_usual()
        for user, may in (
            (self.forensic, True),
            (self.second, True),
            (self.medical, False),
            (self.police, False),
            (self.legal, False),
            (self.stranger, False),
            (self.worker, False),
            (self.manager, False),
            (self.coordinator, False),
            (self.auditor, False),
            (self.administrator, False),
            (self.internal, False),
            (self.portal, False),
        ):
            for record in (exam, finding, exam.offer_ids[0]):
                with self.subTest(user=user.login, model=record._name):
                    record = record.with_user(user)
                    self.assertEqual(record.has_access("read"), may)
                    self.assertEqual(record.has_access("write"), may)
        consent = self._consent("medical", "police")
        self.assertEqual(exam.with_user(self.police).mental_condition, "Calm")
        self.assertEqual(finding.with_user(self.police).description, "Bruise")
        for record in (exam, finding):
            self.assertFalse(record.with_user(self.police).has_access("write"))
        for action in ("action_finish", "action_offer_usual"):
            with self.assertRaises(AccessError):
                getattr(exam.with_user(self.police), action)()
        consent.action_withdraw()
        self._settle()
        self.assertFalse(exam.with_user(self.police).has_access("read"))
        self._consent("evidence", "legal")
        self.assertFalse(exam.with_user(self.legal).has_access("read"))

    def test_the_doctor_of_another_case_writes_nothing_here(self):
        for user in (self.stranger, self.police, self.worker):
            with self.assertRaises(AccessError):
                self.env["osc.medical.exam"].with_user(user).create(
                    {
                        "case_id": self.case.id,
                        "discipline_id": self.disciplines["forensic"].id,
                    }
                )

    def test_only_medical_and_forensic_work(self):
        with self.assertRaises(ValidationError):
            self.env["osc.medical.exam"].create(
                {
                    "case_id": self.case.id,
                    "discipline_id": self.disciplines["police"].id,
                }
            )

    def test_counts_on_the_case_tell_others_nothing(self):
        self._exam()
        self._exhibit()
        self._settle()
        for user, counts in (
            (self.forensic, (1, 1, True)),
            (self.medical, (0, 0, True)),
            (self.police, (0, 0, False)),
            (self.worker, (0, 0, False)),
            (self.coordinator, (0, 0, False)),
        ):
            case = self.case.with_user(user)
            found = (case.exam_count, case.evidence_count, case.user_is_clinical)
            with self.subTest(user=user.login):
                self.assertEqual(found, counts)

    def test_no_field_for_barred_tests(self):
        root = Path(file_path("osc_cases/__init__.py")).parent
        for folder in ("models", "views", "data", "report", "wizard", "static/src"):
            for path in (root / folder).rglob("*.*"):
                if path.suffix in (".py", ".xml", ".js", ".csv"):
                    with self.subTest(path=path.name):
                        self.assertIsNone(BARRED.search(path.read_text()))
        labels = [
            f"{field.name} {field.string} {field.help}"
            for name in self.env.registry
            if name.startswith("osc.")
            for field in self.env[name]._fields.values()
        ]
        self.assertIsNone(BARRED.search("\n".join(labels)))
        kinds = self.env["osc.injury.kind"].search([])
        treatments = self.env["osc.medical.treatment"].search([])
        names = kinds.mapped("name") + treatments.mapped("name")
        self.assertIsNone(BARRED.search("\n".join(names)))


@tagged("post_install", "-at_install")
class TestClinicalReports(ClinicalCommon):
    """Forms and labels on paper."""

    def _pdf(self, report, records, user=None):
        report = self.env.ref(f"osc_cases.{report}").with_user(user or self.forensic)
        content, kind = report.with_context(
            force_report_rendering=True
        )._render_qweb_pdf(report.id, records.ids)
        self.assertEqual(kind, "pdf")
        return PdfReader(io.BytesIO(content))

    def _text(self, *args, **kwargs):
        pages = self._pdf(*args, **kwargs).pages
        return "\n".join(page.extract_text() for page in pages)

    def test_medico_legal_form(self):
        exam = self._exam(reasons="Because of the marks")
        self._finding(exam, description="Round bruise", length_mm=30)
        self._exhibit(exam_id=exam.id, source="Left sleeve")
        text = self._text("osc_medical_exam_report_medico_legal", exam)
        for words in ("Round bruise", "Because of the marks", "Left sleeve", "Agrees"):
            self.assertIn(words, text)
        self.assertIn(self.case.name, text)
        self.assertNotIn(NAME, text)
        self._consent("identity", "forensic")
        text = self._text("osc_medical_exam_report_medico_legal", exam)
        self.assertIn(NAME, text)
        with self.assertRaises(AccessError):
            self._text("osc_medical_exam_report_medico_legal", exam, user=self.police)

    def test_signatures_never_stand_alone_on_a_page(self):
        exam = self._exam(reasons="Because of the marks")
        for lines in range(0, 48, 4):
            exam.conclusion = "One line of the conclusion\n" * lines
            self._settle()
            page = self._pdf("osc_medical_exam_report_medico_legal", exam).pages[-1]
            with self.subTest(lines=lines):
                text = page.extract_text()
                self.assertIn("Signatures", text)
                self.assertIn("Because of the marks", text)

    def test_custody_form_shows_what_is_broken(self):
        exhibit = self._sealed(source="Left sleeve")
        text = self._text("osc_evidence_report_custody", exhibit)
        self.assertIn("has no gap", text)
        self.assertIn("Verified", text)
        exhibit._give(self.second, "internal", seal_in="S-2")
        self._settle()
        text = self._text("osc_evidence_report_custody", exhibit)
        self.assertIn("chain of custody is broken", text)
        self.assertIn("second", text)

    def test_labels_carry_codes_only(self):
        kit = self._exhibit(is_kit=True, kit_number="N-1")
        item = self._exhibit(
            parent_id=kit.id,
            component_id=self.component["clothing"].id,
            source="Left sleeve",
        )
        self._consent("identity", "forensic")
        pdf = self._pdf("osc_evidence_report_label", kit | item)
        self.assertEqual(len(pdf.pages), 2)
        width, height = (float(side) / 72 * 25.4 for side in pdf.pages[0].mediabox[2:])
        self.assertEqual((round(width), round(height)), (90, 45))
        text = "\n".join(page.extract_text() for page in pdf.pages)
        self.assertIn(item.code, text)
        for words in (NAME, "sleeve", "Clothing", self.forensic.name):
            self.assertNotIn(words, text)
        # The bars are lines, sharp at any size.
        self.assertGreater(pdf.pages[0].get_contents().get_data().count(b" re"), 30)
