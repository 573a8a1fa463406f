"""A day at the centers, played over HTTP, in which everything confidential is marked.

What people may read afterwards is a control that the story really stored the marks;
what was refused is checked on the way.
"""

import time
from datetime import datetime, timedelta, timezone

from tests.support.rpc import RpcError

from .marked import BORN, NAME, of, refused
from .marked_attempts import Attempts
from .marked_casework import Casework
from .marked_house import House


class Story(Attempts, Casework, House):
    """``play()`` does it all; then ``readable()`` shows that it was stored."""

    def play(self) -> None:
        self.worker = self.user("lhr.casework")
        self.note_survivor()
        self.answer_intimations()
        self.take_statement()
        self.consent()
        self.minor()
        self.disclose()
        self.break_glass()
        self.correspond()
        self.work_on_the_case()
        self.enter_her_again()
        self.search()
        self.name_her_in_notes()
        self.try_what_is_forbidden()
        self.type_into_wrong_fields()
        self.upload_a_list_to_import()
        self.stay_in_the_house()
        self.refer()

    # ------------------------------------------------------------------
    # Her case
    # ------------------------------------------------------------------
    def note_survivor(self) -> None:
        """The intake was typed in a browser; the full record follows."""
        self.case = self.worker.call(
            "osc.case", "search", [("survivor_id.full_name", "=", NAME)]
        )[0]
        case = self.worker.call("osc.case", "read", [self.case], ["survivor_id"])[0]
        self.survivor = case["survivor_id"][0]
        values = {
            "national_id": of("national id"),
            "address": of("address"),
            "birth_date": BORN,
            "safe_contact_allowed": True,
            "safe_contact_channel": "call",
            "safe_contact_details": of("safe number"),
            "safe_contact_hours": of("safe hours"),
            "safe_contact_notes": of("safety notes"),
        }
        self.save(self.worker, "osc.survivor", [self.survivor], values)

    def answer(self, login: str, case: int, kind: str, text: str) -> int:
        """Answer an intimation through the window that asks for the text."""
        session = self.user(login)
        told = session.call(
            "osc.intimation",
            "search",
            [("case_id", "=", case), ("user_id", "=", session.uid)],
        )[0]
        values = {"kind": kind, "intimation_id": told, "text": text}
        wizard = self.save(session, "osc.intimation.answer", [], values)["id"]
        session.call("osc.intimation.answer", "action_confirm", [wizard])
        return told

    def answer_intimations(self) -> None:
        self.acted = self.answer("lhr.medical", self.case, "act", of("action"))
        text = of("reason to decline")
        self.declined = self.answer("lhr.legal", self.case, "decline", text)
        police = self.user("lhr.police")
        self.acted_by_phone = self.answer(
            "lhr.police", self.case, "act", of("action by telephone")
        )
        with refused("AccessError"):  # acting opens the case, and not who she is
            police.call("osc.survivor", "read", [self.survivor], ["full_name"])

    def take_statement(self) -> None:
        casework = self.discipline("casework")
        text = f"{of('statement')}. {of('statement in Urdu')}۔"
        lines = {"narrative": text, "present": of("present"), "discipline_id": casework}
        self.save(
            self.worker, "osc.case", [self.case], {"statement_ids": [[0, 0, lines]]}
        )
        domain = [("case_id", "=", self.case)]
        self.statement = self.worker.call("osc.statement", "search", domain)[0]

    def record_consent(self, case: int, scope: str, to: str, **values) -> int:
        values = {
            "case_id": case,
            "scope": scope,
            "discipline_id": self.discipline(to),
            **values,
        }
        return self.save(self.worker, "osc.consent", [], values)["id"]

    def consent(self) -> None:
        """She agrees that police know who she is; she takes another consent back."""
        self.worker.upload(
            "/web/binary/upload_attachment",
            of("signed form's name"),
            of("signed form").encode(),
            model="osc.consent",
            id="0",
        )
        self.form = self.worker.call(
            "ir.attachment",
            "search",
            [("res_model", "=", "osc.consent"), ("res_id", "=", 0)],
        )[0]
        forms = [[4, self.form]]
        self.record_consent(
            self.case, "identity", "police", how="signed", document_ids=forms
        )
        to_medical = self.record_consent(self.case, "statement", "medical")
        medical = self.user("lhr.medical")
        read = medical.call("osc.statement", "read", [self.statement], ["narrative"])
        assert of("statement") in read[0]["narrative"]
        self.worker.call("osc.consent", "action_withdraw", [to_medical])
        with refused("AccessError"):
            medical.call("osc.statement", "read", [self.statement], ["narrative"])

    def disclose(self) -> None:
        tomorrow = datetime.now(timezone.utc) + timedelta(days=1)
        values = {
            "case_id": self.case,
            "basis": "vital_interest",
            "scope": "identity",
            "discipline_id": self.discipline("medical"),
            "reason": of("reason to disclose"),
            "expires_at": tomorrow.strftime("%Y-%m-%d %H:%M:%S"),
        }
        self.disclosure = self.save(self.worker, "osc.disclosure", [], values)["id"]

    def break_glass(self) -> None:
        shelter = self.user("lhr.shelter")
        code = self.worker.call("osc.case", "read", [self.case], ["name"])[0]["name"]
        values = {
            "case_code": code,
            "reason": of("reason of the emergency"),
            "hours": 1,
        }
        request = self.save(shelter, "osc.break.glass.request", [], values)["id"]
        shelter.call("osc.break.glass.request", "action_confirm", [request])
        opened = shelter.call("osc.case", "read", [self.case], ["survivor_name"])
        assert opened[0]["survivor_name"] == NAME
        domain = [("case_id", "=", self.case)]
        self.emergency = shelter.call("osc.break.glass", "search", domain)[0]
        manager = self.user("lhr.manager")
        manager.call("osc.break.glass", "action_justified", [self.emergency])

    # ------------------------------------------------------------------
    # A girl
    # ------------------------------------------------------------------
    def minor(self) -> None:
        values = {
            "channel": "accompanied",
            "urgency": "urgent",
            "in_danger": True,
            "survivor_name": of("girl"),
            "survivor_age": 13,
        }
        self.girls_case = self.save(self.worker, "osc.case", [], values)["id"]
        self.worker.call("osc.case", "action_report", [self.girls_case])
        guardian = {
            "relation": "mother",
            "full_name": of("guardian"),
            "phone": of("guardian's phone"),
        }
        lines = {"guardian_ids": [[0, 0, guardian]]}
        self.save(self.worker, "osc.case", [self.girls_case], lines)
        domain = [("case_id", "=", self.girls_case)]
        self.guardian = self.worker.call("osc.guardian", "search", domain)[0]
        self.record_consent(
            self.girls_case,
            "identity",
            "psychosocial",
            given_by="guardian",
            guardian_id=self.guardian,
            child_agrees=True,
        )

    # ------------------------------------------------------------------
    # Notes and files
    # ------------------------------------------------------------------
    def correspond(self) -> None:
        """A note with a file; who is mentioned gets it in the inbox or by e-mail."""
        answer = self.worker.upload(
            "/mail/attachment/upload",
            of("chatter file's name"),
            of("chatter file").encode(),
            thread_id=str(self.case),
            thread_model="osc.case",
            is_pending="true",
        )
        self.file = answer.json()["data"]["attachment_id"]
        logins = ("lhr.police", "lhr.manager", "lhr.medical")
        partners = [self.user(login).info["partner_id"] for login in logins]
        self.post(
            self.worker, "The doctor's notes of this morning.", [self.file], partners
        )
        self.send_mail()

    def send_mail(self) -> None:
        """Send what waits, after the server's scheduler if it is doing so now."""
        admin, end = self.user("admin"), time.monotonic() + 60
        while True:
            try:
                return admin.call("ir.cron", "method_direct_trigger", [self.mail_job()])
            except RpcError as error:
                if "already executing" not in error.message or time.monotonic() > end:
                    raise

    def mail_job(self) -> int:
        return self.id("ir.cron", "mail", "ir_cron_mail_scheduler_action")

    # ------------------------------------------------------------------
    # Controls
    # ------------------------------------------------------------------
    def readable(self) -> dict[str, str]:
        """The marks, as those people read them who may."""
        worker, police = self.worker, self.user("lhr.police")

        def read(session, model, record, field):
            return session.call(model, "read", [record], [field])[0][field]

        def content(session, attachment):
            return session.get(f"/web/content/{attachment}").text

        def original_name(session, attachment):
            return read(session, "ir.attachment", attachment, "vault_name")

        survivor = ("osc.survivor", self.survivor)
        statement = read(worker, "osc.statement", self.statement, "narrative")
        return {
            "name": read(police, *survivor, "full_name"),
            "name in Urdu": read(worker, "osc.case", self.second_case, "survivor_name"),
            "national id": read(police, *survivor, "national_id"),
            "phone": read(worker, "osc.case", self.case, "survivor_phone"),
            "address": read(worker, *survivor, "address"),
            "safe number": read(worker, *survivor, "safe_contact_details"),
            "safe hours": read(worker, *survivor, "safe_contact_hours"),
            "safety notes": read(worker, *survivor, "safe_contact_notes"),
            "statement": statement,
            "statement in Urdu": statement,
            "present": read(worker, "osc.statement", self.statement, "present"),
            "girl": read(worker, "osc.case", self.girls_case, "survivor_name"),
            "guardian": read(worker, "osc.guardian", self.guardian, "full_name"),
            "guardian's phone": read(worker, "osc.guardian", self.guardian, "phone"),
            "action": read(worker, "osc.intimation", self.acted, "action_taken"),
            "action by telephone": read(
                police, "osc.intimation", self.acted_by_phone, "action_taken"
            ),
            "reason to decline": read(
                self.user("lhr.manager"),
                "osc.intimation",
                self.declined,
                "close_reason",
            ),
            "reason of the emergency": read(
                self.user("osc.auditor"), "osc.break.glass", self.emergency, "reason"
            ),
            "reason to disclose": read(
                worker, "osc.disclosure", self.disclosure, "reason"
            ),
            "signed form": content(worker, self.form),
            "signed form's name": original_name(worker, self.form),
            "chatter file": content(police, self.file),
            "chatter file's name": original_name(worker, self.file),
            **self.read_casework(),
            **self.read_house(),
        }
