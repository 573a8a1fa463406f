"""Databases: making one with the suite, keeping it up to date, copying, dropping.

A database is built under a scratch name and gets its own name only when complete,
so that an interrupted build is thrown away and begun again. A database that has its
name is never dropped but by ``./osc reset``.
"""

import ast
import json
import re
import shutil
import time
from pathlib import Path

from . import environment, paths, postgres
from .console import Failure, run_step, say

NAME = "osc"  # the database that ./osc run uses
HASHES = "osc.addon_hashes"
STORY = paths.CONFIG / "story.py"

PLAY = """
import runpy, sys
sys.path.insert(0, {folder!r})
runpy.run_path({file!r})["play"](env)
env["ir.config_parameter"].sudo().set_param("osc.story_played", "1")
env.cr.commit()
"""
LIST = 'env["ir.module.module"].update_list()\nenv.cr.commit()\n'
ASSETS = 'env["ir.qweb"]._pregenerate_assets_bundles()\nenv.cr.commit()\n'


def depends(addon: str) -> list[str]:
    """The addons that an addon of the suite depends on, others of the suite too."""
    manifest = (paths.ADDONS / addon / "__manifest__.py").read_text()
    return ast.literal_eval(manifest)["depends"]


def foreign_dependencies() -> set[str]:
    """Odoo's addons that the suite depends on."""
    addons = paths.suite_addons()
    return {name for addon in addons for name in depends(addon)} - set(addons)


def filestore(name: str) -> Path:
    return paths.DATA / "filestore" / name


def exists(name: str) -> bool:
    return bool(
        postgres.query("SELECT 1 FROM pg_database WHERE datname = :'n'", n=name)
    )


def drop(name: str) -> None:
    """Drop a database and its attachments."""
    if exists(name):
        postgres.query(f'ALTER DATABASE "{name}" IS_TEMPLATE false')
        postgres.query(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        _drop_patiently(name)
    drop_files(name)


def drop_files(name: str) -> None:
    """Drop the attachments of a database."""
    shutil.rmtree(filestore(name), ignore_errors=True)


def _drop_patiently(name: str) -> None:
    """Drop a database, also while PostgreSQL's own autovacuum works on it.

    On a server of somebody else's we may have no right to end it; it soon ends itself.
    """
    for patience in reversed(range(30)):
        try:
            postgres.query(f'DROP DATABASE "{name}" WITH (FORCE)')
            return
        except Failure as failure:
            if not patience or "being terminated" not in failure.problem:
                raise
            time.sleep(1)


def _loading(line: str) -> str | None:
    found = re.search(r"Loading module (\S+) \((\d+)/(\d+)\)", line)
    return "{} ({} of {})".format(*found.groups()) if found else None


def odoo(title: str, log: str, *arguments: str, progress=_loading) -> None:
    """Run Odoo's command line as a step of the set-up."""
    command = [environment.PYTHON, "-m", "odoo", *arguments]
    env = environment.variables(postgres.connection())
    env["ODOO_RC"] = str(paths.ODOO_CONF)
    path = paths.LOGS / f"{log}.log"
    fds = paths.held_locks
    run_step(title, command, path, env=env, cwd=paths.STATE, progress=progress, fds=fds)


def _shell(title: str, name: str, code: str) -> None:
    """Run code with ``env`` in a database; it commits what it wants kept."""
    script = paths.STATE / "shell-step.py"
    paths.write_atomically(script, code)
    # The shell reads its code from standard input, so a file has to be put there.
    command = (
        f'exec "{environment.PYTHON}" -m odoo shell -d {name} --no-http <"{script}"'
    )
    env = environment.variables(postgres.connection())
    env["ODOO_RC"] = str(paths.ODOO_CONF)
    log = paths.LOGS / "shell.log"
    run_step(
        title,
        ["sh", "-c", command],
        log,
        env=env,
        cwd=paths.STATE,
        fds=paths.held_locks,
    )


def _install_options(name: str) -> list[str]:
    return ["-d", name, "--stop-after-init", "--no-http", "--max-cron-threads=0"]


def _check_installed(name: str) -> None:
    """Odoo may end well although an addon or its demonstration data failed."""
    states = dict(postgres.query("SELECT name, state FROM ir_module_module", name))
    bad = [addon for addon in paths.suite_addons() if states.get(addon) != "installed"]
    if bad:
        raise Failure(
            f"Not installed: {', '.join(bad)}.", f"See the logs in {paths.LOGS}."
        )
    failed = postgres.query(
        "SELECT m.name FROM ir_demo_failure f JOIN ir_module_module m ON m.id = f.module_id",
        name,
    )
    if failed:
        names = ", ".join(row[0] for row in failed)
        raise Failure(
            f"Demonstration data failed: {names}.", f"See the logs in {paths.LOGS}."
        )


def _remember_hashes(name: str) -> None:
    hashes = {addon: paths.addon_fingerprint(addon) for addon in paths.suite_addons()}
    postgres.query(
        "INSERT INTO ir_config_parameter (key, value) VALUES (:'k', :'v') "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        name,
        k=HASHES,
        v=json.dumps(hashes),
    )


def finish_rename(name: str) -> None:
    """The attachments follow the database's name, also after an interruption."""
    scratch = filestore(f"{name}_building")
    if scratch.exists() and not filestore(name).exists():
        scratch.rename(filestore(name))


def build(name: str) -> None:
    """Make a database with the whole suite and its demonstration data."""
    addons = paths.suite_addons()
    if not addons:
        raise Failure(f"There is no addon of the suite in {paths.ADDONS}.")
    scratch = _scratch(name)
    options = [*_install_options(scratch), "--with-demo", "-i", ",".join(addons)]
    odoo(f"Installing {', '.join(addons)} in the database {name}", "install", *options)
    _check_installed(scratch)
    _shell("Preparing the web client", scratch, ASSETS)
    _remember_hashes(scratch)
    _finish(scratch, name)


def build_odoo(name: str, addons: list[str]) -> None:
    """Make a database with some of Odoo's addons, and without the suite."""
    scratch = _scratch(name)
    options = [*_install_options(scratch), "-i", ",".join(addons)]
    odoo(f"Installing addons of Odoo in the database {name}", "install", *options)
    # So that the list of modules, with its categories, is no difference later.
    _shell("Listing the addons there are", scratch, LIST)
    _finish(scratch, name)


def _scratch(name: str) -> str:
    """The name under which a database is built; nothing is left under it."""
    scratch = f"{name}_building"
    drop(scratch)
    paths.check_space(1024**3)
    return scratch


def _finish(scratch: str, name: str) -> None:
    if filestore(name).exists():
        # Of a database of that name on another server, perhaps: keep them.
        filestore(name).rename(filestore(f"{name}.kept-{time.time():.0f}"))
    postgres.query(f'ALTER DATABASE "{scratch}" RENAME TO "{name}"')
    finish_rename(name)


def _parameter(name: str, key: str) -> str | None:
    rows = postgres.query(
        "SELECT value FROM ir_config_parameter WHERE key = :'k'", name, k=key
    )
    return rows[0][0] if rows else None


def _update(name: str) -> None:
    """Install addons that are new and update those whose files changed."""
    states = dict(postgres.query("SELECT name, state FROM ir_module_module", name))
    known = json.loads(_parameter(name, HASHES) or "{}")
    missing, changed = [], []
    for addon in paths.suite_addons():
        if states.get(addon) not in ("installed", "to upgrade"):
            missing.append(addon)
        elif known.get(addon) != paths.addon_fingerprint(addon):
            changed.append(addon)
    if not missing and not changed:
        return
    options = _install_options(name)
    options += ["-i", ",".join(missing)] if missing else []
    options += ["-u", ",".join(changed)] if changed else []
    what = [f"installing {', '.join(missing)}"] if missing else []
    what += [f"updating {', '.join(changed)}"] if changed else []
    title = f"The addons changed: {' and '.join(what)} in the database {name}"
    odoo(title, "update", *options)
    _check_installed(name)
    _remember_hashes(name)


def ensure(name: str = NAME) -> None:
    """The database of ``./osc run``, complete and up to date, its story played."""
    if exists(name):
        finish_rename(name)
        tables = postgres.query(
            "SELECT count(*), count(*) FILTER (WHERE tablename = 'ir_module_module') "
            "FROM pg_tables WHERE schemaname = 'public'",
            name,
        )[0]
        installed = tables[1] == "1" and postgres.query(
            "SELECT 1 FROM ir_module_module WHERE name = 'base' AND state = 'installed'",
            name,
        )
        if tables[0] == "0":
            say(f"The database {name} is empty; it is made anew.")
            drop(name)
        elif not installed:
            raise Failure(
                f"The database {name} exists, but it is no finished Odoo database.",
                f"It may hold data, so it is left alone. ./osc reset drops it; to keep it, "
                f"rename it first: ALTER DATABASE {name} RENAME TO {name}_old",
            )
    fresh = not exists(name)
    if fresh:
        build(name)
    else:
        _update(name)
    if STORY.exists() and not _parameter(name, "osc.story_played"):
        _play_story(name, fresh)


def _play_story(name: str, fresh: bool) -> None:
    """Play the demonstration story; what it did is kept in full or not at all."""
    code = PLAY.format(folder=str(paths.CONFIG), file=str(STORY))
    try:
        _shell("Playing the demonstration story", name, code)
    except Failure:
        if fresh:
            raise
        # Somebody's changes may be in its way; that is no reason not to start.
        say("The database is used without the story; ./osc reset starts anew with it.")


def demonstration_logins(name: str) -> list[list[str]]:
    """The roles, and the logins that the demonstration data made for each."""
    return postgres.query(
        """
          WITH people AS (
                SELECT u.id, u.login,
                       string_agg(DISTINCT g.name->>'en_US', ', ') AS roles
                  FROM res_users u
                  JOIN ir_model_data d ON d.model = 'res.users' AND d.res_id = u.id
             LEFT JOIN res_groups_users_rel r ON r.uid = u.id
             LEFT JOIN ir_model_data gd ON gd.model = 'res.groups'
                   AND gd.res_id = r.gid AND gd.module LIKE 'osc\\_%'
             LEFT JOIN res_groups g ON g.id = gd.res_id
                 WHERE u.active AND (d.module LIKE 'osc\\_%' OR u.login = 'admin')
              GROUP BY u.id, u.login)
        SELECT coalesce(roles, 'Odoo administrator'),
               string_agg(login, ', ' ORDER BY id)
          FROM people GROUP BY roles ORDER BY min(id)
        """,
        name,
    )
