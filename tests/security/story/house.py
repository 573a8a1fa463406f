"""What belongs to no case: instructions, settings, and the audit trail."""

from .teller import Teller
from .words import AGENCIES, LIST


class House(Teller):
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
            "base_import.import": self._as("admi", "base_import.import").create(
                AGENCIES
            ),
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
