"""A list of 10,000 cases, as many as are allowed, is imported in one go."""

from pathlib import Path

from tests.bench import size

SCRIPT = Path(__file__).with_name("bench_import.py")
ROWS = size(10_000, 300)
QUERIES_PER_ROW = 3.5


def test_a_long_list(database, capsys):
    figures = database().shell(
        f"import runpy\nresult = runpy.run_path({str(SCRIPT)!r})['run'](env, {ROWS})"
    )
    with capsys.disabled():
        print(
            f"\n{figures['imported']} cases imported in {figures['seconds']:.0f} s, "
            f"{figures['queries']} queries"
        )
    assert not figures["errors"]
    assert figures["imported"] == ROWS
    assert figures["queries"] <= QUERIES_PER_ROW * ROWS
