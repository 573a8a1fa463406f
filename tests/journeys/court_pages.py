"""Police, proceedings, hearings and orders."""

from playwright.sync_api import Page, expect

from . import clinical_pages, forms


def proceedings(page: Page, kind: str | None = None, **texts) -> None:
    """Begin proceedings of a case that is open."""
    clinical_pages.new(page, "action_open_proceedings", "kind")
    if kind:
        field = forms.field(page, "kind")
        field.locator(".o_selection_badge", has_text=kind).click()
    forms.write(page, **texts)
    forms.save(page)


def reached(page: Page, stage: str, when: str) -> None:
    """Note that proceedings reached a stage."""
    forms.tab(page, "history")
    steps = page.locator(".o_field_widget[name=step_ids]")
    steps.locator(".o_field_x2many_list_row_add a").click()
    row = steps.locator(".o_selected_row")
    forms.pick(row, "stage_id", stage)
    forms.write(row, happened_at=when)
    forms.save(page)
    expect(forms.field(page, "stage_id")).to_contain_text(stage)


def hearing(page: Page, when: str, place: str) -> None:
    """Enter a hearing that she attends."""
    forms.tab(page, "hearings")
    form = forms.add(page, "hearing_ids")
    forms.write(form, start=when, place=place)
    forms.tick(form, "she_attends")
    forms.keep(form)
    forms.save(page)


def order(page: Page, kind: str, until: str, terms: str) -> None:
    """Apply for an order and have it granted."""
    forms.tab(page, "orders")
    form = forms.add(page, "order_ids")
    forms.select(form, "kind", kind)
    forms.write(form, valid_to=until, terms=terms)
    forms.keep(form)
    forms.save(page)
    page.locator(".o_field_widget[name=order_ids] button[name=action_grant]").click()
    badge = page.locator(".o_field_widget[name=order_ids] [name=state]")
    expect(badge.last).to_contain_text("Granted")


def end(page: Page, outcome: str, when: str) -> None:
    """End proceedings with an outcome."""
    forms.select(page, "outcome", outcome)
    forms.write(page, decided_on=when)
    forms.save(page)
    forms.press(page, "action_decide")
    forms.agree(page)
    expect(forms.state(page)).to_have_text("Ended")
