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
POLICY = "Pakistan: Punjab"
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
    expect(forms.state(page)).to_have_text("Active")
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
    forms.save(page)
    team.picture("lhr.forensic", "rape-body-map-phone")


def handed_over(team: Team, code: str) -> None:
    """The kit goes from the doctor to the police, and each says so."""
    doctor = team.case("lhr.forensic", code)
    clinical_pages.open_exam(doctor, code)
    custody_pages.kit(
        doctor, "PK-0417", {"Oral swabs": "Mouth", "Fingernail": "Both hands"}
    )
    custody_pages.step(doctor, "Seal", new_seal="LHR-5531")
    expect(forms.state(doctor)).to_have_text("Sealed")
    label = prints.download(doctor, lambda: forms.press(doctor, "action_print_labels"))
    label.keep("rape-label")
    assert len(label.pages) == 1
    assert "LHR-5531" in label.text
    assert NAME not in label.text
    custody_pages.step(
        doctor,
        "Hand over",
        to="Saima Riaz",
        purpose="Release to police",
        seal="LHR-5531",
    )
    expect(doctor.locator(".o_form_view")).to_contain_text("Waits for")
    team.picture("lhr.forensic", "rape-kit-waits-phone")
    police = team.case("lhr.police", code)
    clinical_pages.open_of_case(police, "action_open_evidence")
    police.locator(".o_kanban_record", has_text="Waits for").first.click()
    custody_pages.step(police, "I have received it", seal="LHR-5531")
    expect(forms.state(police)).to_have_text("Released to police")
    forms.tab(police, "custody")
    log = police.locator(".o_field_widget[name=event_ids]")
    expect(log).to_contain_text("Received")
    expect(log).to_contain_text("Saima Riaz")
    log.scroll_into_view_if_needed()
    team.picture("lhr.police", "rape-custody-log-phone")
    custody = prints.download(police, lambda: prints.from_menu(police, "Custody form"))
    custody.keep("rape-custody")
    custody.check("lhr.police", code, pages=range(1, 3), never=[NAME])
    assert "The chain of custody has no gap" in custody.text


def before_the_court(team: Team, code: str) -> None:
    """The police register it; the lawyer goes to court with her, up to a judgment."""
    police = team.case("lhr.police", code)
    court_pages.proceedings(police, fir_number="FIR 418/26")
    court_pages.reached(police, "Complaint", "-4H")
    court_pages.reached(police, "FIR registered", "-1H")
    team.picture("lhr.police", "rape-fir-phone")
    lawyer = team.case("lhr.legal", code)
    court_pages.proceedings(lawyer, court="Sessions court, Lahore")
    court_pages.hearing(lawyer, "+6d", "Court room 4")
    court_pages.order(lawyer, "Protection", "+90d", "He stays away from her")
    team.picture("lhr.legal", "rape-orders")
    forms.tab(lawyer, "hearings")
    team.picture("lhr.legal", "rape-hearings")
    court_pages.end(lawyer, "Convicted", "today")


def cared_for(team: Team, code: str) -> None:
    counsellor = team.case("lhr.psychosocial", code)
    care_pages.counsel(counsellor, "She sleeps with the light on.")
    counsellor = team.case("lhr.psychosocial", code)
    care_pages.measure(counsellor, "PHQ-9", 17, "today")
    team.picture("lhr.psychosocial", "rape-wellbeing")
    page = team.case("lhr.casework", code)
    safety_pages.assess(page, [2, 6])
    safety_pages.plan(page, concern="That he waits at the bus stand again")
    team.picture("lhr.casework", "rape-danger")
    care_pages.deliver(page, "First aid")
    case_pages.follow_up(page, "Done", "Sleeps better", came=True)
    forms.tab(page, "clocks")
    clocks = page.locator(".o_field_widget[name=clock_ids] .o_data_row")
    for limit in ("HIV prophylaxis", "Emergency contraception", "First service", "FIR"):
        expect(clocks.filter(has_text=limit)).to_contain_text("Met")
    team.picture("lhr.casework", "rape-clocks-met")


def printed(team: Team, code: str) -> None:
    """Each paper says who printed it and when; names only where they must be."""
    page = team.case("lhr.casework", code)
    prints.from_menu(page, "Case summary")
    summary = prints.download(page, lambda: _print(page))
    summary.keep("rape-summary")
    summary.check("lhr.casework", code, pages=range(1, 4), never=[NAME, STATEMENT])
    for language in ("English", "Urdu"):
        page = team.case("lhr.casework", code)
        prints.from_menu(page, "Consent form")
        form = forms.dialog(page)
        forms.field(form, "form_id").locator("label", has_text=language).click()
        forms.tick(form, "is_filled")
        consent = prints.download(page, lambda: _print(page))
        consent.keep(f"rape-consent-{language.lower()}")
        consent.check("lhr.casework", code, pages=range(1, 3), never=[NAME])
    page = team.case("lhr.casework", code)
    prints.from_menu(page, "Extract for a referral")
    forms.pick(forms.dialog(page), "agency_id", "Welfare")
    extract = prints.download(page, lambda: _print(page))
    extract.keep("rape-extract")
    extract.check("lhr.casework", code, pages=range(1, 2), never=[NAME, "Rape"])
    doctor = team.case("lhr.forensic", code)
    clinical_pages.open_exam(doctor, code)
    clinical_pages.finish(doctor, "Marks of force, fresh", "Colour, shape and place")
    form = prints.download(
        doctor, lambda: prints.from_menu(doctor, "Medico-legal form")
    )
    form.keep("rape-medico-legal")
    form.check("lhr.forensic", code, pages=range(1, 4))
    assert NAME in form.text, "she agreed that the doctor knows who she is"
    assert NAME not in form.file_name


def closed(team: Team, code: str) -> None:
    page = team.case("lhr.casework", code)
    closing_pages.ask(page, "Her needs are met", "Medical visits follow by themselves")
    expect(forms.state(page)).to_have_text("Active")
    manager = team.page("lhr.manager")
    closing_pages.waiting(manager, team.server.url, code)
    team.picture("lhr.manager", "rape-closing")
    closing_pages.approve(manager)
    page.reload()
    expect(forms.state(page)).to_have_text("Closed")
    expect(page.locator("button[name=action_ask_closing]")).to_have_count(0)
    expect(page.locator("button[name=action_reopen]")).to_be_visible()
    forms.tab(page, "closures")
    team.picture("lhr.casework", "rape-closed")


def _print(page) -> None:
    forms.dialog(page).locator("button[name=action_print]").click()
