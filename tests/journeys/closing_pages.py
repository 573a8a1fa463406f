"""Closing a case: asked for by the case worker, decided by the manager."""

from playwright.sync_api import Page, expect

from . import forms

CHECKLIST = ("safety_plan_reviewed", "plan_met", "agreed_with_her", "may_resume")


def approval_wanted(admin: Page, url: str, policy: str) -> None:
    """The administrator sets in a policy that closing needs approval."""
    admin.goto(f"{url}/odoo/action-osc_base.osc_policy_action")
    admin.locator(".o_data_row", has_text=policy).locator("td[name=name]").click()
    forms.tick(admin, "closure_needs_approval")
    forms.save(admin)


def ask(page: Page, reason: str, explanation: str, checks=CHECKLIST) -> None:
    """Ask for the closing of a case that is open."""
    forms.press(page, "action_ask_closing")
    form = forms.dialog(page)
    forms.radio(form, reason_id=reason)
    forms.tick(form, *checks)
    forms.write(form, explanation=explanation)
    form.get_by_role("button", name="Ask for approval").click()
    expect(form).to_have_count(0)


def waiting(manager: Page, url: str, code: str) -> None:
    """The manager opens the closing that waits, from the menu."""
    manager.goto(f"{url}/odoo/osc-cases")
    manager.locator(".o_menu_sections").get_by_text("Reporting", exact=True).click()
    manager.locator(".o-dropdown--menu").get_by_text("Closures", exact=True).click()
    manager.locator(".o_data_row", has_text=code).locator("td[name=reason_id]").click()
    expect(manager.locator("button[name=action_approve]")).to_be_visible()


def approve(manager: Page) -> None:
    manager.locator("button[name=action_approve]").click()
    expect(forms.state(manager)).to_have_text("Closed")


def give_back(manager: Page, reason: str) -> None:
    """The manager returns it with what is missing."""
    manager.get_by_role("button", name="Return", exact=True).click()
    form = forms.dialog(manager)
    forms.write(form, reason=reason)
    form.locator("button[name=action_confirm]").click()
    expect(form).to_have_count(0)
    expect(forms.state(manager)).to_have_text("Returned")
