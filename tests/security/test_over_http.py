"""A sample of the matrix against a running server: it is enforced there, too."""

import pytest

from tests.support.rpc import Json2, RpcError

from .persons import PERSONS

# What a case consists of, with a value that everybody tries to write.
CONTENT = {
    "osc.case": {"channel": "phone"},
    "osc.survivor": {"disability": "physical"},
    "osc.incident": {"place": "street"},
    "osc.guardian": {"relation": "father"},
    "osc.consent": {"expires_at": "2099-01-01 00:00:00"},
    "osc.disclosure": {"survivor_told": True},
    "osc.statement": {"how": "audio"},
    "osc.intimation": {"due_at": "2099-01-01 00:00:00"},
    "osc.case.member": {"valid_until": "2099-01-01 00:00:00"},
    "osc.break.glass": {"review": "justified"},
    "mail.message:note": {"body": "x"},
    "mail.activity": {"summary": "x"},
    "ir.attachment:of a statement": {"name": "x"},
}
LOGINS = [person for person in PERSONS if person != "publ"]


@pytest.fixture(scope="module")
def sessions(story, story_server):
    """A session of each person, opened once."""
    return {
        person: story_server.session(f"matrix_{person}", f"matrix_{person}")
        for person in LOGINS
    }


def _rows(story):
    """All that is stored of the records of the sample."""
    stored = {}
    for row in CONTENT:
        model, id_ = story.records[row]
        query = f"SELECT to_jsonb(t) FROM {model.replace('.', '_')} t WHERE id = %s"
        stored[row] = story.sql(query, (id_,))
    return stored


def _denied(call, *arguments):
    with pytest.raises(RpcError) as refusal:
        call(*arguments)
    assert refusal.value.name in ("AccessError", "NotFound", "UserError"), arguments
    return refusal.value.name


@pytest.mark.parametrize("person", LOGINS)
def test_as_in_the_table(story, sessions, person):
    call = sessions[person].call
    before = _rows(story)
    for row, values in CONTENT.items():
        model, id_ = story.records[row]
        rights = story.found["rights"][row][person]
        if "r" in rights:
            assert call(model, "read", [id_], ["display_name"]), row
        else:
            assert _denied(call, model, "read", [id_], ["display_name"]), row
        if "w" not in rights.lower():
            _denied(call, model, "write", [id_], values)
            _denied(call, model, "web_save", [id_], values, {})
        if "u" not in rights.lower():
            _denied(call, model, "unlink", [id_])
    assert _rows(story) == before


@pytest.mark.parametrize("person", ["peer", "coor"])
def test_external_interface(story, story_server, person):
    key = story.found["story"]["keys"][person]
    outside = Json2(story_server.url, story.name, key)
    before = _rows(story)
    for row, values in CONTENT.items():
        model, id_ = story.records[row]
        if "r" not in story.found["rights"][row][person]:
            with pytest.raises(RpcError):
                outside.call(model, "read", [id_], fields=["display_name"])
        with pytest.raises(RpcError):
            outside.call(model, "write", [id_], vals=values)
    assert _rows(story) == before


def test_external_interface_serves_the_case_worker(story, story_server):
    outside = Json2(story_server.url, story.name, story.found["story"]["keys"]["work"])
    for row in ("osc.case", "osc.survivor", "osc.statement"):
        model, id_ = story.records[row]
        assert outside.call(model, "read", [id_], fields=["display_name"])


def test_downloads(story, sessions):
    """Files open to those who may read them, and to nobody by their number."""
    for row, (model, id_) in story.records.items():
        if model != "ir.attachment":
            continue
        for person, session in sessions.items():
            answer = session.get(f"/web/content/{id_}")
            allowed = "r" in story.found["rights"][row][person]
            assert (answer.status_code == 200) == allowed, (row, person)
