"""The browser of a shared computer keeps nothing of cases, whoever sits there next."""

import re

import pytest
from playwright.sync_api import expect

from config import paths

STORY = f"""
import sys
sys.path.insert(0, {str(paths.CONFIG.parent)!r})
from config import story
story.play(env)
env.cr.commit()
"""
# All that a page may have left in the databases and stores of the browser.
KEPT = """
async () => {
    const answer = (request) => new Promise((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
    });
    const kept = [...Object.entries(localStorage), ...Object.entries(sessionStorage)];
    for (const {name} of await indexedDB.databases()) {
        const database = await answer(indexedDB.open(name));
        for (const table of database.objectStoreNames) {
            const store = database.transaction(table).objectStore(table);
            for (const key of await answer(store.getAllKeys())) {
                kept.push([`${name} ${table}`, String(key)]);
            }
        }
        database.close();
    }
    return kept.map(([where, what]) => `${where}: ${what}`);
}
"""
# Menus and the action that is open: what the suite is, and nothing about a case.
OF_THE_SUITE = ("webclient_menus", "current_action")
# What Odoo keeps elsewhere: a database as it was before the suite was installed.
PLANT = """
(key) => new Promise((done) => {
    const request = indexedDB.open("rpc", 50);
    request.onupgradeneeded = () => request.result.createObjectStore("web_read");
    request.onsuccess = () => {
        const transaction = request.result.transaction("web_read", "readwrite");
        transaction.objectStore("web_read").put("x", key);
        transaction.oncomplete = () => { request.result.close(); done(); };
    };
})
"""
SHOWN = """
() => [...document.querySelectorAll("input, textarea")].map((field) => field.value)
    .concat(document.body.innerText).join(" ")
"""


@pytest.fixture(scope="module")
def server(module_odoo_server):
    server = module_odoo_server()
    server.database.shell(STORY)
    return server


@pytest.fixture(scope="module")
def identity(server):
    """A consent that tells doctors who a survivor is: itself, her name, her record."""
    worker = server.session("lhr.casework")
    for consent in worker.call(
        "osc.consent",
        "search_read",
        [
            ("scope", "=", "identity"),
            ("discipline_id.code", "=", "medical"),
            ("withdrawn_at", "=", False),
        ],
        ["case_id"],
    ):
        case = worker.call(
            "osc.case",
            "read",
            [consent["case_id"][0]],
            ["survivor_name", "survivor_id"],
        )[0]
        if case["survivor_name"]:
            return consent["id"], case["survivor_name"], case["survivor_id"][0]
    raise AssertionError("the story has no such consent")


def _kept(page, name):
    """What the browser has of her, or of anybody's case."""
    return [
        entry
        for entry in page.evaluate(KEPT)
        if name in entry
        or ("rpc" in entry.split(":")[0])
        or ("osc." in entry and entry.split(":")[0] not in OF_THE_SUITE)
    ]


def test_what_was_searched_for_and_opened_is_not_on_the_disk(server, browser, identity):
    _consent, name, _survivor = identity
    visit = browser.login(server, "lhr.casework")
    page = visit.page
    page.evaluate(PLANT, f"web_read osc.survivor {name}")
    assert _kept(page, name)
    visit.open("/odoo/osc-survivors")
    page.locator(".o_searchview_input").press_sequentially(name)
    page.click(".o_searchview_autocomplete .o-dropdown-item:has-text('Whole name')")
    expect(page.locator(".o_data_row")).to_have_count(1)
    page.click(".o_data_row .o_data_cell")
    page.wait_for_function(f"({SHOWN})().includes('{name}')")
    page.click(".o_back_button, .breadcrumb-item a")
    page.click(".o_data_row .o_data_cell")
    page.wait_for_selector(".o_form_view")
    assert _kept(page, name) == []
    page.goto(f"{server.url}/web/session/logout")
    assert _kept(page, name) == []
    visit.assert_quiet()


def test_a_note_that_was_not_sent_is_not_on_the_disk(server, browser, identity):
    case = server.session("lhr.casework").call("osc.case", "search", [], limit=1)[0]
    visit = browser.login(server, "lhr.casework")
    page = visit.page
    words = "She will come back at dusk"
    page.goto(f"{server.url}/odoo/osc-cases/{case}")
    page.click(".o-mail-Chatter-logNote")
    page.fill(".o-mail-Composer-input", words)
    # Stays while the window does, and goes with it.
    page.click("button[title='Open Full Composer']")
    editor = page.locator(".modal .odoo-editor-editable")
    expect(editor).to_contain_text(words)
    editor.press_sequentially(" or dawn")
    page.keyboard.press("Escape")
    expect(page.locator(".o-mail-Composer-input")).to_have_value(
        re.compile("at dusk|or dawn")
    )
    assert "dusk" not in str(page.evaluate(KEPT))
    page.goto(f"{server.url}/web/session/logout")
    assert "dusk" not in str(page.evaluate(KEPT))
    visit.assert_quiet()


def test_who_lost_access_is_shown_nothing_while_the_server_is_slow(
    server, browser, identity
):
    consent, name, survivor = identity
    visit = browser.login(server, "lhr.medical")
    page = visit.page
    visit.open("/odoo/osc-survivors")
    page.wait_for_selector(".o_data_row")
    record = f"/odoo/osc-survivors/{survivor}"
    visit.open(record)
    page.wait_for_function(f"({SHOWN})().includes('{name}')")
    server.session("lhr.casework").call("osc.consent", "action_withdraw", [consent])
    held = []
    page.route("**/web_read**", lambda route: held.append(route))
    page.route("**/web_search_read**", lambda route: held.append(route))
    for path in ("/odoo/osc-survivors", record):
        with page.expect_request(lambda request: "/web_" in request.url):
            page.goto(f"{server.url}{path}", wait_until="commit")
        # Whatever was kept would be there long before other answers of the server.
        page.wait_for_function("window.odoo?.isReady")
        for _ in range(5):
            page.evaluate("fetch('/web/webclient/load_menus').then((r) => r.text())")
        assert held
        assert name not in page.evaluate(SHOWN)
        assert not page.locator(".o_data_row, .o_form_view").count()
    page.unroute_all()
    visit.open("/odoo/osc-survivors")
    page.wait_for_selector(".o_view_nocontent, .o_list_view")
    assert name not in page.evaluate(SHOWN)
