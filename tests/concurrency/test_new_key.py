"""A new key: everything is written anew, though killed amid it and with users at work."""

import json
import os
import shutil
import subprocess
import threading

import pytest

from config import server as odoo

SURVIVORS = 2000
FILES = 60
KILL_AFTER = 600  # survivors
FILL = f"""
case = env["osc.case"].search([], limit=1)
env["osc.survivor"].create([
    {{"full_name": f"Gulnaz {{n}}", "phone": f"+92 300 {{n:07}}", "address": "Street"}}
    for n in range({SURVIVORS})
])
env["ir.attachment"].create([
    {{"name": "a.txt", "raw": f"Statement {{n}}" * 100, "res_model": "osc.case",
      "res_id": case.id}}
    for n in range({FILES})
])
env.cr.commit()
"""
CHECK = f"""
survivors = env["osc.survivor"].search([("code", "!=", False)])
names = set(survivors.mapped("full_name"))
files = env["ir.attachment"].search([("res_model", "=", "osc.case")])
contents = {{file.raw for file in files}}
found = env["osc.survivor"].search_count([("phone", "=", "0300 0000007")])
result = [
    all(f"Gulnaz {{n}}" in names for n in range({SURVIVORS})),
    all((f"Statement {{n}}" * 100).encode() in contents for n in range({FILES})),
    found,
    "\U0001f512" in names,
]
"""


@pytest.fixture
def ring(tmp_path, monkeypatch):
    """A copy of this machine's key ring, which the processes of the test use."""
    path = tmp_path / "ring.json"
    shutil.copy(odoo.variables()["OSC_KEY_RING"], path)
    monkeypatch.setenv("OSC_KEY_RING", str(path))
    return path


def _vault(database, *arguments) -> subprocess.Popen:
    return subprocess.Popen(
        odoo.command("osc_vault", *arguments),
        env={**database.variables, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _run(database, *arguments) -> tuple[int, str]:
    process = _vault(database, *arguments)
    output = process.communicate()[0]
    return process.returncode, output


def _waiting(database) -> int:
    return database.sql(
        "SELECT COUNT(*) FROM osc_survivor WHERE phone NOT LIKE 'second.%'"
    )[0][0]


def test_killed_and_continued_with_users_at_work(database, odoo_server, ring, capsys):
    base = database()
    base.shell(FILL)
    first = json.loads(ring.read_text())["current"]
    assert _run(base, "add-key", "second")[0] == 0
    assert oct(ring.stat().st_mode)[-3:] == "600"

    killed = _vault(base, "reencrypt", "-d", base.name)
    for line in killed.stdout:
        if line.startswith("osc.survivor:") and int(line.split()[1]) >= KILL_AFTER:
            killed.kill()
            break
    killed.wait()
    left = _waiting(base)
    assert 0 < left <= SURVIVORS - KILL_AFTER, "the kill was not in the middle"
    code, output = _run(base, "status", "-d", base.name)
    assert code == 1 and "keep all keys" in output

    server = odoo_server(base, workers=2)
    session = server.session("lhr.casework")
    case = session.call("osc.case", "create", {"channel": "phone", "urgency": "urgent"})
    stop, errors, written = threading.Event(), [], []

    def work():
        while not stop.is_set():
            try:
                name = f"Nasreen {len(written)}"
                session.call("osc.case", "write", [case], {"survivor_name": name})
                written.append(name)
            except Exception as error:
                errors.append(error)

    user = threading.Thread(target=work)
    user.start()
    try:
        code, output = _run(base, "reencrypt", "-d", base.name)
    finally:
        stop.set()
        user.join()
    assert code == 0, output
    assert "Nothing is left" in output
    assert not errors, errors[:2]
    read = session.call("osc.case", "read", [case], ["survivor_name"])
    assert read[0]["survivor_name"] == written[-1]
    with capsys.disabled():
        print(f"\n{output}{len(written)} writes of a user meanwhile")

    keys = json.loads(ring.read_text())
    del keys["keys"][first]
    ring.write_text(json.dumps(keys))
    assert base.shell(CHECK) == [True, True, 1, False]


def test_commands_refuse_what_would_lose_keys(database, ring, tmp_path):
    base = database()
    before = ring.read_bytes()
    assert _run(base, "make-key", "x")[0] != 0
    assert _run(base, "add-key", json.loads(before)["current"])[0] != 0
    assert _run(base, "add-key", "a.b")[0] != 0
    assert ring.read_bytes() == before
    new = tmp_path / "new" / "ring.json"
    code, output = _run(base, "--ring", str(new), "make-key", "first")
    assert code == 0, output
    assert oct(os.stat(new).st_mode)[-3:] == "600"
    key = json.loads(new.read_text())["keys"]["first"]
    assert key not in output
    code, output = _run(
        base, "--ring", str(tmp_path / "none"), "status", "-d", base.name
    )
    assert code != 0 and "locked" in output
