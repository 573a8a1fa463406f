"""Lists of cases stay quick among 100,000 cases of others."""

import time
from pathlib import Path

import pytest

from tests.bench import FULL, size
from tests.support.databases import Database

SCRIPT = Path(__file__).with_name("bench_access.py")
MANY = size(100_000, 5_000)
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
    for cases, figure in figures.items():
        members = f"{cases} cases, {figure['members']} memberships"
        lines.append(f"{members} (filled in {figure['filled']:.1f} s)")
        lines += [
            f"  {name:<24} median {row['milliseconds']:6.1f} ms   best {row['best']:6.1f}"
            f" ms, of it {row['database']:5.1f} in the database   "
            f"{row['queries']:3.0f} queries   found {row['found']:5.0f}"
            for name, row in figure["rows"].items()
        ]
    return "\n".join(lines)


def test_the_first_page_takes_at_most_three_times_raw_sql(figures, capsys):
    rows = figures[str(MANY)]["rows"]
    page, raw = rows["list: representative"], rows["list: raw SQL"]
    with capsys.disabled():
        print("\n" + _table(figures))
        print(
            f"first page of a representative: {page['database'] / raw['database']:.1f} × "
            f"raw SQL in the database, {page['best'] / raw['best']:.1f} × with all that "
            "Odoo does around it"
        )
    assert page["found"] == raw["found"] > 0
    assert not FULL or page["database"] <= 3 * raw["database"]
    assert page["queries"] <= 9


def test_nothing_grows_with_cases_of_others(figures):
    """What is one's own is the same in both sizes, ten times apart; twice is noise."""
    few, many = (figures[str(size)]["rows"] for size in SIZES)
    for name in few:
        if few[name]["found"] != many[name]["found"]:
            continue  # an auditor's list has more of its own
        assert many[name]["queries"] == few[name]["queries"], name
        assert not FULL or many[name]["database"] <= few[name]["database"] * 2 + 1, name
