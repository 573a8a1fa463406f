"""At intake the case worker learns who may be known already; files stay closed."""

import os
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from config import paths
from tests.support.browser import PHONE

from . import case_pages

NUMBER = "+92 300 5550177"
FOLDER = Path(os.environ.get("OSC_TEST_RESULTS", paths.STATE / "test-results"))
WARNING = ".o_osc_known_survivors"


@pytest.fixture
def center(odoo_server):
    """A server on which a case of Zarina is known to the case worker."""
    server = odoo_server()
    session = server.session("lhr.casework")
    case = session.call(
        "osc.case",
        "create",
        {
            "channel": "phone",
            "urgency": "urgent",
            "survivor_name": "Zarina Bibi Khan",
            "survivor_phone": NUMBER,
            "survivor_age": 31,
        },
    )
    survivor = session.call("osc.case", "read", [case], ["survivor_id"])[0]
    return server, session, survivor["survivor_id"]


def _fill(page, field, value):
    page.fill(f".o_field_widget[name={field}] input", value)
    page.keyboard.press("Tab")


def _picture(page, name):
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FOLDER / f"{name}.png", full_page=True)


@pytest.mark.parametrize("viewport", [(1366, 768), PHONE], ids=["desk", "phone"])
def test_who_is_known_already_is_linked(center, browser, viewport, request):
    server, session, (survivor, code) = center
    visit = browser.login(server, "lhr.casework", viewport=viewport)
    page = visit.page
    case_pages.new_case(page, server.url)
    case_pages.choose(page, "channel", "Came by herself")
    expect(page.locator(WARNING)).to_have_count(0)
    _fill(page, "survivor_name", "زرینہ خان")
    warning = page.locator(WARNING)
    expect(warning).to_contain_text(code)
    expect(warning).to_contain_text("name sounds alike")
    _fill(page, "survivor_phone", "0300-5550177")
    expect(warning).to_contain_text("same phone number")
    assert "Zarina" not in page.content()
    warning.scroll_into_view_if_needed()
    _picture(page, f"known-{request.node.callspec.id}")
    warning.get_by_role("button", name="It is her").click()
    expect(page.locator(".o_field_widget[name=survivor_name] input")).to_have_value(
        "Zarina Bibi Khan"
    )
    expect(page.locator(WARNING)).to_have_count(0)
    _picture(page, f"linked-{request.node.callspec.id}")
    visit.assert_quiet()


def test_who_may_not_know_her_is_sent_to_the_manager(center, browser):
    server, session, (survivor, code) = center
    visit = browser.login(server, "lhr.manager")
    page = visit.page
    case_pages.new_case(page, server.url)
    _fill(page, "survivor_phone", "0300-5550177")
    warning = page.locator(WARNING)
    expect(warning).to_contain_text(code)
    expect(warning).to_contain_text("Ask the center manager")
    assert "Zarina" not in page.content()
    _picture(page, "known-manager")
    visit.assert_quiet()


def test_a_picture_in_the_chatter_is_seen_and_carries_no_name(
    center, browser, tmp_path
):
    server, session, _survivor = center
    picture = tmp_path / "Zarina Bibi.png"
    Image.new("RGB", (80, 60), (180, 30, 30)).save(picture)
    case = session.call("osc.case", "search", [], limit=1)[0]
    visit = browser.login(server, "lhr.casework")
    page = visit.page
    page.goto(f"{server.url}/odoo/osc-cases/{case}")
    page.click(".o-mail-Chatter-logNote")
    with page.expect_file_chooser() as chooser:
        page.locator(".o-mail-Composer .fa-paperclip:visible").click()
    chooser.value.set_files(picture)
    page.wait_for_selector(".o-mail-Composer .o-mail-AttachmentContainer")
    page.fill(".o-mail-Composer-input", "See the picture")
    page.click(".o-mail-Composer-send")
    image = page.locator(".o-mail-Message img.o-mail-AttachmentImage")
    expect(image).to_be_visible()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)")
    assert "Zarina Bibi.png" not in page.content()
    _picture(page, "chatter-picture")
    path = image.get_attribute("src")
    red = session.get(path.removeprefix(server.url)).content
    stranger = server.session("mux.casework").get(path.removeprefix(server.url))
    assert stranger.content != red, "a stranger gets a placeholder"
    visit.assert_quiet()


def test_the_search_bar_finds_whole_values(center, browser):
    server, _session, (_survivor, code) = center
    visit = browser.login(server, "lhr.casework")
    page = visit.page
    page.goto(f"{server.url}/odoo/osc-survivors")
    page.wait_for_selector(".o_list_view")
    page.fill(".o_searchview_input", "0300 5550177")
    page.click(".o_searchview_autocomplete :text('Whole phone number')")
    expect(page.locator(".o_data_row")).to_have_count(1)
    expect(page.locator(".o_data_row")).to_contain_text(code)
    _picture(page, "survivors-search")
    visit.assert_quiet()


def test_without_a_key_the_form_shows_locks(center, odoo_server, browser, monkeypatch):
    server, session, _survivor = center
    case = session.call("osc.case", "search", [], limit=1)[0]
    monkeypatch.setenv("OSC_KEY_RING", "/nonexistent/ring.json")
    locked = odoo_server(server.database)
    visit = browser.login(locked, "lhr.casework")
    page = visit.page
    page.goto(f"{locked.url}/odoo/osc-cases/{case}")
    name = page.locator(".o_field_widget[name=survivor_name] input")
    expect(name).to_have_value("🔒")
    case_pages.choose(page, "urgency", "Emergency")
    case_pages.save(page)
    _picture(page, "locked")
    name.fill("Nasreen")
    page.click(".o_form_button_save")
    expect(page.locator(".modal, .o_notification").first).to_contain_text(
        "Nothing is lost"
    )
    read = session.call("osc.case", "read", [case], ["survivor_name", "urgency"])[0]
    assert (read["survivor_name"], read["urgency"]) == ("Zarina Bibi Khan", "emergency")
