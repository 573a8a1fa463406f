"""A partner is found at once, however large the directory is."""

from pathlib import Path

SCRIPT = Path(__file__).with_name("bench_referral.py")
# Who gives this service, to her, near here, now.
FIND_QUERIES = 3
# The pages on which it is asked and shown.
PAGE_QUERIES = 12


def test_partners_are_found_at_once(database, capsys):
    figures = database().shell(
        f"import runpy\nresult = runpy.run_path({str(SCRIPT)!r})['run'](env)"
    )
    with capsys.disabled():
        print(f"\n{figures['partners']} partners, made in {figures['filled']:.0f} s")
        for what, row in {**figures["found"], **figures["pages"]}.items():
            print(
                f"{what:<16} median {row['median']:6.1f} ms   worst "
                f"{row['worst']:6.1f} ms   {row['queries']} queries   "
                f"{row['shown']} shown"
            )
    for what, row in figures["found"].items():
        assert row["queries"] <= FIND_QUERIES, what
        assert row["shown"] == 20, what
    for what, row in figures["pages"].items():
        assert row["queries"] <= PAGE_QUERIES, what
        assert row["shown"], what
