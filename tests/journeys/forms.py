"""How a person fills in Odoo's forms: by the names of fields and buttons.

A ``scope`` is the page or the dialog over it. What a desk shows in a row, a phone keeps
behind a menu; these do on either what its user does.
"""

import re

from playwright.sync_api import Locator, Page, expect

DIALOG = ".modal:not(.o_inactive_modal)"


def _page(scope: Page | Locator) -> Page:
    return scope if isinstance(scope, Page) else scope.page


def on_phone(scope: Page | Locator) -> bool:
    return _page(scope).viewport_size["width"] < 768


def dialog(page: Page) -> Locator:
    """The dialog on top, once it shows a form and no menu slides over it any more."""
    expect(page.locator(".o_bottom_sheet")).to_have_count(0)
    found = page.locator(f"{DIALOG}:has(.o_form_view)")
    expect(found).to_have_count(1)
    return found


def field(scope: Page | Locator, name: str) -> Locator:
    return scope.locator(f".o_field_widget[name={name}]").first


def write(scope: Page | Locator, **texts) -> None:
    """Type into fields."""
    for name, text in texts.items():
        box = field(scope, name).locator("input, textarea").first
        shown = field(scope, name).locator("button").first
        expect(box.or_(shown).first).to_be_visible()
        if not box.count():
            shown.click()  # a time that is there already
        box.fill(str(text))
        box.press("Tab")


def pick(scope: Page | Locator, name: str, text: str) -> None:
    """Choose a record: from what drops down, or from the list that a phone shows."""
    page = _page(scope)
    box = field(scope, name).locator("input").first
    box.click()
    if on_phone(scope):
        search = page.locator(DIALOG, has_text="Search:").last
        search.locator(".o_data_row, .o_kanban_record", has_text=text).first.click()
        expect(search).to_have_count(0)
        return
    box.fill(text)
    page.locator(".o-autocomplete--dropdown-item", has_text=text).first.click()


def select(scope: Page | Locator, name: str, label: str) -> None:
    """Choose one of the values of a field."""
    field(scope, name).locator("input").click()
    items = _page(scope).locator(".o_select_menu_item")
    touch(items.get_by_text(label, exact=True))


def touch(item: Locator) -> None:
    """Choose from what dropped down, or slid up on a phone.

    To scroll there, as playwright does before it clicks, sends a phone's sheet away.
    """
    expect(item).to_be_visible()
    if on_phone(item):
        item.dispatch_event("click")
    else:
        item.click()


def radio(scope: Page | Locator, **labels) -> None:
    for name, label in labels.items():
        field(scope, name).get_by_label(label, exact=True).check()


def tick(scope: Page | Locator, *names) -> None:
    for name in names:
        field(scope, name).locator("input[type=checkbox]").check()


def tab(scope: Page | Locator, name: str) -> None:
    """Turn to a page of the notebook."""
    link = scope.locator(f".o_notebook a[name={name}]")
    link.click()
    expect(link).to_have_class(re.compile(r"\bactive\b"))


def add(page: Page, name: str) -> Locator:
    """Add something to a list of a form; the dialog in which to write it."""
    box = page.locator(f".o_field_widget[name={name}]")
    box.locator(".o_field_x2many_list_row_add a, .o-kanban-button-new").first.click()
    return dialog(page)


def keep(scope: Locator) -> None:
    """Save a dialog and see it go."""
    scope.locator(".o_form_button_save").click()
    expect(scope).to_have_count(0)


def save(page: Page) -> None:
    """Save the page's form."""
    page.locator(".o_form_button_save:visible").click()
    expect(page.locator(".o_form_button_save:visible")).to_have_count(0)


def press(scope: Page | Locator, name: str, *, text: str | None = None) -> None:
    """Press a button of the form, behind a menu where there is little room."""
    page = _page(scope)
    button = page.locator(f"button[name='{name}']:visible")
    button = button.filter(has_text=text) if text else button
    menus = page.locator(
        ".o_button_more:visible, .o_statusbar_buttons .dropdown-toggle:visible"
    )
    expect(button.or_(menus).first).to_be_visible()
    for menu in menus.all():
        if button.count():
            break
        menu.click()
        opened = page.locator(".o-dropdown--menu")
        expect(opened).to_be_visible()
        if not button.count():
            page.keyboard.press("Escape")
            expect(opened).to_have_count(0)
    touch(button.first)


def agree(page: Page) -> None:
    """Say yes to what a button asks."""
    question = page.locator(f"{DIALOG}:not(:has(.o_form_view))")
    question.locator("footer .btn-primary").click()
    expect(question).to_have_count(0)


def state(page: Page) -> Locator:
    """The state that a record shows as its present one; a phone shows no other."""
    other = "" if on_phone(page) else "_current"
    return page.locator(f".o_statusbar_status .o_arrow_button{other}:visible")
