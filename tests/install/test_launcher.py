"""The launcher: clear errors, interruptions, and nothing lost."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request

import pytest

from config import (
    cluster,
    console,
    copies,
    environment,
    node_tools,
    odoo_source,
    paths,
    server,
)

OSC = paths.ROOT / "osc"


def osc(*arguments, check=None, launcher=OSC, **variables):
    """Run ./osc; its exit code must be ``check`` unless that is None."""
    env = {**os.environ, **{key: str(value) for key, value in variables.items()}}
    for name in ("OSC_TEMPLATE", "PGHOST", "PGPORT", "PGUSER", "PGDATABASE"):
        env.pop(name, None)
    done = subprocess.run(
        [launcher, *map(str, arguments)],
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    output = done.stdout + done.stderr
    assert "Traceback" not in output, output
    assert check is None or done.returncode == check, output
    return output


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    """A state folder of its own, with the tools and the Odoo that are there already."""
    # Not below pytest's folder: PostgreSQL's user could not enter it.
    folder = copies.CRASH / f"{os.getpid()}-launcher"
    folder.mkdir(parents=True)
    (folder / "lock").touch()  # as a launcher would that made the folder
    (folder / "python").symlink_to(environment.FOLDER)
    (folder / "node").symlink_to(node_tools.FOLDER)
    variables = {
        "OSC_STATE": folder,
        "ODOO_HOME": odoo_source.find().imports,
        "OSC_PORT": server.free_port(),
    }
    yield variables
    osc("reset", "--all", "--yes", **variables)
    assert not folder.exists()


def make_odoo(folder, version):
    release = folder / "odoo" / "release.py"
    release.parent.mkdir(parents=True)
    release.write_text(f"version_info = ({version}, FINAL, 0, '')\n")
    return folder


@pytest.mark.parametrize(
    "version, told", [("18, 0, 0", "18.0"), ("'saas~19', 1, 0", "saas~19.1")]
)
def test_odoo_of_another_version_is_refused(tmp_path, version, told):
    home = make_odoo(tmp_path / "home", version)
    state = tmp_path / "state"
    output = osc("run", "--port", server.free_port(), OSC_STATE=state, ODOO_HOME=home)
    assert f"that is Odoo {told}; the suite needs 19.0" in output
    assert "unset it" in output
    assert not (state / "python").exists()


def test_odoo_home_without_odoo_is_refused(tmp_path):
    output = osc("odoo", "--version", OSC_STATE=tmp_path, ODOO_HOME=tmp_path, check=1)
    assert "no Odoo is there" in output


@pytest.mark.parametrize(
    "place, home",
    [
        ("19.0 checkout", "19.0 checkout"),
        ("prefix/usr/lib/python3/dist-packages", "prefix"),
        ("site-packages", "site-packages/odoo"),
    ],
)
def test_odoo_is_found_in_its_usual_places(tmp_path, place, home):
    make_odoo(tmp_path / place, "19, 0, 0")
    odoo = odoo_source.look(tmp_path / home)
    assert (odoo.version, odoo.imports) == ("19.0", tmp_path / place)


def test_occupied_port_is_told(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        output = osc("run", "--port", port, OSC_STATE=tmp_path / "state", check=1)
    assert f"Port {port} of 127.0.0.1 is taken" in output
    assert f"./osc run --port {port + 1}" in output


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-5"])
def test_no_port_is_told(tmp_path, port):
    for arguments, variables in (
        (["--port", port], {}),
        ([], {"OSC_PORT": port}),
    ):
        output = osc("run", *arguments, OSC_STATE=tmp_path / "state", **variables)
        assert f"“{port}” is no port" in output
    assert not (tmp_path / "state").exists()


def test_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("ten years' work")
    output = osc("run", "--port", server.free_port(), OSC_STATE=tmp_path, check=1)
    assert "has other files in it" in output
    output = osc("reset", "--all", "--yes", OSC_STATE=tmp_path, check=1)
    assert "nothing was removed" in output
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_full_disk_is_told_before_anything_is_fetched():
    with pytest.raises(console.Failure) as failure:
        paths.check_space(10**18)
    assert "GB free" in failure.value.problem
    assert "OSC_STATE" in failure.value.mend


def test_reader_who_leaves_early_sees_no_traceback(tmp_path):
    done = subprocess.run(
        ["sh", "-c", '"$0" status | head -1', OSC],
        env={**os.environ, "OSC_STATE": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert "State folder" in done.stdout
    assert not done.stderr


def test_unknown_command_and_help():
    assert "./osc knows no “dance”" in osc("dance", check=2)
    assert "./osc stop" in osc("help", check=0)


def test_reset_without_an_answer_removes_nothing(state):
    assert "Say so with --yes" in osc("reset", **state, check=1)


def test_half_made_database_is_told_and_left_alone(state):
    osc("odoo", "--version", **state, check=0)  # the set-up, without a database
    private = cluster.Cluster(state["OSC_STATE"] / "postgres")
    reach = private.variables()
    cluster.psql("CREATE DATABASE osc", "postgres", reach)
    cluster.psql("CREATE TABLE mine AS SELECT 1 AS row", "osc", reach)
    output = osc("run", **state, check=1)
    assert "no finished Odoo database" in output
    assert cluster.psql("SELECT count(*) FROM mine", "osc", reach) == [["1"]]
    cluster.psql("DROP TABLE mine", "osc", reach)  # an empty one is made anew


def wait_for(condition, seconds=240):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.3)
    return found


@pytest.fixture
def ctrl_c():
    """Ctrl-C is heard by what a test starts, also when the tests run in the background:
    whatever a shell starts there ignores it, and so does what that starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def small_clone(tmp_path):
    """./osc of a clone with one addon and no story, which is installed sooner."""
    shutil.copy(OSC, tmp_path)
    leave_out = shutil.ignore_patterns("story.py", "__pycache__")
    shutil.copytree(paths.CONFIG, tmp_path / "config", ignore=leave_out)
    shutil.copytree(paths.ADDONS / "osc_base", tmp_path / "addons" / "osc_base")
    return tmp_path / "osc"


@pytest.mark.usefixtures("ctrl_c")
def test_killed_installation_is_begun_again(state, small_clone):
    env = {**os.environ, **{key: str(value) for key, value in state.items()}}
    env.pop("PGHOST", None)
    folder, port = state["OSC_STATE"], state["OSC_PORT"]
    state = {**state, "launcher": small_clone}
    log = folder / "log" / "install.log"

    def start():
        return subprocess.Popen(
            [small_clone, "run"],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    # Killed in the middle of the installation, with all that it started.
    first = start()
    wait_for(lambda: log.exists() and "Loading module mail " in log.read_text())
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    # PostgreSQL crashes as well, and leaves a pid file behind.
    cluster.Cluster(folder / "postgres").kill()
    (folder / "odoo.pid").write_text(f"{os.getpid()} {port}\n")
    assert "Server        stopped" in osc("status", **state, check=0)

    second = start()
    lines = []
    for line in second.stdout:
        lines.append(line)
        if "Ctrl-C stops it" in line:
            break
    assert second.poll() is None, "".join(lines)
    url = f"http://127.0.0.1:{port}"
    assert url in lines[-1]
    with urllib.request.urlopen(f"{url}/web/login") as page:
        assert page.status == 200
    assert f"runs already: {url}" in osc("run", **state, check=0)
    assert f"Server        {url}" in osc("status", **state, check=0)
    second.send_signal(signal.SIGINT)
    logins, _ = second.communicate(timeout=60)
    assert re.search(r"^  \w.* admin\b", logins, re.MULTILINE), logins
    assert second.returncode == 0
    with pytest.raises(OSError):
        urllib.request.urlopen(f"{url}/web/login")

    # What was entered is still there after the next start, which takes seconds.
    reach = cluster.Cluster(folder / "postgres").variables()
    cluster.psql("UPDATE res_partner SET ref = 'kept' WHERE id = 1", "osc", reach)
    began = time.monotonic()
    third = start()
    wait_for(lambda: server.port_is_free(port) is False)
    third.send_signal(signal.SIGTERM)
    third.communicate(timeout=180)
    assert time.monotonic() - began < 180
    rows = cluster.psql("SELECT ref FROM res_partner WHERE id = 1", "osc", reach)
    assert rows == [["kept"]]
    assert "PostgreSQL: stopped." in osc("stop", **state, check=0)
    assert "PostgreSQL: was not running." in osc("stop", **state, check=0)


def test_long_path_gets_a_short_private_socket(tmp_path):
    folder = copies.CRASH / (f"{os.getpid()}-" + "long-" * 18)
    private = cluster.Cluster(folder)
    try:
        private.create()
        private.start()
        assert len(os.fsencode(private.sockets / ".s.PGSQL.5432")) <= 107
        assert private.sockets.stat().st_mode & 0o077 == 0
        assert cluster.psql("SELECT 1", "postgres", private.variables()) == [["1"]]
    finally:
        private.remove()


def test_requirements_are_pinned_exactly():
    for name in ("requirements.txt", "requirements-test.txt"):
        for line in (paths.CONFIG / name).read_text().splitlines():
            pinned = re.fullmatch(r"#.*|[A-Za-z0-9_.\-]+==[0-9][\w.]*( ; .+)?", line)
            assert pinned, f"{name}: {line}"


def test_no_registry_and_no_machine_is_named():
    """Clients of registries and paths are configured on each machine, not here."""
    domains = ["pypi", "pythonhosted", "npmjs", "nodesource"]
    words = [rf"{name}\.(org|com)\b" for name in domains]
    words += [r"deb\.debian\b", r"/work/", r"/root/\w", r"/home/\w"]
    pattern = re.compile("|".join(words).encode())
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=paths.ROOT, capture_output=True, check=True
    ).stdout
    for name in listed.decode().rstrip("\0").split("\0"):
        path = paths.ROOT / name
        if path.is_file() and not path.samefile(__file__):
            found = pattern.search(path.read_bytes())
            assert not found, f"{name}: {found.group()}"
