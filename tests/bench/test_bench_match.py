"""Whether a survivor is known is found out at once, however many there are."""

from pathlib import Path

from tests.bench import FULL, size

SCRIPT = Path(__file__).with_name("bench_match.py")
SURVIVORS = size(100_000, 10_000)
QUERIES = 20


def test_known_survivors_are_found_at_once(database, capsys):
    figures = database().shell(
        f"import runpy\nresult = runpy.run_path({str(SCRIPT)!r})['run'](env, {SURVIVORS})"
    )
    filled = figures.pop("filled")
    with capsys.disabled():
        print(f"\n{SURVIVORS} survivors, made in {filled:.0f} s")
        for what, row in figures.items():
            print(
                f"known by {what:<14} median {row['median']:6.1f} ms   worst "
                f"{row['worst']:6.1f} ms   {row['queries']} queries   "
                f"{row['shown']} shown"
            )
    for what, row in figures.items():
        assert row["queries"] <= QUERIES, what
    # Few of a fraction have that name, that age, and are of the own center.
    assert not FULL or figures["name and age"]["shown"]
    assert figures["everything"]["shown"]
    assert not figures["nobody"]["shown"]
