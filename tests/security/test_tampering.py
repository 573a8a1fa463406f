"""The audit trail keeps what happened, and shows what somebody changed in it."""

import random
import time
from pathlib import Path

import pytest

from tests.support.rpc import RpcError

HERE = Path(__file__).parent


def _run(database, script: str, call: str):
    path = str(HERE / f"{script}.py")
    return database.shell(f"import runpy\nm = runpy.run_path({path!r})\n{call}")


@pytest.fixture(scope="module")
def trail(module_database):
    database = module_database()
    _forget_anchor(database)
    _run(database, "tampering", "m['fill'](env)")
    return database


def _forget_anchor(database):
    """Databases of tests share a name after each other; their files are not theirs."""
    database.shell("env['osc.audit.entry']._anchor_path().unlink(missing_ok=True)")


def test_a_thousand_edits_are_found(trail, capsys):
    seed = random.randrange(10**6)
    begin = time.monotonic()
    result = _run(trail, "tampering", f"result = m['run'](env, {seed})")
    with capsys.disabled():
        print(
            f"\n[{sum(result['done'].values())} edits of {result['entries']} entries, "
            f"seed {seed}: {time.monotonic() - begin:.1f} s]"
        )
    assert not result["missed"], f"seed {seed}"
    assert result["after"]


def test_sealing_while_others_write_loses_nothing(trail):
    result = _run(trail, "sealing", "result = m['run'](env)")
    assert not result["errors"]
    assert result["written"] == result["expected"]
    assert result["ok"], result["message"]
    assert result["waiting"] == 0


def test_a_removed_end_is_found(trail):
    trail.sql("ALTER TABLE osc_audit_seal DISABLE TRIGGER USER")
    trail.sql("ALTER TABLE osc_audit_entry DISABLE TRIGGER USER")
    kept = trail.sql(
        "DELETE FROM osc_audit_seal WHERE number = (SELECT max(number) FROM "
        "osc_audit_seal) RETURNING number, at, previous, entry_ids, hash, mac"
    )
    trail.sql("CREATE TABLE kept AS SELECT * FROM osc_audit_entry")
    trail.sql("DELETE FROM osc_audit_entry WHERE id = ANY(%s)", [kept[0][3]])
    result = trail.shell("result = env['osc.audit.entry'].verify()")
    trail.sql(
        "INSERT INTO osc_audit_entry SELECT * FROM kept WHERE id = ANY(%s)",
        [kept[0][3]],
    )
    trail.sql("INSERT INTO osc_audit_seal VALUES (%s, %s, %s, %s, %s, %s)", kept[0])
    trail.sql("DROP TABLE kept")
    trail.sql("ALTER TABLE osc_audit_seal ENABLE TRIGGER USER")
    trail.sql("ALTER TABLE osc_audit_entry ENABLE TRIGGER USER")
    assert (result["problem"], result["seal"]) == ("end", kept[0][0])
    assert "backup" in result["message"]
    assert trail.shell("result = env['osc.audit.entry'].verify()")["ok"]


# ----------------------------------------------------------------------
# Over HTTP
# ----------------------------------------------------------------------
@pytest.fixture(scope="module", params=["writing", "read-only"])
def server(request, module_odoo_server):
    """Also with connections that refuse to write while something is only read."""
    options = ["--dev=replica"] if request.param == "read-only" else []
    server = module_odoo_server(None, *options)
    worker = server.session("lhr.casework")
    case = worker.call(
        "osc.case", "create", {"channel": "phone", "survivor_name": "Audited Person"}
    )
    worker.call("osc.case", "action_report", [case])
    file = worker.call(
        "ir.attachment",
        "create",
        {"name": "a.txt", "raw": "abc", "res_model": "osc.case", "res_id": case},
    )
    server.case, server.file, server.worker = case, file, worker
    return server


@pytest.fixture
def noted(server):
    """Entries since the last time that it was asked: (action, model, id, login)."""
    last = [0]

    def ask():
        rows = server.database.sql(
            "SELECT id, action, model, res_id, login FROM osc_audit_entry "
            "WHERE id > %s ORDER BY id",
            [last[0]],
        )
        last[0] = rows[-1][0] if rows else last[0]
        return [row[1:] for row in rows]

    ask()
    return ask


def test_denied_attempts_stay(server, noted):
    stranger = server.session("mux.casework")
    noted()
    for method, arguments in [
        ("web_read", [{"urgency": {}}]),
        ("read", [["urgency"]]),
        ("write", [{"urgency": "routine"}]),
        ("action_close", []),
        ("unlink", []),
    ]:
        with pytest.raises(RpcError):
            stranger.call("osc.case", method, [server.case], *arguments)
        assert noted() == [("denied", "osc.case", server.case, "mux.casework")], method
    stranger.get(f"/web/content/{server.file}")
    assert noted() == [("denied", "osc.case", server.case, "mux.casework")]
    key = server.json2("mux.casework")
    noted()
    with pytest.raises(RpcError):
        key.call("osc.case", "read", [server.case], fields=["urgency"])
    assert noted() == [("denied", "osc.case", server.case, "mux.casework")]


def test_what_only_looks_is_noted(server, noted):
    case, session = server.case, server.worker
    session.call("osc.case", "web_read", [case], {"urgency": {}, "survivor_name": {}})
    assert noted() == [("read", "osc.case", case, "lhr.casework")]
    answer = session.get(f"/web/content/{server.file}")
    assert answer.content == b"abc"
    assert noted() == [("download", "osc.case", case, "lhr.casework")]
    session.call("osc.case", "web_search_read", [], {"name": {}, "state": {}})
    assert noted() == []
    assert "retrying with a read/write cursor" not in server.log_text()


def test_nothing_of_her_is_in_the_trail(server):
    rows = server.database.sql("SELECT * FROM osc_audit_entry")
    assert len(rows) > 5
    assert "Audited Person" not in str(rows)
