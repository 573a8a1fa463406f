"""What people do on the pages of cases and intimations, in words of the field."""

import re

from playwright.sync_api import Page, expect

from . import forms

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


def incident_at(page: Page, when: str) -> None:
    """Note when it happened, in the line that is open: ``-5H`` is five hours ago."""
    box = page.locator(".o_selected_row .o_field_widget[name=occurred_at] input")
    box.fill(when)
    box.press("Tab")


def consent(page: Page, scope: str, receiver: str, how: str = "Spoken") -> None:
    """She agrees to one thing for one discipline; the page of consents is open."""
    form = forms.add(page, "consent_ids")
    forms.select(form, "scope", scope)
    forms.pick(form, "discipline_id", receiver)
    forms.select(form, "how", how)
    forms.keep(form)


def tell(page: Page, words: str) -> None:
    """Write down what she tells, read it back and have her confirm it."""
    forms.tab(page, "statement")
    form = forms.add(page, "statement_ids")
    forms.write(form, narrative=words)
    forms.radio(form, read_back="Read to her")
    forms.keep(form)
    forms.save(page)
    row = page.locator(".o_field_widget[name=statement_ids] .o_data_row")
    row.locator("td[name=taken_at]").click()
    form = forms.dialog(page)
    form.locator("button[name=action_confirm]").click()
    forms.agree(page)
    expect(form.locator(".alert-success")).to_contain_text("Confirmed by her")
    form.locator(".btn-close").click()
    expect(form).to_have_count(0)


def follow_up(page: Page, kind: str, note: str, *, came: bool = False) -> None:
    """Note what came of the first follow-up that is planned."""
    forms.tab(page, "followups")
    rows = page.locator(".o_field_widget[name=followup_ids] .o_data_row")
    rows.get_by_role("button", name="What came of it").first.click()
    form = forms.dialog(page)
    forms.radio(form, kind=kind)
    if came:
        forms.tick(form, "came")
    forms.write(form, note=note)
    form.locator("button[name=action_confirm]").click()
    expect(form).to_have_count(0)
