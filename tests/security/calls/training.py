"""Requirements, SOPs that are read and passed, exceptions and exercises."""

from odoo import fields

WRITE = {
    "event.event": {"name": "x"},
    "hr.employee.skill": {"valid_to": "2099-01-01"},
    "osc.sop.acknowledgement": {"signature": "eA=="},
    "osc.training.drill": {"name": "x"},
    "osc.training.drill.participant": {"acknowledged_at": "2026-01-01 00:00:00"},
    "osc.training.override": {"reason": "x"},
    "osc.training.requirement": {"renew_months": 7},
    "osc.training.standing": {"state": "valid"},
}
CREATE = {
    "hr.employee.skill": lambda s, user: {
        "employee_id": s.people["lawy"].employee_id.id
    },
    "osc.sop.acknowledgement": lambda s, user: {
        "employee_id": s.people["hear"].employee_id.id
    },
    "osc.training.drill.participant": lambda s, user: {
        "drill_id": s.records["osc.training.drill:planned"].id,
        "representative_id": s.people["lawy"].id,
    },
    "osc.training.override": lambda s, user: {
        "representative_id": s.people["lawy"].id,
        "date_from": fields.Datetime.now(),
        "date_to": fields.Datetime.add(fields.Datetime.now(), hours=8),
    },
    "osc.training.requirement": lambda s, user: {
        "discipline_id": s.disciplines["legal"].id
    },
}
CALLS = {
    "event.event.action_osc_registrations": lambda s, user: ((), {}),
    "hr.employee.skill.action_osc_print": lambda s, user: ((), {}),
    "hr.employee.skill.get_import_templates": lambda s, user: ((), {}),
    "osc.sop.acknowledgement.action_mark_read": lambda s, user: ((), {}),
    "osc.sop.acknowledgement.action_start_quiz": lambda s, user: ((), {}),
    "osc.training.drill.action_end": lambda s, user: ((), {}),
    "osc.training.drill.action_on_duty": lambda s, user: ((), {}),
    "osc.training.drill.action_start": lambda s, user: ((), {}),
    "osc.training.drill.participant.action_acknowledge": lambda s, user: ((), {}),
    "osc.training.override.action_end": lambda s, user: ((), {}),
    "osc.training.requirement.action_standings": lambda s, user: ((), {}),
    "osc.training.standing.action_certificate": lambda s, user: ((), {}),
    "osc.training.standing.action_learn": lambda s, user: ((), {}),
    "osc.training.standing.action_register": lambda s, user: ((), {}),
}
ROWS = {
    "event.event.action_osc_registrations": "event.event:of training",
    "osc.training.drill.action_on_duty": "osc.training.drill:planned",
    "osc.training.drill.action_start": "osc.training.drill:planned",
}
