import io

from pypdf import PdfReader

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import BaseCommon

ARCH = """
<t t-name="osc_base.test_report">
    <t t-foreach="docs" t-as="center">
        <t t-set="title">Test of a center</t>
        <t t-set="code" t-value="center.code" />
        <t t-call="osc_base.report_layout">
            <h1>Center <t t-out="center.code" /></h1>
            <p lang="ur" dir="rtl">یہ خاتون محفوظ ہے</p>
            %s
        </t>
    </t>
</t>
"""


@tagged("post_install", "-at_install")
class TestReport(BaseCommon):
    """Pages made with WeasyPrint."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.view = cls.env["ir.ui.view"].create(
            {
                "name": "test report",
                "type": "qweb",
                "key": "osc_base.test_report",
                "arch": ARCH % "",
            }
        )
        cls.report = cls.env["ir.actions.report"].create(
            {
                "name": "Test of a center",
                "model": "osc.center",
                "report_type": "qweb-pdf",
                "report_name": "osc_base.test_report",
                "pdf_engine": "weasyprint",
            }
        )

    def _print(self, records, user=None):
        report = self.report.with_user(user or self.manager)
        content, kind = report.with_context(
            force_report_rendering=True
        )._render_qweb_pdf(self.report.id, records.ids)
        self.assertEqual(kind, "pdf")
        return PdfReader(io.BytesIO(content))

    def test_each_record_counts_its_own_pages(self):
        pages = self._print(self.center | self.other_center).pages
        self.assertEqual(len(pages), 2)
        for page, center in zip(pages, self.center | self.other_center, strict=True):
            text = page.extract_text()
            self.assertIn(f"Center {center.code}", text)
            self.assertIn("1 / 1", text)

    def test_says_who_printed_it_and_when(self):
        self.center.tz = "UTC"
        text = self._print(self.center).pages[0].extract_text()
        self.assertIn(self.manager.name, text)
        self.assertIn(self.manager.login, text)
        self.assertIn(str(fields.Date.today()), text)

    def test_says_the_time_of_the_center(self):
        """Not that of the computer at which it is printed."""
        self.manager.tz = "America/Mexico_City"
        self.center.tz = "Asia/Karachi"
        now = fields.Datetime.context_timestamp(
            self.center.with_context(tz="Asia/Karachi"), fields.Datetime.now()
        )
        text = self._print(self.center).pages[0].extract_text()
        self.assertIn(f"{now:%Y-%m-%d}", text)
        self.assertIn("PKT", text)

    def test_urdu_letters_are_all_there(self):
        """Every letter has a glyph: none is replaced by the box of a missing one."""
        page = self._print(self.center).pages[0]
        fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
        names = " ".join(str(font["/BaseFont"]) for font in fonts)
        self.assertRegex(names, "Nastaliq|Naskh")
        self.assertNotIn("\ufffd", page.extract_text())

    def test_fetches_nothing_from_elsewhere(self):
        for address in (
            "https://example.invalid/a.png",
            "file:///etc/passwd",
            "/web/image/1",
            "/osc_base/static/../../../etc/passwd",
        ):
            self.view.arch = ARCH % f'<img src="{address}"/>'
            with self.subTest(address=address):
                page = self._print(self.center).pages[0]
                self.assertFalse(list(page.images))

    def test_pictures_of_addons_are_shown(self):
        self.view.arch = ARCH % '<img src="/osc_base/static/description/icon.png"/>'
        self.assertTrue(list(self._print(self.center).pages[0].images))

    def test_who_may_not_read_may_not_print(self):
        with self.assertRaises(AccessError):
            self._print(self.center, self.internal)

    def test_buttons_tell_the_client_of_the_engine(self):
        action = self.report.with_user(self.manager).report_action(self.center)
        self.assertEqual(action["pdf_engine"], "weasyprint")
