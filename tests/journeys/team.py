"""Who works on a case in a journey: each in a window and with a login of their own."""

import os
from pathlib import Path

from playwright.sync_api import Page, expect

from config import paths
from tests.support.browser import DESKTOP, PHONE

from . import case_pages

FOLDER = Path(os.environ.get("OSC_TEST_RESULTS", paths.STATE / "test-results"))
# Resolves when the page has not changed for a moment.
QUIET = """
() => new Promise((done) => {
    const wait = () => setTimeout(() => { observer.disconnect(); done(); }, 120);
    const observer = new MutationObserver(() => { clearTimeout(timer); timer = wait(); });
    observer.observe(document.body, { subtree: true, childList: true });
    let timer = wait();
})
"""
ON_PHONES = ("lhr.police", "lhr.forensic", "lhr.medical")


class Team:
    """The people of the center in Lahore; they log in when they are first needed."""

    def __init__(self, server, browser):
        self.server, self.browser, self.visits = server, browser, {}

    def page(self, login: str) -> Page:
        """The window of somebody."""
        if login not in self.visits:
            viewport = PHONE if login in ON_PHONES else DESKTOP
            self.visits[login] = self.browser.login(
                self.server, login, viewport=viewport
            )
        return self.visits[login].page

    def case(self, login: str, code: str) -> Page:
        """Open a case from somebody's list of cases."""
        page = self.page(login)
        page.goto(f"{self.server.url}/odoo/osc-cases")
        page.get_by_text(code).first.click()
        expect(page.locator(".o_form_view .oe_title")).to_contain_text(code)
        return page

    def answer(self, login: str, code: str, text: str) -> None:
        """Acknowledge the intimation on the screen and say what is done."""
        page = self.page(login)
        case_pages.open_intimations(page)
        entry = case_pages.entry(page, code)
        entry.locator(".o_osc_acknowledge").click()
        entry.locator(".o_osc_action_text").fill(text)
        entry.locator(".o_osc_act").click()
        expect(entry).to_have_count(0)

    def assert_quiet(self) -> None:
        """No window got an error in its console."""
        for visit in self.visits.values():
            visit.assert_quiet()

    def picture(self, login: str, name: str) -> None:
        """Keep what somebody sees now beside the results of the tests."""
        page = self.page(login)
        page.evaluate(QUIET)
        folder = FOLDER / "screens"
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png", animations="disabled")
