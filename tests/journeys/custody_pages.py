"""The evidence kit and what becomes of it, step by step."""

from playwright.sync_api import Page, expect

from . import clinical_pages, forms


def kit(page: Page, number: str, items: dict[str, str]) -> None:
    """Record a kit of the exam that is open, with what is in it and where from."""
    clinical_pages.new(page, "action_open_evidence", "is_kit")
    forms.tick(page, "is_kit")
    forms.write(page, kit_number=number)
    forms.select(page, "packaging", "Kit box")
    forms.save(page)
    for component, source in items.items():
        forms.tab(page, "items")
        form = forms.add(page, "item_ids")
        forms.pick(form, "component_id", component)
        forms.write(form, source=source)
        forms.keep(form)
    forms.save(page)


def step(page: Page, label: str, *, to: str | None = None, **values) -> None:
    """Press a step of custody, fill in what it asks and confirm it as oneself."""
    forms.press(page, "action_step", text=label)
    form = forms.dialog(page)
    if to:
        forms.pick(form, "to_user_id", to)
    if purpose := values.pop("purpose", None):
        forms.select(form, "purpose", purpose)
    if place := values.pop("place", None):
        forms.pick(form, "place_id", place)
    forms.write(form, **values)
    form.locator("button[name=action_confirm]").click()
    expect(form).to_have_count(0)
