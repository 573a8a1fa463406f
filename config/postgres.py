"""The PostgreSQL that serves the suite: a private cluster, or the server of PGHOST."""

import os
import shutil

from . import paths
from .cluster import Cluster, program_folders, psql
from .console import Failure, say

PRIVATE = Cluster(paths.STATE / "postgres")


def private() -> bool:
    """Whether the cluster is ours, rather than the one that PGHOST names."""
    return not os.environ.get("PGHOST")


def programs_present() -> bool:
    """Whether the programs are there: the server's, or psql for the server of PGHOST."""
    if private():
        return bool(program_folders())
    return bool(shutil.which("psql") or program_folders())


def connection() -> dict[str, str]:
    """The libpq variables that reach the server."""
    if private():
        return PRIVATE.variables()
    return {key: value for key, value in os.environ.items() if key.startswith("PG")}


def query(sql: str, database: str = "postgres", **values) -> list[list[str]]:
    """Run SQL on the server; ``:'name'`` in it stands for a quoted value."""
    return psql(sql, database, connection(), **values)


def ensure() -> None:
    """A PostgreSQL that answers and serves Odoo."""
    if private():
        PRIVATE.create()
        PRIVATE.start()
    try:
        user, version, may = query(
            "SELECT current_user, current_setting('server_version_num'), rolcreatedb "
            "OR rolsuper FROM pg_roles WHERE rolname = current_user"
        )[0]
    except Failure as failure:
        where = f"{PRIVATE.data}" if private() else f"PGHOST={os.environ['PGHOST']}"
        raise Failure(
            f"No connection to the PostgreSQL of {where}: {failure.problem}",
            "Check that it runs and lets PGUSER in, or unset PGHOST to use a private one.",
        ) from failure
    if int(version) < 130000:
        raise Failure(
            f"PostgreSQL {int(version) // 10000} is too old; Odoo 19 needs 13."
        )
    if may != "t" or user == "postgres":
        reason = "may not create databases" if may != "t" else "is refused by Odoo"
        raise Failure(
            f"The PostgreSQL user {user} {reason}.",
            "Name another with PGUSER; make one with: createuser --createdb osc",
        )
    if not private():
        say(f"Using the PostgreSQL of PGHOST={os.environ['PGHOST']} as {user}.")
