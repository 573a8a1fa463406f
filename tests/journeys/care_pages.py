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
