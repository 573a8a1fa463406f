"""Runs all tests: those of the addons inside Odoo, those in ``tests/`` beside it."""

import os
import re
import signal
import subprocess
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

from . import copies, database, environment, paths, server
from .console import Failure, Terminated, say

RESULTS = paths.STATE / "test-results"
# Options of pytest whose value is the next argument, which may look like a path.
WITH_VALUE = {"-k", "-m", "-p", "-c", "-o", "-W", "-n", "-r", "--deselect", "--ignore"}
OUTCOME = r"(\d+) failed, (\d+) error\(s\) of (\d+) tests"  # of Odoo's runner
NOTHING_RAN = 5  # pytest's exit code when no test was selected


def split(arguments: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Sort pytest's arguments: options, paths within addons, other paths."""
    options, inside, beside = [], [], []
    previous = ""
    for argument in arguments:
        path = Path(argument.split("::")[0])
        is_path = not argument.startswith("-") and previous not in WITH_VALUE
        if is_path and path.exists():
            addon = path.resolve().is_relative_to(paths.ADDONS)
            (inside if addon else beside).append(argument)
        else:
            options.append(argument)
        previous = argument
    return options, inside, beside


def _pytest(name: str, env: dict, *arguments: str) -> tuple[Counter, int]:
    """Run pytest; count its results."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    report = RESULTS / f"{name}.xml"
    report.unlink(missing_ok=True)
    command = [environment.PYTHON, "-m", "pytest", f"--junitxml={report}", *arguments]
    env = {**env, "OSC_TEST_RESULTS": str(RESULTS)}
    process = subprocess.Popen([str(part) for part in command], env=env)
    try:
        code = process.wait()
    except KeyboardInterrupt as interruption:
        # Its fixtures stop servers and drop databases; it gets the time for that.
        if isinstance(interruption, Terminated):
            process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
        raise
    counts: Counter = Counter()
    skips = []
    if report.exists():
        for case in ElementTree.parse(report).iter("testcase"):
            skip = case.find("skipped")
            if case.find("failure") is not None or case.find("error") is not None:
                counts["failed"] += 1
            elif skip is not None and skip.get("type") == "pytest.skip":
                counts["skipped"] += 1
                place = f"{case.get('classname')}.{case.get('name')}"
                skips.append(f"  {place}: {skip.get('message')}")
            else:
                counts["passed"] += 1
    if skips:
        say("A skipped test is a failure of the set-up. Skipped:\n" + "\n".join(skips))
    return counts, code


def _summary(counts: Counter) -> str:
    return ", ".join(
        f"{counts[kind]} {kind}" for kind in ("passed", "failed", "skipped")
    )


def run(template: str, arguments: list[str]) -> int:
    """``./osc test``: everything, or what pytest's arguments select."""
    env = {**server.variables(), "OSC_TEMPLATE": template}
    options, inside, beside = split(arguments)
    if not inside and not beside:
        inside = sorted(str(path) for path in paths.ADDONS.glob("osc_*/tests"))
        beside = [str(paths.TESTS)] if paths.TESTS.exists() else []
    total: Counter = Counter()
    codes = []
    if inside:
        copy = copies.copy_name(0)
        copies.copy(template, copy)
        env.pop("PGDATABASE")
        plugin = ["--odoo-http", f"--odoo-database={copy}", "--odoo-log-level=error"]
        plugin += [f"--odoo-config={paths.ODOO_CONF}"]
        try:
            counts, code = _pytest("addons", env, *plugin, *options, *inside)
        finally:
            database.drop(copy)
        total += counts
        codes.append(code)
    stop_early = any(option in ("-x", "--exitfirst") for option in options)
    if beside and not (stop_early and total["failed"]):
        counts, code = _pytest("beside", env, "-p", "no:odoo", *options, *beside)
        total += counts
        codes.append(code)
    bad = [code for code in codes if code not in (0, NOTHING_RAN)]
    if not sum(total.values()) and not bad:
        say("No test was selected.")
        bad = [NOTHING_RAN]
    say(_summary(total))
    return 1 if bad or total["failed"] or total["skipped"] else 0


def run_with_odoo(template: str) -> int:
    """``./osc test --odoo-runner``: the addons' tests with Odoo's own runner.

    The addons are updated on the way, so that tests that want to run right after
    their addon's update run as well.
    """
    addons = paths.suite_addons()
    copy = copies.copy_name(1)
    copies.copy(template, copy)
    arguments = ["-d", copy, "-u", ",".join(addons), "--stop-after-init"]
    arguments += ["--test-tags", ",".join(f"/{addon}" for addon in addons)]
    arguments += ["--http-port", str(server.free_port()), "--max-cron-threads=0"]
    process = subprocess.Popen(
        server.command(*arguments),
        env=server.variables(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    total: Counter = Counter()
    log = paths.LOGS / "odoo-runner.log"
    try:
        with log.open("w") as target:
            loud = False
            for line in process.stdout:
                target.write(line)
                skipped = re.search(r" odoo\.addons\.\S+: skipped ", line)
                if re.match(r"\d{4}-\d\d-\d\d ", line):
                    # What follows without a date, a traceback, belongs to the line.
                    loud = skipped or re.search(r" (ERROR|CRITICAL) ", line)
                if loud:
                    print(line, end="")
                total["skipped"] += bool(skipped)
                if found := re.search(OUTCOME, line):
                    failures, errors, ran = map(int, found.groups())
                    total["failed"] = failures + errors
                    total["passed"] = ran - failures - errors - total["skipped"]
        process.wait()
    finally:
        process.kill()
        process.wait()
        database.drop(copy)
    say(f"Odoo's own runner; all of its log is in {log}.")
    if not sum(total.values()) and not process.returncode:
        raise Failure("Odoo's runner ran no test.", f"See {log}.")
    say(_summary(total))
    return 1 if process.returncode or total["failed"] or total["skipped"] else 0


def clean_up() -> None:
    """Drop our own copies (after an interruption)."""
    for number in (0, 1):
        database.drop(copies.copy_name(number))
    os.environ.pop("OSC_TEMPLATE", None)
