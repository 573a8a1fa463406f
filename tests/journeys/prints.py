"""Prints as pictures: downloaded as a person does, looked at page by page."""

import os
import re
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Page

from config import paths

FOLDER = Path(os.environ.get("OSC_TEST_RESULTS", paths.STATE / "test-results"))
SCALE = 1.5
# Share of the page that isn't white; a watermark alone is about a hundredth.
INK = 0.02


class Print:
    """One file: ``.text``, ``.pages`` (pictures), ``.name`` (of the file)."""

    def __init__(self, content: bytes, file_name: str):
        document = pypdfium2.PdfDocument(content)
        self.file_name = file_name
        self.texts = [page.get_textpage().get_text_range() for page in document]
        self.pages = [page.render(scale=SCALE).to_pil() for page in document]

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    def keep(self, name: str) -> None:
        """Store the pages as pictures beside the results of the tests."""
        folder = FOLDER / "prints"
        folder.mkdir(parents=True, exist_ok=True)
        for number, picture in enumerate(self.pages, 1):
            picture.save(folder / f"{name}-{number}.png")

    def check(self, login: str, code: str, *, pages: range, never=()) -> None:
        """Nothing is blank, each page says who printed what and when, nobody's name.

        :param never: words that may be neither on the paper nor in the file's name
        """
        assert len(self.pages) in pages, f"{len(self.pages)} pages"
        for text, picture in zip(self.texts, self.pages, strict=True):
            assert ink(picture) > INK
            assert code in text
            assert re.search(rf"{login} · \d{{4}}-\d\d-\d\d \d\d:\d\d", text), text
        for word in never:
            assert word not in self.text
            assert word not in self.file_name


def ink(picture: Image.Image) -> float:
    """The share of a picture that isn't white."""
    white = picture.convert("L").histogram()[250:]
    return 1 - sum(white) / (picture.width * picture.height)


def download(page: Page, press) -> Print:
    """What a click prints.

    :param press: presses the button
    """
    with page.expect_download() as download:
        press()
    file = download.value
    return Print(Path(file.path()).read_bytes(), file.suggested_filename)


def from_menu(page: Page, report: str) -> None:
    """Choose a report in the menu of a form."""
    page.locator(".o_cp_action_menus button").first.click()
    menu = page.locator(".o-dropdown--menu")
    menu.get_by_text("Print", exact=True).click()
    page.locator(".o-dropdown--menu").get_by_text(report, exact=True).click()
