"""One case of one center, with everybody whom it concerns, made inside Odoo.

Everything about the case is made by the person who would make it, through the methods
that the screens call, so that what follows from it (memberships, followers, inboxes) is
as in real life. Run by ``matrix.py`` in a shell of Odoo.
"""

from base64 import b64encode
from datetime import timedelta
from types import SimpleNamespace

from odoo import fields
from odoo.fields import Command

from .persons import PERSONS
from .story_casework import Casework
from .story_disciplines import Disciplines

# What only those may learn to whom it is open.
NAME = "Mahnaz Matrixperson"
PHONE = "+92 300 5550177"
WORDS = "He waited behind the mill"
SECRETS = (NAME, PHONE, WORDS)
# A list of old cases, as it is uploaded.
LIST = b64encode(b"center,channel,reported_on\nMTXA,phone,2024-03-31\n").decode()

TOLD = (
    "police",
    "medical",
    "psychosocial",
    "legal",
    "forensic",
    "shelter",
    "financial",
)
TAKE_IT_ON = ("plce", "name", "hear", "lawy", "wdrw", "gone")
CONSENTS = [
    ("medical", "identity"),
    ("medical", "contact"),
    ("psychosocial", "statement"),
    ("legal", "medical"),
    ("legal", "evidence"),
    ("legal", "legal"),
]
SCOPES = ("identity", "contact", "statement", "medical", "evidence", "legal")


class Story(Casework, Disciplines):
    """What there is to be seen, and who tries to see it.

    ``users`` by the keys of ``PERSONS``; ``records`` by the names of the rows of the
    tables: a model, or ``model:what is special about it``.
    """

    def __init__(self, env):
        self.env = env(
            context=dict(env.context, no_reset_password=True, tracking_disable=True)
        )
        self.records = {}
        self.users = {}
        self._set_the_stage()
        self._cast()
        self._draft()
        self._report()
        self._content()
        self._end_some()
        self._disciplines()
        self._casework()
        self._write()
        self._small_things()
        self._trail()
        self.keys = {key: self._api_key(key) for key in ("work", "peer", "coor")}
        env.flush_all()
        env.invalidate_all()

    def __getitem__(self, row):
        return self.records[row].sudo()

    def _as(self, person, record):
        """A record, or a model by name, as a person sees it."""
        if isinstance(record, str):
            record = self.env[record]
        return record.with_user(self.users[person]).with_context(tracking_disable=False)

    def _settle(self):
        self.env.flush_all()
        self.env.invalidate_all()

    # ------------------------------------------------------------------
    # Centers and people
    # ------------------------------------------------------------------
    def _set_the_stage(self):
        env = self.env
        self.disciplines = {d.code: d for d in env["osc.discipline"].search([])}
        self.types = {t.code: t for t in env["osc.incident.type"].search([])}
        Rule = env["osc.intimation.rule"]
        Rule.search([]).active = False
        rules = Rule.create(
            [
                {"name": f"Matrix {code}", "discipline_id": self.disciplines[code].id}
                for code in TOLD
            ]
        )
        country = env.ref("base.pk")
        self.center, self.other_center = env["osc.center"].create(
            [
                {
                    "name": f"Center {code}",
                    "code": code,
                    "state": "operational",
                    "country_id": country.id,
                    "tz": "UTC",
                }
                for code in ("MTXA", "MTXB")
            ]
        )
        agency = env["osc.agency"].create({"name": "Matrix agency"})
        self.records |= {
            "osc.discipline": self.disciplines["legal"],
            "osc.incident.type": self.types["rape"],
            "osc.intimation.rule": rules[0],
            "osc.center": self.center,
            "osc.agency": agency,
            "osc.policy": env["osc.policy"].search([], limit=1),
            "osc.service": env["osc.service"].search([], limit=1),
        }

    def _cast(self):
        env = self.env
        export = env.ref("base.group_allow_export")
        users = env["res.users"].create(
            [
                {
                    "name": person.what,
                    "login": f"matrix_{key}",
                    "password": f"matrix_{key}",
                    "email": f"{key}@matrix.example",
                    "tz": "UTC",
                    "notification_type": "email"
                    if "group_p" in person.group
                    else "inbox",
                    "group_ids": [
                        Command.set(
                            env.ref(person.group).ids
                            + ([] if "group_p" in person.group else export.ids)
                        )
                    ],
                }
                for key, person in PERSONS.items()
                if key != "publ"
            ]
        )
        keys = [key for key in PERSONS if key != "publ"]
        self.users = dict(zip(keys, users, strict=True))
        self.users["publ"] = env.ref("base.public_user")
        self.center.write(
            {
                "manager_id": self.users["mngr"].id,
                "coordinator_id": self.users["coor"].id,
            }
        )
        self.other_center.write(
            {
                "manager_id": self.users["amgr"].id,
                "coordinator_id": self.users["acoo"].id,
            }
        )
        working = {key: p for key, p in PERSONS.items() if p.discipline}
        employees = env["hr.employee"].create(
            [
                {"name": self.users[key].name, "user_id": self.users[key].id}
                for key in working
            ]
        )
        people = env["osc.representative"].create(
            [
                {
                    "employee_id": employee.id,
                    "center_id": (
                        self.other_center if person.elsewhere else self.center
                    ).id,
                    "discipline_id": self.disciplines[person.discipline].id,
                }
                for employee, person in zip(employees, working.values(), strict=True)
            ]
        )
        now = fields.Datetime.now()
        shifts = env["osc.duty.shift"].create(
            [
                {
                    "representative_id": representative.id,
                    "start": now - timedelta(hours=1),
                    "end": now + timedelta(hours=20),
                }
                for representative in people
            ]
        )
        self.people = dict(zip(working, people, strict=True))
        self.records |= {
            "osc.representative": self.people["plce"],
            "osc.duty.shift": shifts[list(working).index("plce")],
            "res.users": self.users["plce"],
        }

    # ------------------------------------------------------------------
    # The case
    # ------------------------------------------------------------------
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
                "hours": 1,
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

    # ------------------------------------------------------------------
    # What is written
    # ------------------------------------------------------------------
    def _write(self):
        note = self._as("work", self.case).message_post(
            body=WORDS,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
            partner_ids=[
                self.users[key].partner_id.id for key in ("plce", "peer", "user")
            ],
        )
        old = self.env["mail.message"].create(
            {
                "model": "osc.case",
                "res_id": self.case.id,
                "body": WORDS,
                "message_type": "comment",
                "author_id": self.users["past"].partner_id.id,
            }
        )
        activity = self._as("work", self.case).activity_schedule(
            "mail.mail_activity_data_todo",
            summary="Call her aunt",
            user_id=self.users["plce"].id,
        )
        later = self._as("work", "mail.scheduled.message").create(
            {
                "model": "osc.case",
                "res_id": self.case.id,
                "body": WORDS,
                "author_id": self.users["work"].partner_id.id,
                "scheduled_date": fields.Datetime.now() + timedelta(days=1),
            }
        )
        self.env["osc.intimation"].search([("delivered_at", "=", False)])._deliver()
        self.case.message_subscribe(self.users["plce"].partner_id.ids)
        follower = self.case.message_follower_ids.filtered(
            lambda follower: follower.partner_id == self.users["plce"].partner_id
        )
        told = self.env["mail.message"].search(
            [
                ("model", "=", "osc.intimation"),
                ("res_id", "=", self._intimation("told").id),
            ]
        )
        self.records |= {
            "mail.message:note": note,
            "mail.message:of who had the case before": old,
            "mail.message:intimation": told[:1],
            "mail.notification": note.sudo().notification_ids[:1],
            "mail.activity": activity,
            "mail.scheduled.message": later,
            "mail.followers": follower,
        }

    # ------------------------------------------------------------------
    # The rest of the suite
    # ------------------------------------------------------------------
    def _small_things(self):
        Version = self.env["osc.sop.version"]
        in_force = Version.search([("state", "=", "in_force")], limit=1)
        draft = Version.create(
            {"sop_id": in_force.sop_id.id, "number": "99", "body": "<p>Draft</p>"}
        )
        duty = self.env["osc.sop.duty"].create(
            {
                "version_id": draft.id,
                "discipline_id": self.disciplines["legal"].id,
                "role": "Lawyer",
                "duties": "To be there",
            }
        )
        self.records |= {
            "osc.sop": in_force.sop_id,
            "osc.sop.version": in_force,
            "osc.sop.version:draft": draft,
            "osc.sop.duty": in_force.duty_ids[:1],
            "osc.sop.duty:draft": duty,
            "osc.intimation.answer": self._as("plce", "osc.intimation.answer").create(
                {"intimation_id": self._intimation("plce").id, "kind": "act"}
            ),
            "osc.roster.copy": self._as("mngr", "osc.roster.copy").create({}),
            "osc.account.settings": self.env.ref("osc_base.osc_account_settings"),
            "osc.audit.archiving": self._as("audi", "osc.audit.archiving").create({}),
            "osc.case.import": self._as("mngr", "osc.case.import").create(
                {"file": LIST}
            ),
            "osc.statistics.export": self._as("coor", "osc.statistics.export").create(
                {}
            ),
        }

    def _trail(self):
        """The audit trail of the case. It is written past this transaction."""
        self._as("work", self.case).read(["channel"])
        self.env.cr.commit()
        of_case = [("reference", "=", self.case.name), ("action", "=", "read")]
        for model in ("osc.audit.entry", "osc.audit.opening"):
            self.records[model] = self.env[model].search(of_case, limit=1)

    def _api_key(self, person):
        keys = self._as(person, "res.users.apikeys")
        end = fields.Datetime.now() + timedelta(hours=12)
        return keys._generate("rpc", "matrix", end)

    def summary(self):
        """What tests over HTTP need to know."""
        return SimpleNamespace(
            records={
                row: [record._name, record.id] for row, record in self.records.items()
            },
            users={key: user.id for key, user in self.users.items()},
            partners={key: user.partner_id.id for key, user in self.users.items()},
            keys=self.keys,
        ).__dict__
