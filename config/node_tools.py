"""Tools from the npm registry, pinned in config/package-lock.json.

rtlcss mirrors the interface for right-to-left languages, prettier formats XML, and
one package holds a file that Debian's Odoo package leaves out.
"""

import shutil
from pathlib import Path

from . import paths
from .console import run_step

FOLDER = paths.STATE / "node"
BIN = FOLDER / "node_modules" / ".bin"


def package_file(package: str, name: str) -> Path:
    return FOLDER / "node_modules" / package / name


def ensure() -> None:
    """Install the tools when the pinned versions changed."""
    sources = [paths.CONFIG / "package.json", paths.CONFIG / "package-lock.json"]
    wanted = paths.fingerprint(*(path.read_text() for path in sources))
    stamp = FOLDER / "installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    stamp.unlink(missing_ok=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for source in sources:
        shutil.copy(source, FOLDER / source.name)
    run_step(
        "Installing tools of the web client",
        ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
        paths.LOGS / "npm.log",
        cwd=FOLDER,
        fds=paths.held_locks,
    )
    paths.write_atomically(stamp, wanted)
