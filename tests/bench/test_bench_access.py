"""Lists of cases stay quick among 100,000 cases of others."""

import os
import time
from pathlib import Path

import pytest

from tests.support.databases import Database

SCRIPT = Path(__file__).with_name("bench_access.py")
# OSC_BENCH_CASES=10000 for a quick look.
MANY = int(os.environ.get("OSC_BENCH_CASES", "100000"))
SIZES = [MANY // 10, MANY]


@pytest.fixture(scope="module")
def figures(template):
    database = Database(template)
    begin = time.monotonic()
    try:
        yield database.shell(
            "import runpy\n"
            f"result = runpy.run_path({str(SCRIPT)!r})['run'](env, {SIZES!r})"
        )["sizes"]
    finally:
        database.drop()
        print(f"\n[benchmark: {time.monotonic() - begin:.1f} s]")


def _table(figures) -> str:
    lines = []
    for size, figure in figures.items():
        members = f"{size} cases, {figure['members']} memberships"
        lines.append(f"{members} (filled in {figure['filled']:.1f} s)")
        lines += [
            f"  {name:<24} median {row['milliseconds']:7.1f} ms, in the database "
            f"{row['database']:6.1f} ms   {row['queries']:3.0f} queries   "
            f"found {row['found']}"
            for name, row in figure["rows"].items()
        ]
    return "\n".join(lines)


def test_print(figures, capsys):
    with capsys.disabled():
        print("\n" + _table(figures))
