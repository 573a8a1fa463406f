"""Centers, people, instructions and settings; lists that belong to no case."""

WRITE = {
    "osc.account.settings": {"session_hours": 11},
    "osc.audit.archiving": {"months": 24},
    "osc.audit.entry": {"reference": "x"},
    "osc.audit.opening": {"reference": "x"},
    "osc.center": {"city": "x"},
    "osc.discipline": {"sequence": 99},
    "osc.duty.shift": {"start": "2026-01-01 00:00:00"},
    "osc.incident.type": {"sequence": 99},
    "osc.intimation.rule": {"name": "x"},
    "osc.policy": {"name": "x"},
    "osc.representative": {"is_backup": True},
    "osc.roster.copy": {"weeks": 2},
    "osc.service": {"target_minutes": 7},
    "osc.sop.version": {"body": "<p>x</p>"},
    "res.users": {"signature": "x"},
}
CREATE = {
    "osc.agency": lambda s, user: {"name": "x"},
    "osc.center": lambda s, user: {"code": "MTXC"},
    "osc.discipline": lambda s, user: {"code": "x"},
    "osc.duty.shift": lambda s, user: {
        "start": "2026-01-01 00:00:00",
        "end": "2026-01-01 01:00:00",
    },
    "osc.incident.type": lambda s, user: {"code": "x"},
    "osc.policy": lambda s, user: {"country_id": s.env.ref("base.fr").id},
    "osc.representative": lambda s, user: {"discipline_id": s.disciplines["legal"].id},
    "osc.service": lambda s, user: {"code": "x"},
    "osc.sop": lambda s, user: {"code": "x"},
    "osc.sop.version": lambda s, user: {"number": "98"},
    "res.users": lambda s, user: {"login": "matrix_x", "name": "x"},
}
CALLS = {
    "ir.actions.report.report_action": lambda s, user: ((s.case.ids,), {}),
    "osc.account.settings.action_accounts": lambda s, user: ((), {}),
    "osc.audit.archiving.action_make_file": lambda s, user: ((), {}),
    "osc.audit.archiving.action_take_out": lambda s, user: ((), {}),
    "osc.audit.entry.action_verify": lambda s, user: ((), {}),
    "osc.audit.entry.verify": lambda s, user: ((), {}),
    "osc.representative.action_end_sessions": lambda s, user: ((), {}),
    "osc.roster.copy.action_copy": lambda s, user: ((), {}),
    "osc.sop.version.action_approve": lambda s, user: ((), {}),
    "osc.sop.version.action_draft": lambda s, user: ((), {}),
    "osc.sop.version.action_new_version": lambda s, user: ((), {}),
    "osc.sop.version.action_review": lambda s, user: ((), {}),
    "res.users.action_osc_end_sessions": lambda s, user: ((), {}),
}
ROWS = {
    "osc.sop.version.action_approve": "osc.sop.version:draft",
    "osc.sop.version.action_draft": "osc.sop.version:draft",
    "osc.sop.version.action_review": "osc.sop.version:draft",
}
BEFORE = {
    "osc.sop.version.action_approve": lambda s: s[
        "osc.sop.version:draft"
    ].action_review(),
    "osc.sop.version.action_draft": lambda s: s[
        "osc.sop.version:draft"
    ].action_review(),
}
OWN = {
    "osc.audit.archiving.action_make_file": lambda s, user: {},
    "osc.audit.archiving.action_take_out": lambda s, user: {},
    "osc.roster.copy.action_copy": lambda s, user: {"center_id": s.center.id},
}
