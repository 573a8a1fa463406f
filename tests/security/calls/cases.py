"""The case, who is told of it, and what opens it."""

from ..story.words import LIST, PHONE

WRITE = {
    "osc.break.glass": {"review": "justified"},
    "osc.break.glass.request": {"hours": 2},
    "osc.case": {"channel": "phone"},
    "osc.case.import": {"file_name": "x.csv"},
    "osc.case.member": {"valid_until": "2099-01-01 00:00:00"},
    "osc.case.member.scope": {"valid_until": "2099-01-01 00:00:00"},
    "osc.consent": {"document_ids": []},
    "osc.disclosure": {"survivor_told": True},
    "osc.guardian": {"relation": "father"},
    "osc.incident": {"place": "street"},
    "osc.intimation": {"due_at": "2099-01-01 00:00:00"},
    "osc.intimation.answer": {"text": "x"},
    "osc.statement": {"how": "audio"},
    "osc.statistics.export": {"date_to": "2026-01-31"},
    "osc.survivor": {"disability": "physical"},
}
CREATE = {
    "osc.break.glass": lambda s, user: {"user_id": user.id},
    "osc.case": lambda s, user: {"case_worker_id": user.id},
    "osc.case.member": lambda s, user: {"user_id": user.id, "identity_access": True},
    "osc.guardian": lambda s, user: {"phone": PHONE},
    "osc.intimation": lambda s, user: {"user_id": user.id},
    "osc.statement": lambda s, user: {"narrative": "x"},
}
LEAVE_OUT = {
    "osc.consent": ("document_ids", "recorded_by_id"),
    "osc.disclosure": ("recorded_by_id",),
    "osc.statement": ("author_id",),
}
CALLS = {
    "osc.break.glass.action_justified": lambda s, user: ((), {}),
    "osc.break.glass.action_unjustified": lambda s, user: ((), {}),
    "osc.break.glass.request.action_confirm": lambda s, user: ((), {}),
    "osc.case.action_close": lambda s, user: ((), {}),
    "osc.case.action_link_survivor": lambda s, user: (
        (s.records["osc.survivor"].id,),
        {},
    ),
    "osc.case.action_open_intimations": lambda s, user: ((), {}),
    "osc.case.action_reopen": lambda s, user: ((), {}),
    "osc.case.action_report": lambda s, user: ((), {}),
    "osc.case.import.action_check": lambda s, user: ((), {}),
    "osc.case.import.action_import": lambda s, user: ((), {}),
    "osc.case.import.action_template": lambda s, user: ((), {}),
    "osc.case.web_save": lambda s, user: (
        ({"case_worker_id": s.users["peer"].id}, {"display_name": {}}),
        {},
    ),
    "osc.consent.action_withdraw": lambda s, user: ((), {}),
    "osc.disclosure.action_end": lambda s, user: ((), {}),
    "osc.intimation.action_acknowledge": lambda s, user: ((), {}),
    "osc.intimation.action_act": lambda s, user: (("Went there",), {}),
    "osc.intimation.action_decline": lambda s, user: (("Ill",), {}),
    "osc.intimation.answer.action_confirm": lambda s, user: ((), {}),
    "osc.intimation.get_open": lambda s, user: ((), {}),
    "osc.statistics.export.action_export": lambda s, user: ((), {}),
}
ROWS = {
    "osc.case.action_link_survivor": "osc.case:draft",
    "osc.case.action_report": "osc.case:draft",
    "osc.intimation.action_acknowledge": "osc.intimation:not acknowledged",
    "osc.intimation.action_act": "osc.intimation:not acknowledged",
    "osc.intimation.action_decline": "osc.intimation:not acknowledged",
}


def _she_left(s):
    """No case is closed while she sleeps in the house."""
    s["osc.shelter.stay"].action_check_out()


def _closed(s):
    _she_left(s)
    s["osc.case"].action_close()


BEFORE = {
    "osc.case.action_close": _she_left,
    "osc.case.closing.request.action_confirm": _she_left,
    "osc.case.closure.action_approve": _she_left,
    "osc.case.action_reopen": _closed,
    "osc.intimation.answer.action_confirm": lambda s: s["osc.intimation.answer"].write(
        {"text": "Done"}
    ),
}
OWN = {
    "osc.break.glass.request.action_confirm": lambda s, user: {
        "case_code": s.case.name,
        "reason": "She can't be asked now",
        "hours": 1,
    },
    "osc.case.import.action_check": lambda s, user: {"file": LIST},
    "osc.case.import.action_import": lambda s, user: {"file": LIST},
    "osc.case.import.action_template": lambda s, user: {"file": LIST},
    "osc.intimation.answer.action_confirm": lambda s, user: {
        "intimation_id": s["osc.intimation:not acknowledged"].id,
        "kind": "act",
        "text": "Done",
    },
    "osc.statistics.export.action_export": lambda s, user: {"center_ids": s.center.ids},
}
