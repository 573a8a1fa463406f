"""A case of violence at home, from the call until it is closed, by those who work on it.

Each role has its own login and window; everything is done through the real views. What
is printed is kept as a picture beside the results of the tests.
"""

import pytest
from playwright.sync_api import expect

from tests.support.browser import PHONE

from . import case_pages
from . import casework_pages as work

NAME = "Perveen Journeyperson"
PLAN = "To my sister behind the mill"


@pytest.fixture(scope="module")
def server(module_odoo_server):
    """A server whose policy wants the manager to approve closing."""
    server = module_odoo_server()
    admin = server.session("admin")
    policies = admin.call("osc.policy", "search", [])
    admin.call("osc.policy", "write", policies, {"closure_needs_approval": True})
    return server


@pytest.fixture
def people(server, browser):
    """Who works on it: by role, a window."""
    return {
        role: browser.login(server, f"lhr.{role}", viewport=viewport)
        for role, viewport in {
            "casework": (1366, 900),
            "police": PHONE,
            "legal": (1366, 768),
            "manager": (1366, 768),
        }.items()
    }


def test_from_the_call_to_closure_and_back(server, people):
    worker, police = people["casework"].page, people["police"].page
    lawyer, manager = people["legal"].page, people["manager"].page
    code = _she_calls(server, worker)
    _police_and_lawyer_take_it_on(server, code, police, lawyer)
    _danger_and_safety(server, code, worker)
    _whom_she_accuses(server, code, police)
    _an_order(server, code, worker, lawyer)
    _money(server, code, worker, manager)
    _a_conference(server, code, worker, police)
    _follow_up(server, code, worker)
    _paper(server, code, worker)
    _closing(server, code, worker, manager)
    for visit in people.values():
        visit.assert_quiet()


def _she_calls(server, page) -> str:
    case_pages.new_case(page, server.url)
    case_pages.choose(page, "channel", "Phone")
    case_pages.choose(page, "urgency", "Urgent")
    case_pages.tick(page, "no_safe_place")
    case_pages.tick(page, "lives_with_accused")
    case_pages.add_incident(page, "Physical assault")
    page.fill(".o_field_widget[name=survivor_name] input", NAME)
    work.fill(page, "survivor_age", "34")
    return case_pages.report(page)


def _police_and_lawyer_take_it_on(server, code, police, lawyer) -> None:
    for page, did in ((police, "Patrol brings her"), (lawyer, "")):
        case_pages.open_intimations(page)
        entry = case_pages.entry(page, code)
        entry.locator(".o_osc_acknowledge").click()
        if did:
            entry.locator(".o_osc_action_text").fill(did)
            entry.locator(".o_osc_act").click()
            expect(entry).to_have_count(0)
        else:
            expect(entry.locator(".o_osc_acknowledge")).to_have_count(0)
    work.open_case(police, server.url, code)
    assert NAME not in police.content(), "acknowledging opens no identity"


def _danger_and_safety(server, code, page) -> None:
    work.open_case(page, server.url, code)
    work.tab(page, "risk")
    work.add(page, "risk_assessment_ids")
    answers = page.locator(f"{work.MODAL} .o_field_widget[name=answer_ids] .o_data_row")
    expect(answers).not_to_have_count(0)
    for number in range(answers.count()):
        row = answers.nth(number)
        row.locator("td[name=answer]").click()
        row.locator("td[name=answer] input").first.click()
        label = "Yes" if number in (1, 2, 5, 6) else "No"
        page.locator(".o_select_menu_item", has_text=label).first.click()
    work.badge(page, "override_level", "Extreme", work.MODAL)
    work.fill(page, "override_reason", "He has a weapon and said when", work.MODAL)
    work.look(page, "danger")
    work.save_window(page)
    work.save(page)
    work.shows(page, "risk_level", "Extreme")
    expect(page.locator(".o_field_widget[name=urgency]")).to_contain_text("Emergency")
    work.add(page, "safety_plan_ids")
    work.radio(page, "needed", "Yes", work.MODAL)
    work.tick(page, "made_with_her", work.MODAL)
    work.fill(page, "before_signal", "“Is the tailor open?”", work.MODAL)
    work.fill(page, "during_places", PLAN, work.MODAL)
    work.look(page, "safety-plan")
    work.save_window(page)
    work.save(page)


def _whom_she_accuses(server, code, page) -> None:
    """The police note who it is, on a phone."""
    work.open_case(page, server.url, code)
    work.open_part(page, "action_open_persons")
    work.new(page)
    work.fill(page, "full_name", "Tariq Journeyaccused")
    work.pick(page, "relation_id", "Partner")
    work.tick(page, "threatens")
    work.look(page, "accused-phone")
    work.save(page)


def _an_order(server, code, worker, lawyer) -> None:
    """By her consent the lawyer knows who she is, and applies for protection."""
    work.open_case(worker, server.url, code)
    work.tab(worker, "consent")
    work.add(worker, "consent_ids")
    work.pick(worker, "scope", "Who she is", work.MODAL)
    work.pick(worker, "discipline_id", "Legal aid", work.MODAL)
    work.save_window(worker)
    work.save(worker)
    work.open_case(lawyer, server.url, code)
    work.shows(lawyer, "survivor_name", NAME)
    work.open_part(lawyer, "action_open_proceedings")
    work.new(lawyer)
    work.badge(lawyer, "kind", "Protection or family")
    work.fill(lawyer, "court", "Family court")
    work.save(lawyer)
    work.tab(lawyer, "orders")
    work.add(lawyer, "order_ids")
    work.fill(lawyer, "valid_to", "12/31/2030", work.MODAL)
    work.fill(lawyer, "terms", "He stays away from the house", work.MODAL)
    work.save_window(lawyer)
    work.save(lawyer)
    work.step(lawyer, "action_grant")
    expect(lawyer.locator(".o_field_widget[name=order_ids]")).to_contain_text("Granted")
    work.look(lawyer, "order")


def _money(server, code, worker, manager) -> None:
    """The case worker asks; somebody else approves; it is paid."""
    work.open_case(worker, server.url, code)
    work.tab(worker, "aid")
    work.add(worker, "aid_ids")
    work.pick(worker, "type_id", "Transport", work.MODAL)
    work.pick(worker, "fund_id", "Center", work.MODAL)
    work.fill(worker, "amount", "2500", work.MODAL)
    work.save_window(worker)
    work.save(worker)
    _open_aid(server, code, worker)
    work.step(worker, "action_request")
    expect(worker.locator("button[name=action_approve]:visible")).to_have_count(0)
    _open_aid(server, code, manager)
    work.step(manager, "action_approve")
    work.look(manager, "money-approved")
    _open_aid(server, code, worker)
    work.step(worker, "action_pay")
    expect(worker.locator(".o_arrow_button_current")).to_contain_text("Paid")


def _open_aid(server, code, page) -> None:
    page.goto(f"{server.url}/odoo/action-osc_cases.osc_financial_aid_action")
    page.locator(".o_data_row, .o_kanban_record", has_text=code).first.click()
    page.wait_for_selector(".o_form_view")


def _a_conference(server, code, worker, police) -> None:
    """What is decided becomes a task of the one who does it."""
    work.open_case(worker, server.url, code)
    work.tab(worker, "conferences")
    work.add(worker, "conference_ids")
    work.pick(worker, "participant_ids", "Police", work.MODAL)
    work.fill(worker, "agenda", "Where she goes next", work.MODAL)
    worker.click(f"{work.MODAL} a[name=decisions]")
    worker.click(f"{work.MODAL} .o_field_x2many_list_row_add a")
    row = f"{work.MODAL} .o_selected_row"
    worker.fill(f"{row} [name=name] input, {row} [name=name] textarea", "Drive past")
    work.pick(worker, "user_id", "Police", row)
    work.look(worker, "conference")
    work.save_window(worker)
    work.save(worker)
    work.open_case(police, server.url, code)
    expect(police.locator(".o-mail-Activity", has_text="Drive past")).to_have_count(1)


def _follow_up(server, code, page) -> None:
    work.open_case(page, server.url, code)
    work.tab(page, "followups")
    row = page.locator(".o_field_widget[name=followup_ids] .o_data_row").first
    row.locator("button", has_text="What came of it").click()
    page.wait_for_selector(f"{work.MODAL} .o_form_view")
    work.tick(page, "came", work.MODAL)
    work.fill(page, "note", "The children sleep through the night", work.MODAL)
    work.confirm(page)
    expect(row).to_contain_text("Done")


def _paper(server, code, page) -> None:
    """Summary without and with her safety plan, consent forms, extract."""
    work.open_case(page, server.url, code)
    for with_plan in (False, True):
        work.print_from_menu(page, "Case summary")
        page.wait_for_selector(f"{work.MODAL} .o_form_view")
        for part in ("with_incidents", "with_risk"):
            work.tick(page, part, work.MODAL)
        if with_plan:
            work.tick(page, "with_safety_plan", work.MODAL)
        name = f"summary{'-with-plan' * with_plan}"
        text = "\n".join(
            work.paper(page, f"{work.MODAL} button[name=action_print]", name)
        )
        assert code in text
        assert (PLAN in text) == with_plan
        assert NAME not in text, "who she is wasn't asked for"
        assert "lhr.casework" in text or "Lahore" in text
        page.wait_for_selector(work.MODAL, state="detached")
    for language in ("English", "Urdu", "Hindi"):
        work.print_from_menu(page, "Consent form")
        page.wait_for_selector(f"{work.MODAL} .o_form_view")
        work.radio(page, "form_id", language, work.MODAL)
        work.tick(page, "is_filled", work.MODAL)
        name = f"consent-{language.lower()}"
        texts = work.paper(page, f"{work.MODAL} button[name=action_print]", name)
        assert code in "\n".join(texts)
        page.wait_for_selector(work.MODAL, state="detached")


def _closing(server, code, worker, manager) -> None:
    """Returned once, then approved; and open again when she comes back."""
    _ask_to_close(server, code, worker)
    _open_closure(server, code, manager)
    manager.locator("button", has_text="Return").first.click()
    manager.wait_for_selector(f"{work.MODAL} .o_form_view")
    work.fill(manager, "reason", "Review the safety plan with her first", work.MODAL)
    work.confirm(manager)
    _ask_to_close(server, code, worker)
    _open_closure(server, code, manager)
    work.look(manager, "closing-to-approve")
    work.step(manager, "action_approve")
    work.open_case(worker, server.url, code)
    expect(worker.locator(".o_arrow_button_current")).to_have_text("Closed")
    work.look(worker, "closed")
    work.step(worker, "action_reopen")
    expect(worker.locator(".o_arrow_button_current")).not_to_have_text("Closed")
    work.tab(worker, "closures")
    rows = worker.locator(".o_field_widget[name=closure_ids] .o_data_row")
    expect(rows).to_have_count(2)


def _ask_to_close(server, code, page) -> None:
    work.open_case(page, server.url, code)
    page.click("button[name=action_ask_closing]")
    page.wait_for_selector(f"{work.MODAL} .o_form_view")
    work.radio(page, "reason_id", "Needs met", work.MODAL)
    work.tick(page, "agreed_with_her", work.MODAL)
    work.fill(page, "explanation", "The lawyer goes on", work.MODAL)
    work.look(page, "closing")
    work.confirm(page)


def _open_closure(server, code, page) -> None:
    page.goto(f"{server.url}/odoo/action-osc_cases.osc_case_closure_action")
    page.locator(".o_data_row, .o_kanban_record", has_text=code).first.click()
    page.wait_for_selector(".o_form_view")
