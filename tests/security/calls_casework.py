"""What people try with the records of casework; see ``calls.py``."""

from datetime import timedelta

from odoo import fields

from .story_casework import WHY

ASKED = {"state": "requested", "requested_by_id": 1}

WRITE = {
    "calendar.attendee": {"state": "tentative"},
    "calendar.event": {"name": "x"},
    "ir.actions.report": {"name": "x"},
    "osc.case.service": {"target_minutes": 7},
    "osc.clock": {"due_at": "2099-01-01 00:00:00"},
    "osc.clock.event": {"moment": "2026-01-01 00:00:00"},
    "osc.clock.type": {"warn_hours": 1},
    "osc.closure.reason": {"sequence": 99},
    "osc.consent.form": {"sequence": 99},
    "osc.consent.form.line": {"sequence": 99},
    "osc.followup": {"due_on": "2099-01-01"},
    "osc.risk.assessment": {"override_level": "extreme"},
    "osc.risk.answer": {"answer": "no"},
    "osc.risk.template": {"sequence": 99},
    "osc.risk.item": {"sequence": 99},
    "osc.risk.band": {"score_from": 99},
    "osc.safety.plan": {"concern": "x"},
    "osc.case.conference": {"minutes": "x"},
    "osc.case.decision": {"name": "x"},
    "osc.financial.aid": {"decision_note": "x"},
    "osc.financial.aid.type": {"sequence": 99},
    "osc.financial.fund": {"sequence": 99},
    "osc.survivor.merge": {"kept_code": "x"},
    "osc.survivor.merge.request": {"line_ids": []},
    "osc.survivor.merge.request.line": {"stays": "merged"},
    "osc.survivor.relation": {"kind": "sibling"},
    "osc.case.closure": {"agreed_with_her": True},
    "osc.feedback.figure": {"answers": 7},
    "osc.case.closing.request": {"agreed_with_her": True},
    "osc.case.print": {"with_risk": True},
    "osc.consent.print": {"is_filled": True},
    "osc.referral.extract": {"with_disability": True},
    "osc.case.service.outcome": {"hours": 2},
    "osc.clock.waiver": {"reason": "x"},
    "osc.followup.outcome": {"came": True},
    "osc.case.closure.return": {"reason": "x"},
    "osc.person.of.concern": {"sex": "male"},
    "osc.person.relation": {"sequence": 99},
    "osc.staff.conflict": {"matched": "x"},
    "osc.legal.proceeding": {"court": "x"},
    "osc.legal.step": {"happened_at": "2026-01-01 00:00:00"},
    "osc.legal.stage": {"sequence": 99},
    "osc.legal.hearing": {"she_attends": True},
    "osc.legal.order": {"is_interim": True},
    "osc.counselling.session": {"plan": "x"},
    "osc.wellbeing.score": {"total": 3},
    "osc.wellbeing.scale": {"sequence": 99},
    "osc.medical.exam": {"reasons": "x"},
    "osc.medical.finding": {"colour": "blue"},
    "osc.medical.offer": {"lot": "x"},
    "osc.medical.treatment": {"sequence": 99},
    "osc.injury.kind": {"sequence": 99},
    "osc.injury.consistency": {"sequence": 99},
    "osc.evidence": {"lab_result": "x"},
    "osc.evidence.file": {"kind": "other"},
    "osc.evidence.component": {"sequence": 99},
    "osc.custody.event": {"seal_out": "x"},
    "osc.custody.step": {"condition": "damaged"},
    "osc.storage.place": {"name": "x"},
}
CREATE = {
    "osc.clock.type": lambda s, user: {"code": "x"},
    "osc.closure.reason": lambda s, user: {"code": "x"},
    "osc.person.relation": lambda s, user: {"code": "x"},
    "osc.financial.aid.type": lambda s, user: {"code": "x"},
    "osc.legal.stage": lambda s, user: {"code": "x"},
    "osc.wellbeing.scale": lambda s, user: {"code": "x"},
    "osc.medical.treatment": lambda s, user: {"code": "x"},
    "osc.injury.kind": lambda s, user: {"code": "x"},
    "osc.injury.consistency": lambda s, user: {"code": "x"},
    "osc.evidence.component": lambda s, user: {"code": "x"},
    "osc.risk.template": lambda s, user: {"name": "x"},
    "osc.staff.conflict": lambda s, user: {"user_id": s.users["late"].id},
    "osc.survivor.relation": lambda s, user: {
        "related_id": s["osc.survivor:draft"].id,
    },
    "osc.storage.place": lambda s, user: {"name": "x"},
}
CALLS = {
    "osc.case.service.action_schedule": lambda s, user: (
        (fields.Datetime.to_string(fields.Datetime.now() + timedelta(days=1)),),
        {},
    ),
    "osc.case.service.action_unavailable": lambda s, user: ((WHY,), {}),
    "osc.clock.action_waive": lambda s, user: ((WHY,), {}),
    "calendar.event.message_post": lambda s, user: ((), {"body": "Hello"}),
    "ir.actions.report.report_action": lambda s, user: (
        (s["osc.case.print"].ids,),
        {},
    ),
    "osc.survivor.merge.request.default_get": lambda s, user: (
        (["kept_id", "merged_id"],),
        {},
    ),
    "osc.followup.action_done": lambda s, user: ((WHY,), {"came": True}),
    "osc.followup.action_not_reached": lambda s, user: ((WHY,), {}),
    "osc.case.closure.action_return": lambda s, user: ((WHY,), {}),
}
# What must be so before: done by the superuser, and undone afterwards.
BEFORE = {
    "osc.case.service.action_request_again": lambda s: s["osc.case.service"].write(
        {"state": "declined"}
    ),
    "osc.clock.action_unwaive": lambda s: s["osc.clock"].write(
        {"waived_at": fields.Datetime.now(), "waived_reason": WHY}
    ),
    "osc.financial.aid.action_approve": lambda s: s["osc.financial.aid"].write(ASKED),
    "osc.financial.aid.action_refuse": lambda s: s["osc.financial.aid"].write(ASKED),
    "osc.financial.aid.action_pay": lambda s: s["osc.financial.aid"].write(
        {**ASKED, "state": "approved", "decided_by_id": s.users["mngr"].id}
    ),
    "osc.followup.action_not_reached": lambda s: s["osc.survivor"].write(
        {"safe_contact_allowed": True}
    ),
    "osc.legal.hearing.action_held": lambda s: s["osc.legal.hearing"].write(
        {"start": fields.Datetime.now() - timedelta(hours=2)}
    ),
    "osc.legal.order.action_end": lambda s: s["osc.legal.order"].write(
        {"state": "granted"}
    ),
    "osc.legal.proceeding.action_decide": lambda s: s["osc.legal.proceeding"].write(
        {"outcome": "convicted"}
    ),
}
OWN = {}
