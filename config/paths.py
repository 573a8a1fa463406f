"""Where things are: the repository, and the one folder that holds all state."""

import contextlib
import fcntl
import hashlib
import os
import shutil
from pathlib import Path

from .console import Failure, say

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "config"
ADDONS = ROOT / "addons"
TESTS = ROOT / "tests"

STATE = Path(os.environ.get("OSC_STATE") or ROOT / ".osc").resolve()
LOGS = STATE / "log"
DATA = STATE / "data"  # Odoo's data folder: attachments and sessions

# Needed for a first start, seen: Odoo 1.3 GB, environment 0.6 GB, databases 0.4 GB.
FIRST_START_BYTES = 3 * 1024**3

# File descriptors that long steps inherit, so that the lock outlives a launcher
# that was killed while its child is still busy.
held_locks = []


def _configuration() -> Path:
    """Odoo's configuration; clones that share a state folder have one each."""
    own = ROOT / ".osc"
    name = "odoo" if own == STATE else f"odoo-{fingerprint(str(ROOT))[:6]}"
    return STATE / f"{name}.conf"


def suite_addons() -> list[str]:
    """Names of the addons of the suite that are present."""
    return sorted(path.parent.name for path in ADDONS.glob("osc_*/__manifest__.py"))


def fingerprint(*parts: str) -> str:
    """A short hash that changes when any of the parts does."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


ODOO_CONF = _configuration()


def addon_fingerprint(name: str) -> str:
    """A hash over what installing the addon reads: not its tests, not its readme."""
    digest = hashlib.sha256()
    folder = ADDONS / name
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if parts[0] in ("tests", "readme") or "__pycache__" in parts:
            continue
        if path.is_file() and path.suffix != ".pyc":
            digest.update("/".join(parts).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that it is there in full or not at all."""
    if path.exists() and path.read_text() == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(path.name + ".new")
    scratch.write_text(text)
    scratch.replace(path)


def check_space(needed: int = FIRST_START_BYTES) -> None:
    """Refuse a first start that would end half-way for lack of space."""
    folder = next(path for path in [STATE, *STATE.parents] if path.exists())
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise Failure(
            f"{folder} has {free / 1024**3:.1f} GB free; the set-up needs "
            f"{needed / 1024**3:.1f} GB.",
            "Free some space, or name a folder on another disk: OSC_STATE=/there ./osc …",
        )


def is_ours() -> bool:
    """Whether the state folder was made by ./osc, so that all in it may be removed."""
    return (STATE / "lock").exists()


@contextlib.contextmanager
def lock():
    """Let one launcher at a time change the state folder."""
    if STATE.exists() and not is_ours() and any(STATE.iterdir()):
        raise Failure(
            f"{STATE} has other files in it and was not made by ./osc.",
            "Set OSC_STATE to an empty folder, or to one that is not there yet.",
        )
    try:
        LOGS.mkdir(parents=True, exist_ok=True)
        handle = open(STATE / "lock", "a")
    except PermissionError as error:
        raise Failure(
            f"No permission to write in {STATE}.",
            "It was made by another user: work as that user, or set OSC_STATE to a "
            "folder of yours.",
        ) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"Another ./osc is preparing {STATE}; waiting until it is done.")
            fcntl.flock(handle, fcntl.LOCK_EX)
        held_locks.append(handle.fileno())
        try:
            yield
        finally:
            held_locks.clear()
