"""The virtual environment with pinned requirements, and what programs run with."""

import os
import re
import shutil
import subprocess
import sys

from . import key_ring, node_tools, paths
from .console import Failure, run_step
from .odoo_source import Odoo

FOLDER = paths.STATE / "python"
PYTHON = FOLDER / "bin" / "python"
REQUIREMENTS = {
    "run": [paths.CONFIG / "requirements.txt"],
    "test": [paths.CONFIG / "requirements.txt", paths.CONFIG / "requirements-test.txt"],
}
OLDEST, NEWEST = (3, 10), (3, 13)  # what Odoo 19 runs on


def _interpreter() -> str:
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return sys.executable
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        if found := shutil.which(f"python3.{minor}"):
            return found
    raise Failure(
        f"Odoo 19 runs on Python 3.10 to 3.13; this is {sys.version.split()[0]}.",
        "Install one of those and see that it is on the PATH as python3.13 or so.",
    )


def _pip_progress(line: str) -> str | None:
    found = re.match(
        r"(Collecting|Downloading|Building|Installing collected) *(\S*)", line
    )
    return found and found.group()


def _links_to(odoo: Odoo) -> None:
    """Make the package ``odoo`` importable from the environment."""
    version = subprocess.run(
        [PYTHON, "-c", "import sys; print('python%d.%d' % sys.version_info[:2])"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    link = FOLDER / "lib" / version / "site-packages" / "osc-odoo.pth"
    paths.write_atomically(link, f"{odoo.imports}\n")


def ensure(odoo: Odoo, purpose: str) -> None:
    """Make or complete the environment; pip runs only when requirements changed."""
    interpreter = _interpreter()
    stamps = {}
    for name, files in REQUIREMENTS.items():
        text = [path.read_text() for path in files]
        stamps[name] = paths.fingerprint(os.path.realpath(interpreter), *text)
    stamp = FOLDER / "installed"
    installed = stamp.read_text().split() if stamp.exists() and PYTHON.exists() else []
    log, locks = paths.LOGS / "environment.log", paths.held_locks
    if stamps[purpose] not in installed:
        if not installed:
            # No stamp: new, or interrupted. Packages may be half there, so start over.
            command = [interpreter, "-m", "venv", "--clear", FOLDER]
            run_step("Making the Python environment", command, log, fds=locks)
        stamp.unlink(missing_ok=True)
        command = [PYTHON, "-m", "pip", "install"]
        command += ["--disable-pip-version-check", "--progress-bar=off"]
        for path in REQUIREMENTS[purpose]:
            command += ["-r", path]
        title = f"Installing Python packages to {purpose} the suite"
        run_step(title, command, log, progress=_pip_progress, fds=locks)
        # What serves the tests serves running as well.
        done = [stamps["run"], stamps["test"]] if purpose == "test" else [stamps["run"]]
        paths.write_atomically(stamp, "\n".join(done))
    _links_to(odoo)


def variables(connection: dict[str, str]) -> dict[str, str]:
    """The process environment for Odoo and the tools: ours first, nothing stray."""
    stray = ("ODOO_RC", "PGDATABASE", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    env = {key: value for key, value in os.environ.items() if key not in stray}
    first = [str(FOLDER / "bin"), str(node_tools.BIN)]
    env["PATH"] = os.pathsep.join([*first, env.get("PATH", os.defpath)])
    env["OSC_STATE"] = str(paths.STATE)
    return {**env, **key_ring.variables(), **connection}
