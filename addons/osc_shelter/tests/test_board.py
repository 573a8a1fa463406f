from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ShelterCommon

FIELDS = {
    "name": {},
    "kind": {},
    "room_kind": {},
    "board_state": {},
    "occupant": {},
    "sharing_count": {},
    "occupied_since": {},
    "occupied_until": {},
    "stay_id": {"fields": {"display_name": {}}},
}


@tagged("post_install", "-at_install")
class TestBoard(ShelterCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.night = cls._make_representative("shelter", "night").user_id

    def _bed(self, number, user):
        bed = self.beds[number].with_user(user)
        bed.invalidate_recordset()
        return bed

    def test_what_each_sees_of_a_bed(self):
        stay = self._stay(children=[self._child(age_years=9, bed=1)])
        code = stay.case_id.name
        for user in (self.in_charge, self.worker, self.manager):
            bed = self._bed(0, user)
            self.assertEqual((bed.occupant, bed.stay_id), (code, stay), user.login)
            self.assertEqual(self._bed(1, user).occupant, f"{code} · child 1")
            self.assertEqual(bed.occupied_since, stay.check_in)
            self.assertEqual(bed.occupied_until, stay.due_out)
        bed = self._bed(0, self.night)
        self.assertEqual(bed.occupant, code, "who runs the house knows who is in it")
        self.assertFalse(bed.stay_id, "and doesn't open the case")
        for user in (
            self.people["police"].user_id,
            self.colleague,
            self.coordinator,
            self.administrator,
        ):
            bed = self._bed(0, user)
            self.assertEqual(bed.board_state, "taken", user.login)
            self.assertFalse(bed.occupant, user.login)
            self.assertFalse(bed.occupied_since, user.login)
            self.assertFalse(bed.occupied_until, user.login)
            self.assertFalse(bed.stay_id, user.login)
        bed = self._bed(2, self.in_charge)
        self.assertFalse(bed.occupant)
        self.assertEqual(bed.board_state, "free")

    def test_searching_says_what_the_board_says(self):
        self._stay()
        self._reserve(bed=1)
        over = self._stay(bed=2)
        over.sudo().write({"limit_days": 1, "check_in": "2026-03-01 10:00:00"})
        self.beds[3].out_of_service = True
        self.env.flush_all()
        self.assertEqual(self._states(), "troo" + "ff")
        Bed = self.env["osc.shelter.bed"].with_user(self.in_charge)
        own = [("id", "in", self.beds.ids)]
        for state in ("free", "reserved", "taken", "over", "out_of_service"):
            found = Bed.search([*own, ("board_state", "=", state)])
            shown = self.beds.filtered(lambda b, s=state: b.board_state == s)
            self.assertEqual(found, shown, state)
            rest = Bed.search([*own, ("board_state", "!=", state)])
            self.assertEqual(rest, self.beds - shown, state)

    def test_by_touch(self):
        bed = self._bed(0, self.in_charge)
        action = bed.action_admit()
        self.assertEqual(action["context"], {"default_bed_id": bed.id})
        stay = self._reserve()
        bed = self._bed(0, self.in_charge)
        with self.assertRaisesRegex(UserError, "isn't free"):
            bed.action_admit()
        bed.action_check_in()
        self.assertEqual(stay.state, "in")
        bed = self._bed(0, self.in_charge)
        self.assertEqual(bed.action_open()["res_id"], stay.id)
        action = bed.action_check_out()
        wizard = self.env[action["res_model"]].with_user(self.in_charge)
        wizard = wizard.with_context(**action["context"])
        self.clock.move_to("2026-03-11 10:00:00")
        wizard.create({"exit_kind": "home", "destination": "Home"}).action_confirm()
        self.assertEqual(stay.state, "out")

    def test_who_does_not_work_on_the_case_touches_nothing(self):
        self._stay()
        for user in (self.night, self.people["police"].user_id, self.coordinator):
            bed = self._bed(0, user)
            for method in (
                "action_open",
                "action_check_in",
                "action_move",
                "action_check_out",
            ):
                with self.assertRaises(AccessError, msg=(user.login, method)):
                    getattr(bed, method)()

    def test_the_board_costs_the_same_for_many_beds(self):
        """Two beds in use and all of them take as many queries."""
        self._stay(children=[self._child(age_years=9, bed=1)])

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.beds.with_user(self.in_charge).web_read(FIELDS)
            return self.env.cr.sql_log_count - before

        queries()  # fills caches of rights
        few = queries()
        self._stay(bed=2, children=[self._child(age_years=9, bed=3)])
        self._stay(bed=4, children=[self._child(age_years=9, bed=5)])
        self.assertLessEqual(queries(), few)

    def test_counts_of_the_shelter(self):
        self._stay()
        shelter = self.shelter.with_user(self.coordinator)
        self.assertEqual((shelter.bed_count, shelter.free_count), (6, 5))
