"""Casework in which every vault field of every record holds a mark.

Each record is made over HTTP by the person who would make it, and read back by them.
"""

import base64
from datetime import date, timedelta

from .marked import Player

# Who writes what: model, vault fields that are filled in.
WRITTEN = {
    "osc.followup": ("lhr.casework", ["note"]),
    "osc.case.service": ("lhr.casework", ["reason"]),
    "osc.clock": ("lhr.casework", ["waived_reason"]),
    "osc.case.conference": ("lhr.casework", ["agenda", "minutes"]),
    "osc.financial.aid": ("lhr.casework", ["need"]),
    "osc.safety.plan": (
        "lhr.casework",
        [
            *("concern", "resources_money", "resources_people", "resources_community"),
            *("before_signal", "before_bag", "before_children", "during_patterns"),
            *("during_places", "during_lenders", "after_leaving", "duration"),
            "kept_where",
        ],
    ),
    "osc.risk.assessment": ("lhr.casework", ["override_reason", "note"]),
    "osc.legal.proceeding": (
        "lhr.police",
        [
            *("fir_number", "police_station", "investigator", "court"),
            *("court_number", "notes"),
        ],
    ),
    "osc.legal.step": ("lhr.police", ["note"]),
    "osc.legal.hearing": ("lhr.police", ["place", "result"]),
    "osc.legal.order": ("lhr.police", ["number", "terms"]),
    "osc.person.of.concern": (
        "lhr.police",
        ["full_name", "father_name", "address", "workplace", "remark"],
    ),
    "osc.counselling.session": ("lhr.psychosocial", ["notes", "plan"]),
    "osc.wellbeing.score": ("lhr.psychosocial", ["remark"]),
    "osc.medical.exam": (
        "lhr.forensic",
        [
            *("docket", "mlc_number", "brought_by", "present", "marks", "history"),
            *("mental_condition", "general_condition", "dna_material", "particulars"),
            *("conclusion", "reasons"),
        ],
    ),
    "osc.medical.finding": ("lhr.forensic", ["description"]),
    "osc.medical.offer": ("lhr.medical", ["note"]),
    "osc.evidence": (
        "lhr.forensic",
        ["source", "description", "fir_reference", "mlc_number"],
    ),
    "osc.custody.event": ("lhr.forensic", ["location", "exception"]),
    "osc.case.closure": ("lhr.casework", ["explanation"]),
}
TEXTS = {
    f"{model} {field}": (f"{field} of Wrangeen{number:03d}khel", model, field)
    for number, (model, field) in enumerate(
        (model, field) for model, (_login, names) in WRITTEN.items() for field in names
    )
}
MARKS = {what: [text, text.rsplit(" ", 1)[1]] for what, (text, *_) in TEXTS.items()}


class Casework(Player):
    """Part of the story."""

    def work_on_the_case(self) -> None:
        """A second case, from the report to the day on which it is closed."""
        worker = self.user("lhr.casework")
        values = {"channel": "walk_in", "urgency": "urgent"}
        rape = self.id("osc.incident.type", "osc_cases", "osc_incident_type_rape")
        values["incident_ids"] = [[0, 0, {"type_id": rape}]]
        self.worked = self.save(worker, "osc.case", [], values)["id"]
        worker.call("osc.case", "action_report", [self.worked])
        told = worker.call(
            "osc.intimation",
            "search_read",
            [("case_id", "=", self.worked)],
            ["user_id"],
        )
        self.written = {}
        for login in ("police", "forensic", "medical", "psychosocial"):
            session = self.user(f"lhr.{login}")
            mine = [row["id"] for row in told if row["user_id"][0] == session.uid]
            session.call("osc.intimation", "action_acknowledge", mine)
        self._follow_up()
        self._plan()
        self._before_the_court()
        self._counsel()
        self._examine()
        self._close()

    def _texts(self, model: str) -> dict[str, str]:
        return {
            name: TEXTS[f"{model} {name}"][0]
            for name in WRITTEN[model][1]
            if f"{model} {name}" in TEXTS
        }

    def _write(self, model: str, **values) -> int:
        """A record with a mark in each of its vault fields."""
        session = self.user(WRITTEN[model][0])
        values = {"case_id": self.worked, **self._texts(model), **values}
        if model in ("osc.legal.step", "osc.legal.hearing", "osc.legal.order"):
            del values["case_id"]
        if model == "osc.medical.finding":
            del values["case_id"]
        self.written[model] = session.call(
            model,
            "web_save",
            [],
            values,
            specification={name: {} for name in values},
            context={"default_case_id": self.worked},
        )[0]["id"]
        return self.written[model]

    def _first(self, model: str) -> int:
        session = self.user(WRITTEN.get(model, ["lhr.casework"])[0])
        domain = [] if model not in WRITTEN else [("case_id", "=", self.worked)]
        return session.call(model, "search", domain, limit=1)[0]

    def _by_window(self, wizard: str, of: str, link: str, text: str, **values) -> None:
        """Something that is said in a window of its own."""
        session = self.user("lhr.casework")
        record = self._first(of)
        (text_of,) = self._texts(of).values()
        values = {link: record, text: text_of, **values}
        window = self.save(session, wizard, [], values)["id"]
        session.call(wizard, "action_confirm", [window])
        self.written[of] = record

    def _follow_up(self) -> None:
        due = (date.today() + timedelta(days=3)).isoformat()
        self.save(
            self.user("lhr.casework"),
            "osc.followup",
            [],
            {"case_id": self.worked, "due_on": due},
        )
        self._by_window(
            "osc.followup.outcome", "osc.followup", "followup_id", "note", came=True
        )
        service = self.id("osc.service", "osc_base", "osc_service_legal_advice")
        values = {"case_id": self.worked, "service_id": service}
        self.save(self.user("lhr.casework"), "osc.case.service", [], values)
        self._by_window(
            *("osc.case.service.outcome", "osc.case.service", "service_id", "reason"),
            kind="decline",
        )
        self._by_window("osc.clock.waiver", "osc.clock", "clock_id", "reason")

    def _plan(self) -> None:
        now = "2026-01-01 08:00:00"
        self._write("osc.case.conference", start=now)
        kind = self._first("osc.financial.aid.type")
        self._write("osc.financial.aid", type_id=kind, amount=10)
        self._write("osc.risk.assessment", override_level="extreme")
        self._write("osc.safety.plan")

    def _before_the_court(self) -> None:
        proceeding = self._write("osc.legal.proceeding")
        part = {"proceeding_id": proceeding}
        self._write("osc.legal.step", stage_id=self._first("osc.legal.stage"), **part)
        self._write("osc.legal.hearing", start="2026-01-01 08:00:00", **part)
        self._write("osc.legal.order", **part)
        self._write("osc.person.of.concern")

    def _counsel(self) -> None:
        self._write("osc.counselling.session")
        scale = self._first("osc.wellbeing.scale")
        self._write("osc.wellbeing.score", scale_id=scale, total=4)

    def _examine(self) -> None:
        exam = self._write(
            "osc.medical.exam", consent_exam="yes", consent_samples="yes"
        )
        self._write("osc.medical.finding", exam_id=exam)
        treatment = self._first("osc.medical.treatment")
        self._write("osc.medical.offer", treatment_id=treatment)
        component = self._first("osc.evidence.component")
        exhibit = self._write("osc.evidence", component_id=component, exam_id=exam)
        doctor = self.user("lhr.forensic")
        photo = base64.b64encode(MARKS["osc.evidence source"][1].encode()).decode()
        values = {"evidence_id": exhibit, "kind": "photo", "content": photo}
        values["file_name"] = f"{MARKS['osc.evidence description'][1]}.txt"
        self.save(doctor, "osc.evidence.file", [], values)
        step = {
            "kind": "seal",
            "evidence_ids": [[6, 0, [exhibit]]],
            "new_seal": "S-1",
            **self._texts("osc.custody.event"),
        }
        window = self.save(doctor, "osc.custody.step", [], step)["id"]
        doctor.call("osc.custody.step", "action_confirm", [window])
        self.written["osc.custody.event"] = doctor.call(
            "osc.custody.event",
            "search",
            [("evidence_id", "=", exhibit), ("kind", "=", "seal")],
        )[0]

    def _close(self) -> None:
        session = self.user("lhr.casework")
        values = {"case_id": self.worked, **self._texts("osc.case.closure")}
        window = self.save(session, "osc.case.closing.request", [], values)["id"]
        session.call("osc.case.closing.request", "action_confirm", [window])
        self.written["osc.case.closure"] = self._first("osc.case.closure")

    def read_casework(self) -> dict[str, str]:
        """The marks, as those read them who wrote them."""
        read = {}
        for model, (login, names) in WRITTEN.items():
            row = self.user(login).call(model, "read", [self.written[model]], names)[0]
            read |= {f"{model} {name}": row[name] or "" for name in names}
        return read
