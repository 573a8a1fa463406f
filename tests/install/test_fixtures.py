"""The ground that the other tests stand on."""

import time

import pytest

from tests.support.browser import PHONE
from tests.support.rpc import RpcError


def test_server_answers_browser_and_programs(odoo_server, browser):
    server = odoo_server()
    session = server.session("admin")
    assert session.call("res.users", "search_count", [("login", "=", "admin")]) == 1
    with pytest.raises(RpcError) as refusal:
        server.session("admin", "not the password")
    assert refusal.value.name == "AccessDenied"
    found = server.json2("admin").call(
        "res.users", "search_read", domain=[("login", "=", "admin")], fields=["login"]
    )
    assert [user["login"] for user in found] == ["admin"]
    for viewport in (PHONE, (1366, 768)):
        visit = browser.login(server, "admin", viewport=viewport)
        visit.open("/odoo/action-osc_base.osc_center_action")
        visit.assert_quiet()


def test_forking_server_survives_its_restart(odoo_server):
    server = odoo_server(workers=2)
    server.kill()
    server.start()
    server.wait_until_it_answers()
    assert server.session("admin").uid


def test_what_was_saved_survives_a_power_cut(private_postgres, odoo_server):
    cluster = private_postgres()
    server = odoo_server(cluster.database)
    session = server.session("admin")
    partner = session.call("res.partner", "create", {"name": "Saved in time"})
    cluster.kill()
    assert not cluster.answers()
    cluster.start()
    for _ in range(20):  # the pool of the server has to notice first
        try:
            found = session.call("res.partner", "read", [partner], ["name"])
            break
        except Exception:
            time.sleep(0.5)
    assert found[0]["name"] == "Saved in time"


def test_mail_arrives(odoo_server, smtp_sink):
    server = odoo_server(smtp=smtp_sink)
    server.session("admin").call(
        "mail.mail",
        "create",
        {"email_to": "a@example.com", "subject": "Hello", "body_html": "<p>Hi</p>"},
    )
    session = server.session("admin")
    mails = session.call("mail.mail", "search", [("subject", "=", "Hello")])
    session.call("mail.mail", "send", mails)
    letter = smtp_sink.wait_for()[0]
    assert letter["subject"] == "Hello"
    assert letter.recipients == ["a@example.com"]
