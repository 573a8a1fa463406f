"""A locked screen, a second factor, and what administrators do about accounts."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser import DESKTOP, PHONE
from tests.support.crowd import wait_until
from tests.support.rpc import RpcError

from . import case_pages

SETTINGS = "/odoo/action-osc_base.osc_account_settings_action"
# Counts the tones that the page plays.
COUNT_TONES = """
window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function () {
    window.tones++;
    return start.apply(this, arguments);
};
"""


def _report(server):
    """An emergency in Lahore; its code."""
    session = server.session("lhr.casework")
    case = session.call(
        "osc.case",
        "create",
        {"channel": "phone", "urgency": "emergency", "in_danger": True},
    )
    session.call("osc.case", "action_report", [case])
    [values] = session.call("osc.case", "read", [case], ["name"])
    return values["name"]


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_an_intimation_is_seen_and_heard_on_a_locked_screen(
    odoo_server, browser, viewport
):
    server = odoo_server()
    police = browser.window(server.url, "lhr.police", viewport)
    page = police.page
    page.clock.install()
    page.add_init_script(COUNT_TONES)
    browser.fill_login(police)
    page.goto(f"{server.url}/odoo/osc-sops")
    page.wait_for_selector(".o_data_row, .o_kanban_record")
    page.clock.fast_forward("16:00")
    dialog = page.locator(".modal:has(.o_check_identity_form)")
    expect(dialog).to_be_visible()
    expect(page.locator(".o_data_row, .o_kanban_record")).to_have_count(0)
    _assert_locked(page, server)

    code = _report(server)

    toast = page.locator(".o_notification", has_text=code)
    expect(toast).to_be_visible()
    expect(page.locator(".o_osc_intimation_counter")).to_have_text("1")
    page.wait_for_function("window.tones >= 3")
    page.wait_for_function(
        "getComputedStyle(document.querySelector('.o_notification')).opacity === '1'"
    )
    assert _on_top(page, toast), "the dialog covers the toast"

    toast.get_by_role("button", name="Acknowledge").click()
    expect(dialog).to_be_visible()
    page.fill(".o_check_identity_form input[name=password]", "lhr.police")
    page.click(".o_check_identity_form button[type=submit]")
    expect(dialog).to_have_count(0)
    expect(page.locator(".o_osc_intimation_counter")).to_have_text("1")
    case_pages.open_intimations(page)
    case_pages.entry(page, code).locator(".o_osc_acknowledge").click()
    expect(page.locator(".o_osc_intimation_counter")).to_have_count(0)


def test_a_locked_screen_that_is_opened_anew_asks_who_it_is(odoo_server, browser):
    server = odoo_server()
    police = browser.window(server.url, "lhr.police", PHONE)
    page = police.page
    page.clock.install()
    browser.fill_login(police)
    page.goto(f"{server.url}/odoo/osc-sops")
    records = page.locator(".o_data_row, .o_kanban_record")
    expect(records.first).to_be_visible()
    page.clock.fast_forward("16:00")
    dialog = page.locator(".modal:has(.o_check_identity_form)")
    expect(dialog).to_be_visible()
    _assert_locked(page, server)

    page.goto(f"{server.url}/odoo/osc-sops")

    expect(dialog).to_be_visible()
    page.fill(".o_check_identity_form input[name=password]", "lhr.police")
    page.click(".o_check_identity_form button[type=submit]")
    expect(dialog).to_have_count(0)
    expect(records.first).to_be_visible()


def test_a_screen_whose_session_was_ended_says_so(odoo_server, browser):
    server = odoo_server()
    police = browser.window(server.url, "lhr.police")
    page = police.page
    page.clock.install()
    browser.fill_login(police)
    page.wait_for_selector(".o_web_client .o_main_navbar")
    session = server.session("osc.admin")
    [user] = session.call("res.users", "search", [["login", "=", "lhr.police"]])
    session.call("res.users", "action_osc_end_sessions", [user])
    page.clock.fast_forward("00:31")
    expect(page.locator(".modal")).to_contain_text("session expired")
    page.click(".modal footer button")
    expect(page.locator("input[name=login]")).to_be_visible()


def _session_of(page, server):
    """The server, asked with the session of a browser's window."""
    session = server.session("lhr.police")
    # Odoo would note another device in the session, and save it over what the websocket
    # says of it at that moment.
    session.http.headers["User-Agent"] = page.evaluate("navigator.userAgent")
    session.http.cookies.clear()
    for cookie in page.context.cookies():
        session.http.cookies.set(cookie["name"], cookie["value"])
    return session


def _assert_locked(page, server):
    """The server refuses what the session of a locked screen asks for.

    The screen says by its websocket that it is locked, so the server knows it a moment
    after it shows.
    """
    session = _session_of(page, server)

    def refused():
        try:
            session.call("osc.intimation", "get_open")
        except RpcError as error:
            assert "confirm his identity" in error.message
            return True

    wait_until(refused, 20, "the server refuses what a locked screen asks for")


def _on_top(page, locator):
    box = locator.bounding_box()
    point = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    return locator.evaluate(
        "(element, [x, y]) => element.contains(document.elementFromPoint(x, y))", point
    )


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_administrator_sets_how_people_log_in(
    odoo_server, browser, smtp_sink, viewport
):
    server = odoo_server(smtp=smtp_sink)
    admin = browser.login(server, "osc.admin", viewport=viewport)
    page = admin.open(SETTINGS)
    expect(page.locator(".alert-danger")).to_contain_text("A password is enough")
    page.check(".o_field_widget[name=two_factor_required] input")
    page.fill(".o_field_widget[name=lock_after_minutes] input", "90")
    page.click(".o_form_button_save")
    expect(page.locator(".modal")).to_contain_text("between 1 and 60")
    page.click(".modal footer button")
    page.fill(".o_field_widget[name=lock_after_minutes] input", "10")
    case_pages.save(page)
    expect(page.locator(".alert-danger")).to_have_count(0)
    page.reload()
    lock = page.locator(".o_field_widget[name=lock_after_minutes] input")
    expect(lock).to_have_value("10")

    police = browser.window(server.url, "lhr.police", viewport)
    browser.fill_login(police)
    expect(police.page.locator("input[name=totp_token]")).to_be_visible()
    # Odoo also tells of the new device.
    letters = [m.get_body(("html",)).get_content() for m in smtp_sink.wait_for(2)]
    [code] = re.findall(r">\s*(\d{6})\s*<", "".join(letters))
    police.page.fill("input[name=totp_token]", code)
    police.page.click("form button[type=submit] >> nth=0")
    police.page.wait_for_selector(".o_web_client .o_main_navbar")

    page.click("button[name=action_accounts]")
    person = page.locator(".o_data_row, .o_kanban_record", has_text="lhr.police").first
    expect(person).to_contain_text("Code by e-mail")
    person.get_by_text("lhr.police").first.click()  # opens nothing
    person.locator("button[name=action_osc_end_sessions]").click()
    page.click(".modal footer .btn-primary")
    expect(page.locator(".o_notification")).to_contain_text("Logged out everywhere")
    police.page.goto(f"{server.url}/odoo")
    expect(police.page.locator("input[name=login]")).to_be_visible()
    admin.assert_quiet()


def test_export_is_offered_to_the_chosen_only(odoo_server, browser):
    server = odoo_server()
    for chosen in (False, True):
        if chosen:
            session = server.session("osc.admin")
            [settings] = session.call("osc.account.settings", "search", [])
            [police] = session.call(
                "res.users", "search", [["login", "=", "lhr.police"]]
            )
            links = {"export_user_ids": [[4, police]]}
            session.call("osc.account.settings", "write", [settings], links)
        visit = browser.login(server, "lhr.police")
        page = visit.open("/odoo/action-osc_base.osc_representative_action")
        page.click(".o_group_header")
        page.check(".o_data_row >> nth=0 >> input[type=checkbox]")
        page.click(".o_cp_action_menus button:has-text('Actions')")
        offered = page.locator(".o-dropdown-item", has_text="Export")
        expect(offered).to_have_count(int(chosen))
        page.keyboard.press("Escape")
        page.click(".o_list_unselect_all, .o_unselect_all")
        expect(page.locator(".o_cp_action_menus")).to_have_count(int(chosen))
        if chosen:
            page.click(".o_cp_action_menus button")
            expect(page.locator(".o_export_all_menu")).to_be_visible()
        visit.assert_quiet()
