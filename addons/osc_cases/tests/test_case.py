import re
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg2.errors import CheckViolation, NotNullViolation
from stdnum import damm

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import NAME, PHONE, CasesCommon

PROTECTED = {
    "name": "TQA-2026-999999-0",
    "state": "active",
    "reported_at": "2026-01-01 00:00:00",
    "reported_by_id": 1,
    "closed_at": "2026-01-01 00:00:00",
    "member_ids": [],
    "intimation_ids": [],
    "gap_discipline_ids": [],
}


def check_digit_input(code):
    """The digits over which a case code has its check digit, with it."""
    return "".join(
        str(int(character, 36)) if character.isalpha() else character
        for character in code
        if character != "-"
    )


@tagged("post_install", "-at_install")
class TestCase(CasesCommon):
    # ------------------------------------------------------------------
    # Opening a case
    # ------------------------------------------------------------------
    def test_only_channel_is_asked(self):
        case = (
            self.env["osc.case"].with_user(self.worker).create({"channel": "walk_in"})
        )
        self.assertEqual(case.center_id, self.center)
        self.assertEqual(case.urgency, "urgent")
        self.assertEqual(case.state, "draft")
        self.assertEqual(case.case_worker_id, self.worker)
        self.assertTrue(case.survivor_id.code)
        self.assertFalse(case.survivor_id.full_name)

    @mute_logger("odoo.sql_db")
    def test_channel_urgency_and_center_are_required(self):
        for missing in ("channel", "urgency", "center_id"):
            with (
                self.subTest(missing=missing),
                self.assertRaises(NotNullViolation),
                self.cr.savepoint(),
            ):
                self._draft(**{missing: False})

    def test_center_of_the_manager(self):
        case = self.env["osc.case"].with_user(self.manager).create({"channel": "phone"})
        self.assertEqual(case.center_id, self.center)

    def test_form_of_a_tired_worker(self):
        with Form(self.env["osc.case"].with_user(self.worker)) as form:
            form.channel = "walk_in"
        case = form.record
        self.assertTrue(case.survivor_id)
        self.assertEqual(case.survivor_id.sex, "female")
        self.assertFalse(case.survivor_id.age_known)

    def test_form_notes_who_she_is(self):
        with Form(self.env["osc.case"].with_user(self.worker)) as form:
            form.channel = "walk_in"
            form.survivor_name = NAME
            form.survivor_phone = PHONE
            form.survivor_age = 15
            form.survivor_age_estimated = True
        survivor = form.record.survivor_id
        self.assertEqual(survivor.full_name, NAME)
        self.assertEqual(survivor.phone, PHONE)
        self.assertEqual(survivor.age_years, 15)
        self.assertTrue(survivor.age_estimated)
        self.assertTrue(form.record.is_minor)
        with Form(form.record) as form:
            self.assertEqual(form.survivor_name, NAME)
            form.survivor_name = f"{NAME} corrected"
        self.assertEqual(survivor.full_name, f"{NAME} corrected")

    def test_several_cases_at_once_each_have_their_survivor(self):
        cases = (
            self.env["osc.case"]
            .with_user(self.worker)
            .create(
                [
                    {"channel": "walk_in", "survivor_name": "One"},
                    {"channel": "phone", "survivor_name": "Two"},
                    {"channel": "phone"},
                ]
            )
        )
        self.assertEqual(len(cases.survivor_id), 3)
        self.assertEqual(
            [case.survivor_id.full_name for case in cases], ["One", "Two", False]
        )

    def test_create_leaves_the_values_of_the_caller_alone(self):
        vals = {"channel": "walk_in", "survivor_name": NAME}
        self.env["osc.case"].with_user(self.worker).create([vals])
        self.assertEqual(vals, {"channel": "walk_in", "survivor_name": NAME})

    def test_second_case_of_a_survivor(self):
        first = self._draft(survivor_name=NAME)
        second = self._draft(survivor_id=first.survivor_id.id)
        self.assertEqual(second.survivor_id, first.survivor_id)
        self.assertEqual(second.survivor_name, NAME)

    def test_case_of_an_unreadable_survivor_is_refused(self):
        survivor = self._report(survivor_name=NAME).survivor_id
        with self.assertRaises(AccessError):
            self._draft(self.other_worker, survivor_id=survivor.id)
        with self.assertRaises(AccessError):
            self._draft(self.colleague, survivor_id=survivor.id)
        mine = self._draft(self.colleague)
        with self.assertRaises(AccessError):
            mine.survivor_id = survivor
        unsaved = self.env["osc.case"].with_user(self.colleague)
        case = unsaved.with_context(default_survivor_id=survivor.id).create(
            {"channel": "phone"}
        )
        self.assertNotEqual(case.survivor_id.id, survivor.id)

    def test_nobody_follows_a_case_for_having_opened_it(self):
        case = self._report()
        self.assertFalse(case.sudo().message_follower_ids)

    # ------------------------------------------------------------------
    # The code
    # ------------------------------------------------------------------
    def test_draft_has_no_code(self):
        draft = self._draft()
        self.assertFalse(draft.name)
        self.assertEqual(draft.display_name, f"Draft {draft.id}")
        self.assertNotIn("TQA", draft.display_name)

    def test_new_record_has_a_display_name(self):
        new = self.env["osc.case"].with_user(self.worker).new({"channel": "phone"})
        self.assertEqual(new.display_name, "New case")

    def test_code(self):
        center = self._make_center("TQC")
        first = self._report(center_id=center.id)
        self.assertTrue(re.fullmatch(r"TQC-2026-000001-\d", first.name))
        self.assertEqual(first.display_name, first.name)
        self.assertEqual(first.reported_at, fields.Datetime.now())
        self.assertEqual(first.reported_by_id, self.worker)

    def test_drafts_leave_no_gaps(self):
        center = self._make_center("TQC")
        first = self._report(center_id=center.id)
        self._draft(center_id=center.id)
        self._draft(center_id=center.id).unlink()
        second = self._report(center_id=center.id)
        self.assertTrue(first.name.startswith("TQC-2026-000001-"))
        self.assertTrue(second.name.startswith("TQC-2026-000002-"))

    def test_each_center_numbers_for_itself(self):
        centers = [self._make_center("TQC"), self._make_center("TQD")]
        for center in centers:
            case = self._report(center_id=center.id)
            self.assertTrue(case.name.startswith(f"{center.code}-2026-000001-"))

    def test_year_of_the_center(self):
        center = self._make_center("TQC")
        for moment, begin in (
            ("2026-12-31 18:59:59", "TQC-2026-000001-"),
            ("2026-12-31 19:00:00", "TQC-2027-000001-"),
            ("2026-12-31 23:30:00", "TQC-2027-000002-"),
            ("2027-12-31 19:00:00", "TQC-2028-000001-"),
        ):
            self.clock.move_to(moment)
            case = self._report(center_id=center.id)
            self.assertTrue(case.name.startswith(begin), f"{case.name} at {moment}")

    def test_year_west_of_greenwich(self):
        center = self._make_center("TQC", tz="America/Mexico_City")
        self.clock.move_to("2027-01-01 05:59:59")
        case = self._report(center_id=center.id)
        self.assertTrue(case.name.startswith("TQC-2026-000001-"))
        self.clock.move_to("2027-01-01 06:00:00")
        case = self._report(center_id=center.id)
        self.assertTrue(case.name.startswith("TQC-2027-000001-"))

    def test_year_is_of_the_report_not_of_the_draft(self):
        self.clock.move_to("2026-12-31 18:00:00")
        case = self._draft()
        self.clock.move_to("2026-12-31 20:00:00")
        case.action_report()
        self.assertTrue(case.name.startswith("TQA-2027-"))

    def test_check_digit_of_a_real_code(self):
        center = self._make_center("LQ2")
        # L = 21, Q = 26, then 2, the year and the number
        code = center._next_case_code(datetime(2026, 3, 10))
        self.assertEqual(code[:-1], "LQ2-2026-000001-")
        self.assertEqual(code[-1], damm.calc_check_digit("212622026000001"))
        self.assertEqual(check_digit_input("A1-2026-1"), "10120261")

    @settings(deadline=None, max_examples=100, database=None)
    @given(
        number=st.integers(min_value=1, max_value=999_999),
        year=st.integers(min_value=2020, max_value=2099),
        data=st.data(),
    )
    def test_check_digit_finds_every_slip(self, number, year, data):
        center = self.center
        sequence = type(self.env["ir.sequence"])
        self.patch(sequence, "_next", lambda *args, **kw: f"{number:06}")
        code = center._next_case_code(datetime(year, 6, 1))
        self.assertEqual(damm.checksum(check_digit_input(code)), 0)
        places = [i for i, character in enumerate(code) if character.isdigit()]
        place = data.draw(st.sampled_from(places))
        wrong = data.draw(
            st.sampled_from([d for d in "0123456789" if d != code[place]])
        )
        slipped = code[:place] + wrong + code[place + 1 :]
        self.assertNotEqual(damm.checksum(check_digit_input(slipped)), 0, slipped)
        left, right = data.draw(
            st.sampled_from(list(zip(places, places[1:], strict=False)))
        )
        if code[left] != code[right]:
            swapped = list(code)
            swapped[left], swapped[right] = code[right], code[left]
            swapped = "".join(swapped)
            self.assertNotEqual(damm.checksum(check_digit_input(swapped)), 0, swapped)

    # ------------------------------------------------------------------
    # What can't be written
    # ------------------------------------------------------------------
    def test_protected_fields_cant_be_written(self):
        for case in (self._draft(), self._report()):
            for name, value in PROTECTED.items():
                with (
                    self.subTest(field=name, state=case.state),
                    self.assertRaises(AccessError),
                ):
                    case.write({name: value})

    def test_protected_fields_cant_be_created(self):
        for name, value in PROTECTED.items():
            with self.subTest(field=name), self.assertRaises(AccessError):
                self._draft(**{name: value})

    def test_saying_draft_opens_no_back_door(self):
        for name, value in PROTECTED.items():
            if name == "state":
                continue
            with self.subTest(field=name), self.assertRaises(AccessError):
                self._draft(**{name: value, "state": "draft"})
        self.assertEqual(self._draft(state="draft").state, "draft")

    def test_context_defaults_open_no_back_door(self):
        Case = self.env["osc.case"].with_user(self.worker)
        forged = Case.with_context(
            default_state="reported",
            default_name="TQA-2026-999999-0",
            default_reported_at="2026-01-01 00:00:00",
            default_gap_discipline_ids=[
                fields.Command.link(self.disciplines["police"].id)
            ],
        ).create({"channel": "walk_in"})
        self.assertEqual(forged.state, "draft")
        self.assertFalse(forged.name)
        self.assertFalse(forged.reported_at)
        self.assertFalse(forged.gap_discipline_ids)

    def test_saved_defaults_open_no_back_door(self):
        """Everybody may save defaults for themselves, of any field.

        A draft with the next code would keep the next case from being reported.
        """
        Default = self.env["ir.default"].with_user(self.worker)
        Default.set("osc.case", "state", "reported", user_id=True)
        Default.set("osc.case", "name", "TQA-2026-000001-0", user_id=True)
        Default.set("osc.case", "reported_at", "2026-01-01 00:00:00", user_id=True)
        case = self.env["osc.case"].with_user(self.worker).create({"channel": "phone"})
        self.assertEqual(case.state, "draft")
        self.assertFalse(case.name)
        self.assertFalse(case.reported_at)

    def test_context_defaults_give_no_members(self):
        Case = self.env["osc.case"].with_user(self.worker)
        member = {
            "user_id": self.internal.id,
            "basis": "break_glass",
            "identity_access": True,
        }
        case = Case.with_context(
            default_member_ids=[fields.Command.create(member)]
        ).create({"channel": "walk_in"})
        self.assertEqual(case.sudo().member_ids.user_id, self.worker)

    def test_a_copy_is_a_new_draft(self):
        case = self._report(survivor_name=NAME, is_injured=True)
        copy = case.copy()
        self.assertEqual(copy.state, "draft")
        self.assertFalse(copy.name)
        self.assertFalse(copy.reported_at)
        self.assertFalse(copy.sudo().intimation_ids)
        self.assertNotEqual(copy.survivor_id, case.survivor_id)
        self.assertFalse(copy.survivor_name)

    @mute_logger("odoo.sql_db")
    def test_database_refuses_a_reported_case_without_code(self):
        draft = self._draft()
        with self.assertRaises(CheckViolation), self.cr.savepoint():
            self.env.cr.execute(
                "UPDATE osc_case SET state = 'reported' WHERE id = %s", [draft.id]
            )

    # ------------------------------------------------------------------
    # Center
    # ------------------------------------------------------------------
    def test_center_of_a_draft_may_change(self):
        case = self._draft()
        case.center_id = self.other_center
        case.action_report()
        self.assertTrue(case.name.startswith("TQB-"))

    def test_center_of_a_reported_case_stays(self):
        case = self._report()
        with self.assertRaises(UserError):
            case.center_id = self.other_center
        with self.assertRaises(UserError):
            case.sudo().center_id = self.other_center
        case.write({"center_id": self.center.id, "urgency": "routine"})
        self.assertEqual(case.urgency, "routine")

    def test_no_draft_at_a_closed_center(self):
        self.other_center.state = "closed"
        with self.assertRaisesRegex(ValidationError, "Center TQB is closed"):
            self._draft(center_id=self.other_center.id)

    def test_center_closed_since_the_draft(self):
        case = self._draft()
        self.center.state = "closed"
        with self.assertRaisesRegex(UserError, "Center TQA is closed"):
            case.action_report()
        self.assertEqual(case.state, "draft")
        self.assertFalse(case.sudo().intimation_ids)

    # ------------------------------------------------------------------
    # Deleting
    # ------------------------------------------------------------------
    def test_reported_case_cant_be_deleted(self):
        case = self._report()
        with self.assertRaises(UserError):
            case.unlink()
        case.action_close()
        with self.assertRaises(UserError):
            case.unlink()
        with self.assertRaises(UserError):
            case.sudo().unlink()

    def test_draft_goes_with_its_survivor(self):
        draft = self._draft(survivor_name=NAME)
        survivor = draft.survivor_id
        draft.unlink()
        self.assertFalse(survivor.sudo().exists())

    def test_draft_leaves_a_survivor_with_another_case(self):
        first = self._report(survivor_name=NAME)
        second = self._draft(survivor_id=first.survivor_id.id)
        second.unlink()
        self.assertEqual(first.survivor_id.full_name, NAME)

    def test_draft_leaves_a_survivor_whose_other_case_is_hidden(self):
        first = self._report(self.other_worker, survivor_name=NAME)
        survivor = first.sudo().survivor_id
        draft = self._draft()
        own = draft.sudo().survivor_id
        draft.sudo().survivor_id = survivor
        draft.unlink()
        self.assertTrue(survivor.exists())
        self.assertFalse(own.exists(), "nothing is kept about nobody")

    # ------------------------------------------------------------------
    # Close and reopen
    # ------------------------------------------------------------------
    def test_close(self):
        case = self._report()
        case.action_close()
        self.assertEqual(case.state, "closed")
        self.assertEqual(case.closed_at, fields.Datetime.now())
        self.assertEqual(set(case.sudo().intimation_ids.mapped("state")), {"cancelled"})
        with self.assertRaises(UserError):
            case.action_close()

    def test_close_keeps_what_was_done(self):
        case = self._police_case()
        self._intimation(case, self.people["police"].user_id).action_act("Went there")
        case.action_close()
        self.assertEqual(case.sudo().intimation_ids.state, "acted")

    def test_draft_cant_be_closed_or_reopened(self):
        draft = self._draft()
        with self.assertRaises(UserError):
            draft.action_close()
        with self.assertRaises(UserError):
            draft.action_reopen()

    def test_reopen(self):
        case = self._report()
        with self.assertRaises(UserError):
            case.action_reopen()
        code = case.name
        case.action_close()
        case.action_reopen()
        self.assertIn(case.state, ("reported", "active"))
        self.assertFalse(case.closed_at)
        self.assertEqual(case.name, code)

    def test_reopen_tells_again_whom_closing_called_off(self):
        """A case closed by mistake must not lose its alerts."""
        case = self._police_case()
        police = self.people["police"].user_id
        case.action_close()
        case.action_reopen()
        states = case.sudo().intimation_ids.sorted("id").mapped("state")
        self.assertEqual(states, ["cancelled", "sent"])
        self.assertEqual(case.sudo().intimation_ids.user_id, police)

    def test_reopen_does_not_tell_again_who_acted(self):
        case = self._police_case()
        self._intimation(case, self.people["police"].user_id).action_act("Went there")
        case.action_close()
        case.action_reopen()
        self.assertEqual(len(case.sudo().intimation_ids), 1)

    def test_reopen_tells_the_manager_of_a_gap_again(self):
        self.people["police"].shift_ids.unlink()
        self.backup.shift_ids.unlink()
        case = self._police_case()
        case.action_close()
        case.action_reopen()
        self.assertEqual(case.gap_discipline_ids, self.disciplines["police"])
        waiting = case.sudo().intimation_ids.filtered(lambda i: i.state == "sent")
        self.assertEqual(waiting.user_id, self.manager)

    def test_who_may_close_and_reopen(self):
        case = self._police_case()
        police = self.people["police"].user_id
        self._intimation(case, police).action_acknowledge()
        for user in (police, self.colleague, self.coordinator, self.administrator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                case.with_user(user).action_close()
        case.with_user(self.manager).action_close()
        with self.assertRaises(AccessError):
            case.with_user(police).action_reopen()
        case.with_user(self.manager).action_reopen()

    # ------------------------------------------------------------------
    # Case worker
    # ------------------------------------------------------------------
    def test_case_worker_must_have_the_role(self):
        case = self._draft()
        for user in (
            self.people["police"].user_id,
            self.internal,
            self.coordinator,
            self.administrator,
        ):
            with self.subTest(user=user.login), self.assertRaises(ValidationError):
                case.case_worker_id = user
        with self.assertRaises(ValidationError):
            self._draft(case_worker_id=self.internal.id)

    def test_case_worker_knows_who_she_is(self):
        case = self._draft()
        member = case.sudo().member_ids
        self.assertEqual(member.user_id, self.worker)
        self.assertEqual(member.basis, "assigned")
        self.assertTrue(member.identity_access)
        self.assertEqual(member.discipline_id.code, "casework")

    def test_replacing_the_case_worker_moves_access(self):
        case = self._report(survivor_name=NAME)
        self.assertFalse(case.with_user(self.colleague).has_access("read"))
        case.case_worker_id = self.colleague
        self.env.invalidate_all()
        self.assertFalse(case.with_user(self.worker).has_access("read"))
        self.assertFalse(
            case.sudo().survivor_id.with_user(self.worker).has_access("read")
        )
        mine = case.with_user(self.colleague)
        self.assertTrue(mine.has_access("write"))
        self.assertEqual(mine.survivor_name, NAME)
        rows = case.sudo().member_ids.filtered(lambda m: m.basis == "assigned")
        self.assertEqual(len(rows), 2, "revoked, not deleted")
        self.assertEqual(len(rows.filtered("revoked_at")), 1)

    def test_case_comes_back_to_its_first_worker(self):
        case = self._report()
        case.case_worker_id = self.colleague
        case.with_user(self.colleague).case_worker_id = self.worker
        self.env.invalidate_all()
        self.assertTrue(case.with_user(self.worker).has_access("write"))
        self.assertFalse(case.with_user(self.colleague).has_access("read"))

    def test_handing_over_in_the_form(self):
        """What the form does on Save: write, then read what is left to see."""
        case = self._report()
        result = case.web_save(
            {"case_worker_id": self.colleague.id}, {"display_name": {}}
        )
        self.assertEqual(case.sudo().case_worker_id, self.colleague)
        self.assertEqual(result, [], "nothing is left to see for her")
        self.assertEqual(
            case.with_user(self.manager).web_save(
                {"case_worker_id": self.worker.id}, {"channel": {}}
            ),
            [{"id": case.id, "channel": "walk_in"}],
        )

    def test_handing_over_together_with_a_fact(self):
        self._only_rule("police", domain="[('in_danger', '=', True)]")
        case = self._report()
        case.write({"case_worker_id": self.colleague.id, "in_danger": True})
        self.assertEqual(self._told(case), ["police"])

    def _told_of_take_over(self, case):
        messages = self.env["mail.message"].search(
            [
                ("model", "=", "osc.case"),
                ("res_id", "=", case.id),
                ("subject", "like", "has another case worker now"),
            ]
        )
        return messages.notified_partner_ids.user_ids

    def test_nobody_makes_themselves_case_worker_unnoticed(self):
        draft = self._draft()
        draft.with_user(self.colleague).case_worker_id = self.colleague
        self.assertEqual(self._told_of_take_over(draft), self.worker | self.manager)
        self.manager.group_ids += self.env.ref("osc_base.group_case_worker")
        case = self._report()
        case.with_user(self.manager).case_worker_id = self.manager
        self.assertEqual(self._told_of_take_over(case), self.worker | self.coordinator)
        case.with_user(self.manager).case_worker_id = self.worker
        self.assertEqual(
            self._told_of_take_over(case),
            self.worker | self.coordinator,
            "nobody is told that the case worker is another by somebody else's hand",
        )

    def test_taking_over_is_noticed_when_the_manager_has_left(self):
        self.manager.active = False
        case = self._report()
        case.excluded_user_ids = self.colleague
        self.assertFalse(case.sudo()._answering(self.coordinator))
        draft = self._draft()
        draft.with_user(self.colleague).case_worker_id = self.colleague
        self.assertEqual(self._told_of_take_over(draft), self.worker | self.coordinator)

    def test_case_without_case_worker(self):
        case = self._report()
        case.with_user(self.manager).case_worker_id = False
        self.env.invalidate_all()
        self.assertFalse(case.with_user(self.worker).has_access("read"))

    # ------------------------------------------------------------------
    # Excluded staff
    # ------------------------------------------------------------------
    def test_excluded_case_worker_is_refused(self):
        case = self._report()
        with self.assertRaises(ValidationError):
            case.excluded_user_ids = self.worker
        with self.assertRaises(ValidationError):
            self._draft(excluded_user_ids=[fields.Command.link(self.worker.id)])

    def test_excluded_before_reporting_are_never_told(self):
        self._only_rule("police")
        case = self._report(
            excluded_user_ids=[
                fields.Command.link(self.people["police"].user_id.id),
                fields.Command.link(self.manager.id),
            ]
        )
        self.assertEqual(self._users_told(case), self.backup.user_id)
        self.assertFalse(case.with_user(self.manager).has_access("read"))
        self.assertNotIn(self.manager, case.sudo().member_ids.user_id)

    def test_excluding_shuts_out_and_passes_on(self):
        case = self._police_case()
        police = self.people["police"].user_id
        intimation = self._intimation(case, police)
        intimation.action_acknowledge()
        self.env.invalidate_all()
        self.assertTrue(case.with_user(police).has_access("read"))
        case.excluded_user_ids = police
        self.env.invalidate_all()
        self.assertFalse(case.with_user(police).has_access("read"))
        self.assertEqual(intimation.sudo().state, "cancelled")
        self.assertEqual(
            self._intimation(case, self.backup.user_id).sudo().state, "sent"
        )

    def test_who_is_excluded_does_not_learn_why(self):
        """They may be the accused, and still see that they were told once."""
        case = self._police_case()
        police = self.people["police"].user_id
        intimation = self._intimation(case, police)
        case.excluded_user_ids = police
        self.env.invalidate_all()
        self.assertNotIn("exclu", intimation.close_reason.lower())

    def test_excluding_the_manager_of_a_gap_tells_the_coordinator(self):
        self.people["police"].shift_ids.unlink()
        self.backup.shift_ids.unlink()
        case = self._police_case()
        self.assertEqual(self._users_told(case), self.manager)
        case.excluded_user_ids = self.manager
        waiting = case.sudo().intimation_ids.filtered(lambda i: i.state == "sent")
        self.assertEqual(waiting.user_id, self.coordinator)
        self.assertEqual(case.gap_discipline_ids, self.disciplines["police"])

    def test_excluding_the_escalated_manager_tells_the_coordinator(self):
        self.backup.shift_ids.unlink()
        case = self._police_case()
        self._pass_minutes(15)
        self._watch()
        self.assertIn(self.manager, self._users_told(case))
        case.excluded_user_ids = self.manager
        self.assertIn(self.coordinator, self._users_told(case))

    def test_excluding_who_has_it_passes_on_when_the_rest_did_not_answer(self):
        second = self._make_representative("police", "police_two")
        case = self._police_case()
        self._intimation(case, second.user_id).action_acknowledge()
        self._pass_minutes(15)
        self._watch()
        self.assertNotIn(self.backup.user_id, self._users_told(case))
        case.excluded_user_ids = second.user_id
        self.assertIn(self.backup.user_id, self._users_told(case))
