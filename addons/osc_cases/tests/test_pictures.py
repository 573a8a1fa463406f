import datetime
import os
import unittest
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter, ImageStat

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import safe_eval

from .common import CasesCommon

try:
    import pypdfium2
except ImportError:  # a test requirement: servers have no use for it
    pypdfium2 = None

# Set to renew the stored pictures, and look at them before they are committed.
RENEW = os.environ.get("OSC_RENEW_PICTURES")
FOLDER = Path(__file__).parent / "pictures"
WIDTH = 420
# Mean difference of grey values, of 255, of slightly blurred pictures. The same fonts
# make 0; letters that aren't joined make 13.
TOLERANCE = 3.0


@unittest.skipUnless(pypdfium2, "pypdfium2 is not installed")
@tagged("post_install", "-at_install")
class TestPictures(CasesCommon):
    """The consent form in Urdu and Hindi looks as it did when somebody looked at it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._only_rule("medical")
        # Templates get the class from before the clock was stopped.
        cls.classPatch(safe_eval.datetime, "datetime", datetime.datetime)

    def _page(self, form):
        case = self._report()
        # The number depends on how many cases other tests made.
        case.sudo().name = "TQA-2026-000042-7"
        self.env["osc.consent"].with_user(self.worker).create(
            {
                "case_id": case.id,
                "scope": "medical",
                "discipline_id": self.disciplines["medical"].id,
            }
        )
        wizard = (
            self.env["osc.consent.print"]
            .with_user(self.worker)
            .create({"case_id": case.id, "form_id": form.id, "is_filled": True})
        )
        report = self.env["ir.actions.report"].with_user(self.worker)
        content, _kind = report.with_context(
            force_report_rendering=True
        )._render_qweb_pdf("osc_cases.report_consent_form", wizard.ids)
        return self._picture(content)

    def _picture(self, content):
        """The first page of a PDF file as a small grey picture."""
        page = pypdfium2.PdfDocument(content)[0]
        picture = page.render(scale=2).to_pil().convert("L")
        return picture.resize(
            (WIDTH, round(picture.height * WIDTH / picture.width)), Image.LANCZOS
        )

    def _difference(self, one, other):
        if one.size != other.size:
            return 255
        blur = ImageFilter.GaussianBlur(1)
        difference = ImageChops.difference(one.filter(blur), other.filter(blur))
        return ImageStat.Stat(difference).mean[0]

    def _compare(self, code):
        form = self.env.ref(f"osc_cases.osc_consent_form_{code}")
        picture = self._page(form)
        stored = FOLDER / f"consent_{code}.png"
        if RENEW:
            FOLDER.mkdir(exist_ok=True)
            picture.save(stored, optimize=True)
        difference = self._difference(picture, Image.open(stored))
        self.assertLess(
            difference, TOLERANCE, f"The page differs from {stored.name}; look at it"
        )
        return picture

    def test_urdu(self):
        self._compare("urdu")

    def test_hindi(self):
        self._compare("hindi")

    def test_unjoined_letters_are_noticed(self):
        """What a renderer without shaping makes of Urdu is not within the tolerance."""
        joined = self._compare("urdu")
        form = self.env.ref("osc_cases.osc_consent_form_urdu")
        for record in (form, *form.line_ids):
            for name, field in record._fields.items():
                if field.type in ("char", "text") and name != "lang" and record[name]:
                    # A zero-width non-joiner between all letters.
                    record[name] = "\u200c".join(record[name])
        unjoined = self._page(form)
        self.assertGreater(self._difference(joined, unjoined), TOLERANCE)

    def test_what_stands_there_is_noticed(self):
        picture = self._compare("hindi")
        form = self.env.ref("osc_cases.osc_consent_form_hindi")
        form.line_ids = [Command.delete(form.line_ids[0].id)]
        self.assertGreater(self._difference(picture, self._page(form)), TOLERANCE)
