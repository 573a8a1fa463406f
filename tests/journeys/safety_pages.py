"""How much danger she is in, and the plan that is made with her."""

from playwright.sync_api import Page, expect

from . import forms


def assess(page: Page, yes: list[int]) -> None:
    """Ask the screening's questions: yes to those of these numbers, no to the others."""
    forms.tab(page, "risk")
    form = forms.add(page, "risk_assessment_ids")
    rows = form.locator(".o_field_widget[name=answer_ids] .o_data_row")
    expect(rows.first).to_be_visible()
    for number in range(rows.count()):
        row = rows.nth(number)
        row.locator("td[name=answer]").click()
        label = "Yes" if number + 1 in yes else "No"
        forms.select(row, "answer", label)
    forms.keep(form)
    forms.save(page)


def plan(page: Page, **texts) -> None:
    """Write the safety plan with her."""
    forms.tab(page, "risk")
    form = forms.add(page, "safety_plan_ids")
    forms.tick(form, "made_with_her")
    forms.write(form, **texts)
    forms.keep(form)
    forms.save(page)
