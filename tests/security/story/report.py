"""A draft, and the case: reported, taken on, opened by consent, and closed again."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from .teller import Teller
from .words import NAME, PHONE, REACHED, WORDS

TAKE_IT_ON = ("plce", "name", "call", "hear", "lawy", "wdrw", "gone")
CONSENTS = [
    ("medical", "identity"),
    ("child_protection", "contact"),
    ("psychosocial", "statement"),
    ("legal", "medical"),
    ("legal", "evidence"),
    ("legal", "legal"),
]
SCOPES = ("identity", "contact", "statement", "medical", "evidence", "legal")


class Report(Teller):
    def _case_values(self):
        return {
            "center_id": self.center.id,
            "channel": "police",
            "urgency": "emergency",
            "survivor_name": NAME,
            "survivor_phone": PHONE,
            "survivor_sex": "female",
            "survivor_birth_date": "2009-01-01",
            "is_injured": True,
            "in_danger": True,
            "no_safe_place": True,
            "lives_with_accused": True,
            "missing_child": True,
            "suspected_trafficking": True,
            "requested_service_ids": [Command.set(self["osc.service"].ids)],
            "incident_ids": [
                Command.create({"type_id": self.types["rape"].id, "place": "home"})
            ],
            "excluded_user_ids": [Command.set(self.users["excl"].ids)],
        }

    def _draft(self):
        """A draft that stays one; all else is about the reported case."""
        draft = self._as("work", "osc.case").create(self._case_values()).sudo()
        self.records |= {
            "osc.case:draft": draft,
            "osc.survivor:draft": draft.survivor_id,
            "osc.incident:draft": draft.incident_ids,
        }

    def _report(self):
        past = self._as("past", "osc.case").create(self._case_values())
        self.case = past.sudo()
        self._settle()
        past.case_worker_id = self.users["work"]
        self._settle()
        self._as("work", self.case).action_report()
        self._settle()
        for key in TAKE_IT_ON:
            self._as(key, self._intimation(key)).action_acknowledge()
            self._settle()
        self._as("plce", self._intimation("plce")).action_act("Spoke to the father")
        acted = self._intimation("plce")
        acted.acknowledged_at = acted.sent_at + timedelta(minutes=1)
        acted.acted_at = acted.sent_at + timedelta(minutes=2)
        # Not overdue, however long the tests take.
        self._intimation("told").due_at = fields.Datetime.now() + timedelta(days=1)
        self.records |= {
            "osc.case": self.case,
            "osc.survivor": self.case.survivor_id,
            "osc.incident": self.case.incident_ids,
            "osc.intimation": self._intimation("plce"),
            "osc.intimation:not acknowledged": self._intimation("told"),
            "osc.case.member": self._member("plce"),
        }

    def _intimation(self, person):
        user = self.users[person]
        return self.case.intimation_ids.filtered(lambda i: i.user_id == user)

    def _member(self, person):
        user = self.users[person]
        return self.case.member_ids.filtered(lambda m: m.user_id == user)[-1:]

    def _consent(self, discipline, scope, **vals):
        return self._as("work", "osc.consent").create(
            {
                "case_id": self.case.id,
                "discipline_id": self.disciplines[discipline].id,
                "scope": scope,
                **vals,
            }
        )

    def _content(self):
        work = self._as("work", self.case)
        self._as("work", self.case.survivor_id).write(REACHED)
        guardian = self._as("work", "osc.guardian").create(
            {"case_id": self.case.id, "relation": "mother", "full_name": "Gul"}
        )
        form = self._as("work", "ir.attachment").create(
            {"name": "form.jpg", "raw": b"signed", "res_model": "osc.consent"}
        )
        consents = [self._consent(*consent) for consent in CONSENTS]
        consents[0].document_ids = form
        self.withdrawn = [self._consent("forensic", scope) for scope in SCOPES]
        disclosure = self._as("work", "osc.disclosure").create(
            {
                "case_id": self.case.id,
                "discipline_id": self.disciplines["legal"].id,
                "scope": "evidence",
                "law": "An act",
            }
        )
        statements = {
            key: self._as(key, "osc.statement").create(
                {
                    "case_id": self.case.id,
                    "discipline_id": self.disciplines[discipline].id,
                    "narrative": WORDS,
                    "kind": "part",
                    "present": "A nurse",
                    "language_id": self.env.ref("base.lang_en").id,
                }
            )
            for key, discipline in (("work", "casework"), ("hear", "psychosocial"))
        }
        self._settle()
        files = {
            "case": ("osc.case", work.id),
            "statement": ("osc.statement", statements["work"].id),
            "survivor": ("osc.survivor", self.case.survivor_id.id),
        }
        for what, (model, res_id) in files.items():
            self.records[f"ir.attachment:of a {what}"] = self._as(
                "work", "ir.attachment"
            ).create(
                {
                    "name": f"{what}.txt",
                    "raw": WORDS.encode(),
                    "res_model": model,
                    "res_id": res_id,
                }
            )
        self.records |= {
            "ir.attachment:signed form": form,
            "osc.guardian": guardian,
            "osc.consent": consents[0],
            "osc.disclosure": disclosure,
            "osc.statement": statements["work"],
            "osc.statement:of a psychologist": statements["hear"],
            "osc.case.member.scope": self._member("name").scope_ids[:1],
        }

    def _break_glass(self, person):
        request = self._as(person, "osc.break.glass.request").create(
            {
                "case_code": self.case.name,
                "reason": "She can't be asked now",
                "hours": 4,
            }
        )
        request.action_confirm()
        self._settle()
        return request

    def _end_some(self):
        """Consent is withdrawn, somebody leaves, emergency access runs out."""
        for consent in self.withdrawn:
            consent.action_withdraw()
        self._as("gone", self._intimation("gone")).action_decline("My cousin", True)
        self.records["osc.break.glass.request"] = self._break_glass("glas")
        self._break_glass("late")
        late = self._member("late")
        over = fields.Datetime.now() - timedelta(minutes=1)
        (late | late.scope_ids.member_id).write({"valid_until": over})
        self.case.break_glass_ids.filtered(
            lambda access: access.user_id == self.users["late"]
        ).valid_until = over
        self.records["osc.break.glass"] = self.case.break_glass_ids.filtered(
            lambda access: access.user_id == self.users["glas"]
        )
