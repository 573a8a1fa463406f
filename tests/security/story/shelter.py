"""Her nights in the shelter, her daughter's, and what the house writes down."""

from odoo.fields import Command

from .teller import Teller


class Shelter(Teller):
    def _shelter(self):
        self._open_house()
        # Reserving lets those in charge of the house in.
        reserved = self._of_case(
            "work",
            "osc.shelter.stay",
            bed_id=self.beds[0].id,
            notes="Sleeps badly",
            companion_ids=[
                Command.create(
                    {"sex": "female", "full_name": "Child", "bed_id": self.beds[1].id}
                )
            ],
        )
        stay = self._as("hous", reserved)
        stay.action_check_in()
        self._settle()
        self.records |= {
            "osc.shelter.companion": stay.companion_ids,
            "osc.shelter.occupancy": stay.sudo().occupancy_ids[:1],
        }
        self._keep_registers(stay)
        self._of_case(
            "work",
            "osc.shelter.turnaway",
            reason="no_bed",
            went_to="relative",
            destination="Her aunt",
        )

    def _open_house(self):
        env = self.env
        self.house = env["osc.shelter"].create(
            {
                "name": "Matrix house",
                "center_id": self.center.id,
                "in_charge_ids": [Command.set(self.people["hous"].ids)],
            }
        )
        # Where nobody was counted yet.
        self.annex = self.house.copy({"name": "Matrix annex"})
        room = env["osc.shelter.room"].create(
            {"name": "One", "shelter_id": self.house.id}
        )
        self.beds = env["osc.shelter.bed"].create(
            [{"name": name, "room_id": room.id} for name in "ABCD"]
        )
        self.records |= {
            "osc.shelter": self.house,
            "osc.shelter.room": room,
            "osc.shelter.bed": self.beds[0],
            "osc.shelter.bed:free": self.beds[3],
        }

    def _keep_registers(self, stay):
        of_stay = {"stay_id": stay.id}
        for row, vals in (
            ("osc.shelter.extension", {"days": 2, "reason": "No other place"}),
            ("osc.shelter.belonging", {"name": "Ring"}),
            ("osc.shelter.visit", {"visitor": "Her sister", "approval": "approved"}),
            ("osc.shelter.absence", {"reason": "To the court"}),
            ("osc.shelter.need", {"kind": "diet", "note": "No nuts"}),
            ("osc.shelter.incident", {"kind": "threat", "description": "A car"}),
            ("osc.shelter.move", {"to_bed_id": self.beds[2].id}),
            ("osc.shelter.departure", {"exit_kind": "home"}),
        ):
            self._add("hous", row, {**of_stay, **vals})
        count = self._add(
            "hous", "osc.shelter.headcount", {"shelter_id": self.house.id}
        )
        self.records["osc.shelter.headcount.line"] = count.line_ids[:1]
        self.records["osc.shelter.day"] = self.env["osc.shelter.day"].search(
            [("shelter_id", "=", self.house.id)], limit=1
        )
