"""Finds Odoo 19: where ODOO_HOME points, or the copy that is fetched once.

The copy comes from Debian's package ``odoo-19`` (in the suite "sid"), through an
apt configuration of its own: nothing of the system's is read but the address of its
mirror and its key ring, nothing is installed, and no root is needed.
"""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import node_tools, paths
from .console import Failure, run_step

SERIES = (19, 0)
COPY = paths.STATE / "odoo-19.0"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")

# The web client of the Debian package has links into these, relative to its prefix.
# Version 7 of Font Awesome has other file names, hence the older suite for it.
PACKAGES = [
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-montserrat",
    "fonts-roboto-unhinted",
    "fonts-ocr-b",
    "fonts-inconsolata",
    "fonts-font-awesome/trixie",
]
# The one file that the Debian package leaves out and the web client asks for.
LEFT_OUT = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@dataclass
class Odoo:
    """An Odoo 19: what to import it from and where its addons are."""

    imports: Path  # the folder that holds the package "odoo"
    version: str

    @property
    def addons_paths(self) -> list[Path]:
        # A checkout of the source keeps most addons beside the package, a package of
        # a distribution within it; the one with the web client is the one to name.
        candidates = [self.imports / "odoo" / "addons", self.imports / "addons"]
        found = [path for path in candidates if (path / "web/__manifest__.py").exists()]
        return found[:1]

    def lacks(self) -> str | None:
        """The file that Debian's package leaves out, when this Odoo lacks it."""
        found = any((path / LEFT_OUT).exists() for path in self.addons_paths)
        return None if found else LEFT_OUT


def look(home: Path) -> Odoo | None:
    """The Odoo in a folder: a checkout, an unpacked package or a site-packages."""
    for imports in (home, home / "usr/lib/python3/dist-packages", home.parent):
        release = imports / "odoo" / "release.py"
        if release.is_file():
            found = re.search(
                r"^version_info = \(['\"]?([^,'\"]+)['\"]?, *(\d+)",
                release.read_text(),
                re.MULTILINE,
            )
            return Odoo(imports, ".".join(found.groups()) if found else "unknown")
    return None


def find() -> Odoo | None:
    """Odoo 19 if there is one already; a clear failure for a wrong ODOO_HOME."""
    home = os.environ.get("ODOO_HOME")
    if not home:
        return look(COPY) if COPY.exists() else None
    odoo = look(Path(home).expanduser().resolve())
    mend = "Point ODOO_HOME to an Odoo 19.0, or unset it and one is fetched."
    if not odoo:
        raise Failure(f"ODOO_HOME is {home}, but no Odoo is there.", mend)
    if odoo.version != ".".join(map(str, SERIES)):
        raise Failure(
            f"ODOO_HOME is {home}: that is Odoo {odoo.version}; the suite needs 19.0.",
            mend,
        )
    if not odoo.addons_paths:
        raise Failure(f"The Odoo in ODOO_HOME ({home}) has no addon “web”.", mend)
    return odoo


def _mirror() -> str:
    """The address of the Debian mirror that the system itself uses."""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)"],
        capture_output=True,
        text=True,
    ).stdout.split()
    for address in listed:
        if address.rstrip("/").endswith("/debian"):
            return address
    raise Failure(
        "The system's apt names no Debian mirror, so Odoo can't be fetched.",
        "Set ODOO_HOME to an Odoo 19.0 that you have.",
    )


def _apt() -> list[str]:
    """The command apt-get, with a configuration that leaves the system alone."""
    if not shutil.which("apt-get") or not KEYRING.exists():
        raise Failure(
            "Odoo is fetched from Debian's packages, and this is no Debian "
            f"(apt-get or {KEYRING} is missing).",
            "Set ODOO_HOME to an Odoo 19.0 that you have.",
        )
    folder = paths.STATE / "apt"
    for name in ("parts", "state", "lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "state/status").touch()
    paths.write_atomically(
        folder / "parts/debian.sources",
        f"Types: deb\nURIs: {_mirror()}\nSuites: sid trixie\nComponents: main\n"
        f"Signed-By: {KEYRING}\n",
    )
    options = {
        "Dir::Etc::SourceList": "/dev/null",
        "Dir::Etc::SourceParts": folder / "parts",
        "Dir::State": folder / "state",
        "Dir::State::Lists": folder / "lists",
        "Dir::State::status": folder / "state/status",
        "Dir::Cache": folder / "cache",
        "Debug::NoLocking": "1",
        # The user that apt drops to could not write into this folder.
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
    }
    text = "".join(f'{key} "{value}";\n' for key, value in options.items())
    paths.write_atomically(folder / "apt.conf", text)
    return ["env", f"APT_CONFIG={folder / 'apt.conf'}", "apt-get"]


def ensure() -> Odoo:
    """Odoo 19, fetched if need be. The copy appears under its name when complete."""
    odoo = find()
    if odoo:
        return odoo
    paths.check_space()
    apt, log = _apt(), paths.LOGS / "odoo-fetch.log"
    debs, scratch = paths.STATE / "debs", COPY.with_name(COPY.name + ".new")
    debs.mkdir(exist_ok=True)
    locks = paths.held_locks
    run_step("Reading Debian's package lists", [*apt, "update"], log, fds=locks)
    run_step(
        "Fetching Odoo 19 (130 MB)",
        [*apt, "download", *PACKAGES],
        log,
        cwd=debs,
        fds=locks,
    )
    shutil.rmtree(scratch, ignore_errors=True)
    unpack = 'for deb in "$0"/*.deb; do echo "$deb"; dpkg -x "$deb" "$1" || exit; done'
    run_step("Unpacking Odoo 19", ["sh", "-c", unpack, debs, scratch], log, fds=locks)
    fetched = look(scratch)
    if not fetched or fetched.version != "19.0":
        raise Failure(
            f"What was fetched is not Odoo 19.0 (see {log}).",
            "Set ODOO_HOME to an Odoo 19.0 that you have.",
        )
    target = scratch / "usr/lib/python3/dist-packages/odoo/addons" / LEFT_OUT
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(
        node_tools.package_file("@mediapipe/selfie_segmentation", target.name), target
    )
    scratch.rename(COPY)
    # Half a gigabyte that is needed no more.
    for folder in (debs, paths.STATE / "apt"):
        shutil.rmtree(folder, ignore_errors=True)
    return look(COPY)
