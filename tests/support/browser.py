"""Chromium, driven by playwright, with the users of the demonstration data."""

import os
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from config import paths, system_packages

FOLDER = Path(os.environ.get("OSC_TEST_RESULTS", paths.STATE / "test-results"))
DESKTOP = (1366, 768)
PHONE = (390, 844)
# No look-ups of update and metrics servers: tests talk to this machine only.
OPTIONS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


class Visit:
    """One user in one browser window: ``.page`` is playwright's page."""

    def __init__(self, page: Page, url: str, login: str):
        self.page, self.url, self.login = page, url, login
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._console)

    def _console(self, message) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def open(self, path: str = "/odoo") -> Page:
        """Go to a page of the web client and wait until it shows something."""
        self.page.goto(f"{self.url}{path}")
        self.page.wait_for_selector(".o_action_manager > *, .o_main_content, main")
        return self.page

    def assert_quiet(self) -> None:
        """Fail when the browser's console got an error."""
        assert not self.errors, "\n".join(self.errors)


class Browser:
    """Opens windows; keeps pictures of them when a test fails."""

    def __init__(self):
        self.playwright = sync_playwright().start()
        # Chromium's own sandbox can't work for root.
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        self.chromium = self.playwright.chromium.launch(
            executable_path=system_packages.browser(), args=[*OPTIONS, *root]
        )
        self.visits: list[Visit] = []

    def window(self, url: str, login="", viewport=DESKTOP, **options) -> Visit:
        """A window with an empty profile; ``options`` go to playwright's context."""
        width, height = viewport
        size = {"width": width, "height": height}
        touch = viewport == PHONE
        context = self.chromium.new_context(
            viewport=size, has_touch=touch, is_mobile=touch, **options
        )
        context.set_default_timeout(30_000)
        # The web client itself asks anew after half a minute.
        expect.set_options(timeout=45_000)
        visit = Visit(context.new_page(), url, login)
        self.visits.append(visit)
        return visit

    def login(self, server, login: str, password=None, viewport=DESKTOP, **options):
        """Log a user in through the login page; the window shows the web client."""
        visit = self.window(server.url, login, viewport, **options)
        self.fill_login(visit, password)
        visit.page.wait_for_selector(".o_web_client .o_main_navbar")
        return visit

    @staticmethod
    def fill_login(visit: Visit, password=None) -> None:
        """Send the form of the login page; what comes next is up to the server."""
        page = visit.page
        page.goto(f"{visit.url}/web/login")
        page.fill("input[name=login]", visit.login)
        page.fill("input[name=password]", password or visit.login)
        page.click("form.oe_login_form button[type=submit]")

    def close_windows(self, pictures: str | None = None) -> None:
        """Close all windows; keep their pictures under that name when given."""
        for number, visit in enumerate(self.visits, 1):
            if pictures:
                FOLDER.mkdir(parents=True, exist_ok=True)
                picture = FOLDER / f"{pictures}-{number}-{visit.login}.png"
                visit.page.screenshot(path=picture)
            visit.page.context.close()
        self.visits.clear()

    def stop(self) -> None:
        self.chromium.close()
        self.playwright.stop()
