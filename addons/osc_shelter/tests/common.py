from odoo import fields

from odoo.addons.osc_cases.tests.common import CasesCommon


class ShelterCommon(CasesCommon):
    """A shelter of the center with six beds, somebody in charge, and cases."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._only_rule("shelter")
        cls.in_charge = cls.people["shelter"].user_id
        cls.shelter = cls.env["osc.shelter"].create(
            {
                "name": "Test house",
                "center_id": cls.center.id,
                "in_charge_ids": [fields.Command.set(cls.people["shelter"].ids)],
            }
        )
        cls.room, cls.single = cls.env["osc.shelter.room"].create(
            [
                {"name": "One", "shelter_id": cls.shelter.id},
                {"name": "Two", "shelter_id": cls.shelter.id, "kind": "single"},
            ]
        )
        cls.beds = cls.env["osc.shelter.bed"].create(
            [
                {"name": name, "room_id": room.id, "sequence": number}
                for number, (name, room) in enumerate(
                    [(n, cls.room) for n in "ABCDE"] + [("S", cls.single)]
                )
            ]
        )

    def _case(self, **vals):
        """A reported case that the person in charge took on."""
        case = self._report(**vals)
        intimation = case.sudo().intimation_ids.filtered(
            lambda i: i.user_id == self.in_charge
        )
        if intimation:
            intimation.with_user(self.in_charge).action_acknowledge()
        else:  # nobody is on duty at the time to which the test moved the clock
            self.env["osc.case.member"]._grant(
                case.sudo(), self.in_charge, "intimated", self.disciplines["shelter"]
            )
        self.env.flush_all()
        self.env.invalidate_all()
        return case

    def _reserve(self, case=None, user=None, *, bed=0, children=(), **vals):
        """A stay, as the user who reserves it."""
        case = case or self._case()
        return (
            self.env["osc.shelter.stay"]
            .with_user(user or self.in_charge)
            .create(
                {
                    "case_id": case.id,
                    "bed_id": self.beds[bed].id,
                    "companion_ids": [
                        fields.Command.create(dict(child)) for child in children
                    ],
                    **vals,
                }
            )
        )

    def _stay(self, case=None, user=None, **vals):
        """A stay of a woman who is there."""
        stay = self._reserve(case, user, **vals)
        stay.action_check_in()
        self.env.flush_all()
        self.env.invalidate_all()
        return stay

    def _child(self, sex="female", *, bed=None, **vals):
        return {"sex": sex, "bed_id": bed is not None and self.beds[bed].id, **vals}

    def _move_to(self, moment):
        self.clock.move_to(moment)
        self.env.invalidate_all()

    def _watch_stays(self):
        self.env.flush_all()
        self.env["osc.shelter.stay"]._cron_watch()
        self.env.flush_all()
        self.env.invalidate_all()

    def _states(self, user=None):
        """What the board says of each bed."""
        beds = self.beds.with_user(user or self.in_charge)
        beds.invalidate_recordset()
        return "".join(bed.board_state[0] for bed in beds)
