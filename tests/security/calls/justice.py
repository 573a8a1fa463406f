"""Proceedings, persons of concern, possible conflicts of staff, and money."""

WRITE = {
    "osc.financial.aid": {"need": "x"},
    "osc.financial.aid.type": {"sequence": 99},
    "osc.financial.fund": {"sequence": 99},
    "osc.legal.hearing": {"place": "x"},
    "osc.legal.order": {"terms": "x"},
    "osc.legal.proceeding": {"court": "x"},
    "osc.legal.stage": {"sequence": 99},
    "osc.legal.step": {"note": "x"},
    "osc.person.of.concern": {"remark": "x"},
    "osc.person.relation": {"sequence": 99},
    "osc.staff.conflict": {"state": "dismissed"},
}
CREATE = {
    "osc.financial.aid.type": lambda s, user: {"code": "x"},
    "osc.legal.stage": lambda s, user: {"code": "x"},
    "osc.person.relation": lambda s, user: {"code": "x"},
}
ROWS = {"osc.financial.aid.action_request": "osc.financial.aid:draft"}
BEFORE = {
    "osc.financial.aid.action_pay": lambda s: s.seen_by(
        "mngr", "osc.financial.aid"
    ).action_approve(),
    "osc.financial.aid.action_refuse": lambda s: s["osc.financial.aid"].write(
        {"decision_note": "The fund is empty"}
    ),
    "osc.legal.hearing.action_held": lambda s: s["osc.legal.hearing"].write(
        {"start": "2026-01-01 00:00:00"}
    ),
    "osc.legal.order.action_end": lambda s: s["osc.legal.order"].action_grant(),
    "osc.legal.proceeding.action_decide": lambda s: s["osc.legal.proceeding"].write(
        {"outcome": "convicted"}
    ),
}
