"""A bed board of 300 beds opens at once, whoever looks at it."""

from pathlib import Path

SCRIPT = Path(__file__).with_name("bench_shelter.py")
QUERIES = 25


def test_the_bed_board_opens_at_once(database, capsys):
    figures = database().shell(
        f"import runpy\nresult = runpy.run_path({str(SCRIPT)!r})['run'](env)"
    )
    beds, filled = figures.pop("beds"), figures.pop("filled")
    with capsys.disabled():
        print(f"\nbed board of {beds} beds, filled in {filled:.0f} s")
        for login, row in figures.items():
            print(
                f"{login:<14} median {row['median']:6.1f} ms   worst "
                f"{row['worst']:6.1f} ms   {row['queries']} queries   "
                f"{row['shown']} beds, {row['codes']} codes"
            )
    for login, row in figures.items():
        assert row["shown"] == beds == 300, login
        assert row["queries"] <= QUERIES, login
    assert figures["lhr.shelter"]["codes"] == 140
    assert figures["lhr.casework"]["codes"] == 140
    assert figures["lhr.police"]["codes"] == 0
