"""The addons come and go on a server that has much else, and leave nothing behind."""

import pytest

from config import paths
from tests.support.center import Catalog, Center
from tests.support.databases import Database
from tests.support.modules import (
    inventory,
    mentions,
    module,
    states,
    trouble,
)
from tests.support.rpc import RpcError

REFER = """
from datetime import date
service = env["osc.service"].search([], limit=1)
area = env["osc.area"].create({"name": "A", "country_id": env.ref("base.pk").id})
partner = env["res.partner"].create({
    "name": "Partner",
    "is_company": True,
    "is_osc_partner": True,
    "osc_service_ids": [(6, 0, service.ids)],
    "osc_area_ids": [(6, 0, area.ids)],
    "osc_calendar_id": env.ref("osc_referral.resource_calendar_day_and_night").id,
    "osc_agreement_to": date.today(),
})
env["res.partner"]._cron_osc_agreements()
case = env["osc.case"].search([("state", "in", ("reported", "active"))], limit=1)
case.center_id.area_id = area
for scope in ("referral", "identity"):
    env["osc.consent"].create(
        {"case_id": case.id, "scope": scope, "partner_id": partner.id}
    )
referral = env["osc.referral"].create(
    {"case_id": case.id, "service_id": service.id, "partner_id": partner.id}
)
referral.action_send()
referral._add_document("a.txt", b"abc")
env["osc.referral.incoming"]._receive(case.center_id, partner, {"message": "b"})
env.cr.commit()
"""


@pytest.fixture
def copy_of():
    """Factory: a copy of one of the databases, dropped afterwards."""
    made = []

    def make(database):
        made.append(Database(database.name))
        return made[-1]

    yield make
    for database in made:
        database.drop()


def _quietly(log: str) -> None:
    assert not trouble(log)


def _assert_same(before: set[str], after: set[str], what: str) -> None:
    left = sorted(after - before)
    lost = sorted(before - after)
    assert not left, f"{what} left {len(left)}:\n" + "\n".join(left[:60])
    assert not lost, f"{what} took away {len(lost)}:\n" + "\n".join(lost[:60])


def _work(database, odoo_server, cases=True) -> None:
    """A center, and cases with messages, files, activities and favourites."""
    server = odoo_server(database)
    try:
        admin = server.session("admin")
        catalog = Catalog(admin, cases)
        center = Center(catalog, server, backups=1, workers=1)
        if not cases:
            return
        worker = center.session(next(iter(center.workers)))
        case = next(iter(center.open_cases(worker, ["rape"])))
        worker.call("osc.case", "action_report", [case])
        catalog.run_watch()
        worker.call("osc.case", "message_post", [case], body="A note")
        worker.call(
            "ir.attachment",
            "create",
            [{"name": "a.txt", "raw": "abc", "res_model": "osc.case", "res_id": case}],
        )
        worker.call("ir.filters", "create", [{"name": "Mine", "model_id": "osc.case"}])
    finally:
        server.stop()


def _refer(database) -> None:
    """A partner with hours and an agreement that ends, a consent, and a referral."""
    database.shell(REFER)


def test_install_upgrade_uninstall_one_by_one(neighbours, copy_of, odoo_server):
    database = copy_of(neighbours)
    empty = inventory(database)
    texts = mentions(database)

    _quietly(module(database, "install", "osc_base"))
    assert states(database)["osc_base"] == "installed"
    assert states(database)["osc_cases"] == "uninstalled"
    _work(database, odoo_server, cases=False)
    with_base = inventory(database)
    _quietly(module(database, "install", "osc_cases"))
    # Centers that were there before have their numbering.
    assert database.sql("SELECT 1 FROM osc_center WHERE case_sequence_id IS NULL") == []
    _work(database, odoo_server)
    with_cases = inventory(database)
    _quietly(module(database, "install", "osc_referral"))
    with_referral = inventory(database)
    # All that builds on it is upgraded as well.
    _quietly(module(database, "upgrade", "osc_base"))
    _assert_same(with_referral, inventory(database), "the upgrade")

    _refer(database)
    _quietly(module(database, "uninstall", "osc_referral"))
    _assert_same(with_cases, inventory(database), "osc_referral")
    centers = database.sql("SELECT count(*) FROM osc_center")
    _quietly(module(database, "uninstall", "osc_cases"))
    assert states(database)["osc_base"] == "installed"
    assert database.sql("SELECT count(*) FROM osc_center") == centers
    _assert_same(with_base, inventory(database), "osc_cases")
    _quietly(module(database, "uninstall", "osc_base"))
    _assert_same(empty, inventory(database), "osc_base")
    _assert_same(texts, mentions(database), "the suite")


def test_uninstall_base_with_all_above_and_reinstall(
    neighbours, suite_among_neighbours, copy_of, odoo_server
):
    _quietly(suite_among_neighbours.log)
    database = copy_of(suite_among_neighbours)
    _work(database, odoo_server)
    _quietly(module(database, "uninstall", "osc_base"))
    assert set(states(database).values()) == {"uninstalled"}
    _assert_same(inventory(neighbours), inventory(database), "the suite")
    _quietly(module(database, "install", *paths.suite_addons()))
    assert set(states(database).values()) == {"installed"}
    _work(database, odoo_server)


def test_second_language(suite_among_neighbours, copy_of, odoo_server):
    """The suite arrived at a server whose people work in other languages."""
    server = odoo_server(copy_of(suite_among_neighbours))
    admin = server.session("admin")
    assert admin.call("osc.discipline", "search_count", []) >= 9
    forms = ("osc.center", "osc.representative", "osc.duty.shift", "osc.policy")
    for model in forms:
        for lang in ("fr_FR", "ar_001"):
            admin.call(model, "get_views", [[False, "form"]], context={"lang": lang})


def test_companies_are_apart(suite_among_neighbours, copy_of, odoo_server):
    """Who works for one company sees nothing of the centers of another."""
    server = odoo_server(copy_of(suite_among_neighbours))
    admin = server.session("admin")
    catalog = Catalog(admin)
    catalog.own_rules()
    ours = Center(catalog, server, workers=1)
    company = admin.call("res.company", "create", [{"name": "Company B"}])[0]
    admin_id = [admin.uid]
    admin.call("res.users", "write", admin_id, {"company_ids": [(4, company)]})
    both = {"allowed_company_ids": [company]}
    theirs = Center(catalog, server, workers=1, company=company, log_in=True)
    people = [*theirs.workers, theirs.manager, theirs.coordinator]
    for login in people:
        values = {"company_id": company, "company_ids": [(6, 0, [company])]}
        admin.call("res.users", "write", [theirs.users[login]], values)
    roles = ["representative", "coordinator", "center_manager", "administrator"]
    groups = [(4, catalog.groups[f"group_{role}"]) for role in roles]
    admin.call(
        "res.users",
        "write",
        [theirs.users[theirs.manager]],
        {"group_ids": groups},
    )

    worker = ours.session(next(iter(ours.workers)))
    case = next(iter(ours.open_cases(worker, ["rape"])))
    worker.call("osc.case", "action_report", [case])
    for login in people:
        session = theirs.session(login)
        seen = session.call("osc.center", "search_read", [], ["code"])
        assert [row["code"] for row in seen] == [theirs.code], login
        for model in ("osc.representative", "osc.duty.shift"):
            rows = session.call(model, "search_read", [], ["center_id"])
            assert {row["center_id"][0] for row in rows} == {theirs.id}, (login, model)
        for model, ids in (("osc.center", [ours.id]), ("osc.case", [case])):
            with pytest.raises(RpcError) as refusal:
                session.call(model, "read", ids, ["display_name"])
            assert refusal.value.name == "AccessError"
        for model in ("osc.case", "osc.intimation", "osc.survivor", "osc.incident"):
            try:
                assert session.call(model, "search_count", []) == 0, (login, model)
            except RpcError as error:
                assert error.name == "AccessError", error
    # The administrator of company A, working in B only, sees B's.
    seen = admin.call("osc.center", "search_read", [], ["code"], context=both)
    assert [row["code"] for row in seen] == [theirs.code]
