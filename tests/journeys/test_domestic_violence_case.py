"""A domestic-violence case from report to closure, through the views."""

from playwright.sync_api import expect

from . import (
    care_pages,
    case_pages,
    closing_pages,
    court_pages,
    forms,
    prints,
    safety_pages,
)
from .team import Team

NAME = "Nasreen Bibi"
ACCUSED = "Javed Iqbal"
POLICY = "Pakistan: Punjab"
PLACE = "To my sister behind the mill"
DECISION = "Ask the school to tell nobody where the children are"


def test_a_domestic_violence_case_from_report_to_closure(odoo_server, browser):
    team = Team(odoo_server(), browser)
    admin = team.page("osc.admin")
    closing_pages.approval_wanted(admin, team.server.url, POLICY)
    code = reported(team)
    found_in_danger(team, code)
    planned_safety(team, code)
    protected_by_court(team, code)
    helped_with_money(team, code)
    conferred(team, code)
    followed_up(team, code)
    closed(team, code)
    reopened(team, code)
    team.assert_quiet()


def reported(team: Team) -> str:
    """Her sister brings her; police and lawyer take it on."""
    page = team.page("lhr.casework")
    case_pages.new_case(page, team.server.url)
    case_pages.choose(page, "channel", "Brought by a relative or friend")
    case_pages.choose(page, "urgency", "Routine")
    case_pages.tick(page, "lives_with_accused")
    case_pages.add_incident(page, "Physical assault")
    forms.write(page, survivor_name=NAME, survivor_age=34)
    code = case_pages.report(page)
    for login, text in {
        "lhr.police": "Patrol passes her street",
        "lhr.legal": "Explained what an order can do",
        "lhr.psychosocial": "Meets her at noon",
    }.items():
        team.answer(login, code, text)
    return code


def found_in_danger(team: Team, code: str) -> None:
    """The screening says high: urgency goes up, police and manager know at once."""
    police = team.page("lhr.police")
    manager = team.page("lhr.manager")
    page = team.case("lhr.casework", code)
    safety_pages.assess(page, [2, 5, 7])
    expect(page.locator(".alert-danger").first).to_contain_text("high danger")
    urgency = forms.field(page, "urgency").locator(".o_selection_badge.active")
    expect(urgency).to_have_text("Emergency")
    team.picture("lhr.casework", "violence-danger")
    for told in (police, manager):
        case_pages.open_intimations(told)
        entry = case_pages.entry(told, code)
        expect(entry).to_contain_text("Emergency")
        expect(entry).not_to_contain_text("A colleague has it")
        assert NAME not in told.content()
    team.picture("lhr.police", "violence-police-told-phone")
    team.answer("lhr.police", code, "Guard at her door")
    team.answer("lhr.manager", code, "Spoke with the case worker")


def planned_safety(team: Team, code: str) -> None:
    """The plan is on paper only when that is asked for."""
    page = team.case("lhr.casework", code)
    safety_pages.plan(page, concern="That he waits at the school", during_places=PLACE)
    expect(page.locator(".alert-danger").first).not_to_contain_text("no safety plan")
    page = team.case("lhr.casework", code)
    safety_pages.accuse(page, ACCUSED, "Husband")
    team.picture("lhr.casework", "violence-accused")
    page = team.case("lhr.casework", code)
    summary = prints.by_wizard(page, "Case summary")
    summary.keep("violence-summary")
    summary.check("lhr.casework", code, pages=range(1, 4), never=[NAME, PLACE, ACCUSED])
    page = team.case("lhr.casework", code)
    plan = prints.by_wizard(
        page, "Case summary", lambda form: forms.tick(form, "with_safety_plan")
    )
    plan.keep("violence-summary-with-plan")
    plan.check("lhr.casework", code, pages=range(1, 4), never=[NAME, ACCUSED])
    assert PLACE in plan.text


def protected_by_court(team: Team, code: str) -> None:
    lawyer = team.case("lhr.legal", code)
    court_pages.proceedings(lawyer, "Protection or family", court="Family court")
    court_pages.order(lawyer, "Protection", "+10d", "He stays away from her")
    team.picture("lhr.legal", "violence-order")
    orders = lawyer.locator(".o_field_widget[name=order_ids] .o_data_row")
    expect(orders).to_contain_class("text-danger")
    court_pages.end(lawyer, "Decided in her favour", "today")


def helped_with_money(team: Team, code: str) -> None:
    """Who asks for money isn't who approves it."""
    page = team.case("lhr.casework", code)
    care_pages.ask_for_money(page, "Transport", 2500, "A bus to her sister")
    manager = team.case("lhr.manager", code)
    care_pages.approve_money(manager, "Transport")
    team.picture("lhr.manager", "violence-aid")


def conferred(team: Team, code: str) -> None:
    """What a conference decides is a task of whom it concerns."""
    page = team.case("lhr.casework", code)
    care_pages.confer(page, "+1d", "Ayesha Munir", DECISION)
    team.picture("lhr.casework", "violence-conference")
    counsellor = team.case("lhr.psychosocial", code)
    expect(counsellor.locator(".o-mail-Activity").first).to_contain_text(DECISION)
    team.picture("lhr.psychosocial", "violence-task")


def followed_up(team: Team, code: str) -> None:
    """Not reached, so planned again; then she answers."""
    page = team.case("lhr.casework", code)
    safety_pages.may_be_reached(page, "Phone call", "0300 5550142")
    page = team.case("lhr.casework", code)
    case_pages.follow_up(page, "Not reached", "Nobody answered")
    case_pages.follow_up(page, "Done", "Safe at her sister's")
    rows = page.locator(".o_field_widget[name=followup_ids] .o_data_row")
    expect(rows.filter(has_text="Not reached")).to_have_count(1)
    expect(rows.filter(has_text="Done")).to_have_count(1)
    team.picture("lhr.casework", "violence-followups")


def closed(team: Team, code: str) -> None:
    """Returned once, then approved."""
    page = team.case("lhr.casework", code)
    closing_pages.ask(page, "Her needs are met", "She calls us", ["may_resume"])
    manager = team.page("lhr.manager")
    closing_pages.waiting(manager, team.server.url, code)
    closing_pages.give_back(manager, "Was the safety plan looked at again?")
    page = team.case("lhr.casework", code)
    forms.tab(page, "closures")
    closures = page.locator(".o_field_widget[name=closure_ids]")
    expect(closures).to_contain_text("Returned")
    closing_pages.ask(page, "Her needs are met", "She calls us; plan reviewed")
    closing_pages.waiting(manager, team.server.url, code)
    closing_pages.approve(manager)


def reopened(team: Team, code: str) -> None:
    """She comes back: what was recorded stays, and who closed it, too."""
    page = team.page("lhr.casework")
    page.reload()
    expect(forms.state(page)).to_have_text("Closed")
    page.locator("button[name=action_reopen]").click()
    expect(forms.state(page)).to_have_text("Active")
    forms.tab(page, "closures")
    rows = page.locator(".o_field_widget[name=closure_ids] .o_data_row")
    expect(rows.filter(has_text="Returned")).to_have_count(1)
    expect(rows.filter(has_text="Reopened")).to_have_count(1)
    team.picture("lhr.casework", "violence-reopened")
