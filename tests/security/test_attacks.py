"""What somebody might think of who wants to know more, or do more, than they may.

Each test is one idea, tried against a running server by those who might have it.
"""

import itertools

import pytest
import requests

from tests.support.rpc import RpcError, Session

from .story.words import NAME, PHONE, WORDS

CURIOUS = ("peer", "told", "coor", "user", "awrk", "past", "gone")


@pytest.fixture(scope="module")
def session(story_server):
    """A session of a person, opened when first asked for."""
    opened = {}

    def of(person) -> Session:
        if person not in opened:
            login = f"matrix_{person}"
            opened[person] = story_server.session(login, login)
        return opened[person]

    return of


def _answer(call, *arguments, **keywords):
    """What somebody gets: the answer as text, or the name of the refusal."""
    try:
        return str(call(*arguments, **keywords))
    except RpcError as refusal:
        return refusal.name


def _denied(call, *arguments, **keywords):
    with pytest.raises(RpcError) as refusal:
        call(*arguments, **keywords)
    assert refusal.value.name == "AccessError", str(refusal.value)


def _says_nothing(text):
    for secret in (NAME, PHONE, WORDS, "Call her aunt"):
        assert secret not in text


def _name(story, what):
    """The neutral name under which a file is shown."""
    return f"document-{story.records[f'ir.attachment:of a {what}'][1]}.txt"


@pytest.fixture
def own_case(story, session):
    """A draft of a case worker of the other center."""
    return session("awrk").call("osc.case", "create", [{"channel": "phone"}])[0]


# ----------------------------------------------------------------------
# Asking until the answer changes
# ----------------------------------------------------------------------
PATHS = [
    ("is_injured", [True, False]),
    ("suspected_trafficking", [True, False]),
    ("survivor_id.sex", ["female", "male"]),
    ("survivor_id.full_name", [NAME, "Nobody"]),
    ("survivor_id.phone", [PHONE, "+92 300 0000000"]),
    ("survivor_id.birth_date", ["2009-01-01", "1990-01-01"]),
    ("incident_ids.type_id.code", ["rape", "denial"]),
    ("incident_ids.place", ["home", "street"]),
    ("statement_ids.how", ["written", "audio"]),
    ("guardian_ids.relation", ["mother", "father"]),
    ("consent_ids.scope", ["identity", "statistics"]),
    ("disclosure_ids.law", ["An act", "Another act"]),
    ("member_ids.user_id.login", ["matrix_plce", "matrix_peer"]),
    ("excluded_user_ids.login", ["matrix_excl", "matrix_peer"]),
    ("message_ids.body", ["<p>He waited behind the mill</p>", "x"]),
    ("activity_ids.summary", ["Call her aunt", "x"]),
    ("user_sees_identity", [True, False]),
]


@pytest.mark.parametrize("person", CURIOUS)
def test_searching_tells_nothing(story, session, person):
    case = story.records["osc.case"][1]
    roads = [("osc.case", ""), ("osc.intimation", "case_id.")]
    for (model, prefix), (path, values) in itertools.product(roads, PATHS):
        if person == "coor" and path == "user_sees_identity":
            continue  # of the user's own rights
        own = [("id", "=", case)] if model == "osc.case" else [("case_id", "=", case)]
        answers = {
            _answer(
                session(person).call,
                model,
                "search_count",
                [*own, (f"{prefix}{path}", "=", value)],
            )
            for value in values
        }
        assert len(answers) == 1, (model, path, answers)


@pytest.mark.parametrize("person", ["coor", "told", "peer"])
def test_grouping_and_sorting_tell_nothing(session, person):
    for model, prefix in (("osc.case", ""), ("osc.intimation", "case_id.")):
        for path in ("survivor_id", "survivor_id.sex", "incident_ids.type_id"):
            answer = _answer(
                session(person).call,
                model,
                "formatted_read_group",
                [["create_uid", "!=", 0]],
                [f"{prefix}{path}"],
                ["__count"],
            )
            for told in ("SRV", "female", "Rape"):
                assert told not in answer, (model, path, answer)


def test_forms_tell_nothing_of_a_case_that_is_chosen_on_them(story, session):
    """A form computes what it shows, from whatever somebody puts into its fields."""
    case, survivor = (story.records[row][1] for row in ("osc.case", "osc.survivor"))
    center = session("awrk").call("osc.center", "search", [("code", "=", "MTXB")])[0]
    answer = _answer(
        session("awrk").call,
        "osc.case",
        "onchange",
        [],
        {"survivor_id": survivor, "center_id": center},
        ["survivor_id"],
        {"is_minor": {}, "survivor_name": {}, "survivor_birth_date": {}},
    )
    assert answer == "AccessError"
    authority = session("awrk").call(
        "osc.discipline", "search", [("code", "=", "child_protection")]
    )[0]
    answer = _answer(
        session("awrk").call,
        "osc.disclosure",
        "onchange",
        [],
        {"case_id": case, "discipline_id": authority, "basis": "legal_duty"},
        ["case_id", "discipline_id"],
        {"law": {}},
    )
    assert answer == "AccessError", "the law is proposed for minors"
    for field, row, inside in (
        ("incident_ids", "osc.incident", "type_id"),
        ("statement_ids", "osc.statement", "narrative"),
        ("guardian_ids", "osc.guardian", "full_name"),
    ):
        answer = _answer(
            session("awrk").call,
            "osc.case",
            "onchange",
            [],
            {field: [[4, story.records[row][1]]]},
            [field],
            {field: {"fields": {inside: {}}}},
        )
        assert answer in ("AccessError", "{'value': {}}"), answer


def test_refusals_do_not_tell_her_age(story, session):
    """A rule about age must not speak before access is checked."""
    case = story.records["osc.case"][1]
    discipline = session("awrk").call("osc.discipline", "search", [], limit=1)[0]
    for giver in ("survivor", "guardian"):
        _denied(
            session("awrk").call,
            "osc.consent",
            "create",
            [
                {
                    "case_id": case,
                    "scope": "identity",
                    "discipline_id": discipline,
                    "given_by": giver,
                }
            ],
        )


def test_wizard_does_not_name_the_intimations_of_others(story, session):
    _denied(
        session("arep").call,
        "osc.intimation.answer",
        "create",
        [{"intimation_id": story.records["osc.intimation"][1], "kind": "act"}],
    )


# ----------------------------------------------------------------------
# Moving records about
# ----------------------------------------------------------------------
LINES = {
    "incident_ids": "osc.incident",
    "statement_ids": "osc.statement",
    "consent_ids": "osc.consent",
    "disclosure_ids": "osc.disclosure",
    "guardian_ids": "osc.guardian",
    "member_ids": "osc.case.member",
    "intimation_ids": "osc.intimation",
}


@pytest.mark.parametrize("field", LINES)
def test_lines_of_a_foreign_case_cant_be_taken(story, session, own_case, field):
    model, line = story.records[LINES[field]]
    table = model.replace(".", "_")
    for command in ([4, line], [6, 0, [line]], [2, line], [1, line, {"case_id": 1}]):
        _denied(
            session("awrk").call,
            "osc.case",
            "web_save",
            [own_case],
            {field: [command]},
            {field: {"fields": {"display_name": {}}}},
        )
        rows = story.sql(f"SELECT case_id FROM {table} WHERE id = %s", (line,))
        assert rows == [(story.records["osc.case"][1],)]


@pytest.mark.parametrize(
    ("model", "values", "more"),
    [
        ("osc.guardian", {"relation": "father"}, {"is_accused": True}),
        ("osc.statement", {"narrative": "Invented"}, {}),
        ("osc.incident", {"place": "street"}, {}),
    ],
)
def test_nothing_can_be_put_into_a_foreign_case(
    story, session, own_case, model, values, more
):
    """A guardian who is accused would even end the consents that are there."""
    call = session("awrk").call
    case = story.records["osc.case"][1]
    if model == "osc.incident":
        values = {**values, "type_id": call("osc.incident.type", "search", [])[0]}
    line = call(model, "create", [{**values, "case_id": own_case}])
    _denied(call, model, "write", line, {"case_id": case, **more})
    _denied(call, model, "create", [{**values, "case_id": case}])


def test_author_of_a_statement_cant_be_invented(story, session, own_case):
    call = session("awrk").call
    other = story.users["work"]
    line = call("osc.statement", "create", [{"case_id": own_case, "author_id": other}])
    author = call("osc.statement", "read", line, ["author_id"])[0]["author_id"][0]
    assert author == story.users["awrk"]
    _denied(call, "osc.statement", "write", line, {"author_id": other})


def test_survivor_cant_be_taken_into_an_own_case(story, session, own_case):
    call = session("awrk").call
    survivor = story.records["osc.survivor"][1]
    _denied(call, "osc.case", "write", [own_case], {"survivor_id": survivor})
    _denied(call, "osc.case", "create", [{"channel": "phone", "survivor_id": survivor}])


def test_signed_form_of_somebody_else_cant_be_attached(story, session, own_case):
    call = session("awrk").call
    form = story.records["ir.attachment:signed form"][1]
    discipline = call("osc.discipline", "search", [], limit=1)[0]
    values = {"case_id": own_case, "scope": "identity", "discipline_id": discipline}
    _denied(call, "osc.consent", "create", [{**values, "document_ids": [[4, form]]}])


def test_signed_form_stays_as_she_signed_it(story, session):
    call = session("work").call
    form = story.records["ir.attachment:signed form"][1]
    consent = story.records["osc.consent"][1]
    _denied(call, "ir.attachment", "unlink", [form])
    _denied(call, "ir.attachment", "write", [form], {"raw": "eA=="})
    for command in ([3, form], [2, form], [5, 0, 0], [6, 0, []]):
        _denied(call, "osc.consent", "write", [consent], {"document_ids": [command]})
    assert session("work").get(f"/web/content/{form}").content == b"signed"


def test_emergency_access_cant_be_made_lasting(story, session):
    case = story.records["osc.case"][1]
    for person in ("glas", "peer"):
        _denied(
            session("glas").call,
            "osc.case",
            "web_save",
            [case],
            {"case_worker_id": story.users[person]},
            {},
        )


# ----------------------------------------------------------------------
# Notes, tasks, meetings
# ----------------------------------------------------------------------
@pytest.mark.parametrize("person", CURIOUS)
def test_pages_of_the_chatter_show_nothing(story, session, person):
    case = story.records["osc.case"][1]
    thread = {"thread_model": "osc.case", "thread_id": case}
    asked = [
        "activities",
        "attachments",
        "followers",
        "scheduledMessages",
        "suggestedRecipients",
    ]
    call = session(person).json
    for path, params in (
        ("/mail/thread/messages", thread),
        (
            "/mail/data",
            {"fetch_params": [["mail.thread", {**thread, "request_list": asked}]]},
        ),
        ("/mail/thread/recipients", {**thread, "message_id": 1}),
    ):
        answer = _answer(call, path, params)
        _says_nothing(answer)
        for file in (_name(story, "case"), "matrix_plce", "police: acknowledged"):
            assert file not in answer, (path, answer)
    note = story.records["mail.message:note"][1]
    for path, params in (
        ("/mail/message/post", {**thread, "post_data": {"body": "Hello"}}),
        (
            "/mail/message/update_content",
            {"message_id": note, "update_data": {"body": "x"}},
        ),
        (
            "/mail/message/reaction",
            {"message_id": note, "content": "👍", "action": "add"},
        ),
    ):
        with pytest.raises((RpcError, requests.HTTPError)):
            call(path, params)
    later = story.records["mail.scheduled.message"][1]
    domain = [("id", "=", later)]
    assert not session(person).call("mail.scheduled.message", "search", domain)
    _denied(session(person).call, "mail.scheduled.message", "read", [later], ["body"])
    for method in ("post_message", "unlink"):
        with pytest.raises(RpcError):
            session(person).call("mail.scheduled.message", method, [later])


def test_pages_of_the_chatter_serve_the_case_worker(story, session):
    """What the test above asks for is there."""
    thread = {"thread_model": "osc.case", "thread_id": story.records["osc.case"][1]}
    assert WORDS in _answer(session("work").json, "/mail/thread/messages", thread)
    asked = ["activities", "attachments", "scheduledMessages"]
    answer = _answer(
        session("work").json,
        "/mail/data",
        {"fetch_params": [["mail.thread", {**thread, "request_list": asked}]]},
    )
    for shown in (WORDS, "Call her aunt", _name(story, "case")):
        assert shown in answer, answer


def test_files_cant_be_left_in_a_foreign_case(story, session):
    case = story.records["osc.case"][1]
    for person in ("coor", "peer", "user"):
        answer = session(person).http.post(
            f"{session(person).url}/mail/attachment/upload",
            data={"thread_model": "osc.case", "thread_id": case},
            files={"ufile": ("x.txt", b"x")},
            timeout=60,
        )
        found = story.sql(
            "SELECT id FROM ir_attachment WHERE res_model = 'osc.case' AND res_id = %s "
            "AND create_uid = %s",
            (case, story.users[person]),
        )
        assert not found, (person, answer.status_code)


def test_tasks_are_for_who_may_open_the_case_and_mail_says_nothing_of_them(
    story, session
):
    case = story.records["osc.case"][1]
    todo = "mail.mail_activity_data_todo"
    note = {"summary": "Fetch the kit", "note": "<p>Behind the mill</p>"}
    for person in ("user", "coor", "peer"):
        with pytest.raises(RpcError):
            session("work").call(
                "osc.case",
                "activity_schedule",
                [case],
                todo,
                user_id=story.users[person],
                **note,
            )
    session("work").call(
        "osc.case",
        "activity_schedule",
        [case],
        todo,
        user_id=story.users["name"],
        **note,
    )
    mails = story.sql(
        "SELECT subject, body FROM mail_message m JOIN mail_notification n "
        "ON n.mail_message_id = m.id WHERE n.res_partner_id = %s ORDER BY m.id DESC",
        (story.partners["name"],),
    )
    assert mails[0][0].startswith("Task in MTXA-")
    for word in ("kit", "mill"):
        assert word not in str(mails)


def test_meetings_of_a_case_are_private(story, session):
    call = session("work").call
    [(of_cases,)] = story.sql("SELECT id FROM ir_model WHERE model = 'osc.case'")
    event = call(
        "calendar.event",
        "create",
        [
            {
                "name": "Meet her aunt",
                "description": "Behind the mill",
                "res_model_id": of_cases,
                "res_id": story.records["osc.case"][1],
                "start": "2030-01-01 10:00:00",
                "stop": "2030-01-01 11:00:00",
            }
        ],
    )
    with pytest.raises(RpcError):
        call("calendar.event", "write", event, {"privacy": "public"})
    for person in ("user", "coor", "peer"):
        answer = _answer(session(person).call, "calendar.event", "read", event, [])
        assert "aunt" not in answer and "mill" not in answer
    assert "aunt" in _answer(call, "calendar.event", "read", event, ["name"])


# ----------------------------------------------------------------------
# Links
# ----------------------------------------------------------------------
def test_files_never_open_by_a_link(story, session):
    """A link would work for anybody, and after the access of who made it ended."""
    for row in ("of a case", "of a statement", "signed form"):
        file = story.records[f"ir.attachment:{row}"][1]
        call = session("work").call
        token = call("ir.attachment", "generate_access_token", [file])[0]
        for person in ("peer", "user"):
            answer = session(person).get(f"/web/content/{file}?access_token={token}")
            assert answer.status_code != 200, row
        anybody = requests.get(
            f"{session('work').url}/web/content/{file}?access_token={token}", timeout=60
        )
        assert anybody.status_code != 200, row
        with pytest.raises(RpcError):
            call("ir.attachment", "write", [file], {"public": True})
        assert session("work").get(f"/web/content/{file}").status_code == 200


def test_notes_carry_no_links_to_files(story, session):
    thread = {"thread_model": "osc.case", "thread_id": story.records["osc.case"][1]}
    asked = {
        "fetch_params": [["mail.thread", {**thread, "request_list": ["attachments"]}]]
    }
    files = session("work").json("/mail/data", asked)["ir.attachment"]
    assert files
    assert not any(file.get("raw_access_token") for file in files), files


def test_screens_of_others_can_not_be_listened_to(story, session):
    partner = story.partners["told"]
    session("work").call(
        "osc.case", "write", [story.records["osc.case"][1]], {"urgency": "emergency"}
    )
    channels = [
        f"res.partner_{partner}",
        f"res.partner,{partner}",
        f'["{story.name}", "res.partner", {partner}]',
    ]
    for person in ("peer", "user"):
        answer = _answer(
            session(person).json,
            "/websocket/peek_notifications",
            {"channels": channels, "last": 0, "is_first_poll": True},
        )
        assert "osc_cases.intimation" not in answer
