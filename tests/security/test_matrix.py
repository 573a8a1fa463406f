"""The denial matrix: everybody tries everything; the reviewed tables say what works."""

import pytest

from .tables import differences

FOLDER = "tests/security"


def test_every_model_is_tried(story):
    missing = story.found["without record"]
    assert not missing, (
        f"Nobody tries to reach {', '.join(missing)}: add a record of each to "
        f"{FOLDER}/story (values that copying doesn't give: {FOLDER}/calls), run "
        "this again and review the lines that it asks for."
    )


def test_every_method_is_tried(story):
    missing = story.found["without call"]
    assert not missing, (
        f"Nobody tries to call {', '.join(missing)}: say in CALLS in {FOLDER}/calls "
        "how to call it, or begin its name with _ if RPC needn't reach it."
    )


@pytest.mark.parametrize("name", ["rights", "methods", "fields"])
def test_as_reviewed(story, name):
    assert not (changes := differences(name, story.found[name])), changes


def test_all_roads_agree(story):
    """Search, count, group, export, import, copy, download and print give a record to
    those who may read it, and change it for nobody who may not."""
    faults = story.found["faults"]
    assert not faults, "\n".join(faults)
