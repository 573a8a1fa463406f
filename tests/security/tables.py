"""The reviewed tables: text files with a column for each person.

A line that the run finds and the file hasn't, or the other way round, or that differs,
fails the test. The run leaves what it found beside the results of the tests, for a
look at the difference; whoever finds it right copies it over the reviewed file.
"""

from difflib import unified_diff
from pathlib import Path

from config import paths

from .persons import PERSONS

FOLDER = Path(__file__).parent
FOUND = paths.STATE / "test-results"
NOTHING = "."

LEGENDS = {
    "rights": """Who may do what with a record, and with others like it.

r  read    w  write    c  create    u  delete
A capital letter: not refused for want of rights, but a rule of the suite or of the
database refuses it whoever tries (a reported case is never deleted, for instance).""",
    "methods": """What calling a method comes to.

y  it changes something            r  it answers and changes nothing
0  it gives nothing, changes nothing
x  refused by a rule, whoever tries
e  it can't be called like that by RPC: it fails before it does anything""",
    "fields": """Which fields of cases, and of what belongs to them, show somebody something.

v  shows what is there
A field that is empty in the story of story.py shows nothing to anybody.""",
}


def _header(name: str, width: int) -> list[str]:
    people = [f"{key}  {person.what}" for key, person in PERSONS.items()]
    text = [*LEGENDS[name].splitlines(), f"{NOTHING}  nothing, or denied", "", *people]
    columns = " ".join(f"{key:4}" for key in PERSONS)
    return [f"# {line}".rstrip() for line in text] + ["", f"{'':{width}} {columns}"]


def text(name: str, cells: dict[str, dict[str, str]]) -> str:
    """A table as it stands in its file."""
    width = max(map(len, cells))
    lines = []
    for row in sorted(cells):
        values = " ".join(f"{cells[row][key] or NOTHING:4}" for key in PERSONS)
        lines.append(f"{row:{width}} {values}".rstrip())
    return "\n".join([*_header(name, width), *lines]) + "\n"


def differences(name: str, cells: dict[str, dict[str, str]]) -> str:
    """What differs from the reviewed table; empty when nothing does."""
    reviewed = FOLDER / f"{name}.txt"
    before = reviewed.read_text() if reviewed.exists() else ""
    now = text(name, cells)
    if before == now:
        return ""
    FOUND.mkdir(parents=True, exist_ok=True)
    found = FOUND / f"{name}.txt"
    found.write_text(now)
    changes = unified_diff(
        before.splitlines(), now.splitlines(), "reviewed", "found", lineterm="", n=0
    )
    return (
        f"\n{chr(10).join(changes)}\n\nIs each of these right? Who may see what is said "
        f"in README.md of {FOLDER}. If so:\n    cp {found} {reviewed}"
    )
