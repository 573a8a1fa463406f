"""Shelters, beds, stays and registers."""

WRITE = {
    "osc.shelter": {"name": "x"},
    "osc.shelter.absence": {"reason": "x"},
    "osc.shelter.bed": {"sequence": 99},
    "osc.shelter.belonging": {"note": "x"},
    "osc.shelter.companion": {"age_note": "x"},
    "osc.shelter.day": {"people": 7},
    "osc.shelter.departure": {"exit_kind": "other"},
    "osc.shelter.extension": {"days": 1},
    "osc.shelter.headcount": {"night": "2026-01-01"},
    "osc.shelter.headcount.line": {"presence": "present"},
    "osc.shelter.incident": {"action_taken": "x"},
    "osc.shelter.move": {"from_bed_id": False},
    "osc.shelter.need": {"note": "x"},
    "osc.shelter.occupancy": {"is_reservation": True},
    "osc.shelter.room": {"name": "x"},
    "osc.shelter.stay": {"notes": "x"},
    "osc.shelter.turnaway": {"people": 2},
    "osc.shelter.visit": {"note": "x"},
}
# The night of a copy would be an earlier one if it is made after noon.
LEAVE_OUT = {"osc.shelter.headcount": ("night",)}
CREATE = {
    "osc.shelter": lambda s, user: {"name": "x"},
    "osc.shelter.bed": lambda s, user: {"name": "x"},
    "osc.shelter.companion": lambda s, user: {"bed_id": s.beds[2].id},
    "osc.shelter.room": lambda s, user: {"name": "x"},
    "osc.shelter.stay": lambda s, user: {"bed_id": s.beds[3].id},
    "osc.shelter.headcount": lambda s, user: {"shelter_id": s.annex.id},
}
CALLS = {
    "osc.shelter.stay.action_cancel": lambda s, user: ((), {}),
    "osc.shelter.stay.action_check_in": lambda s, user: ((), {}),
    "osc.shelter.stay.action_check_out": lambda s, user: ((), {}),
}
ROWS = {"osc.shelter.bed.action_admit": "osc.shelter.bed:free"}


def _left(s):
    s["osc.shelter.stay"].action_check_out("home")


# Nobody closes a case over a woman who sleeps in the house.
BEFORE = {"osc.case.action_ask_closing": _left}
