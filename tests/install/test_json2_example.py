"""The example for other programs does what it says, with a case worker's key."""

import os
import re
import subprocess
import sys

import pytest

from config import paths
from tests.support.center import Catalog, Center, assert_code

EXAMPLE = paths.ROOT / "docs" / "examples" / "report_case.py"


@pytest.fixture(scope="module")
def center(module_odoo_server):
    server = module_odoo_server()
    catalog = Catalog(server.session("admin"))
    catalog.own_rules()
    return Center(catalog, server)


def _key(center) -> str:
    """A key that the case worker makes as the web client does it, with the password."""
    [login, *_others] = center.workers
    session = center.session(login)
    action = session.call("res.users", "api_key_wizard", [session.uid])
    if action.get("res_model") == "res.users.identitycheck":
        check = action["res_id"]
        password = {"password": login}
        action = session.call(
            "res.users.identitycheck", "run_check", [check], context=password
        )
    assert action["res_model"] == "res.users.apikeys.description"
    wizard = session.call(
        "res.users.apikeys.description",
        "create",
        [{"name": "helpline", "duration": "90"}],
    )
    action = session.call("res.users.apikeys.description", "make_key", wizard)
    return action["context"]["default_key"]


def _run(center, key: str, *arguments: str, **env):
    env = {
        "PATH": os.environ["PATH"],
        "OSC_URL": center.server.url,
        "OSC_DATABASE": center.server.name,
        "OSC_API_KEY": key,
        **env,
    }
    return subprocess.run(
        [sys.executable, str(EXAMPLE), *arguments],
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_reports_a_case(center):
    options = ("--channel", "helpline", "--urgency", "emergency", "--incident", "rape")
    done = _run(center, _key(center), *options)
    assert done.returncode == 0, done.stderr
    [code] = re.findall(r"^Reported: (\S+)$", done.stdout, re.MULTILINE)
    assert_code(code, center.code)
    told = re.findall(r"^Told: [^,]+, ([^,]+), emergency, due .+ UTC$", done.stdout, 8)
    assert set(told) == {login for login, _discipline in center.expected("rape")}
    assert len(told) == 5


def test_says_what_is_wrong(center):
    key = _key(center)
    options = ("--channel", "phone")
    wrong = _run(center, "not a key", *options)
    assert wrong.returncode == 1 and "API key is not known" in wrong.stderr
    unknown = _run(center, key, *options, "--incident", "nonsense")
    assert unknown.returncode == 1 and "no incident type “nonsense”" in unknown.stderr
    nowhere = _run(center, key, *options, OSC_URL="http://127.0.0.1:9")
    assert nowhere.returncode == 1 and "can't be reached" in nowhere.stderr
    unset = _run(center, "", *options)
    assert unset.returncode == 2 and "OSC_API_KEY" in unset.stderr
    for run in (wrong, unknown, nowhere, unset):
        assert "Traceback" not in run.stderr
        assert "Reported" not in run.stdout
