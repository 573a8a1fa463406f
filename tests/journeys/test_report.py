"""A case is reported and the police representative knows at once."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import PHONE

from . import case_pages


@pytest.fixture
def center(odoo_server, browser):
    """The server, a case worker at a desk and a police officer with a phone."""
    server = odoo_server()
    worker = browser.login(server, "lhr.casework")
    police = browser.login(server, "lhr.police", viewport=PHONE)
    return server, worker, police


def test_police_sees_a_new_case_without_reload_acknowledges_and_acts(center):
    server, worker, police = center
    page = worker.page
    case_pages.new_case(page, server.url)
    expect(page.locator("[name=center_id] input")).to_have_value(
        "One-Stop Center Lahore"
    )
    case_pages.choose(page, "channel", "Came by herself")
    case_pages.choose(page, "urgency", "Emergency")
    case_pages.tick(page, "in_danger")
    case_pages.add_incident(page, "Rape")
    page.fill(".o_field_widget[name=survivor_name] input", "Zarina Bibi")
    phone = police.page
    expect(phone.locator(".o_osc_intimation_menu")).to_have_count(0)

    code = case_pages.report(page)

    expect(phone.locator(".o_osc_intimation_counter")).to_have_text("1")
    expect(phone.locator(".o_notification")).to_contain_text(code)
    assert "Zarina" not in phone.content()
    case_pages.open_intimations(phone)
    entry = case_pages.entry(phone, code)
    expect(entry).to_contain_text("Police")
    expect(entry).to_contain_text("Emergency")
    expect(entry.locator(".o_osc_countdown")).to_contain_text("left")
    entry.locator(".o_osc_acknowledge").click()
    entry.locator(".o_osc_action_text").fill("Patrol sent to the center")
    entry.locator(".o_osc_act").click()
    expect(phone.locator(".o_osc_intimation_menu")).to_have_count(0)

    phone.goto(f"{server.url}/odoo/osc-cases")
    phone.get_by_text(code).first.click()
    expect(phone.locator(".o_form_view .oe_title")).to_contain_text(code)
    assert "Zarina" not in phone.content(), "acknowledging opens no identity"

    page.reload()
    page.click("a[name=intimations]")
    row = page.locator(".o_field_widget[name=intimation_ids] tr", has_text="Police")
    expect(row.first).to_contain_text("Acted")
    expect(page.locator(".o_arrow_button_current")).to_have_text("Active")
    worker.assert_quiet()
    police.assert_quiet()


def test_mute_is_remembered_and_declining_tells_the_backup(center, browser):
    server, worker, police = center
    backup = browser.login(server, "lhr.police2")
    session = server.session("lhr.casework")
    case = session.call(
        "osc.case",
        "create",
        {"channel": "phone", "urgency": "urgent", "in_danger": True},
    )
    session.call("osc.case", "action_report", [case])
    phone = police.page
    case_pages.open_intimations(phone)
    phone.click(".o_osc_mute")
    expect(phone.locator(".o_osc_mute")).to_have_text("Sound is off")
    phone.reload()
    case_pages.open_intimations(phone)
    expect(phone.locator(".o_osc_mute")).to_have_text("Sound is off")

    phone.goto(f"{server.url}/odoo/osc-my-intimations")
    phone.click(".o_kanban_record button:has-text('Decline')")
    phone.fill(".modal .o_field_widget[name=text] textarea", "I am her cousin")
    phone.check(".modal .o_field_widget[name=conflict_of_interest] input")
    phone.click(".modal button[name=action_confirm]")

    expect(backup.page.locator(".o_osc_intimation_counter")).to_have_text("1")
    expect(phone.locator(".o_osc_intimation_menu")).to_have_count(0)
