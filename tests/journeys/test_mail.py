"""Alerts of people who chose e-mail, through a real mail server."""

import time

import pytest

from tests.support.center import EVERYBODY, Catalog, Center
from tests.support.crowd import wait_until

SECONDS = 60  # Odoo's own queue is looked at once an hour


@pytest.fixture
def center(odoo_server, smtp_sink):
    server = odoo_server(cron=True, smtp=smtp_sink)
    catalog = Catalog(server.session("admin"))
    catalog.own_rules()
    return Center(catalog, server, workers=1)


def test_alert_arrives_at_once(center, smtp_sink):
    """The server's own jobs send it; nobody presses a button."""
    told = {login for login, _discipline in center.expected(EVERYBODY)}
    users = [center.users[login] for login in told]
    for login, user in zip(told, users, strict=True):
        values = {"notification_type": "email", "email": f"{login}@example.com"}
        center.admin.call("res.users", "write", [user], values)
    [worker] = center.worker_sessions()
    [case] = center.open_cases(worker, [EVERYBODY])
    begin = time.monotonic()
    worker.call("osc.case", "action_report", [case])
    [row] = worker.call("osc.case", "read", [case], ["name"])

    def letters():
        """Odoo congratulates people on their rank, too."""
        subject = f"Intimation {row['name']}"
        return [one for one in smtp_sink.messages if str(one["Subject"]) == subject]

    wait_until(lambda: len(letters()) >= len(told), SECONDS, "an e-mail to each")
    print(f"\n{len(told)} e-mails after {time.monotonic() - begin:.1f} s")
    recipients = [address for letter in letters() for address in letter.recipients]
    assert sorted(recipients) == sorted(f"{login}@example.com" for login in told)
