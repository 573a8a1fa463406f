"""A mother comes with a daughter and two sons; one of them is too old."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import expect

from tests.support.browser import PHONE

BOARD = "/odoo/osc-beds"
DAYS_LEFT = re.compile("[45] days left")  # the fifth has just begun


@pytest.fixture
def center(odoo_server, browser):
    """The server, and a reported case that the shelter in-charge took on."""
    server = odoo_server()
    worker = server.session("lhr.casework")
    case = worker.call(
        "osc.case",
        "create",
        {
            "channel": "walk_in",
            "urgency": "urgent",
            "no_safe_place": True,
            "survivor_name": "Zarina Bibi",
        },
    )
    worker.call("osc.case", "action_report", [case])
    [row] = worker.call("osc.case", "read", [case], ["name"])
    shelter = server.session("lhr.shelter")
    mine = shelter.call("osc.intimation", "search", [("case_code", "=", row["name"])])
    shelter.call("osc.intimation", "action_acknowledge", mine)
    return server, row["name"], case


def _card(page, bed):
    """The card of a bed on the board."""
    return page.locator(".o_kanban_record").filter(
        has=page.locator(f".fs-5:has-text('{bed}')")
    )


def _choose(scope, field, text):
    """Choose a record by typing the beginning of its name."""
    begin = text.split(" · ")[0]
    scope.locator(f".o_field_widget[name={field}] input").first.fill(begin)
    scope.page.locator(
        f".o-autocomplete--dropdown-item:has-text('{text}')"
    ).first.click()


def _select(page, field, label):
    """Choose from a list of words."""
    page.click(f".o_field_widget[name={field}] input")
    page.click(f".o_select_menu_item:has-text('{label}')")


def _add_child(page, sex, age, bed, name=None):
    page.click(".o_field_widget[name=companion_ids] >> text=Add a line")
    dialog = page.locator(".modal")
    dialog.locator(f".o_selection_badge:has-text('{sex}')").click()
    dialog.locator(".o_field_widget[name=age_years] input").fill(str(age))
    _choose(dialog, "bed_id", bed)
    if name:
        dialog.locator(".o_field_widget[name=full_name] input").fill(name)
    dialog.locator(".o_form_button_save").click()
    expect(page.locator(".modal")).to_have_count(0)


def test_a_mother_with_children_is_admitted_extended_and_placed_on(center, browser):
    server, code, case = center
    visit = browser.login(server, "lhr.shelter")
    page = visit.page

    # She is admitted from the board; her son of 14 years isn't, and what else there is.
    page.goto(server.url + BOARD)
    card = _card(page, "Room 2 · A")
    expect(card).to_contain_text("Free")
    card.locator("button:has-text('Admit')").click()
    form = page.locator(".o_form_view")
    _choose(form, "case_id", code)
    page.check(".o_field_widget[name=needs_longer] input")
    _add_child(page, "Daughter", 16, "Room 2 · B", "Mehreen")
    _add_child(page, "Son", 11, "Room 2 · C")
    _add_child(page, "Son", 14, "Room 1 · A")
    children = page.locator(".o_field_widget[name=companion_ids]")
    expect(children).to_contain_text("A son of 14 years can't be admitted")
    page.click("button[name=action_check_in]")
    refusal = page.locator(".modal, .o_notification").filter(has_text="14 years")
    expect(refusal.first).to_contain_text("birthday of 13 years")
    expect(refusal.first).to_contain_text("child authority")
    assert not _stays(server, case), "nothing was reserved"
    close = page.locator(".modal button:has-text('Close')")
    if close.count():
        close.first.click()
    row = children.locator("tr.o_data_row").filter(has_text="14 years")
    row.locator("button[name=delete], .o_list_record_remove button").click()
    page.click("button[name=action_check_in]")
    expect(page.locator(".o_arrow_button_current")).to_have_text("In the shelter")
    expect(page.locator("div[name=people_count]")).to_have_text("3")
    expect(page.locator("div[name=due_out]").first).to_contain_text(DAYS_LEFT)

    # The board says it to the next shift, on the phone; names are nowhere.
    phone = browser.login(server, "lhr.shelter", viewport=PHONE)
    phone.page.goto(server.url + BOARD)
    card = _card(phone.page, "Room 2 · A")
    expect(card).to_contain_text(code)
    expect(card).to_contain_text(DAYS_LEFT)
    for name in ("Zarina", "Mehreen"):
        assert name not in phone.page.content()

    # The son of 14 years is recorded as turned away, with where he went.
    page.goto(f"{server.url}/odoo/action-osc_shelter.osc_shelter_turnaway_action/new")
    _choose(page.locator(".o_form_view"), "case_id", code)
    _select(page, "reason", "A son is too old")
    _select(page, "went_to", "To the child authority")
    page.click(".o_form_button_save")
    page.wait_for_selector(".o_form_button_save", state="hidden")

    # Two days more, with a reason; she who asks doesn't approve it.
    [stay] = _stays(server, case)
    page.goto(f"{server.url}/odoo/osc-stays/{stay['id']}")
    page.click("button[name=action_ask_extension]")
    dialog = page.locator(".modal")
    dialog.locator(".o_field_widget[name=days] input").fill("2")
    dialog.locator(".o_field_widget[name=reason] textarea").fill("A home on Friday")
    dialog.locator(".o_form_button_save").click()
    expect(page.locator(".modal")).to_have_count(0)
    manager = browser.login(server, "lhr.manager")
    office = manager.page
    office.goto(f"{server.url}/odoo/action-osc_shelter.osc_shelter_extension_action")
    office.click(f".o_data_row:has-text('{code}')")
    office.click("button[name=action_approve]")
    expect(office.locator(".o_arrow_button_current")).to_have_text("Approved")
    assert "Zarina" not in office.content()
    [extended] = _stays(server, case)
    assert extended["extension_count"] == 1
    days = _read(extended["due_out"]) - _read(stay["due_out"])
    assert days.days == 2

    # The referral to a long-term home was drafted when she came; it is sent and accepted.
    _place(server, browser, code, extended)

    # She leaves with her children; where to stays in the vault.
    page.goto(server.url + BOARD)
    _card(page, "Room 2 · A").locator("button:has-text('Check out')").click()
    dialog = page.locator(".modal")
    dialog.locator("label:has-text('Long-term home')").click()
    dialog.locator(".o_field_widget[name=destination] textarea").fill("Home of hope")
    dialog.locator("button[name=action_confirm]").click()
    expect(_card(page, "Room 2 · A")).to_contain_text("Free")
    expect(_card(page, "Room 2 · C")).to_contain_text("Free")
    [left] = _stays(server, case)
    assert left["state"] == "out"
    assert left["exit_kind"] == "long_term"
    assert left["destination"] == "Home of hope"
    seen = server.session("lhr.manager").call(
        "osc.shelter.stay", "read", [left["id"]], ["destination", "exit_kind"]
    )
    assert seen[0]["destination"] is False, "that isn't for the manager"
    for window in (visit, phone, manager):
        window.assert_quiet()


def _stays(server, case):
    """Stays of a case, as its case worker reads them."""
    names = ["state", "due_out", "exit_kind", "destination", "extension_count"]
    return server.session("lhr.casework").call(
        "osc.shelter.stay",
        "search_read",
        [("case_id", "=", case)],
        [*names, "placement_id"],
    )


def _read(text):
    return datetime.fromisoformat(text)


def _place(server, browser, code, stay):
    """Her case worker chooses a partner, asks her, and sends the draft."""
    admin = server.session("admin")
    [home] = admin.call(
        "res.partner",
        "create",
        [
            {
                "name": "Home of Hope",
                "is_company": True,
                "is_osc_partner": True,
                "osc_service_ids": [(4, _long_term_home(admin))],
            }
        ],
    )
    worker = server.session("lhr.casework")
    referral = stay["placement_id"][0]
    visit = browser.login(server, "lhr.casework")
    page = visit.page
    page.goto(f"{server.url}/odoo/osc-stays/{stay['id']}")
    page.click("button[name=action_open_placement]")
    expect(page.locator(".o_arrow_button_current")).to_have_text(re.compile("Draft"))
    worker.call("osc.referral", "write", [referral], {"partner_id": home})
    page.reload()
    page.click(".o_form_view button:has-text('She agrees')")
    page.locator(".modal button[name=action_confirm]").click()
    page.click("button[name=action_send]")
    page.locator(".modal-footer .btn-primary").click()
    expect(page.locator(".o_arrow_button_current")).to_have_text(re.compile("Sent"))
    page.click("button[name=action_accept]")
    expect(page.locator(".o_arrow_button_current")).to_have_text(re.compile("Accepted"))
    page.goto(f"{server.url}/odoo/osc-stays/{stay['id']}")
    expect(page.locator("div[name=placement_state]")).to_have_text("Accepted")
    visit.assert_quiet()


def _long_term_home(admin):
    [service] = admin.call("osc.service", "search", [("code", "=", "long_term_home")])
    return service
