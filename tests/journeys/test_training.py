"""A new version of an SOP: who hasn't passed it in time gets no cases, until it is passed.

The deadline is let pass by setting dates back in the database.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from config import paths
from tests.support.browser import PHONE

FOLDER = Path(os.environ.get("OSC_TEST_RESULTS", paths.STATE / "test-results"))
POLICE = "lhr.police"


@pytest.fixture
def center(odoo_server):
    """A server on which the police must know the SOP on the first contact only."""
    server = odoo_server()
    hr = server.session("pk.training")
    others = hr.call(
        "osc.training.requirement",
        "search",
        [
            "|",
            ("discipline_id.code", "!=", "police"),
            ("sop_id.code", "!=", "SOP-01"),
        ],
    )
    hr.call("osc.training.requirement", "write", others, {"active": False})
    return server, hr


def _publish(page, server):
    """HR makes version 3.0 out of the one in force, and approves it."""
    page.goto(f"{server.url}/odoo/action-osc_base.osc_sop_version_action")
    page.get_by_role("cell", name="First contact and intimation").click()
    page.get_by_role("button", name="New version").click()
    number = page.locator("[name=number] input")
    expect(number).to_have_value("2.0 (new)")
    number.fill("3.0")
    page.get_by_role("tab", name="Roles and duties").click()
    page.get_by_role("cell", name="Acknowledges, makes her safe").click()
    dialog = page.locator(".modal")
    dialog.locator("[name=duties] textarea").fill(
        "Acknowledges, makes her safe, stays until the case worker comes."
    )
    dialog.get_by_role("button", name="Save").first.click()
    expect(dialog).to_have_count(0)
    page.get_by_role("tab", name="What changed").click()
    page.get_by_role("button", name="Send to review").click()
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("[name=state] [aria-checked=true]")).to_have_text("In force")
    expect(page.locator("[name=difference] .border ins").first).to_contain_text("stays")


def _let_time_pass(server, days=30):
    database = server.database
    database.sql(
        "UPDATE osc_sop_version SET in_force_from = in_force_from - %s "
        "WHERE state = 'in_force'",
        [days],
    )
    database.sql(
        "UPDATE osc_training_requirement SET since = since - 500, grace_days = 0"
    )
    database.sql("UPDATE osc_representative SET joined_on = joined_on - 500")


def _report(server):
    """A case that concerns the police; the logins that are told of it."""
    worker = server.session("lhr.casework")
    rape = worker.call("osc.incident.type", "search", [("code", "=", "rape")])[0]
    case = worker.call(
        "osc.case",
        "create",
        {
            "channel": "walk_in",
            "urgency": "emergency",
            "incident_ids": [[0, 0, {"type_id": rape}]],
        },
    )
    worker.call("osc.case", "action_report", [case])
    told = server.database.sql(
        "SELECT u.login FROM osc_intimation i JOIN res_users u ON u.id = i.user_id "
        "JOIN osc_discipline d ON d.id = i.discipline_id "
        "WHERE i.case_id = %s AND d.code = 'police'",
        [case],
    )
    return {login for (login,) in told}


def _picture(page, name):
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FOLDER / f"training_{name}.png")


def _pass_quiz(page):
    """Answer every question of the standard page rightly, as it shows the roles."""
    page.get_by_role("button", name="Start").click()
    right = {
        "Opens and reports": "Case worker",
        "Comes first when she is injured": "Duty doctor",
        "Acknowledges, makes her safe": "Police officer",
        "Comes when called": "Counsellor",
        "What do you do when": "Tell the center manager",
    }
    for _n in right:
        title = page.locator("form .js_question-wrapper h3").inner_text()
        begin = next(known for known in right if known in title)
        answer = right[begin]
        page.locator(
            ".o_survey_form_choice_item_box, label", has_text=answer
        ).first.click()
        page.get_by_role("button", name=re.compile("^(Continue|Submit)$")).click()
        if begin == list(right)[-1]:
            # Odoo asks whether to send it off.
            page.locator(".modal").get_by_role("button", name="Submit").click()
        expect(
            page.locator("form .js_question-wrapper h3", has_text=title)
        ).to_have_count(0)


@pytest.mark.parametrize("viewport", [(1366, 768), PHONE], ids=["desk", "phone"])
def test_who_passes_the_new_version_gets_cases_again(center, browser, viewport):
    server, hr = center
    assert POLICE in _report(server)
    visit = browser.login(server, "pk.training")
    _publish(visit.page, server)
    visit.assert_quiet()
    police = server.session(POLICE)
    tasks = police.call(
        "mail.activity", "search_read", [("user_id", "=", police.uid)], ["summary"]
    )
    assert "Read it, pass the quiz, sign" in [task["summary"] for task in tasks]
    # Days to read it are left.
    assert POLICE in _report(server)

    _let_time_pass(server)
    assert _report(server) == {"lhr.manager"}, "nobody of the police may be told"
    (person,) = hr.call(
        "osc.representative",
        "search_read",
        [("user_id.login", "=", POLICE)],
        ["assignable", "unassignable_reason"],
    )
    assert not person["assignable"]
    assert person["unassignable_reason"] == "SOP-01 3.0 not passed"

    reader = browser.login(server, POLICE, viewport=viewport)
    page = reader.page
    reader.open("/odoo/action-osc_training.osc_training_standing_action_own")
    card = page.locator(".o_kanban_record", has_text="First contact")
    expect(card).to_contain_text("no cases are given to you")
    _picture(page, "needed")
    card.get_by_role("button", name="Read, pass and sign").click()
    done = page.get_by_role("button", name="I have read it to the end")
    page.locator(".o_osc_read_to_end").wait_for()
    page.locator(".o_osc_read_to_end_end").scroll_into_view_if_needed()
    expect(done).to_be_enabled()
    _picture(page, "read")
    done.click()
    quiz = page.get_by_role("button", name="Take the quiz")
    quiz.first.click()
    _pass_quiz(page)
    _picture(page, "passed")

    assert POLICE in _report(server)
    page.get_by_role("link", name="Back to your training").click()
    page.locator(".o_kanban_view").wait_for()
    reader.assert_quiet()


def test_manager_excepts_somebody_for_one_shift(center, browser):
    server, _hr = center
    _publish(browser.login(server, "pk.training").page, server)
    _let_time_pass(server)
    assert _report(server) == {"lhr.manager"}
    visit = browser.login(server, "lhr.manager")
    page = visit.page
    visit.open("/odoo/action-osc_base.osc_center_action")
    page.get_by_text("One-Stop Center Lahore").click()
    blocked = page.locator("[name=unable_on_duty_ids]")
    expect(blocked).to_contain_text("SOP-01 3.0 not passed")
    _picture(page, "center")
    blocked.get_by_role("cell", name="Saima Riaz").click()
    page.get_by_role("button", name="Let take cases for one shift").click()
    dialog = page.locator(".modal", has_text="kept in the audit trail")
    dialog.locator("[name=reason] textarea").fill("Nobody else of the police tonight")
    _picture(page, "exception")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    assert POLICE in _report(server)
    visit.assert_quiet()
