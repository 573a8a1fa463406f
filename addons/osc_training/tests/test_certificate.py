from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common import TrainingCommon


@tagged("post_install", "-at_install")
class TestCertificate(TrainingCommon, HttpCase):
    """A printed certificate has a code; the code tells that it is real, and no name."""

    def test_code(self):
        held = self._certify()
        code = held.with_user(self.worker)._osc_code()
        self.assertRegex(code, r"^([2-9A-Z]{4}-){3}[2-9A-Z]{4}$")
        self.assertEqual(held._osc_code(), code)
        for typed in (code, code.lower(), code.replace("-", " ")):
            self.assertEqual(held._osc_by_code(typed), held)
        for typed in ("", "-", "%", code[:-1], code[:-1] + "%"):
            self.assertFalse(held._osc_by_code(typed))

    def test_page(self):
        held = self._certify()
        code = held._osc_code()
        page = self.url_open(f"/osc/certificate/{code}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Valid today", page.text)
        self.assertIn(self.course.name, page.text)
        for word in (
            self.employee.name,
            self.worker.login,
            self.center.name,
            self.center.code,
            self.representative.discipline_id.code,
        ):
            # The code of the certificate may contain anything.
            self.assertNotIn(word, page.text.replace(code, ""))
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertIn("noindex", page.headers["X-Robots-Tag"])

    def test_page_of_an_expired_one(self):
        held = self._certify(end=-1)
        page = self.url_open(f"/osc/certificate?code={held._osc_code()}")
        self.assertIn("not valid today", page.text)

    def test_page_without_certificate(self):
        self._certify()
        page = self.url_open("/osc/certificate?code=ABCD-EFGH-JKLM-NPQR")
        self.assertIn("no certificate with this code", page.text)
        self.assertNotIn("Valid today", self.url_open("/osc/certificate").text)

    def test_print(self):
        held = self._certify()
        report = self.env.ref("osc_training.hr_employee_skill_report_certificate")
        html = report.with_user(self.worker)._render_qweb_html(report, held.ids)[0]
        text = html.decode()
        self.assertIn(self.employee.name, text)
        self.assertIn(held._osc_code(), text)
        with self.assertRaises(AccessError):
            report.with_user(self.internal)._render_qweb_html(report, held.ids)
        self.assertEqual(
            held.with_user(self.worker).action_osc_print()["report_name"],
            "osc_training.report_certificate",
        )

    def test_other_skills_have_none(self):
        plain = self.env["hr.skill"].create(
            {"name": "Plain", "skill_type_id": self.skill_type.id}
        )
        with self.assertRaises(UserError):
            self._certify(skill=plain).action_osc_print()
