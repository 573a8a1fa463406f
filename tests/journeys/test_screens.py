"""Every menu opens for every role, and the pictures that README and docs show.

``./osc screenshots`` writes the pictures to docs/screenshots; in a test run they land
beside the other results.
"""

import os
from pathlib import Path

import pytest

from config import paths
from tests.support.browser import DESKTOP, PHONE

from . import case_pages

FOLDER = Path(
    os.environ.get("OSC_SCREENSHOTS", paths.STATE / "test-results" / "screenshots")
)
ROLES = [
    "lhr.police",
    "lhr.casework",
    "lhr.manager",
    "pk.coordinator",
    "osc.auditor",
    "osc.admin",
    "pk.training",
]
# Menus that open a dialog over the page.
DIALOGS = ("osc_base.osc_roster_copy_menu", "osc_base.osc_audit_archiving_menu")
STORY = f"""
import sys
sys.path.insert(0, {str(paths.CONFIG.parent)!r})
from config import story
story.play(env)
env.cr.commit()
"""


@pytest.fixture(scope="module")
def server(module_odoo_server):
    """A server on which the demonstration story was played."""
    server = module_odoo_server(cron=True)
    server.database.shell(STORY)
    FOLDER.mkdir(parents=True, exist_ok=True)
    return server


# Resolves when the page has not changed for a moment.
QUIET = """
() => new Promise((done) => {
    const wait = () => setTimeout(() => { observer.disconnect(); done(); }, 120);
    const observer = new MutationObserver(() => { clearTimeout(timer); timer = wait(); });
    observer.observe(document.body, { subtree: true, childList: true });
    let timer = wait();
})
"""
# Opens an action as its menu does, without loading the web client again.
OPEN = """
(action) => odoo.__WOWL_DEBUG__.root.env.services.action.doAction(
    action, { clearBreadcrumbs: true }
)
"""


def _settle(visit):
    visit.page.evaluate(QUIET)
    visit.page.wait_for_function(
        "!document.querySelector('.o_blockUI, .o_loading_indicator')"
    )
    visit.page.evaluate(QUIET)


def _picture(visit, name):
    _settle(visit)
    visit.page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("login", ROLES)
def test_every_menu_opens_for_every_role(server, browser, login, viewport):
    visit = browser.login(server, login, viewport=viewport)
    session = server.session(login)
    menus = session.get("/web/webclient/load_menus").json()
    root = next(
        menu for menu in menus.values() if menu["xmlid"] == "osc_base.osc_menu_root"
    )
    visit.open()
    opened = 0
    waiting = list(root["children"])
    while waiting:
        menu = menus[str(waiting.pop())]
        waiting += menu["children"]
        if not menu["actionID"] or menu["xmlid"] in DIALOGS:
            continue
        visit.page.evaluate(OPEN, menu["actionID"])
        visit.page.wait_for_selector(".o_view_controller")
        _settle(visit)
        # A phone has the same views behind a menu.
        for switch in visit.page.query_selector_all(
            "button.o_switch_view:not(.active)"
        ):
            if switch.is_visible():
                # An intimation that arrives meanwhile lies over the buttons.
                switch.dispatch_event("click")
                _settle(visit)
        assert not visit.page.query_selector(".o_error_dialog"), menu["name"]
        opened += 1
    assert opened >= 4
    visit.assert_quiet()


def test_pictures_of_the_case_worker(server, browser):
    visit = browser.login(server, "lhr.casework")
    page = visit.page
    case_pages.new_case(page, server.url)
    case_pages.choose(page, "channel", "Came by herself")
    case_pages.choose(page, "urgency", "Emergency")
    _picture(visit, "case_new")
    page.goto(f"{server.url}/odoo/osc-cases")
    page.wait_for_selector(".o_kanban_record")
    _picture(visit, "cases")
    page.click(".o_kanban_record:has-text('LHR-') >> nth=0")
    page.click("a[name=intimations]")
    _picture(visit, "case_reported")
    visit.assert_quiet()


def test_pictures_of_a_phone(server, browser):
    visit = browser.login(server, "lhr.legal", viewport=PHONE)
    session = server.session("lhr.casework")
    case = session.call(
        "osc.case",
        "create",
        {"channel": "phone", "urgency": "emergency", "lives_with_accused": True},
    )
    session.call("osc.case", "action_report", [case])
    visit.page.goto(f"{server.url}/odoo/osc-my-intimations")
    visit.page.wait_for_selector(".o_osc_intimation_counter")
    _picture(visit, "my_intimations_phone")
    case_pages.open_intimations(visit.page)
    _picture(visit, "intimation_phone")
    visit.assert_quiet()


@pytest.mark.parametrize(
    "login, path, name",
    [
        ("pk.coordinator", "/odoo/osc-centers", "centers"),
        ("lhr.manager", "/odoo/osc-roster", "roster"),
        ("lhr.manager", "/odoo/osc-response-times", "response_times"),
        ("lhr.police", "/odoo/osc-sops", "sops"),
        ("osc.admin", "/odoo/action-osc_base.osc_policy_action", "policies"),
        ("lhr.shelter", "/odoo/action-osc_shelter.osc_shelter_bed_action", "bed_board"),
        (
            "lhr.casework",
            "/odoo/action-osc_referral.osc_referral_action",
            "referrals",
        ),
        (
            "pk.training",
            "/odoo/action-osc_training.osc_training_standing_action",
            "who_is_trained",
        ),
        ("osc.admin", "/odoo/action-osc_cases.osc_intimation_rule_action", "rules"),
        (
            "osc.admin",
            "/odoo/action-osc_base.osc_account_settings_action",
            "accounts_and_sessions",
        ),
    ],
)
def test_pictures_of_lists(server, browser, login, path, name):
    visit = browser.login(server, login)
    visit.open(path)
    visit.page.wait_for_selector(".o_view_controller")
    _picture(visit, name)
    visit.assert_quiet()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_pictures_of_the_audit_trail(server, browser, viewport):
    worker = server.session("lhr.casework")
    [case] = worker.call("osc.case", "search", [("name", "!=", False)], limit=1)
    worker.call("osc.case", "web_read", [case], {"urgency": {}, "survivor_name": {}})
    visit = browser.login(server, "osc.auditor", viewport=viewport)
    suffix = "" if viewport == DESKTOP else "_phone"
    for path, name in (
        ("/odoo/osc-audit", "audit_trail"),
        ("/odoo/osc-openings", "openings"),
        ("/odoo/action-osc_base.osc_audit_archiving_action", "audit_archive"),
    ):
        visit.open(path)
        _picture(visit, f"{name}{suffix}")
    if viewport == DESKTOP:
        visit.open("/odoo/osc-audit")
        visit.page.click("button:has-text('Verify the trail')")
        visit.page.wait_for_selector(".o_notification:has-text('The trail is')")
        _picture(visit, "audit_verified")
    visit.assert_quiet()


def test_picture_of_a_center(server, browser):
    visit = browser.login(server, "lhr.manager")
    visit.open("/odoo/osc-centers")
    visit.page.click(".o_kanban_record:has-text('LHR')")
    visit.page.wait_for_selector(".o_form_view")
    _picture(visit, "center")
    visit.assert_quiet()
