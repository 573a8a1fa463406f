"""A rape case from report to closure, through the views, each role as itself."""

from playwright.sync_api import expect

from . import (
    care_pages,
    case_pages,
    clinical_pages,
    closing_pages,
    court_pages,
    custody_pages,
    forms,
    prints,
    safety_pages,
)
from .team import Team

NAME = "Zarina Gul"
POLICY = "Pakistan"
STATEMENT = "He waited behind the bus stand. I want him to be stopped."


def test_a_rape_case_from_report_to_closure(odoo_server, browser):
    team = Team(odoo_server(), browser)
    admin = team.page("osc.admin")
    closing_pages.approval_wanted(admin, team.server.url, POLICY)
    code = reported(team)
    acknowledged(team, code)
    agreed_and_told(team, code)
    examined(team, code)
    handed_over(team, code)
    before_the_court(team, code)
    cared_for(team, code)
    printed(team, code)
    closed(team, code)
    team.assert_quiet()


def reported(team: Team) -> str:
    """Within the window of PEP; nothing but center, channel and urgency is asked."""
    page = team.page("lhr.casework")
    case_pages.new_case(page, team.server.url)
    case_pages.choose(page, "channel", "Came by herself")
    case_pages.choose(page, "urgency", "Emergency")
    case_pages.tick(page, "is_injured")
    case_pages.add_incident(page, "Rape")
    case_pages.incident_at(page, "-5H")
    forms.write(page, survivor_name=NAME, survivor_age=22)
    code = case_pages.report(page)
    forms.tab(page, "clocks")
    clocks = page.locator(".o_field_widget[name=clock_ids] .o_data_row")
    pep = clocks.filter(has_text="HIV prophylaxis")
    expect(pep).to_contain_text("left")
    team.picture("lhr.casework", "rape-reported")
    return code


def acknowledged(team: Team, code: str) -> None:
    for login, text in {
        "lhr.medical": "First aid given",
        "lhr.forensic": "Kit and room are ready",
        "lhr.police": "Female officer on the way",
        "lhr.legal": "Meets her at nine",
        "lhr.psychosocial": "With her now",
    }.items():
        team.answer(login, code, text)
        assert NAME not in team.page(login).content()
    team.case("lhr.police", code)
    team.picture("lhr.police", "rape-police-phone")
    assert NAME not in team.page("lhr.police").content()


def agreed_and_told(team: Team, code: str) -> None:
    page = team.case("lhr.casework", code)
    expect(case_pages.state(page)).to_have_text("Active")
    forms.tab(page, "consent")
    case_pages.consent(page, "Who she is", "Medico-legal", "Signed form")
    case_pages.consent(page, "Her statement", "Police")
    case_pages.consent(page, "Evidence", "Police")
    forms.save(page)
    team.picture("lhr.casework", "rape-consents")
    case_pages.tell(page, STATEMENT)
    team.picture("lhr.casework", "rape-statement")
    police = team.case("lhr.police", code)
    forms.tab(police, "statement")
    police.locator(".o_field_widget[name=statement_ids] .o_kanban_record").first.click()
    expect(forms.field(forms.dialog(police), "narrative")).to_contain_text(STATEMENT)
    team.picture("lhr.police", "rape-police-statement-phone")
    assert NAME not in police.content(), "who she is stays closed to the police"


def examined(team: Team, code: str) -> None:
    page = team.case("lhr.forensic", code)
    clinical_pages.exam(page)
    team.picture("lhr.forensic", "rape-exam-phone")
    clinical_pages.treat(page, "HIV prophylaxis (PEP)", "PEP-77")
    clinical_pages.treat(page, "Emergency contraception", "EC-12")
    clinical_pages.mark(
        page, "front", 0.27, 0.30, "Bruise", length_mm=40, description="Four marks"
    )
    team.picture("lhr.forensic", "rape-body-map-phone")


def handed_over(team: Team, code: str) -> None:
    pass


def before_the_court(team: Team, code: str) -> None:
    pass


def cared_for(team: Team, code: str) -> None:
    pass


def printed(team: Team, code: str) -> None:
    pass


def closed(team: Team, code: str) -> None:
    pass
