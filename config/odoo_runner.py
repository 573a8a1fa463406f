"""The addons' tests with Odoo's own runner, as the hosts of NGOs run them.

Each addon is installed on an Odoo that has much else, alone in an addons folder with
what it depends on, and its tests run there: those right after the installation, too.
"""

import re
import shutil
import subprocess
import tempfile
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import copies, database, paths, server
from .console import Failure, say
from .testing import summary

OUTCOME = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
ENTRY = re.compile(r"\d{4}-\d\d-\d\d ")
SKIPPED = re.compile(r" odoo\.addons\.\S+: skipped ")
LOUD = re.compile(r" (WARNING|ERROR|CRITICAL) ")
AT_ONCE = 2  # a server and its PostgreSQL take turns: each keeps one core busy

_printing = threading.Lock()


def run(template: str) -> int:
    """``./osc test --odoo-runner``; the template is without the suite."""
    addons = paths.suite_addons()
    # The longest first.
    order = sorted(addons, key=lambda addon: -len(list(_tests(addon))))
    running: list[subprocess.Popen] = []
    executor = ThreadPoolExecutor(AT_ONCE)
    try:
        results = list(
            executor.map(
                lambda addon: _run_alone(template, addon, addons.index(addon), running),
                order,
            )
        )
    finally:
        for process in running:
            process.kill()
        executor.shutdown(cancel_futures=True)
    total = sum((counts for counts, _code in results), Counter())
    if total["warned"]:
        say(f"{total['warned']} warnings and errors in the logs; there must be none.")
    say(summary(total))
    bad = any(code for _counts, code in results)
    faults = ("failed", "skipped", "warned")
    return 1 if bad or any(total[kind] for kind in faults) else 0


def _tests(addon: str):
    return (paths.ADDONS / addon / "tests").glob("test_*.py")


def _copy_with_what_it_needs(addon: str, folder: Path) -> None:
    if not (folder / addon).exists():
        shutil.copytree(paths.ADDONS / addon, folder / addon)
        for other in database.depends(addon):
            if (paths.ADDONS / other).exists():
                _copy_with_what_it_needs(other, folder)


def _run_alone(template: str, addon: str, number: int, running: list):
    """Install an addon and run its tests: what came out, and the exit code."""
    copy = copies.copy_name(number)
    copies.copy(template, copy)
    try:
        with tempfile.TemporaryDirectory(dir=paths.STATE) as name:
            folder = Path(name)
            _copy_with_what_it_needs(addon, folder)
            conf = folder / "odoo.conf"
            text = paths.ODOO_CONF.read_text()
            conf.write_text(text.replace(str(paths.ADDONS), name))
            arguments = ["-c", str(conf), "-d", copy, "-i", addon, "--stop-after-init"]
            arguments += ["--test-tags", f"/{addon}", "--max-cron-threads=0"]
            arguments += ["--http-port", str(server.free_port())]
            process = subprocess.Popen(
                server.command(*arguments),
                env=server.variables(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            )
            running.append(process)
            counts = _follow(addon, process)
    finally:
        database.drop(copy)
    return counts, process.returncode


def _follow(addon: str, process: subprocess.Popen) -> Counter:
    """Keep the log of a run, print what is wrong in it, and count its tests."""
    counts: Counter = Counter()
    log = paths.LOGS / f"odoo-runner-{addon}.log"
    loud = False
    with log.open("w") as target:
        for line in process.stdout:
            target.write(line)
            skipped = SKIPPED.search(line)
            if ENTRY.match(line):
                # What follows without a date, a traceback, belongs to the line.
                warned = bool(LOUD.search(line))
                loud = skipped or warned
                counts["warned"] += warned
            if loud:
                with _printing:
                    print(line, end="")
            counts["skipped"] += bool(skipped)
            if found := OUTCOME.search(line):
                failures, errors, ran = map(int, found.groups())
                counts["failed"] = failures + errors
                counts["passed"] = ran - failures - errors - counts["skipped"]
    process.wait()
    if not counts["passed"] and not counts["failed"] and not process.returncode:
        raise Failure(f"Odoo's runner ran no test of {addon}.", f"See {log}.")
    with _printing:
        say(f"{addon} by itself: {summary(counts)} (log: {log})")
    return counts
