"""Two centers, and everybody who tries something."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from ..persons import PERSONS
from .teller import Teller

TOLD = (
    "police",
    "medical",
    "psychosocial",
    "legal",
    "forensic",
    "shelter",
    "financial",
)


class Centers(Teller):
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
