"""What everybody holds is known at once, rightly, with one query over the tables."""

from pathlib import Path

from tests.bench import size

SCRIPT = Path(__file__).with_name("bench_training.py")
PEOPLE = size(5000, 500)
QUERIES = {
    "who lacks what, all": 1,
    "matrix": 7,
    "by state": 1,
    "a page of the list": 1,
    "five who could take a case": 21,
}


def test_standings_of_many_people(database, capsys):
    figures = database().shell(
        f"import runpy\nresult = runpy.run_path({str(SCRIPT)!r})['run'](env, {PEOPLE})"
    )
    wrong = figures.pop("wrong")
    with capsys.disabled():
        print(f"\n{PEOPLE} people × 12 requirements")
        for what, row in figures.items():
            print(
                f"{what:<28} median {row['median']:7.1f} ms   worst "
                f"{row['worst']:7.1f} ms   {row['queries']} queries"
            )
    assert wrong == 0
    for what, row in figures.items():
        assert row["queries"] <= QUERIES[what], what
