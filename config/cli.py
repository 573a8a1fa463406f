"""The commands of ``./osc``."""

import argparse
import os
import shutil
import signal
import sys

from . import (
    copies,
    database,
    environment,
    key_ring,
    linting,
    node_tools,
    odoo_runner,
    odoo_source,
    paths,
    postgres,
    server,
    system_packages,
    testing,
    wheels,
)
from .console import Failure, Terminated, say

HELP = """\
./osc COMMAND

  run [--port N]     from a fresh clone to a server that answers, with demonstration
                     data; what is there already is used again. Ctrl-C stops Odoo;
                     PostgreSQL stays up until ./osc stop
  test [ARGS]        all tests; ARGS go to pytest, for instance
                     ./osc test tests/journeys -k intimation -x
  test --odoo-runner the addons' tests with Odoo's own runner, each addon by itself
  bench [ARGS]       the benchmarks in full, with nothing beside them
  odoo ARGS          Odoo's own command line (shell, module, i18n, -u …), on the
                     database “osc” unless -d says otherwise
  lint [--fix]       style and known mistakes; --only NAME runs one check
  build              the addons as wheels, in dist/
  screenshots        the pictures of README and docs anew, in docs/screenshots/
  status             what is there and what runs
  stop               stop Odoo and PostgreSQL
  reset [--yes]      drop the database “osc”; --all removes the whole state folder
  help               this text

Everything lives in the folder .osc. Variables that change something:
  ODOO_HOME   an Odoo 19.0 to use, instead of fetching one
  OSC_STATE   another folder instead of .osc
  OSC_PORT    the port of ./osc run (8069)
  PGHOST      a PostgreSQL to use (with PGPORT, PGUSER, PGPASSWORD), instead of a
              private one
"""


def set_up(purpose: str = "run") -> odoo_source.Odoo:
    """Everything up to a PostgreSQL that answers; quick when it is there already."""
    needs = system_packages.TEST if purpose == "test" else system_packages.RUN
    odoo_source.find()  # a wrong ODOO_HOME is told before anything is installed
    if not environment.FOLDER.exists():
        paths.check_space()
    system_packages.ensure(needs)
    node_tools.ensure()
    odoo = odoo_source.ensure()
    environment.ensure(odoo, purpose)
    key_ring.ensure()
    postgres.ensure()
    server.write_configuration(odoo)
    if missing := odoo.lacks():
        say(f"Note: the Odoo of ODOO_HOME lacks {missing}; browser tests will fail.")
    return odoo


def _port(text: str) -> int:
    if text.isdecimal() and 0 < int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"“{text}” is no port; a port is 1 to 65535")


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./osc run")
    parser.add_argument(
        "--port", type=_port, default=os.environ.get("OSC_PORT", "8069")
    )
    port = parser.parse_args(arguments).port
    found = server.running()
    if found:
        say(
            f"The suite runs already: http://127.0.0.1:{found[1]} (./osc stop stops it)."
        )
        return 0
    server.check_port(port)
    with paths.lock():
        set_up()
        database.ensure()
    return server.serve(port)


def _with_template(make, run) -> int:
    """Run tests on the template that ``make`` finds or builds."""
    with paths.lock():
        odoo = set_up("test")
        copies.drop_stale_copies()
        template = make(odoo.version)
    try:
        return run(template)
    finally:
        testing.clean_up()


def test(arguments: list[str]) -> int:
    if "--odoo-runner" in arguments:
        return _with_template(copies.neighbours, odoo_runner.run)
    return _with_template(
        copies.template, lambda template: testing.run(template, arguments)
    )


def bench(arguments: list[str]) -> int:
    return _with_template(
        copies.template, lambda template: testing.bench(template, arguments)
    )


def odoo(arguments: list[str]) -> int:
    with paths.lock():
        set_up()
    os.execve(environment.PYTHON, server.command(*arguments), server.variables())


def lint(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./osc lint")
    parser.add_argument("--fix", action="store_true")
    parser.add_argument(
        "--only", action="append", default=[], choices=linting.checks(False)
    )
    options = parser.parse_args(arguments)
    with paths.lock():
        set_up("test")
    return linting.run(options.only, options.fix)


def build(arguments: list[str]) -> int:
    argparse.ArgumentParser(prog="./osc build").parse_args(arguments)
    with paths.lock():
        set_up("test")
    return wheels.build()


def screenshots(arguments: list[str]) -> int:
    argparse.ArgumentParser(prog="./osc screenshots").parse_args(arguments)
    os.environ["OSC_SCREENSHOTS"] = str(paths.ROOT / "docs" / "screenshots")
    return test([str(paths.TESTS / "journeys" / "test_screens.py"), "-k", "picture"])


def status(arguments: list[str]) -> int:
    argparse.ArgumentParser(prog="./osc status").parse_args(arguments)
    odoo = odoo_source.find()
    say(f"State folder  {paths.STATE}")
    say(
        f"Odoo          {f'{odoo.version} in {odoo.imports}' if odoo else 'not fetched yet'}"
    )
    if postgres.private():
        pid = postgres.PRIVATE.pid()
        state = f"runs (process {pid})" if pid else "stopped"
        made = postgres.PRIVATE.data.exists()
        say(f"PostgreSQL    {f'private, {state}' if made else 'not made yet'}")
    else:
        pid = True
        postgres.ensure()
    if pid:
        there = database.exists(database.NAME)
        say(f"Database      {database.NAME}{'' if there else ' is not made yet'}")
    found = server.running()
    where = f"http://127.0.0.1:{found[1]} (process {found[0]})" if found else "stopped"
    say(f"Server        {where}")
    return 0


def stop(arguments: list[str]) -> int:
    argparse.ArgumentParser(prog="./osc stop").parse_args(arguments)
    say("Odoo: stopped." if server.stop() else "Odoo: was not running.")
    if postgres.private():
        stopped = postgres.PRIVATE.stop()
        say("PostgreSQL: stopped." if stopped else "PostgreSQL: was not running.")
    return 0


def reset(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./osc reset")
    parser.add_argument("--yes", action="store_true", help="don't ask")
    parser.add_argument("--all", action="store_true", help="remove the state folder")
    options = parser.parse_args(arguments)
    what = f"the database “{database.NAME}” with all that was entered in it"
    if options.all:
        what = f"the folder {paths.STATE}: all databases, and what was fetched"
        if not paths.is_ours():
            raise Failure(f"{paths.STATE} was not made by ./osc; nothing was removed.")
    if not options.yes:
        if not sys.stdin.isatty():
            raise Failure(f"This removes {what}.", "Say so with --yes.")
        if input(f"Remove {what}? [y/N] ").strip().lower() not in ("y", "yes"):
            say("Nothing was removed.")
            return 1
    server.stop()
    if options.all:
        postgres.PRIVATE.stop()
        shutil.rmtree(paths.STATE, ignore_errors=True)
    elif not postgres.private() or postgres.PRIVATE.data.exists():
        with paths.lock():
            postgres.ensure()
            database.drop(database.NAME)
    say(f"Removed {what}.")
    return 0


COMMANDS = {
    "run": run,
    "test": test,
    "bench": bench,
    "odoo": odoo,
    "lint": lint,
    "build": build,
    "screenshots": screenshots,
    "status": status,
    "stop": stop,
    "reset": reset,
}


def _terminated(number, frame):
    raise Terminated


def main(arguments: list[str]) -> int:
    name, *rest = arguments or ["help"]
    if name in ("help", "-h", "--help"):
        say(HELP)
        return 0
    if name not in COMMANDS:
        say(f"./osc knows no “{name}”.\n\n{HELP}")
        return 2
    signal.signal(signal.SIGTERM, _terminated)
    try:
        return COMMANDS[name](rest)
    except Failure as failure:
        print(f"\n{failure.problem}", file=sys.stderr)
        if failure.mend:
            print(failure.mend, file=sys.stderr)
    except BrokenPipeError:  # nobody reads any more: ./osc status | head -1
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        if error.errno not in (28, 122):  # no space left, quota exceeded
            raise
        print(
            f"\nThe disk is full: {error}. Free some space, start again.",
            file=sys.stderr,
        )
    except KeyboardInterrupt:
        print("\nInterrupted. What was finished is kept; start again.", file=sys.stderr)
        return 130
    return 1
