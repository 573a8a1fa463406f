"""Counselling, services, money and conferences."""

from playwright.sync_api import Page, expect

from . import clinical_pages, forms


def counsel(page: Page, notes: str) -> None:
    """Note a session of counselling; the case is open."""
    clinical_pages.new(page, "action_open_counselling", "notes")
    forms.write(page, notes=notes)
    forms.save(page)


def measure(page: Page, scale: str, total: int, when: str) -> None:
    """Note how she is on a scale; the case is open."""
    clinical_pages.new(page, "action_open_wellbeing", "scale_id")
    forms.pick(page, "scale_id", scale)
    forms.write(page, total=total, measured_on=when)
    forms.save(page)


def deliver(page: Page, service: str) -> None:
    """Add a service to a case and note that it was given."""
    forms.tab(page, "services")
    form = forms.add(page, "service_ids")
    forms.pick(form, "service_id", service)
    forms.keep(form)
    forms.save(page)
    services = page.locator(".o_field_widget[name=service_ids]")
    row = services.locator(".o_data_row", has_text=service)
    row.get_by_role("button", name="Delivered").click()
    form = forms.dialog(page)
    form.locator("button[name=action_confirm]").click()
    expect(form).to_have_count(0)
    expect(row.locator("[name=state]").last).to_contain_text("Delivered")


def ask_for_money(page: Page, kind: str, amount: int, need: str) -> None:
    """Write down what she needs money for, and request it; the case is open."""
    forms.tab(page, "aid")
    form = forms.add(page, "aid_ids")
    forms.pick(form, "type_id", kind)
    forms.pick(form, "fund_id", "Fund of the center")
    forms.write(form, amount=amount, need=need)
    forms.keep(form)
    forms.save(page)
    form = _money(page, kind)
    form.locator("button[name=action_request]").click()
    expect(form.locator(".o_arrow_button_current")).to_have_text("Requested")
    form.locator(".btn-close").click()
    expect(form).to_have_count(0)


def approve_money(page: Page, kind: str) -> None:
    """Approve it as a second person; the case is open."""
    forms.tab(page, "aid")
    form = _money(page, kind)
    form.locator("button[name=action_approve]").click()
    expect(form.locator(".o_arrow_button_current")).to_have_text("Approved")
    form.locator(".btn-close").click()
    expect(form).to_have_count(0)


def _money(page: Page, kind: str):
    rows = page.locator(".o_field_widget[name=aid_ids] .o_data_row", has_text=kind)
    rows.locator("td[name=type_id]").click()
    return forms.dialog(page)


def confer(page: Page, when: str, who: str, decision: str) -> None:
    """Plan a conference with somebody of the case, who gets a task; the case is open."""
    forms.tab(page, "conferences")
    form = forms.add(page, "conference_ids")
    forms.write(form, start=when)
    forms.pick(form, "participant_ids", who)
    forms.tab(form, "decisions")
    decisions = forms.field(form, "decision_ids")
    decisions.locator(".o_field_x2many_list_row_add a").click()
    row = decisions.locator(".o_selected_row")
    forms.write(row, name=decision)
    forms.pick(row, "user_id", who)
    forms.keep(form)
    forms.save(page)
