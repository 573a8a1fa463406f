"""What people do on the pages of cases and intimations, in words of the field."""

import re

from playwright.sync_api import Page, expect

CODE = re.compile(r"[A-Z]{3}-\d{4}-\d{6}-\d")


def new_case(page: Page, url: str) -> None:
    """Open the intake form."""
    page.goto(f"{url}/odoo/osc-cases/new")
    page.wait_for_selector(".o_form_view .o_field_widget[name=channel]")


def choose(page: Page, field: str, label: str) -> None:
    """Tap one of the badges of a field."""
    page.click(f".o_field_widget[name={field}] .o_selection_badge:has-text('{label}')")


def tick(page: Page, field: str) -> None:
    page.check(f".o_field_widget[name={field}] input[type=checkbox]")


def add_incident(page: Page, kind: str) -> None:
    page.click("text=Add a line")
    field = ".o_selected_row .o_field_widget[name=type_id] input"
    page.fill(field, kind)
    page.click(f".o-autocomplete--dropdown-item:has-text('{kind}')")


def save(page: Page) -> None:
    page.click(".o_form_button_save")
    page.wait_for_selector(".o_form_button_save", state="hidden")


def report(page: Page) -> str:
    """Press Report; the code that the case got."""
    page.click("button[name=action_report]")
    title = page.locator(".o_form_view .oe_title h1")
    expect(title).to_have_text(CODE)
    return CODE.search(title.inner_text()).group()


def open_intimations(page: Page) -> None:
    """Open the list under the megaphone in the bar."""
    page.click(".o_osc_intimation_menu")
    page.wait_for_selector(".o_osc_intimation_list")


def entry(page: Page, code: str):
    """The entry of a case in that list."""
    return page.locator(f".o_osc_intimation[data-code='{code}']")
