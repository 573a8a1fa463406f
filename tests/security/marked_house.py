"""A stay in the shelter and a referral in which every vault field holds a mark.

Each record is made by the person who would make it: staff over RPC, the partner's
people in the portal.
"""

import re

from .marked import Player

# What those write who run the house.
REGISTERS = {
    "osc.shelter.visit": ["visitor", "relation", "note"],
    "osc.shelter.belonging": ["name", "note"],
    "osc.shelter.need": ["note"],
    "osc.shelter.absence": ["reason"],
    "osc.shelter.incident": ["description", "action_taken"],
    "osc.shelter.extension": ["reason", "decision_note"],
    "osc.shelter.companion": ["full_name", "age_note"],
    "osc.shelter.stay": ["notes", "destination"],
}
SAID = [
    "osc.shelter.turnaway destination",
    *(f"osc.referral {what}" for what in ("letter", "file", "name of a file")),
    *(f"osc.referral.message {kind}" for kind in ("question", "answer", "report")),
    *(f"osc.referral.incoming {what}" for what in ("message", "name", "phone")),
]
WHAT = [
    *(f"{model} {name}" for model, names in REGISTERS.items() for name in names),
    *SAID,
]
MARKS = {
    what: [f"What Shpoonkai{number:03d}zai is", f"Shpoonkai{number:03d}zai"]
    for number, what in enumerate(WHAT)
}


def _of(what: str) -> str:
    return MARKS[what][0]


class House(Player):
    """Part of the story: she sleeps in the house, and is referred to a partner."""

    def stay_in_the_house(self) -> None:
        self.house = {}
        self._admit()
        self._keep_registers()
        self._extend()
        self._depart()
        self._turn_away()

    def refer(self) -> None:
        self._send()
        self._answer()
        self._be_sent_somebody()

    # ------------------------------------------------------------------
    # The house
    # ------------------------------------------------------------------
    def _keep(self, model: str, **values) -> int:
        """Something that the shelter writes, with a mark in each vault field."""
        texts = {name: _of(f"{model} {name}") for name in REGISTERS[model]}
        texts.pop("decision_note", None)
        values = {"stay_id": self.stay, **texts, **values}
        record = self.save(self.user("lhr.shelter"), model, [], values)["id"]
        self.house[model] = record
        return record

    def _admit(self) -> None:
        bed, childs_bed = (
            self.id("osc.shelter.bed", "osc_shelter", f"shelter_bed_lhr_family1_{name}")
            for name in "ab"
        )
        worker, shelter = self.user("lhr.casework"), self.user("lhr.shelter")
        values = {"case_id": self.case, "bed_id": bed}
        values["notes"] = _of("osc.shelter.stay notes")
        self.stay = self.save(worker, "osc.shelter.stay", [], values)["id"]
        self.house["osc.shelter.stay"] = self.stay
        self._keep(
            "osc.shelter.companion", sex="female", age_years=9, bed_id=childs_bed
        )
        shelter.call("osc.shelter.stay", "action_check_in", [self.stay])

    def _keep_registers(self) -> None:
        self._keep("osc.shelter.visit", approval="refused")
        self._keep("osc.shelter.belonging")
        self._keep("osc.shelter.need", kind="diet")
        self._keep("osc.shelter.incident", kind="threat")
        absence = self._keep("osc.shelter.absence")
        self.user("lhr.shelter").call(
            "osc.shelter.absence", "action_returned", [absence]
        )

    def _extend(self) -> None:
        extension = self._keep("osc.shelter.extension", days=1)
        manager = self.user("lhr.manager")
        note = {"decision_note": _of("osc.shelter.extension decision_note")}
        self.save(manager, "osc.shelter.extension", [extension], note)
        manager.call("osc.shelter.extension", "action_refuse", [extension])

    def _depart(self) -> None:
        shelter = self.user("lhr.shelter")
        values = {"stay_id": self.stay, "exit_kind": "relative"}
        values["destination"] = _of("osc.shelter.stay destination")
        window = self.save(shelter, "osc.shelter.departure", [], values)["id"]
        shelter.call("osc.shelter.departure", "action_confirm", [window])

    def _turn_away(self) -> None:
        values = {
            "case_id": self.girls_case,
            "shelter_id": self.id("osc.shelter", "osc_shelter", "shelter_lhr"),
            "reason": "no_bed",
            "went_to": "relative",
            "destination": _of("osc.shelter.turnaway destination"),
        }
        worker = self.user("lhr.casework")
        self.turnaway = self.save(worker, "osc.shelter.turnaway", [], values)["id"]

    # ------------------------------------------------------------------
    # The partner
    # ------------------------------------------------------------------
    def _portal(self, path: str, files=None, **data) -> None:
        """Send a form of the portal, as the partner's person."""
        session = self.user("chhaon.portal")
        page = session.get("/my/referrals/new").text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page).group(1)
        answer = session.http.post(
            f"{session.url}{path}",
            data={"csrf_token": token, **data},
            files=files,
            timeout=60,
        )
        answer.raise_for_status()

    def _send(self) -> None:
        worker = self.user("lhr.casework")
        partner = self.id("res.partner", "osc_referral", "partner_chhaon")
        services = worker.call("res.partner", "read", [partner], ["osc_service_ids"])
        consent = {"case_id": self.case, "scope": "referral", "partner_id": partner}
        self.save(worker, "osc.consent", [], consent)
        values = {
            "case_id": self.case,
            "service_id": services[0]["osc_service_ids"][0],
            "partner_id": partner,
            "note": _of("osc.referral letter"),
        }
        self.referral = self.save(worker, "osc.referral", [], values)["id"]
        worker.call("osc.referral", "action_send", [self.referral])

    def _answer(self) -> None:
        path = f"/my/referrals/{self.referral}"
        self._portal(f"{path}/accept")
        self._portal(f"{path}/write", text=_of("osc.referral.message question"))
        name = f"{_of('osc.referral name of a file')}.txt"
        content = _of("osc.referral file").encode()
        self._portal(f"{path}/file", files={"file": (name, content)})
        worker = self.user("lhr.casework")
        values = {"referral_id": self.referral, "kind": "write"}
        values["text"] = _of("osc.referral.message answer")
        window = self.save(worker, "osc.referral.answer", [], values)["id"]
        worker.call("osc.referral.answer", "action_confirm", [window])
        shown = self.user("chhaon.portal").get(path).text
        for what in ("letter", "message question", "message answer"):
            mark = MARKS[f"osc.referral.{what}".replace(".letter", " letter")]
            assert mark[0] in shown, what
        self._portal(
            f"{path}/complete",
            choice="served",
            text=_of("osc.referral.message report"),
        )

    def _be_sent_somebody(self) -> None:
        center = self.id("osc.center", "osc_base", "center_lhr")
        self._portal(
            "/my/referrals/new",
            center_id=str(center),
            urgency="urgent",
            survivor_sex="female",
            survivor_name=_of("osc.referral.incoming name"),
            survivor_phone=_of("osc.referral.incoming phone"),
            message=_of("osc.referral.incoming message"),
        )
        worker = self.user("lhr.casework")
        domain = [("state", "=", "received")]
        self.incoming = worker.call("osc.referral.incoming", "search", domain)[0]
        worker.call("osc.referral.incoming", "action_take", [self.incoming])

    # ------------------------------------------------------------------
    # Controls
    # ------------------------------------------------------------------
    def read_house(self) -> dict[str, str]:
        """The marks, as those read them who may."""
        shelter, worker = self.user("lhr.shelter"), self.user("lhr.casework")
        read = {}
        for model, names in REGISTERS.items():
            row = shelter.call(model, "read", [self.house[model]], names)[0]
            read |= {f"{model} {name}": row[name] or "" for name in names}
        of_referral = [("referral_id", "=", self.referral)]
        for row in worker.call(
            "osc.referral.message",
            "search_read",
            of_referral,
            ["kind", "body", "document_id"],
        ):
            if row["document_id"]:
                file = row["document_id"][0]
                name = worker.call("ir.attachment", "read", [file], ["vault_name"])
                read["osc.referral name of a file"] = name[0]["vault_name"] or ""
                read["osc.referral file"] = worker.get(f"/web/content/{file}").text
            else:
                read[f"osc.referral.message {row['kind']}"] = row["body"] or ""

        def field(model, record, name):
            return worker.call(model, "read", [record], [name])[0][name] or ""

        case = field("osc.referral.incoming", self.incoming, "case_id")[0]
        return read | {
            "osc.shelter.turnaway destination": field(
                "osc.shelter.turnaway", self.turnaway, "destination"
            ),
            "osc.referral letter": field("osc.referral", self.referral, "letter"),
            "osc.referral.incoming message": field(
                "osc.referral.incoming", self.incoming, "message"
            ),
            "osc.referral.incoming name": field("osc.case", case, "survivor_name"),
            "osc.referral.incoming phone": field("osc.case", case, "survivor_phone"),
        }
