"""Fixtures of the tests that run beside Odoo; ``./osc test`` sets the ground for them.

Each factory exists for one test (``odoo_server``) and for all tests of a module
(``module_odoo_server``)::

    def test_two_at_once(odoo_server):
        server = odoo_server(workers=2)
        worker = server.session("demo_login")
        worker.call("osc.center", "search_read", [], ["name"])

    def test_journey(odoo_server, browser):
        visit = browser.login(odoo_server(), "demo_login")
        visit.open("/odoo/action-osc_base.osc_center_action")
        visit.assert_quiet()
"""

import os
import re
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from xdist.scheduler import LoadFileScheduling

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from config import copies, odoo_source, paths, postgres  # noqa: E402
from tests.support.browser import Browser  # noqa: E402
from tests.support.crash import PrivatePostgres  # noqa: E402
from tests.support.databases import Database  # noqa: E402
from tests.support.mail import SmtpSink  # noqa: E402
from tests.support.modules import module  # noqa: E402
from tests.support.servers import OdooServer  # noqa: E402

REPORT = pytest.StashKey()


class ByWhatTheyShare(LoadFileScheduling):
    """On several cores the tests of a file stay together: they share what it makes.

    So do those of the folder security, with the story of the denial matrix, which
    takes minutes to make.
    """

    def _split_scope(self, nodeid):
        path = nodeid.split("::")[0]
        return "security" if Path(path).parent.name == "security" else path


def pytest_xdist_make_scheduler(config, log):
    return ByWhatTheyShare(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.stash[REPORT] = report
    return report


@pytest.fixture(scope="session")
def template():
    """The name of the template database with the suite and its demonstration data."""
    if "OSC_TEMPLATE" not in os.environ:
        postgres.ensure()
        return copies.template(odoo_source.find().version)
    return os.environ["OSC_TEMPLATE"]


@pytest.fixture(scope="session")
def neighbours():
    """A database with the addons that the suite meets on other servers, without it."""
    with paths.lock():
        postgres.ensure()
        name = copies.neighbours(odoo_source.find().version)
    database = Database(name)
    yield database
    database.drop()


@pytest.fixture(scope="session")
def suite_among_neighbours(neighbours):
    """A database with those addons into which the suite was installed afterwards.

    People work in other languages there.
    """
    database = Database(neighbours.name)
    try:
        database.shell(
            "env['res.lang']._activate_lang('fr_FR')\n"
            "env['res.lang']._activate_lang('ar_001')\n"
            "env['res.users'].search([]).lang = 'fr_FR'\n"
            "env.cr.commit()\n"
        )
        database.log = module(database, "install", *paths.suite_addons())
        yield database
    finally:
        database.drop()


@contextmanager
def _databases(template):
    made = []

    def make() -> Database:
        made.append(Database(template))
        return made[-1]

    try:
        yield make
    finally:
        for database in made:
            database.drop()


@contextmanager
def _servers(make_database):
    made = []

    def make(database=None, *options, **settings) -> OdooServer:
        server = OdooServer(database or make_database(), *options, **settings)
        made.append(server)
        server.start()
        server.wait_until_it_answers()
        return server

    try:
        yield make
    finally:
        for server in made:
            server.stop()


@pytest.fixture
def database(template):
    """Factory: a fresh copy of the template, dropped afterwards."""
    with _databases(template) as make:
        yield make


@pytest.fixture(scope="module")
def module_database(template):
    with _databases(template) as make:
        yield make


@pytest.fixture
def odoo_server(database):
    """Factory: a server on a fresh copy (or on a given one); see ``OdooServer``."""
    with _servers(database) as make:
        yield make


@pytest.fixture(scope="module")
def module_odoo_server(module_database):
    with _servers(module_database) as make:
        yield make


@pytest.fixture
def private_postgres(template):
    """Factory: a PostgreSQL that may be killed; see ``PrivatePostgres``.

    ``odoo_server(private_postgres().database)`` starts a server on it.
    """
    made = []

    def make() -> PrivatePostgres:
        made.append(PrivatePostgres(template))
        return made[-1]

    yield make
    for cluster in made:
        cluster.remove()


@pytest.fixture(scope="session")
def chromium():
    browser = Browser()
    yield browser
    browser.stop()


@pytest.fixture
def browser(chromium, request):
    """Chromium; its windows are closed afterwards, with pictures after a failure."""
    yield chromium
    report = request.node.stash.get(REPORT, None)
    name = (
        re.sub(r"\W+", "-", request.node.nodeid) if report and report.failed else None
    )
    chromium.close_windows(name)


@pytest.fixture
def smtp_sink():
    """A mail server that keeps what it gets: ``odoo_server(smtp=smtp_sink)``."""
    sink = SmtpSink()
    sink.controller.start()
    yield sink
    sink.controller.stop()
