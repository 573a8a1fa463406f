"""Exams, counselling, and custody of evidence."""

from base64 import b64encode

from odoo.fields import Command

WRITE = {
    "osc.counselling.session": {"notes": "x"},
    "osc.custody.event": {"condition": "wet"},
    "osc.custody.step": {"location": "x"},
    "osc.evidence": {"lab_report_number": "x"},
    "osc.evidence.component": {"sequence": 99},
    "osc.evidence.file": {"kind": "other"},
    "osc.injury.consistency": {"sequence": 99},
    "osc.injury.kind": {"sequence": 99},
    "osc.medical.exam": {"conclusion": "x"},
    "osc.medical.finding": {"length_mm": 3},
    "osc.medical.offer": {"lot": "x"},
    "osc.medical.treatment": {"sequence": 99},
    "osc.storage.place": {"name": "x"},
    "osc.wellbeing.scale": {"sequence": 99},
    "osc.wellbeing.score": {"remark": "x"},
}
CREATE = {
    "osc.evidence.component": lambda s, user: {"code": "x"},
    "osc.evidence.file": lambda s, user: {"content": b64encode(b"x").decode()},
    "osc.injury.consistency": lambda s, user: {"code": "x"},
    "osc.injury.kind": lambda s, user: {"code": "x"},
    "osc.medical.treatment": lambda s, user: {"code": "x"},
    "osc.storage.place": lambda s, user: {"name": "x"},
    "osc.wellbeing.scale": lambda s, user: {"code": "x"},
}
CALLS = {
    "osc.custody.step.action_confirm": lambda s, user: ((), {}),
    "osc.custody.step.action_confirm:call off": lambda s, user: ((), {}),
    "osc.custody.step.action_confirm:dispose of": lambda s, user: ((), {}),
    "osc.custody.step.action_confirm:hand over": lambda s, user: ((), {}),
    "osc.custody.step.action_confirm:receive": lambda s, user: ((), {}),
    "osc.custody.step.action_confirm:take out": lambda s, user: ((), {}),
}
OWN = {
    "osc.custody.step.action_confirm": lambda s, user: _step(
        s, "osc.evidence", "seal", new_seal="S-2"
    ),
    "osc.custody.step.action_confirm:call off": lambda s, user: _step(
        s, "osc.evidence:handed over", "cancel"
    ),
    "osc.custody.step.action_confirm:dispose of": lambda s, user: _step(
        s, "osc.evidence:to be disposed of", "dispose"
    ),
    "osc.custody.step.action_confirm:hand over": lambda s, user: _step(
        s,
        "osc.evidence",
        "give",
        to_user_id=s.users["lawy"].id,
        purpose="court",
    ),
    "osc.custody.step.action_confirm:receive": lambda s, user: _step(
        s, "osc.evidence:handed over", "receive", seal="S-1"
    ),
    "osc.custody.step.action_confirm:take out": lambda s, user: _step(
        s, "osc.evidence:to be disposed of", "take"
    ),
}
BEFORE = {
    # What is handed over is sealed.
    "osc.custody.step.action_confirm:hand over": lambda s: s.seen_by(
        "wdrw", "osc.evidence"
    )._seal("S-2"),
}


def _step(s, row, kind, **vals):
    return {"kind": kind, "evidence_ids": [Command.set(s[row].ids)], **vals}
