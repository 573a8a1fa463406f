from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.osc_base.tests import audit

from .common import ShelterCommon

NAME = "Zarmina Testperson"
PLACE = "Her aunt in the hills"


@tagged("post_install", "-at_install")
class TestAccess(ShelterCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.night = cls._make_representative("shelter", "night").user_id

    def setUp(self):
        super().setUp()
        self.case = self._case(survivor_name=NAME)
        self.stay = self._stay(
            self.case,
            children=[self._child(age_years=9, bed=1, full_name="Little Testperson")],
            notes="Sleeps with the light on",
        )
        self.env["osc.shelter.visit"].with_user(self.in_charge).create(
            {"stay_id": self.stay.id, "visitor": "Aunt Testperson"}
        )
        self.env["osc.shelter.extension"].with_user(self.in_charge).create(
            {"stay_id": self.stay.id, "days": 1, "reason": "No place yet"}
        )
        self.env.flush_all()
        self.env.invalidate_all()

    def _sees(self, model, user):
        Model = self.env[model].with_user(user)
        return Model.has_access("read") and bool(
            Model.search([("stay_id", "=", self.stay.id)])
            if "stay_id" in Model
            else Model.search([("id", "=", self.stay.id)])
        )

    def test_who_sees_a_stay(self):
        handles = [self.in_charge, self.worker, self.manager]
        outside = [
            self.night,
            self.colleague,
            self.people["police"].user_id,
            self.other_worker,
            self.other_manager,
            self.coordinator,
            self.auditor,
            self.administrator,
            self.internal,
            self.portal,
        ]
        for model in (
            "osc.shelter.stay",
            "osc.shelter.companion",
            "osc.shelter.occupancy",
            "osc.shelter.extension",
        ):
            for user in handles:
                self.assertTrue(self._sees(model, user), (model, user.login))
            for user in outside:
                self.assertFalse(self._sees(model, user), (model, user.login))
        for user in outside:
            with self.assertRaises(AccessError, msg=user.login):
                self.stay.with_user(user).read(["state"])

    def test_a_member_of_another_discipline_does_not_learn_where_she_sleeps(self):
        """Police who acknowledged open the case, and not her bed."""
        self._only_rule("police")
        self.case.sudo()._tell_again()
        police = self.people["police"].user_id
        self._intimation(self.case, police).action_acknowledge()
        self.env.invalidate_all()
        self.assertTrue(self.case.with_user(police).has_access("read"))
        self.assertFalse(self._sees("osc.shelter.stay", police))
        self.assertFalse(self.case.with_user(police).shows_shelter)
        self.assertEqual(self.case.with_user(police).stay_count, 0)

    def test_registers_are_for_the_shelter_and_her_case_worker(self):
        for user in (self.in_charge, self.worker):
            self.assertTrue(self._sees("osc.shelter.visit", user), user.login)
        for user in (
            self.manager,
            self.night,
            self.colleague,
            self.coordinator,
            self.administrator,
            self.auditor,
            self.internal,
        ):
            self.assertFalse(self._sees("osc.shelter.visit", user), user.login)
            with self.assertRaises(AccessError, msg=user.login):
                self.env["osc.shelter.visit"].with_user(user).create(
                    {"stay_id": self.stay.id, "visitor": "Somebody"}
                )

    def test_notes_are_not_for_the_manager(self):
        self.assertTrue(self.stay.with_user(self.worker).notes)
        self.assertFalse(self.stay.with_user(self.manager).notes)

    def test_names_of_children(self):
        child = self.stay.companion_ids
        for user in (self.in_charge, self.worker):
            self.assertTrue(child.with_user(user).full_name, user.login)
        self.assertFalse(child.with_user(self.manager).full_name)
        [row] = child.with_user(self.manager).read(["full_name", "sex"])
        self.assertFalse(row["full_name"])
        self.assertEqual(row["sex"], "female")

    def test_where_she_went(self):
        self.stay.action_check_out("relative", PLACE)
        self.env.flush_all()
        self.env.invalidate_all()
        for user in (self.in_charge, self.worker):
            self.assertEqual(self.stay.with_user(user).destination, PLACE, user.login)
        manager = self.stay.with_user(self.manager)
        self.assertFalse(manager.destination)
        self.assertFalse(manager.read(["destination"])[0]["destination"])

    def test_nothing_of_it_is_in_plain_text(self):
        self.stay.action_check_out("relative", PLACE)
        self.env.flush_all()
        for table, column in (
            ("osc_shelter_stay", "destination"),
            ("osc_shelter_stay", "notes"),
            ("osc_shelter_companion", "full_name"),
            ("osc_shelter_visit", "visitor"),
            ("osc_shelter_extension", "reason"),
        ):
            self.env.cr.execute(
                f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL"
            )
            rows = self.env.cr.fetchall()
            self.assertTrue(rows, table)
            for (stored,) in rows:
                self.assertNotIn("Testperson", stored)
                self.assertNotIn("aunt", stored)

    def test_excluded_staff_see_nothing(self):
        self.case.sudo().excluded_user_ids = self.in_charge | self.manager
        self.env.invalidate_all()
        for user in (self.in_charge, self.manager):
            self.assertFalse(self._sees("osc.shelter.stay", user))
            bed = self.beds[0].with_user(user)
            bed.invalidate_recordset()
            self.assertEqual(bed.board_state, "taken")
            self.assertFalse(bed.occupant, "not even the code")
            self.assertFalse(bed.occupied_since)

    def test_emergency_access_opens_the_stay_and_no_words(self):
        police = self.people["police"].user_id
        self.env["osc.case.member"]._grant(self.case.sudo(), police, "break_glass")
        self.env.invalidate_all()
        self.assertTrue(self._sees("osc.shelter.stay", police))
        self.assertFalse(self._sees("osc.shelter.visit", police))
        self.assertFalse(self.stay.companion_ids.with_user(police).full_name)
        self.assertFalse(self.stay.with_user(police).notes)

    def test_who_is_in_charge_becomes_a_member_without_identity(self):
        case = self._report(survivor_name=NAME)
        self._reserve(case, self.worker, bed=2)
        self.env.flush_all()
        self.env.invalidate_all()
        own = case.with_user(self.in_charge)
        self.assertTrue(own.user_may_open)
        self.assertFalse(own.user_sees_identity)
        self.assertFalse(case.with_user(self.night).user_may_open)

    def test_who_is_in_charge_changes_nothing_else_of_the_case(self):
        case = self._report()
        self._reserve(case, self.worker, bed=2)
        self.env.flush_all()
        self.env.invalidate_all()
        own = case.with_user(self.in_charge)
        self.assertTrue(own.user_may_open)
        self.assertFalse(own.user_may_change)
        self.assertFalse(own.shows_aid)
        stay = own.stay_ids
        self.assertTrue(stay.user_may_handle)
        self.assertTrue(stay.user_keeps_registers)
        member = case.sudo().member_ids.filtered(
            lambda member: member.user_id == self.in_charge
        )
        self.assertEqual(member.basis, "lodging")
        # Nobody keeps a case because of a house in which they no longer work.
        self.people["shelter"].sudo().active = False
        self.assertTrue(member.revoked_at)

    def test_who_is_in_charge_has_no_case_for_a_bed_that_was_not_used(self):
        case = self._report()
        own = case.with_user(self.in_charge)
        stay = self._reserve(case, self.worker, bed=2)
        self.assertTrue(own.user_may_open)
        action = stay.with_user(self.in_charge).action_cancel()
        self.assertEqual(action["res_model"], "osc.shelter.bed")
        self.assertFalse(own.user_may_open)
        self._reserve(case, self.worker, bed=2)
        self.assertTrue(own.user_may_open)
        self._move_to(fields.Datetime.now() + timedelta(days=1))
        self.env["osc.shelter.stay"]._cron_watch()
        self.assertFalse(own.user_may_open)
        self._stay(case, self.worker, bed=2).action_check_out("home")
        self.assertTrue(own.user_may_open, "what she left behind is given out")

    def test_who_is_in_charge_now_goes_on_with_those_who_sleep_there(self):
        case = self._report()
        stay = self._stay(case, self.worker, bed=2)
        left = self._report()
        self._stay(left, self.worker, bed=3).action_check_out()
        post = self._make_representative("shelter", "relief")
        self.shelter.with_user(self.manager).in_charge_ids = [
            fields.Command.set(post.ids)
        ]
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.beds[2].with_user(post.user_id).stay_id.id, stay.id)
        stay.with_user(post.user_id).action_check_out()
        self.assertFalse(case.with_user(self.in_charge).user_may_open)
        # Who took it on as a representative goes on with it.
        self.assertTrue(self.case.with_user(self.in_charge).user_may_open)
        self.assertFalse(left.with_user(post.user_id).user_may_open)

    def test_who_has_another_post_now_is_in_charge_no_more(self):
        post = self.people["shelter"]
        for other in (
            {"center_id": self.other_center.id},
            {"discipline_id": self.disciplines["police"].id},
        ):
            before = {name: post[name].id for name in other}
            post.write(other)
            case = self._report()
            stay = self._reserve(case, self.worker, bed=2)
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertFalse(case.with_user(self.in_charge).user_may_open)
            self.assertNotIn(self.in_charge, stay.sudo()._people_to_tell(1))
            stay.action_cancel()
            post.write(before)

    def test_a_member_who_reserves_is_not_told_that_she_has_a_bed(self):
        police = self.people["police"].user_id
        self.env["osc.case.member"]._grant(
            self.case.sudo(), police, "intimated", self.disciplines["police"]
        )
        self.env.invalidate_all()
        self.assertTrue(self.case.with_user(police).user_may_open)
        with self.assertRaises(AccessError):
            self._reserve(self.case, police, bed=3)
        Stay = self.env["osc.shelter.stay"].with_user(police)
        with self.assertRaises(AccessError):
            Stay.with_context(default_case_id=self.case.id).create(
                {"bed_id": self.beds[3].id}
            )

    def test_others_can_not_reserve_for_a_case(self):
        case = self._report()
        for user in (
            self.night,
            self.colleague,
            self.people["police"].user_id,
            self.coordinator,
            self.administrator,
            self.internal,
        ):
            with self.assertRaises(AccessError, msg=user.login):
                self._reserve(case, user, bed=2)

    def test_occupancies_are_written_by_nobody(self):
        row = self.stay.occupancy_ids[:1]
        for user in (self.in_charge, self.manager, self.administrator):
            for operation in ("write", "create", "unlink"):
                self.assertFalse(row.with_user(user).has_access(operation), user.login)

    def test_a_part_never_becomes_part_of_another_stay(self):
        other = self._stay(bed=3)
        with self.assertRaises(AccessError):
            self.stay.companion_ids.stay_id = other
        with self.assertRaises(AccessError):
            self.stay.visit_ids.with_user(self.in_charge).stay_id = other

    def test_configuration(self):
        for user in (self.administrator, self.manager):
            self.shelter.with_user(user).name = f"House {user.id}"
            self.beds[5].with_user(user).out_of_service = True
        for user in (self.in_charge, self.worker, self.other_manager, self.coordinator):
            with self.assertRaises(AccessError, msg=user.login):
                self.shelter.with_user(user).name = "Taken over"
            with self.assertRaises(AccessError, msg=user.login):
                self.beds[4].with_user(user).out_of_service = True
        for user in (self.auditor, self.internal, self.portal):
            self.assertFalse(self.beds.with_user(user).has_access("read"), user.login)

    def test_a_bed_does_not_go_to_the_center_of_somebody_else(self):
        shelter = self.env["osc.shelter"].create(
            {"name": "Elsewhere", "center_id": self.other_center.id}
        )
        room = self.env["osc.shelter.room"].create(
            {"name": "One", "shelter_id": shelter.id}
        )
        with self.assertRaises(AccessError):
            self.beds[4].with_user(self.manager).room_id = room

    def test_reading_is_in_the_audit_trail(self):
        with audit.recording() as trail:
            self.stay.with_user(self.worker).web_read({"notes": {}})
        [entry] = trail.entries
        self.assertEqual(entry["action"], "read")
        self.assertEqual(entry["reference"], self.case.name)
        self.assertEqual(entry["user_id"], self.worker.id)
