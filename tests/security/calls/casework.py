"""Services, time limits, danger, meetings, follow-ups, paper, and the end of a case."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

WRITE = {
    "osc.case.closing.request": {"plan_met": True},
    "osc.case.closure": {"plan_met": True},
    "osc.case.closure.return": {"reason": "x"},
    "osc.case.conference": {"agenda": "x"},
    "osc.case.print": {"with_needs": False},
    "osc.case.service": {"requested_at": "2026-01-01 00:00:00"},
    "osc.case.service.outcome": {"reason": "x"},
    "osc.clock": {"met_at": "2026-01-01 00:00:00"},
    "osc.clock.event": {"moment": "2026-01-01 00:00:00"},
    "osc.clock.type": {"sequence": 99},
    "osc.clock.waiver": {"reason": "x"},
    "osc.closure.reason": {"sequence": 99},
    "osc.consent.print": {"is_filled": False},
    "osc.feedback.figure": {"answers": 99},
    "osc.followup": {"due_on": "2099-01-01"},
    "osc.followup.outcome": {"note": "x"},
    "osc.referral.extract": {"note": "x"},
    "osc.risk.answer": {"answer": "no"},
    "osc.risk.assessment": {"note": "x"},
    "osc.risk.band": {"name": "x"},
    "osc.risk.template": {"name": "x"},
    "osc.safety.plan": {"made_with_her": True},
    "osc.survivor.merge": {"field_names": "x"},
    "osc.survivor.merge.request": {"case_codes": "x"},
    "osc.survivor.merge.request.line": {"stays": "merged"},
    "osc.survivor.relation": {"kind": "relative"},
}
CREATE = {
    "osc.clock.type": lambda s, user: {"code": "x"},
    "osc.closure.reason": lambda s, user: {"code": "x"},
    "osc.case.conference": lambda s, user: {
        "participant_ids": [Command.set(user.ids)],
    },
    "osc.consent.form": lambda s, user: {"lang": "x"},
    "osc.risk.answer": lambda s, user: {"item_id": s.unasked.id},
    "osc.risk.band": lambda s, user: {"score_from": 99},
    "osc.survivor.relation": lambda s, user: {"related_id": s.cousin.id},
}
# Only the service of a case is chosen, and when to ask her again; plans are numbered.
LEAVE_OUT = {
    "osc.safety.plan": ("replaced_at", "review_activity_id", "version"),
    "osc.case.service": (
        "delivered_at",
        "delivered_by_id",
        "event_id",
        "requested_at",
        "requested_by_id",
        "state",
        "target_minutes",
    ),
    "osc.followup": ("state", "done_at", "done_by_id", "still_safe", "told_at"),
}
CALLS = {
    "osc.case.closing.request.action_confirm": lambda s, user: ((), {}),
    "osc.case.closure.action_return": lambda s, user: (("Ask her again",), {}),
    "osc.case.closure.return.action_confirm": lambda s, user: ((), {}),
    "osc.case.print.action_print": lambda s, user: ((), {}),
    "osc.case.service.action_schedule": lambda s, user: ((_from_now(days=1),), {}),
    "osc.case.service.action_unavailable": lambda s, user: (("No doctor",), {}),
    "osc.case.service.outcome.action_confirm": lambda s, user: ((), {}),
    "osc.case.service.outcome.action_confirm:schedule": lambda s, user: ((), {}),
    "osc.clock.action_waive": lambda s, user: (("She is afraid of it",), {}),
    "osc.clock.waiver.action_confirm": lambda s, user: ((), {}),
    "osc.consent.print.action_print": lambda s, user: ((), {}),
    "osc.followup.outcome.action_confirm": lambda s, user: ((), {}),
    "osc.referral.extract.action_print": lambda s, user: ((), {}),
    "osc.referral.extract.action_print:with her name": lambda s, user: ((), {}),
    "osc.survivor.merge.request.action_merge": lambda s, user: ((), {}),
    "osc.survivor.merge.request.action_swap": lambda s, user: ((), {}),
    "osc.survivor.merge.request.default_get": lambda s, user: ((["kept_id"],), {}),
}
BEFORE = {
    "osc.case.conference.action_held": lambda s: s["osc.case.conference"].write(
        {"start": _from_now(days=-1)}
    ),
    "osc.case.service.action_request_again": lambda s: s[
        "osc.case.service"
    ].action_decline(),
    "osc.clock.action_unwaive": lambda s: s.seen_by("work", "osc.clock").action_waive(
        "She is afraid of it"
    ),
}
OWN = {
    "osc.case.closing.request.action_confirm": lambda s, user: {
        "case_id": s.case.id,
        "reason_id": s["osc.closure.reason"].id,
        "explanation": "She wants it so",
    },
    "osc.case.closure.return.action_confirm": lambda s, user: {
        "closure_id": s["osc.case.closure"].id,
        "reason": "Ask her again",
    },
    "osc.case.print.action_print": lambda s, user: {
        "case_id": s.case.id,
        "with_statement": True,
    },
    "osc.case.service.outcome.action_confirm": lambda s, user: {
        "service_id": s["osc.case.service"].id,
        "kind": "deliver",
    },
    "osc.case.service.outcome.action_confirm:schedule": lambda s, user: {
        "service_id": s["osc.case.service"].id,
        "kind": "schedule",
        "start": _from_now(days=1),
    },
    "osc.clock.waiver.action_confirm": lambda s, user: {
        "clock_id": s["osc.clock"].id,
        "reason": "She is afraid of it",
    },
    "osc.consent.print.action_print": lambda s, user: {
        "case_id": s.case.id,
        "form_id": s["osc.consent.form"].id,
        "is_filled": True,
    },
    "osc.followup.outcome.action_confirm": lambda s, user: {
        "followup_id": s["osc.followup"].id,
        "came": True,
    },
    "osc.referral.extract.action_print": lambda s, user: _extract(s),
    "osc.referral.extract.action_print:with her name": lambda s, user: {
        **_extract(s),
        "with_identity": True,
    },
    "osc.survivor.merge.request.action_merge": lambda s, user: _both(s),
    "osc.survivor.merge.request.action_swap": lambda s, user: _both(s),
}


def _from_now(**time):
    return fields.Datetime.to_string(fields.Datetime.now() + timedelta(**time))


def _extract(s):
    return {"case_id": s.case.id, "agency_id": s["osc.agency"].id}


def _both(s):
    return {
        "kept_id": s["osc.survivor"].id,
        "merged_id": s["osc.survivor:draft"].id,
    }
