"""What representatives must know, who has learnt it, exceptions and exercises."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from .teller import Teller


class Training(Teller):
    def _train(self):
        police = self.people["plce"]
        version = self.env["osc.sop.version"].search(
            [("state", "=", "in_force")], limit=1
        )
        requirement = self.env["osc.training.requirement"].create(
            {
                "discipline_id": police.discipline_id.id,
                "center_id": self.center.id,
                "skill_id": self.env.ref("osc_training.hr_skill_law").id,
            }
        )
        now = fields.Datetime.now()
        acknowledgement = (
            self._as("plce", "osc.sop.acknowledgement")
            .sudo()
            ._open_for(version, police.employee_id)
        )
        passed = acknowledgement.create(
            {
                "version_id": version.id,
                "employee_id": self.people["lawy"].employee_id.id,
                "read_at": now - timedelta(minutes=20),
                "passed_at": now - timedelta(minutes=10),
            }
        )
        self._settle()
        self.records |= {
            "hr.employee.skill": self.env["hr.employee.skill"].create(
                {
                    "employee_id": police.employee_id.id,
                    "skill_type_id": self.env.ref(
                        "osc_training.hr_skill_type_training"
                    ).id,
                    "skill_id": self.env.ref(
                        "osc_training.hr_skill_safety_planning"
                    ).id,
                    "skill_level_id": self.env.ref(
                        "osc_training.hr_skill_level_passed"
                    ).id,
                    "valid_from": now.date(),
                }
            ),
            "osc.training.requirement": requirement,
            "osc.training.standing": self.env["osc.training.standing"].search(
                [
                    ("representative_id", "=", police.id),
                    ("requirement_id", "=", requirement.id),
                ]
            ),
            "osc.sop.acknowledgement": acknowledgement,
            "osc.sop.acknowledgement:to sign": passed,
        }
        self._add(
            "mngr",
            "osc.training.override",
            {
                "representative_id": police.id,
                "date_from": now,
                "date_to": now + timedelta(hours=8),
                "reason": "Nobody else is there tonight",
            },
        )
        self._exercise(police)
        self._teach(police)

    def _teach(self, police):
        """A session that the lawyer gives, and to which the police comes."""
        now = fields.Datetime.now()
        session = self.env["event.event"].create(
            {
                "name": "The law",
                "date_begin": now - timedelta(hours=3),
                "date_end": now - timedelta(hours=1),
                "osc_skill_ids": [
                    Command.set(self.env.ref("osc_training.hr_skill_law").ids)
                ],
                "osc_trainer_ids": [Command.set(self.users["lawy"].partner_id.ids)],
                "user_id": False,
            }
        )
        session._osc_register(police.employee_id)
        # Not the registrations: Odoo commits when somebody makes one, to send its mails.
        self.records["event.event:of training"] = session

    def _exercise(self, police):
        """One drill that is planned, and one that runs."""
        for row in ("osc.training.drill:planned", "osc.training.drill"):
            drill = self._add(
                "mngr",
                row,
                {
                    "name": "Night",
                    "center_id": self.center.id,
                    "participant_ids": [
                        fields.Command.create({"representative_id": police.id})
                    ],
                },
            )
            what = row.partition(":")[2]
            one = "osc.training.drill.participant" + (f":{what}" if what else "")
            self.records[one] = drill.participant_ids
        drill.action_start()
        self._settle()
