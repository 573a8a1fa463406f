"""She is referred, and a partner answers in the portal; a partner sends somebody."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.browser import PHONE
from tests.support.rpc import RpcError

NAME = "Zarina Bibi"
QUESTION = "Does she speak Punjabi?"


@pytest.fixture
def center(odoo_server, browser):
    """The server, and the window of a case worker."""
    server = odoo_server()
    return server, browser.login(server, "lhr.casework")


def _case(server, service="counselling"):
    """A reported case of somebody who asks for a service; its id and its code."""
    session = server.session("lhr.casework")
    [service_id] = session.call("osc.service", "search", [("code", "=", service)])
    case = session.call(
        "osc.case",
        "create",
        {
            "channel": "phone",
            "urgency": "urgent",
            "survivor_name": NAME,
            "survivor_age": 31,
            "requested_service_ids": [(6, 0, [service_id])],
        },
    )
    session.call("osc.case", "action_report", [case])
    [row] = session.call("osc.case", "read", [case], ["name"])
    return case, row["name"]


def _in_portal(browser, server, login, **options):
    """Log somebody of a partner in, through the login page, to the referrals."""
    visit = browser.window(server.url, login, **options)
    browser.fill_login(visit)
    visit.page.wait_for_selector(".o_portal_my_home")
    visit.page.goto(f"{server.url}/my/referrals")
    return visit


def _open_in_portal(visit, code):
    visit.page.click(f".o_osc_referrals a:has-text('{code}')")
    visit.page.wait_for_selector(".o_osc_referral")


def _refer(page, server, case, partner, *things):
    """From the case's services to a sent referral; its reference."""
    page.goto(f"{server.url}/odoo/osc-cases/{case}")
    page.click("a[name=services]")
    page.click("div[name=service_ids] button:has-text('Refer')")
    page.click(f".modal .o_data_row:has-text('{partner}') button[name=action_refer]")
    chosen = page.locator(".o_form_view div[name=partner_id] input")
    expect(chosen).to_have_value(re.compile(partner))
    return _agree_and_send(page, *things)


def _agree_and_send(page, *things):
    """She agrees to being referred and to these things; then it is sent."""
    page.click("button:has-text('She agrees')")
    for name in things:
        page.check(f".modal div[name=with_{name}] input")
    page.click(".modal button[name=action_confirm]")
    page.click("button[name=action_send]")
    page.click(".modal footer button.btn-primary")
    expect(page.locator(".o_arrow_button_current")).to_have_text("Sent")
    return page.locator(".o_form_view .oe_title h1").inner_text().strip()


def test_accepted_served_and_she_is_asked(center, browser):
    server, worker = center
    page = worker.page
    case, case_code = _case(server)
    code = _refer(page, server, case, "Naya Savera", "identity")
    assert re.fullmatch(r"REF-\d{4}-\d{5,}", code)

    other = _in_portal(browser, server, "chhaon.portal")
    expect(other.page.locator("main")).not_to_contain_text(code)
    partner = _in_portal(browser, server, "savera.portal", viewport=PHONE)
    phone = partner.page
    _open_in_portal(partner, code)
    expect(phone.locator(".o_osc_lines")).to_contain_text(NAME)
    assert case_code not in phone.content(), "the partner never sees the case"
    assert "token=" not in phone.url
    other.page.goto(phone.url)
    expect(other.page.locator("body")).not_to_contain_text(NAME)
    phone.click(".o_osc_accept")
    expect(phone.locator(".o_osc_state")).to_have_text("Accepted")
    phone.fill(".o_osc_question", QUESTION)
    phone.click("button:has-text('Ask')")
    expect(phone.locator(".o_osc_referral")).to_contain_text(QUESTION)
    phone.set_input_files(
        "input[type=file]",
        {"name": f"{NAME}.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"},
    )
    phone.click("button:has-text('Add the document')")
    document = phone.locator("a[href*='/document/']")
    expect(document).to_contain_text("document-")
    assert NAME not in document.inner_text()

    page.reload()
    page.wait_for_selector("div[name=message_ids]")
    expect(page.locator("div[name=message_ids]")).to_contain_text(QUESTION)
    page.click("button:has-text('Write to them')")
    page.fill(".modal div[name=text] textarea", "Yes, and some Urdu")
    page.click(".modal button:has-text('Send')")
    expect(page.locator("div[name=message_ids]")).to_contain_text("some Urdu")

    phone.reload()
    expect(phone.locator(".o_osc_referral")).to_contain_text("some Urdu")
    phone.click(".o_osc_start")
    expect(phone.locator(".o_osc_state")).to_have_text("In service")
    phone.click(".o_osc_complete summary")
    phone.check("#outcome_served")
    phone.fill(".o_osc_complete textarea", "Four sessions, she goes on alone")
    phone.click("button:has-text('Send the report')")
    expect(phone.locator(".o_osc_state")).to_have_text("Completed")
    expect(phone.locator(".o_osc_lines")).to_have_count(0)
    assert NAME not in phone.content(), "over: closed"

    page.reload()
    expect(page.locator("div[name=message_ids]")).to_contain_text("Four sessions")
    page.click("button[name=action_she_was_served]")
    expect(page.locator("div[name=she_says]")).to_contain_text("served")
    page.goto(f"{server.url}/odoo/osc-cases/{case}")
    page.click("a[name=services]")
    expect(page.locator("div[name=service_ids]")).to_contain_text("Delivered")
    entries = server.session("osc.auditor").call(
        "osc.audit.entry",
        "search_count",
        [
            ("login", "=", "savera.portal"),
            ("action", "=", "read"),
            ("reference", "=", case_code),
        ],
    )
    assert entries, "what the partner opened is in the audit trail"
    worker.assert_quiet()
    partner.assert_quiet()


def test_declined_goes_to_the_next_and_is_taken_back(center, browser):
    server, worker = center
    page = worker.page
    case, _case_code = _case(server)
    code = _refer(page, server, case, "Naya Savera")
    partner = _in_portal(browser, server, "savera.portal")
    _open_in_portal(partner, code)
    partner.page.click(".o_osc_decline summary")
    partner.page.check("#reason_full")
    partner.page.click("button:has-text('Decline')")
    expect(partner.page.locator(".o_osc_state")).to_have_text("Declined")

    page.goto(f"{server.url}/odoo/osc-referrals")
    page.click(".o_data_row:has-text('Raahat')")
    expect(page.locator(".alert-warning")).to_contain_text("Ask her again")
    expect(page.locator("button[name=action_send]")).to_have_count(0)
    following = _agree_and_send(page, "contact")
    assert following != code

    helper = _in_portal(browser, server, "raahat.portal")
    _open_in_portal(helper, following)
    helper.page.click(".o_osc_accept")
    expect(helper.page.locator(".o_osc_lines")).to_contain_text("How to reach her")

    session = server.session("lhr.casework")
    consents = session.call("osc.consent", "search", [("case_id", "=", case)])
    session.call("osc.consent", "action_withdraw", consents)
    helper.page.reload()
    expect(helper.page.locator(".alert-danger")).to_contain_text("closed")
    expect(helper.page.locator(".o_osc_lines")).to_have_count(0)
    page.reload()
    expect(page.locator(".alert-danger")).to_contain_text("closed to the partner")
    for model in ("osc.case", "osc.consent", "osc.survivor"):
        with pytest.raises(RpcError) as refusal:
            server.session("raahat.portal").call(model, "search_read", [], ["id"])
        assert refusal.value.name == "AccessError"
    worker.assert_quiet()


def test_a_partner_sends_somebody(center, browser):
    server, worker = center
    partner = _in_portal(browser, server, "insaf.portal", viewport=PHONE)
    phone = partner.page
    phone.goto(f"{server.url}/my/referrals/new")
    phone.select_option("#center_id", label="One-Stop Center Lahore")
    phone.select_option("#urgency", label="Emergency")
    phone.check("#in_danger")
    phone.fill("#survivor_name", NAME)
    phone.fill("#survivor_age", "23")
    phone.fill("#message", f"{NAME} is in our office until five")
    phone.check("#she_agrees")
    phone.click(".o_osc_send button")
    receipt = phone.locator(".o_osc_receipts .list-group-item").first
    expect(receipt).to_contain_text("Received")
    number = re.search(r"IN-\d{4}-\d{5,}", receipt.inner_text()).group()
    assert NAME not in phone.content(), "a receipt without content"

    page = worker.page
    expect(page.locator(".o_notification", has_text=number)).to_be_visible()
    page.goto(f"{server.url}/odoo/osc-incoming")
    page.click(f".o_data_row:has-text('{number}') td[name=name]")
    page.wait_for_selector("button[name=action_take]")
    assert NAME not in page.content(), "not before somebody takes it"
    page.click("button[name=action_take]")
    name = page.locator("div[name=survivor_name] input")
    expect(name).to_have_value(NAME)
    expect(page.locator("div[name=incoming_ids]")).to_contain_text("until five")
    page.click("button[name=action_report]")
    expect(page.locator(".o_arrow_button_current")).to_have_text("Reported")
    phone.reload()
    expect(receipt).to_contain_text("Taken over")
    worker.assert_quiet()
    partner.assert_quiet()


def test_people_of_partners_need_a_second_factor(odoo_server, browser, smtp_sink):
    server = odoo_server(smtp=smtp_sink)
    admin = server.session("osc.admin")
    settings = admin.call("osc.account.settings", "search", [])
    admin.call("osc.account.settings", "write", settings, {"two_factor_required": True})
    visit = browser.window(server.url, "savera.portal")
    browser.fill_login(visit)
    page = visit.page
    page.wait_for_selector("input[name=totp_token]")
    page.goto(f"{server.url}/my/referrals")
    expect(page.locator("input[name=password]")).to_be_visible()
    browser.fill_login(visit)
    page.wait_for_selector("input[name=totp_token]")
    letter = smtp_sink.wait_for(1)[-1]
    text = letter.get_body(("plain", "html")).get_content()
    page.fill("input[name=totp_token]", re.search(r"\b\d{6}\b", text).group())
    page.press("input[name=totp_token]", "Enter")
    page.wait_for_selector(".o_portal_my_home")
    page.goto(f"{server.url}/my/referrals")
    page.wait_for_selector("h3:has-text('Referrals')")
