import time

import pytest

from tests.support.center import Catalog


@pytest.fixture(autouse=True)
def duration(request, capsys):
    """Each of these tests says how long it took: they share a budget."""
    begin = time.monotonic()
    yield
    with capsys.disabled():
        print(f" [{request.node.name}: {time.monotonic() - begin:.1f} s]", end="")


@pytest.fixture(scope="module")
def crowd_server(module_odoo_server):
    """A forking server for many at a time; its jobs run only when a test runs them."""
    return module_odoo_server(workers=4)


@pytest.fixture(scope="module")
def catalog(crowd_server):
    catalog = Catalog(crowd_server.session("admin"))
    catalog.own_rules()
    return catalog
