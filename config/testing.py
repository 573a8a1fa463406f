"""Runs all tests: those of the addons inside Odoo, those in ``tests/`` beside it."""

import os
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
BENCH = paths.TESTS / "bench"
# Folders whose tests load the machine on purpose: nothing runs beside them.
ALONE = {"concurrency"}
# What takes longest begins first, so that no core is idle at the end.
ORDER = ("security", "install", "journeys", "bench")
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


def summary(counts: Counter) -> str:
    return ", ".join(
        f"{counts[kind]} {kind}" for kind in ("passed", "failed", "skipped")
    )


def _spread(dist: str, selected: list[str]) -> list[str]:
    """Options that spread folders over the cores.

    A file or a single test runs in one process, where ``print()`` and ``--pdb`` work.
    """
    if not all(Path(path).is_dir() for path in selected):
        return []
    options = ["-n", "logical", "--maxprocesses=4", "--dist", dist]
    # Files have their place by what they take, not by the number of their tests.
    return [*options, "--no-loadscope-reorder"] if dist == "loadfile" else options


def _inside(template: str, env: dict, options: list, selected: list):
    """The addons' tests; each process has a copy of our copy of the template."""
    copy = copies.copy_name(0)
    copies.copy(template, copy)
    env = {key: value for key, value in env.items() if key != "PGDATABASE"}
    # As in copies.copy(), whose setting stays behind when a copy is copied.
    env["PGOPTIONS"] = "-c synchronous_commit=off"
    env["PYTHONPATH"] = str(paths.ROOT)
    plugin = ["-p", "config.own_filestore"]
    plugin += ["--odoo-http", f"--odoo-database={copy}", "--odoo-log-level=error"]
    plugin += [f"--odoo-config={paths.ODOO_CONF}"]
    try:
        return _pytest(
            "addons", env, *plugin, *_spread("loadscope", selected), *options, *selected
        )
    finally:
        database.drop(copy)


def run(template: str, arguments: list[str]) -> int:
    """``./osc test``: everything, or what pytest's arguments select."""
    env = {**server.variables(), "OSC_TEMPLATE": template}
    options, inside, beside = split(arguments)
    if not inside and not beside:
        inside = sorted(str(path) for path in paths.ADDONS.glob("osc_*/tests"))
        beside = [str(paths.TESTS)] if paths.TESTS.exists() else []
    beside = _folders(beside)
    alone = [path for path in beside if Path(path).name in ALONE]
    beside = [path for path in beside if path not in alone]
    outside = ["-p", "no:odoo", *options]
    parts = [
        (inside, lambda: _inside(template, env, options, inside)),
        (
            beside,
            lambda: _pytest(
                "beside", env, *_spread("loadfile", beside), *outside, *beside
            ),
        ),
        (alone, lambda: _pytest("alone", env, *outside, *alone)),
    ]
    total: Counter = Counter()
    codes = []
    stop_early = any(option in ("-x", "--exitfirst") for option in options)
    for selected, part in parts:
        if selected and not (stop_early and total["failed"]):
            counts, code = part()
            total += counts
            codes.append(code)
    bad = [code for code in codes if code not in (0, NOTHING_RAN)]
    if not sum(total.values()) and not bad:
        say("No test was selected.")
        bad = [NOTHING_RAN]
    say(summary(total))
    return 1 if bad or total["failed"] or total["skipped"] else 0


def bench(template: str, arguments: list[str]) -> int:
    """``./osc bench``: the benchmarks in full, by themselves."""
    env = {**server.variables(), "OSC_TEMPLATE": template, "OSC_BENCH": "full"}
    options, inside, beside = split(arguments)
    if inside or any(not Path(path).resolve().is_relative_to(BENCH) for path in beside):
        raise Failure("./osc bench runs what is in tests/bench.")
    counts, code = _pytest(
        "bench", env, "-p", "no:odoo", *options, *(beside or [str(BENCH)])
    )
    say(summary(counts))
    return 1 if code or counts["skipped"] else 0


def _folders(selected: list[str]) -> list[str]:
    """Folders of tests instead of the folder that holds them all."""
    found = []
    for path in selected:
        if Path(path).resolve() == paths.TESTS:
            folders = {test.parent for test in paths.TESTS.glob("*/test_*")}
            found += sorted(map(str, folders), key=_place_in_order)
        else:
            found.append(path)
    return found


def _place_in_order(folder: str) -> tuple:
    name = Path(folder).name
    return (ORDER.index(name) if name in ORDER else len(ORDER), name)


def clean_up() -> None:
    """Drop our own copies (after an interruption)."""
    copies.drop_own_copies()
    os.environ.pop("OSC_TEMPLATE", None)
