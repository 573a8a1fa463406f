"""System packages: says which are missing, and installs them when it is root."""

import ctypes
import importlib.util
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import paths, postgres
from .console import Failure, run_step, say


def _library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _font(pattern: str) -> bool:
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]
    return any(next(folder.rglob(pattern), None) for folder in folders)


@dataclass
class Need:
    """A system package, what it is for, and how to see that it is there."""

    package: str
    purpose: str
    present: Callable[[], bool]


def _venv_present() -> bool:
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


RUN = [
    Need("python3-venv", "virtual environments", _venv_present),
    Need("postgresql", "the database server", postgres.programs_present),
    Need("npm", "tools of the web client", lambda: bool(shutil.which("npm"))),
    Need("libpango-1.0-0", "PDF", lambda: _library("libpango-1.0.so.0")),
    Need("libpangoft2-1.0-0", "PDF", lambda: _library("libpangoft2-1.0.so.0")),
    Need("libharfbuzz-subset0", "PDF", lambda: _library("libharfbuzz-subset.so.0")),
    Need("libmagic1", "types of attachments", lambda: _library("libmagic.so.1")),
    Need("fonts-noto-core", "PDF fonts", lambda: _font("NotoNaskhArabic-Regular*")),
    Need("fonts-noto-extra", "PDF fonts", lambda: _font("NotoNastaliqUrdu-Regular*")),
]
BROWSER = Need("chromium", "browser tests", lambda: bool(browser()))
DRIVER = Need("libatomic1", "browser tests", lambda: _library("libatomic.so.1"))
GIT = Need("git", "building the addons", lambda: bool(shutil.which("git")))
TEST = [*RUN, BROWSER, DRIVER, GIT]


def browser() -> str | None:
    """The browser that the tests drive, looked for as Odoo's own tests do."""
    names = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)


def ensure(needs: list[Need]) -> None:
    """Install what is missing, or tell the exact command that does."""
    missing = [need for need in needs if not need.present()]
    if not missing:
        return
    names = [need.package for need in missing]
    listed = ", ".join(f"{need.package} ({need.purpose})" for need in missing)
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *names]
    if os.geteuid() or not shutil.which("apt-get"):
        raise Failure(
            f"System packages are missing: {listed}.",
            "Install them (the names are Debian's), then start again:\n"
            f"  sudo apt-get update && sudo {' '.join(install)}",
        )
    say(f"System packages are missing and will be installed: {listed}.")
    log = paths.LOGS / "system-packages.log"
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run_step(
        "Updating the list of system packages", ["apt-get", "update"], log, env=env
    )
    run_step("Installing system packages", install, log, env=env)
    still = [need.package for need in missing if not need.present()]
    if still:
        raise Failure(f"Installed, but still not found: {', '.join(still)}.")
