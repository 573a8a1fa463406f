import psycopg2
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ShelterCommon

HOUR = "2026-03-10 18:00:00"
EXPIRED = "2026-03-10 23:00:00"  # six hours after NOW


@tagged("post_install", "-at_install")
class TestBed(ShelterCommon):
    def test_reserving_takes_the_beds_at_once(self):
        stay = self._reserve(children=[self._child(age_years=9, bed=1)])
        self.assertEqual(stay.state, "reserved")
        self.assertEqual(self._states(), "rrffff")
        self.assertEqual(stay.people_count, 2)

    def test_a_taken_bed_is_refused_and_free_ones_are_named(self):
        self._reserve()
        with self.assertRaisesRegex(UserError, "One · A is taken.*One · B"):
            self._reserve()

    def test_the_database_refuses_two_people_in_a_bed(self):
        stay, other = self._reserve(), self._reserve(bed=1)
        row = other.sudo().occupancy_ids
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.ExclusionViolation),
        ):
            row.bed_id = stay.bed_id
            row.flush_recordset()

    def test_the_database_says_it_clearly(self):
        Row = self.env["osc.shelter.occupancy"]
        constraint = Row._table_objects["osc_shelter_occupancy_one_person_in_a_bed"]
        message = constraint.get_error_message(Row, None)
        self.assertIn("Somebody else was given this bed a moment ago", message)

    def test_two_children_can_not_share_a_bed(self):
        children = [self._child(age_years=9, bed=1)] * 2
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.ExclusionViolation),
        ):
            self._reserve(children=children)

    def test_an_expired_reservation_frees_itself(self):
        first = self._reserve()
        self._move_to(EXPIRED)
        self.assertEqual(self._states(), "ffffff")
        self._stay()
        with self.assertRaisesRegex(UserError, "is taken"):
            first.action_check_in()
        self.assertEqual(first.state, "reserved", "nobody cleared it up")

    def test_who_comes_late_gets_the_bed_while_it_is_free(self):
        stay = self._reserve()
        self._move_to(EXPIRED)
        stay.action_check_in()
        self.assertEqual(self._states(), "tfffff")

    def test_who_comes_late_may_get_another_bed(self):
        stay = self._reserve(children=[self._child(age_years=9, bed=1)])
        self._move_to(EXPIRED)
        self._stay()
        stay.bed_id = self.beds[2]
        self.assertEqual(self._states(), "tfrfff")
        stay.action_check_in()
        self.assertEqual(self._states(), "tttfff")

    def test_a_case_is_not_closed_over_her(self):
        stay = self._stay()
        case = stay.case_id.with_user(self.worker)
        with self.assertRaisesRegex(UserError, "still in the shelter"):
            case.action_close()
        stay.action_check_out("home")
        case.action_close()
        self.assertEqual(case.state, "closed")

    def test_the_watch_job_cancels_what_expired(self):
        stay = self._reserve()
        self._watch_stays()
        self.assertEqual(stay.state, "reserved")
        self._move_to(EXPIRED)
        self._watch_stays()
        self.assertEqual((stay.state, stay.exit_kind), ("cancelled", "expired"))

    def test_her_own_expired_reservation_does_not_refuse_her(self):
        case = self._case()
        first = self._reserve(case)
        self._move_to(EXPIRED)
        self._reserve(case)
        self.assertEqual(first.state, "cancelled")

    def test_one_stay_at_a_time(self):
        case = self._case()
        self._reserve(case)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
        ):
            self._reserve(case, bed=1)

    def test_an_infant_sleeps_in_her_bed_and_counts(self):
        stay = self._stay(children=[self._child(age_years=1)])
        self.assertEqual(stay.people_count, 2)
        self.assertEqual(self._states(), "tfffff")
        bed = self.beds[0].with_user(self.in_charge)
        self.assertEqual(bed.sharing_count, 1)
        with self.assertRaisesRegex(UserError, "a bed for each child"):
            self._reserve(bed=1, children=[self._child(age_years=5)])

    def test_a_move_keeps_where_she_slept(self):
        stay = self._stay(
            children=[self._child(age_years=1), self._child(age_years=9, bed=1)]
        )
        self._move_to(HOUR)
        wizard = self.env["osc.shelter.move"].with_user(self.in_charge)
        wizard = wizard.create({"stay_id": stay.id, "to_bed_id": self.beds[5].id})
        wizard.action_confirm()
        self.assertEqual(self._states(), "ftffft")
        rows = stay.occupancy_ids.sorted("id")
        self.assertEqual(len(rows), 5, "she and the infant moved")
        ended = rows.filtered("end")
        self.assertEqual(len(ended), 2)
        self.assertEqual(ended.bed_id, self.beds[0])

    def test_a_child_moves_by_its_bed(self):
        stay = self._stay(children=[self._child(age_years=9, bed=1)])
        action = self.beds[1].with_user(self.in_charge).action_move()
        wizard = self.env["osc.shelter.move"].with_user(self.in_charge)
        wizard = wizard.with_context(**action["context"])
        wizard = wizard.create({"to_bed_id": self.beds[2].id})
        self.assertEqual(wizard.companion_id, stay.companion_ids)
        self.clock.move_to(HOUR)
        wizard.action_confirm()
        self.assertEqual(self._states(), "tftfff")

    def test_nobody_moves_into_a_taken_bed(self):
        stay = self._stay()
        self._stay(bed=1)
        with self.assertRaisesRegex(UserError, "is taken"):
            stay.bed_id = self.beds[1]

    def test_leaving_frees_all_beds(self):
        stay = self._stay(children=[self._child(age_years=9, bed=1)])
        self._move_to(HOUR)
        stay.action_check_out("relative", "To her aunt")
        self.assertEqual(self._states(), "ffffff")
        self.assertEqual(stay.state, "out")
        self.assertTrue(stay.companion_ids.left_at)
        with self.assertRaisesRegex(UserError, "isn't possible any more"):
            stay.action_check_out()

    def test_a_child_may_leave_before_its_mother(self):
        stay = self._stay(children=[self._child(age_years=9, bed=1)])
        self._move_to(HOUR)
        stay.companion_ids.action_leave()
        self.assertEqual(self._states(), "tfffff")
        self.assertEqual(stay.people_count, 1)

    def test_a_child_who_left_takes_no_bed(self):
        """Nobody could free it any more."""
        stay = self._stay(children=[self._child(age_years=9, bed=1)])
        child = stay.companion_ids
        child.action_leave()
        with self.assertRaisesRegex(UserError, "isn't in the shelter"):
            child.bed_id = self.beds[2]
        stay.action_check_out("home")
        with self.assertRaisesRegex(UserError, "isn't in the shelter"):
            child.bed_id = self.beds[2]
        self.env.flush_all()
        self.assertEqual(self._states(), "ffffff")

    def test_an_older_child_is_not_moved_into_its_mothers_bed(self):
        stay = self._stay(children=[self._child(age_years=9, bed=1)])
        with self.assertRaisesRegex(UserError, "Choose a bed for each child"):
            stay.companion_ids.bed_id = False

    def test_a_child_may_come_later(self):
        stay = self._stay()
        self._move_to(HOUR)
        stay.companion_ids.create(
            {"stay_id": stay.id, **self._child(age_years=9, bed=1)}
        )
        self.assertEqual(self._states(), "ttffff")

    def test_cancelling_frees_the_bed(self):
        stay = self._reserve()
        stay.action_cancel()
        self.assertEqual(self._states(), "ffffff")
        self._reserve()

    def test_a_bed_out_of_service_is_not_given(self):
        self.beds[0].out_of_service = True
        with self.assertRaisesRegex(UserError, "out of service"):
            self._reserve()

    def test_a_bed_of_another_center_is_not_given(self):
        shelter = self.env["osc.shelter"].create(
            {"name": "Elsewhere", "center_id": self.other_center.id}
        )
        room = self.env["osc.shelter.room"].create(
            {"name": "One", "shelter_id": shelter.id}
        )
        bed = self.env["osc.shelter.bed"].create({"name": "A", "room_id": room.id})
        with self.assertRaisesRegex(UserError, "another center"):
            self._reserve(bed_id=bed.id)

    def test_a_bed_in_use_can_not_be_archived(self):
        self._stay()
        with self.assertRaisesRegex(UserError, "is in use"):
            self.beds[0].active = False
        with self.assertRaisesRegex(UserError, "in use"):
            self.beds[0].write({"active": 0})

    def test_a_house_or_room_in_use_can_not_be_archived(self):
        self._stay()
        for place in (self.room, self.shelter):
            with self.assertRaisesRegex(UserError, "in use"):
                place.with_user(self.manager).active = False
        self.single.with_user(self.manager).active = False

    def test_nobody_is_sent_to_a_house_or_room_that_was_closed(self):
        Bed = self.env["osc.shelter.bed"].with_user(self.worker)
        free = [("board_state", "=", "free"), ("id", "in", self.beds.ids)]
        self.assertEqual(Bed.search(free), self.beds)
        for place in (self.room, self.shelter, self.beds[0]):
            place.with_user(self.manager).active = False
            self.assertNotIn(self.beds[0], Bed.search(free))
            self.assertEqual(self.beds[0].board_state, "out_of_service")
            with self.assertRaisesRegex(UserError, "out of service"):
                self._reserve()
            place.with_user(self.manager).active = True
        self._reserve()

    def test_a_draft_gets_no_bed(self):
        draft = self._draft()
        with self.assertRaisesRegex(UserError, "Report or reopen it first"):
            self._reserve(draft, self.worker)

    def test_states_and_times_are_written_by_actions_only(self):
        stay = self._reserve()
        for vals in (
            {"state": "in"},
            {"check_in": HOUR},
            {"due_out": HOUR},
            {"limit_days": 50},
            {"reserved_until": "2027-01-01"},
            {"case_id": self._case().id},
        ):
            with self.assertRaises(AccessError, msg=str(vals)):
                stay.write(vals)
        with self.assertRaises(AccessError):
            self._reserve(bed=1, state="in")

    def test_she_comes_once(self):
        stay = self._stay()
        with self.assertRaisesRegex(UserError, "isn't possible any more"):
            stay.action_check_in()

    @settings(max_examples=12, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["reserve", "in", "move", "out", "cancel", "wait"]),
                st.integers(0, 5),
            ),
            max_size=14,
        )
    )
    def test_whatever_people_do_a_bed_holds_one_person(self, steps):
        """Random steps of three women; refusals are fine, two in a bed are not."""
        cases = [self._case() for _number in range(3)]
        stays = {}
        with self.env.cr.savepoint() as point:
            for number, (step, bed) in enumerate(steps):
                case = cases[number % 3]
                stay = stays.get(case)
                try:
                    # That she has a bed already is what the database may say.
                    with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                        if step == "wait":
                            self._pass_minutes(100)
                        elif step == "reserve":
                            stays[case] = self._reserve(case, bed=bed)
                        elif stay and step == "in":
                            stay.action_check_in()
                        elif stay and step == "move":
                            stay.bed_id = self.beds[bed]
                        elif stay and step == "out":
                            stay.action_check_out()
                        elif stay and step == "cancel":
                            stay.action_cancel()
                except (UserError, psycopg2.errors.UniqueViolation):
                    self.env.invalidate_all()
                self.env.flush_all()
            here = [stay for stay in stays.values() if stay.state == "in"]
            self.assertEqual(self._states().count("t"), len(here))
            point.rollback()
        self.env.invalidate_all()
        self.clock.move_to("2026-03-10 17:00:00")
