"""Reporting a case is quick, and stays so when many are on duty."""

from math import ceil
from pathlib import Path

import pytest

from tests.bench import FULL, size
from tests.support.modules import module

SCRIPT = Path(__file__).with_name("bench_report.py")
DISCIPLINES = 5
TIMES = size(40, 3)
CROWDS = (1, 5, 20, 50) if FULL else (1, 20)
INSERTED_AT_ONCE = 100  # rows; Odoo writes more in several queries
# Tables that get rows for each intimation, or of which rows are read for each.
PER_BATCH = 8


@pytest.fixture(scope="module")
def figures(module_database):
    database = module_database()
    module(database, "install", "project")
    return database.shell(
        f"import runpy\nresult = runpy.run_path({str(SCRIPT)!r})['run'](env, {TIMES}, {CROWDS})"
    )


def _line(name: str, row: dict) -> str:
    return (
        f"{name:<46} median {row['median']:7.1f} ms   p95 {row['p95']:7.1f} ms   "
        f"{row['queries']:5.0f} queries"
    )


def test_report_takes_half_the_time_of_a_task(figures, capsys):
    report, task = figures["compared"]["report"], figures["compared"]["task"]
    ratio = report["median"] / task["median"]
    with capsys.disabled():
        print("\n" + _line("action_report(), five intimations", report))
        print(_line("project.task, five assignees, five activities", task))
        print(f"ratio of the medians {ratio:.2f}")
    assert not FULL or ratio <= 0.5


def test_queries_do_not_grow_with_people(figures, capsys):
    rows = {int(crowd): row for crowd, row in figures["queries"].items()}
    with capsys.disabled():
        print()
        for crowd, row in rows.items():
            print(_line(f"action_report(), five disciplines × {crowd}", row))
    base = rows[1]["queries"]
    for crowd, row in rows.items():
        batches = ceil(crowd * DISCIPLINES / INSERTED_AT_ONCE) - 1
        assert row["queries"] <= base + PER_BATCH * batches, crowd
