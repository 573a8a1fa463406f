"""What people do on the pages of a case after it was reported, in words of the field."""

import re
from pathlib import Path

import pypdfium2
from playwright.sync_api import Page, expect

from tests.support.browser import FOLDER

MODAL = ".modal:not(.o_inactive_modal)"


def open_case(page: Page, url: str, code: str) -> None:
    """Find a case by its code in the list of cases, and open it."""
    page.goto(f"{url}/odoo/osc-cases")
    page.locator(".o_kanban_record, .o_data_row", has_text=code).first.click()
    page.wait_for_selector(f".o_form_view .oe_title:has-text('{code}')")


def tab(page: Page, name: str) -> None:
    page.click(f".o_notebook_headers a[name={name}]")


def open_part(page: Page, button: str) -> None:
    """Press one of the buttons above the form, that lead to what belongs to the case."""
    found = page.locator(f"button[name={button}]")
    if not found.count():  # on a phone they are under the flash
        page.click("button:has(> .fa-bolt)")
    found.first.click()
    page.wait_for_selector(
        ".o_list_view, .o_kanban_view, .o_form_view .o_form_editable"
    )


def new(page: Page) -> None:
    page.click(".o_list_button_add, .o-kanban-button-new, .o_form_button_create")
    page.wait_for_selector(".o_form_view .o_form_editable")


def add(page: Page, lines: str) -> None:
    """Add a line to a list of the case, in the window that opens."""
    page.click(f".o_field_widget[name={lines}] .o_field_x2many_list_row_add a")
    page.wait_for_selector(f"{MODAL} .o_form_view")


def _widget(page: Page, field: str, within: str):
    return page.locator(f"{within} .o_field_widget[name={field}]").first


def fill(page: Page, field: str, text: str, within="") -> None:
    widget = _widget(page, field, within)
    box = widget.locator("textarea:not([disabled]):not(.d-none), input").first
    box.fill(text)
    box.press("Tab")


def pick(page: Page, field: str, label: str, within="") -> None:
    """Choose a record or a value by what it is called."""
    widget = _widget(page, field, within)
    exactly = re.compile(rf"^\s*{re.escape(label)}\s*$")
    box = widget.locator("input").first
    box.click()
    if widget.locator(".o_select_menu").count():
        items = page.locator(".o_select_menu_item")
    elif not box.is_editable():  # a phone shows the choice in a window of its own
        items = page.locator(".modal .o_kanban_record, .modal .o_data_row")
    else:
        box.press_sequentially(label)
        items = page.locator(".o-autocomplete--dropdown-item")
    found = items.filter(has_text=label)
    expect(found.first).to_be_visible()
    exact = found.filter(has_text=exactly)
    (exact if exact.count() else found).first.click()
    expect(items).to_have_count(0)


def radio(page: Page, field: str, label: str, within="") -> None:
    _widget(page, field, within).locator("label", has_text=label).first.click()


def badge(page: Page, field: str, label: str, within="") -> None:
    _widget(page, field, within).locator(
        ".o_selection_badge", has_text=label
    ).first.click()


def tick(page: Page, field: str, within="") -> None:
    _widget(page, field, within).locator("input[type=checkbox]").first.check()


def save_window(page: Page) -> None:
    page.click(f"{MODAL} .o_form_button_save")
    page.wait_for_selector(MODAL, state="detached")


def confirm(page: Page, button="action_confirm") -> None:
    """Press the button of a window that asks for something."""
    page.locator(f"{MODAL} button[name={button}]:visible").click()
    page.wait_for_selector(MODAL, state="detached")


def save(page: Page) -> None:
    page.click(".o_form_button_save")
    page.wait_for_selector(".o_form_view .o_form_saved")


def step(page: Page, button: str) -> None:
    """Press a button of the record, and wait until it was done."""
    with page.expect_response(re.compile("call_button")) as answer:
        page.locator(f".o_form_view button[name={button}]:visible").first.click()
    assert "error" not in answer.value.json(), answer.value.json()


def shows(page: Page, field: str, text: str) -> None:
    expect(page.locator(f".o_field_widget[name={field}]").first).to_contain_text(text)


def look(page: Page, name: str) -> None:
    """Keep a picture of the page, for people to look at."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FOLDER / f"{name}.png")


# ----------------------------------------------------------------------
# Paper
# ----------------------------------------------------------------------
def print_from_menu(page: Page, entry: str) -> None:
    """Choose something under Print of the record that is open."""
    page.click(".o_cp_action_menus button:has(.fa-cog)")
    page.locator(".o-dropdown--menu .dropdown-toggle", has_text="Print").hover()
    page.locator(".o-dropdown--menu .o-dropdown-item", has_text=entry).first.click()


def paper(page: Page, press: str, name: str) -> list[str]:
    """What a press prints: the text of each page; a picture of each is kept.

    Looks at what every paper must have: something on each page, and who printed it.
    """
    with page.expect_download() as download:
        page.locator(press).first.click()
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = Path(download.value.path())
    document = pypdfium2.PdfDocument(file)
    texts = []
    for number, sheet in enumerate(document, 1):
        picture = sheet.render(scale=1.3).to_pil()
        picture.save(FOLDER / f"{name}-{number}.png")
        grey = picture.convert("L").getextrema()
        assert grey[0] < 100 < 200 < grey[1], f"page {number} of {name} is empty"
        texts.append(sheet.get_textpage().get_text_range())
    assert texts
    return texts
