"""Databases for tests: templates with the whole suite and without it, and copies.

Copying takes a fraction of a second, installing a minute; so the template is built
anew only when its ingredients changed.
"""

import os
import re
import shutil
import socket
from pathlib import Path

from . import database, paths, postgres
from .cluster import Cluster

# What an Odoo that gets the suite may have already.
NEIGHBOURS = ("hr", "project", "crm", "account", "website")
CRASH = paths.STATE / "crash"  # clusters that tests may kill, named PID-…


def _tag() -> str:
    """Tells our test copies from those of others on the same PostgreSQL."""
    place = f"{socket.gethostname()}:{paths.STATE}"
    return paths.fingerprint(place)[:6]


def copy_name(number: int) -> str:
    return f"osc_test_{_tag()}_{os.getpid()}_{number}"


def drop_own_copies() -> None:
    """Drop the copies of this process, and copies of them."""
    names = postgres.query("SELECT datname FROM pg_database")
    for (name,) in names:
        if name.startswith(f"osc_test_{_tag()}_{os.getpid()}_"):
            database.drop(name)


def drop_stale_copies() -> None:
    """Drop the copies and clusters that a killed test run left behind."""
    names = postgres.query(
        "SELECT datname FROM pg_database WHERE datname LIKE 'osc\\_test\\_%'"
    )
    for (name,) in names:
        found = re.match(rf"osc_test_{_tag()}_(\d+)_", name)
        if found and not Path(f"/proc/{found.group(1)}").exists():
            database.drop(name)
    for folder in CRASH.glob("*-*"):
        if not Path(f"/proc/{folder.name.split('-')[0]}").exists():
            Cluster(folder / "postgres").stop()  # that of a test of the launcher
            Cluster(folder).remove()


def template(odoo_version: str) -> str:
    """The template with the suite and its demonstration data."""
    hashes = [paths.addon_fingerprint(addon) for addon in paths.suite_addons()]
    return _template("osc_template", database.build, odoo_version, *hashes)


def neighbours(odoo_version: str) -> str:
    """A template with Odoo's addons that the suite meets, and without the suite."""
    addons = sorted({*NEIGHBOURS, *database.foreign_dependencies()})
    return _template(
        "osc_neighbours",
        lambda name: database.build_odoo(name, addons),
        *(odoo_version, *addons, *paths.suite_addons()),
    )


def _template(kind: str, build, *ingredients: str) -> str:
    """Build a template anew only when its ingredients changed."""
    pinned = (paths.CONFIG / "requirements.txt").read_text()
    name = f"{kind}_{paths.fingerprint(pinned, *ingredients)[:12]}"
    if not database.exists(name):
        build(name)
        # Nobody may connect, so that copying never has to wait.
        postgres.query(
            f'ALTER DATABASE "{name}" IS_TEMPLATE true ALLOW_CONNECTIONS false'
        )
    database.finish_rename(name)
    names = postgres.query(
        "SELECT datname FROM pg_database WHERE datname LIKE :'kind' "
        "ORDER BY datname LIKE '%\\_building', oid DESC",
        kind=kind.replace("_", r"\_") + "%",
    )
    # The three newest stay (branches come and go); interrupted builds don't.
    for number, (other,) in enumerate(names):
        if other != name and (number > 2 or other.endswith("_building")):
            database.drop(other)
    return name


def copy(source: str, target: str) -> None:
    """Copy a database for a test, attachments included, in a fraction of a second."""
    database.drop(target)
    postgres.query(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    # Tests need not survive a power cut; waiting for the disk is half their time.
    postgres.query(f'ALTER DATABASE "{target}" SET synchronous_commit = off')
    copy_files(source, target)


def copy_files(source: str, target: str) -> None:
    """Give a database the attachments of another."""
    database.drop_files(target)
    if database.filestore(source).exists():
        # Attachments are never changed in place, so links serve.
        shutil.copytree(
            database.filestore(source),
            database.filestore(target),
            copy_function=os.link,
        )
