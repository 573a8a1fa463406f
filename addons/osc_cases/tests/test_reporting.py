from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CasesCommon


@tagged("post_install", "-at_install")
class TestReporting(CasesCommon):
    # ------------------------------------------------------------------
    # Who is told
    # ------------------------------------------------------------------
    def test_primary_on_duty_is_told(self):
        case = self._police_case()
        intimation = case.intimation_ids
        self.assertEqual(intimation.user_id, self.people["police"].user_id)
        self.assertEqual(intimation.representative_id, self.people["police"])
        self.assertEqual(intimation.state, "sent")
        self.assertEqual(intimation.escalation_level, 0)
        self.assertEqual(intimation.sent_at, fields.Datetime.now())
        self.assertEqual(intimation.case_code, case.name)
        self.assertEqual(intimation.center_id, self.center)
        self.assertFalse(case.gap_discipline_ids)

    def test_all_primaries_are_told(self):
        second = self._make_representative("police", "police_two")
        case = self._police_case()
        self.assertEqual(
            self._users_told(case), self.people["police"].user_id | second.user_id
        )

    def test_backup_only_when_no_primary_is_there(self):
        self.people["police"].shift_ids.unlink()
        case = self._police_case()
        self.assertEqual(case.intimation_ids.user_id, self.backup.user_id)
        self.assertEqual(case.intimation_ids.escalation_level, 1)
        self.assertFalse(case.gap_discipline_ids)

    def test_shift_begins_and_ends_on_the_second(self):
        self.backup.shift_ids.unlink()
        shift = self.people["police"].shift_ids
        self._only_rule("police")
        cases = {}
        for name, moment in (
            ("before", shift.start - fields.Datetime.now().resolution * 1_000_000),
            ("start", shift.start),
            ("last", shift.end - fields.Datetime.now().resolution * 1_000_000),
            ("end", shift.end),
        ):
            self.clock.move_to(moment)
            cases[name] = self._report()
        told = {
            name: self.people["police"].user_id in self._users_told(case)
            for name, case in cases.items()
        }
        self.assertEqual(
            told, {"before": False, "start": True, "last": True, "end": False}
        )

    def test_people_of_another_center_are_not_told(self):
        self._make_representative("police", "police_b", center=self.other_center)
        case = self._police_case()
        self.assertEqual(self._users_told(case), self.people["police"].user_id)

    def test_people_who_cant_take_cases_are_not_told(self):
        second = self._make_representative("police", "police_two")
        second.user_id.active = False
        third = self._make_representative("police", "police_three")
        third.active = False
        case = self._police_case()
        self.assertEqual(self._users_told(case), self.people["police"].user_id)

    def test_hook_of_other_addons_keeps_the_untrained_out(self):
        second = self._make_representative("police", "police_two")
        police = self.people["police"]
        Representative = type(self.env["osc.representative"])
        original = Representative._compute_assignable

        def compute(records):
            original(records)
            (records & police).assignable = False

        self.patch(Representative, "_compute_assignable", compute)
        self.env.invalidate_all()
        case = self._police_case()
        self.assertEqual(self._users_told(case), second.user_id)

    def test_person_of_two_disciplines(self):
        """Is told for the one of the present shift, and only for that one."""
        legal = self.people["legal"]
        second = self._make_representative(
            "financial", user=legal.user_id, on_duty=False
        )
        self.people["financial"].shift_ids.unlink()
        self._only_rule("legal", "financial")
        case = self._report()
        mine = case.intimation_ids.filtered(lambda i: i.user_id == legal.user_id)
        self.assertEqual(mine.discipline_id.code, "legal")
        self.assertEqual(case.gap_discipline_ids.mapped("code"), ["financial"])
        legal.shift_ids.unlink()
        self._make_shift(second)
        self._watch()
        mine = case.intimation_ids.filtered(lambda i: i.user_id == legal.user_id)
        self.assertEqual(
            sorted(mine.mapped("discipline_id.code")), ["financial", "legal"]
        )
        self.assertEqual(set(mine.mapped("state")), {"sent"})

    def test_whom_it_concerns_does_not_depend_on_who_reports(self):
        case = self._draft(center_id=self.other_center.id)
        self._only_rule("police")
        self._make_representative("police", "police_b", center=self.other_center)
        case.action_report()
        self.assertEqual(len(self._users_told(case)), 1)

    def test_several_drafts_at_once(self):
        self._only_rule("police")
        cases = self._draft() | self._draft()
        cases.action_report()
        self.assertEqual(len(set(cases.mapped("name"))), 2)
        for case in cases:
            self.assertEqual(len(case.intimation_ids), 1)

    def test_no_case_at_all(self):
        self.assertTrue(
            self.env["osc.case"].with_user(self.worker).browse().action_report()
        )

    # ------------------------------------------------------------------
    # Who may report
    # ------------------------------------------------------------------
    def test_colleague_reports_a_draft_of_the_own_center(self):
        self._only_rule("police")
        case = self._draft()
        case.with_user(self.colleague).action_report()
        self.assertEqual(case.state, "reported")
        self.assertEqual(self._users_told(case), self.people["police"].user_id)
        self.env.invalidate_all()
        theirs = case.with_user(self.colleague)
        self.assertTrue(theirs.has_access("read"))
        self.assertFalse(theirs.identity_visible)

    def test_who_may_not_report(self):
        case = self._draft()
        for user in (
            self.people["police"].user_id,
            self.other_worker,
            self.other_manager,
            self.coordinator,
            self.auditor,
            self.administrator,
            self.internal,
            self.portal,
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                case.with_user(user).action_report()
        self.assertEqual(case.state, "draft")

    def test_manager_supervises_without_identity(self):
        case = self._report()
        member = case.sudo().member_ids.filtered(lambda m: m.user_id == self.manager)
        self.assertEqual(member.basis, "supervision")
        self.assertFalse(member.identity_access)
        self.assertNotIn(self.coordinator, case.sudo().member_ids.user_id)

    # ------------------------------------------------------------------
    # Gaps
    # ------------------------------------------------------------------
    def _nobody_of_the_police(self):
        (self.people["police"] | self.backup).shift_ids.unlink()

    def test_gap_is_shown_and_told_to_the_manager(self):
        self._nobody_of_the_police()
        case = self._police_case()
        self.assertEqual(case.gap_discipline_ids, self.disciplines["police"])
        intimation = case.intimation_ids
        self.assertEqual(intimation.user_id, self.manager)
        self.assertFalse(intimation.representative_id)
        self.assertEqual(intimation.escalation_level, 2)
        self.assertEqual(intimation.state, "sent")

    def test_gap_goes_to_the_coordinator_without_a_manager(self):
        self._nobody_of_the_police()
        self.center.manager_id = False
        case = self._police_case()
        self.assertEqual(case.intimation_ids.user_id, self.coordinator)
        self.assertEqual(case.intimation_ids.escalation_level, 3)

    def test_gap_goes_to_the_coordinator_when_the_manager_is_excluded(self):
        self._nobody_of_the_police()
        case = self._police_case(
            excluded_user_ids=[fields.Command.link(self.manager.id)]
        )
        self.assertEqual(case.intimation_ids.user_id, self.coordinator)

    def test_gap_goes_to_the_coordinator_when_the_manager_left(self):
        self._nobody_of_the_police()
        self.manager.active = False
        case = self._police_case()
        self.assertEqual(case.intimation_ids.user_id, self.coordinator)

    def test_manager_who_lost_the_role_is_not_relied_on(self):
        """Without a role the screen of the manager would show nothing."""
        self._nobody_of_the_police()
        self.manager.group_ids = self.env.ref("base.group_user")
        case = self._police_case()
        self.assertEqual(case.intimation_ids.user_id, self.coordinator)

    def test_gap_without_anybody_stays_on_the_case(self):
        self._nobody_of_the_police()
        self.center.write({"manager_id": False, "coordinator_id": False})
        case = self._police_case()
        self.assertFalse(case.intimation_ids)
        self.assertEqual(case.gap_discipline_ids, self.disciplines["police"])

    def test_several_gaps_are_each_told(self):
        self._nobody_of_the_police()
        self.people["legal"].shift_ids.unlink()
        self._only_rule("police", "legal")
        case = self._report()
        self.assertEqual(self._told(case), ["legal", "police"])
        self.assertEqual(case.intimation_ids.user_id, self.manager)

    def test_gap_is_told_once(self):
        self._nobody_of_the_police()
        case = self._police_case()
        case.in_danger = True
        case.urgency = "emergency"
        self._watch()
        self.assertEqual(len(case.intimation_ids), 1)

    def test_gap_is_logged_without_a_name(self):
        self._nobody_of_the_police()
        case = self._police_case(survivor_name="Zarmina")
        bodies = " ".join(case.sudo().message_ids.mapped("body"))
        self.assertEqual(bodies.count("nobody is on duty"), 1)
        self.assertNotIn("Zarmina", bodies)

    def test_she_is_called_as_a_word_of_the_program_or_as_a_colleague(self):
        self._nobody_of_the_police()
        case = self._police_case(survivor_name="Police")
        self.assertEqual(case.gap_discipline_ids, self.disciplines["police"])
        self.assertTrue(case.intimation_ids, "nobody was told")
        case = self._police_case(survivor_name=self.colleague.name)
        self._break_glass(case, self.colleague)
        self.assertTrue(case.with_user(self.colleague).user_may_open)
        with self.assertRaises(UserError):
            case.message_post(body=f"{self.colleague.name} slept")

    def test_gap_closes_when_somebody_comes_on_duty(self):
        self._nobody_of_the_police()
        case = self._police_case()
        self._pass_minutes(3)
        self._watch()
        self.assertEqual(len(case.intimation_ids), 1)
        self._make_shift(self.people["police"])
        self._watch()
        police = self._intimation(case, self.people["police"].user_id).sudo()
        self.assertEqual(police.state, "sent")
        self.assertEqual(police.sent_at, fields.Datetime.now())
        self.assertFalse(case.gap_discipline_ids)
        self._watch()
        self.assertEqual(len(case.intimation_ids), 2, "told once")

    def test_gap_of_the_night_is_filled_by_the_day_shift(self):
        self._nobody_of_the_police()
        self.clock.move_to("2026-03-10 18:58:00")
        case = self._police_case()
        self.env["osc.duty.shift"].create(
            {
                "representative_id": self.people["police"].id,
                "start": "2026-03-10 19:00:00",
                "end": "2026-03-11 03:00:00",
            }
        )
        self._watch()
        self.assertTrue(case.gap_discipline_ids)
        self.clock.move_to("2026-03-10 19:00:00")
        self._watch()
        self.assertFalse(case.gap_discipline_ids)
        self.assertIn(self.people["police"].user_id, self._users_told(case))

    def test_who_comes_next_is_told_when_the_first_declines(self):
        """The manager who acknowledged a gap isn't the police."""
        for declines in (True, False):
            with self.subTest(declines=declines):
                self.env["osc.duty.shift"].search([]).unlink()
                case = self._police_case()
                self._intimation(case, self.manager).action_acknowledge()
                self._make_shift(self.people["police"], hours=1)
                self._watch()
                self.assertFalse(case.gap_discipline_ids)
                mine = self._intimation(case, self.people["police"].user_id)
                if declines:
                    mine.action_decline("Not my district")
                else:
                    self._pass_minutes(90)
                    self._watch()
                self.assertEqual(case.gap_discipline_ids, self.disciplines["police"])
                self._watch()
                told = [self.manager, self.people["police"].user_id]
                self.assertEqual(
                    case.intimation_ids.sorted("id").user_id.ids,
                    [user.id for user in told],
                )
                self._make_shift(self.backup)
                self._watch()
                self.assertFalse(case.gap_discipline_ids)
                self.assertIn(self.backup.user_id, self._users_told(case))

    def test_whom_closing_called_off_is_told_on_coming_on_duty(self):
        case = self._police_case()
        police = self.people["police"]
        self.env["osc.duty.shift"].search([]).unlink()
        case.action_close()
        case.action_reopen()
        self.assertEqual(case.gap_discipline_ids, self.disciplines["police"])
        self._make_shift(police)
        self._watch()
        self.assertFalse(case.gap_discipline_ids)
        mine = case.intimation_ids.filtered(lambda i: i.user_id == police.user_id)
        self.assertEqual(mine.sorted("id").mapped("state"), ["cancelled", "sent"])

    def test_who_had_finished_is_told_of_new_danger_on_coming_on_duty(self):
        case = self._police_case(rule={"domain": "[]"}, urgency="urgent")
        police = self.people["police"]
        self._intimation(case, police.user_id).action_act("Went there")
        self._pass_minutes(60)
        self.env["osc.duty.shift"].search([]).unlink()
        case.sudo().gap_discipline_ids = self.disciplines["police"]
        self._make_shift(police)
        self._watch()
        mine = case.intimation_ids.filtered(lambda i: i.user_id == police.user_id)
        self.assertEqual(mine.sorted("id").mapped("state"), ["acted", "sent"])
        self._watch()
        self.assertEqual(len(case.intimation_ids), 2, "once")

    def test_gap_is_not_filled_by_excluded_staff(self):
        self._nobody_of_the_police()
        case = self._police_case(
            excluded_user_ids=[fields.Command.link(self.people["police"].user_id.id)]
        )
        self._make_shift(self.people["police"])
        self._watch()
        self.assertTrue(case.gap_discipline_ids)
        self.assertNotIn(self.people["police"].user_id, self._users_told(case))

    def test_gap_of_a_closed_case_is_left_alone(self):
        self._nobody_of_the_police()
        case = self._police_case()
        case.action_close()
        self._make_shift(self.people["police"])
        self._watch()
        self.assertNotIn(self.people["police"].user_id, self._users_told(case))

    def test_gap_closes_when_the_manager_acts(self):
        self._nobody_of_the_police()
        case = self._police_case()
        mine = self._intimation(case, self.manager)
        mine.action_acknowledge()
        self.assertTrue(case.gap_discipline_ids, "acknowledging covers nothing yet")
        mine.action_act("The next police station sends somebody")
        self.assertFalse(case.gap_discipline_ids)
        self._make_shift(self.people["police"])
        self._watch()
        self.assertEqual(len(case.intimation_ids), 1)

    def test_manager_who_comes_on_duty_as_representative(self):
        """One person, one need: the intimation becomes the representative's."""
        self._nobody_of_the_police()
        self.people["legal"].shift_ids.unlink()
        self._only_rule("police", "legal")
        case = self._report()
        manager = self._make_representative("police", user=self.manager)
        self._make_shift(self.people["legal"])
        self._watch()
        police = case.intimation_ids.filtered(
            lambda i: i.discipline_id.code == "police"
        )
        self.assertEqual(len(police), 1)
        self.assertEqual(police.representative_id, manager)
        self.assertFalse(case.gap_discipline_ids)
        self.assertIn(self.people["legal"].user_id, self._users_told(case))

    def test_fact_added_when_the_manager_is_on_duty_as_representative(self):
        self._nobody_of_the_police()
        case = self._police_case()
        self._make_representative("police", user=self.manager)
        case.in_danger = True
        self.assertEqual(len(case.intimation_ids), 1)
        self.assertFalse(case.gap_discipline_ids)

    # ------------------------------------------------------------------
    # Due times
    # ------------------------------------------------------------------
    def test_default_due_times(self):
        self._only_rule("police")
        for urgency, minutes in (("emergency", 5), ("urgent", 15), ("routine", 60)):
            with self.subTest(urgency=urgency):
                case = self._report(urgency=urgency)
                self.assertEqual(self._minutes(case.intimation_ids), minutes)

    def test_due_times_without_policy(self):
        nowhere = self.env["res.country"].create({"name": "Nowhere", "code": "QY"})
        center = self._make_center("TQY", country_id=nowhere.id)
        self._make_representative("police", "police_y", center=center)
        self._only_rule("police")
        for urgency, minutes in (("emergency", 5), ("urgent", 15), ("routine", 60)):
            with self.subTest(urgency=urgency):
                case = self._report(urgency=urgency, center_id=center.id)
                self.assertEqual(self._minutes(case.intimation_ids), minutes)

    def test_due_times_of_the_policy_of_the_day(self):
        self.policy.write({"valid_to": "2026-03-10", "acknowledge_minutes_urgent": 20})
        self.policy.copy(
            {
                "name": "From the 11th",
                "valid_from": "2026-03-11",
                "valid_to": False,
                "acknowledge_minutes_urgent": 7,
            }
        )
        self._only_rule("police")
        self.clock.move_to("2026-03-10 18:59:59")
        self.assertEqual(self._minutes(self._report().intimation_ids), 20)
        # midnight at the center
        self.clock.move_to("2026-03-10 19:00:00")
        self.assertEqual(self._minutes(self._report().intimation_ids), 7)

    # ------------------------------------------------------------------
    # Again, and later
    # ------------------------------------------------------------------
    def test_reporting_twice_tells_once(self):
        case = self._police_case()
        code = case.name
        self._pass_minutes(1)
        self.assertTrue(case.action_report())
        self.assertEqual(case.name, code)
        self.assertEqual(len(case.intimation_ids), 1)
        self.assertLess(case.reported_at, fields.Datetime.now())

    def test_reporting_a_closed_case_changes_nothing(self):
        case = self._police_case()
        case.action_close()
        case.action_report()
        self.assertEqual(case.state, "closed")
        self.assertEqual(len(case.intimation_ids), 1)

    def test_draft_tells_nobody(self):
        case = self._draft(in_danger=True, is_injured=True)
        case.incident_ids = [self._incident("rape")]
        case.urgency = "emergency"
        self.assertFalse(case.sudo().intimation_ids)
        self.assertFalse(self._bus())

    def test_facts_added_later(self):
        service = self.env["osc.service"].create(
            {
                "name": "Cash",
                "code": "osc_test_cash",
                "discipline_id": self.disciplines["financial"].id,
            }
        )
        case = self._report(urgency="routine")
        told = ["psychosocial"]
        self.assertEqual(self._told(case), told)
        for vals, new in (
            ({"lives_with_accused": True}, ["legal"]),
            ({"is_injured": True}, ["medical"]),
            ({"no_safe_place": True}, ["shelter"]),
            ({"in_danger": True}, ["police"]),
            ({"incident_ids": [self._incident("rape")]}, ["forensic"]),
            ({"survivor_age": 13}, ["child_protection"]),
            (
                {"requested_service_ids": [fields.Command.link(service.id)]},
                ["financial"],
            ),
            ({"suspected_trafficking": True}, []),
            ({"urgency": "emergency"}, []),
            ({"lives_with_accused": False}, []),
        ):
            with self.subTest(vals=list(vals)):
                self._pass_minutes(1)
                case.write(vals)
                told = sorted(told + new)
                self.assertEqual(self._told(case), told)

    def test_emergency_later_tells_medical_and_police(self):
        case = self._report(urgency="routine")
        case.urgency = "emergency"
        self.assertEqual(self._told(case), ["medical", "police", "psychosocial"])

    def test_incident_added_on_its_own(self):
        case = self._report()
        self.env["osc.incident"].with_user(self.worker).create(
            {"case_id": case.id, "type_id": self.types["physical_assault"].id}
        )
        self.assertIn("forensic", self._told(case))

    def test_incident_corrected(self):
        case = self._report(incident_ids=[self._incident("psychological")])
        self.assertEqual(self._told(case), ["legal", "psychosocial"])
        case.incident_ids.type_id = self.types["sexual_assault"]
        self.assertEqual(
            self._told(case),
            ["forensic", "legal", "medical", "police", "psychosocial"],
        )

    def test_discipline_that_declined_is_not_told_again_by_a_fact(self):
        case = self._police_case()
        self._intimation(case, self.people["police"].user_id).action_decline("Busy")
        self._intimation(case, self.backup.user_id)
        case.in_danger = True
        self.assertEqual(len(case.intimation_ids), 2)

    # ------------------------------------------------------------------
    # Urgency
    # ------------------------------------------------------------------
    def test_urgency_raised_shortens_the_time(self):
        case = self._police_case(urgency="routine")
        intimation = case.intimation_ids
        self._pass_minutes(10)
        case.urgency = "emergency"
        self.assertEqual(intimation.urgency, "emergency")
        self.assertEqual(self._minutes(intimation), 15)

    def test_urgency_raised_late_never_lengthens(self):
        case = self._police_case(urgency="routine")
        intimation = case.intimation_ids
        due_at = intimation.due_at
        self._pass_minutes(58)
        case.urgency = "emergency"
        self.assertEqual(intimation.due_at, due_at)
        self.assertEqual(intimation.urgency, "emergency")

    def test_urgency_lowered_changes_nothing(self):
        case = self._police_case(urgency="emergency")
        due_at = case.intimation_ids.due_at
        case.urgency = "routine"
        self.assertEqual(case.intimation_ids.due_at, due_at)
        self.assertEqual(case.intimation_ids.urgency, "emergency")

    def test_urgency_raised_leaves_answered_ones_alone(self):
        case = self._police_case(urgency="routine")
        mine = self._intimation(case, self.people["police"].user_id)
        mine.action_acknowledge()
        due_at = mine.due_at
        case.urgency = "emergency"
        self.assertEqual(mine.due_at, due_at)
        self.assertEqual(mine.urgency, "routine")

    def test_urgency_raised_for_disciplines_no_rule_names_any_more(self):
        """Told when nothing was known; what is known now doesn't make it slower."""
        case = self._report(urgency="routine")
        psychosocial = case.intimation_ids
        case.incident_ids = [self._incident("non_gbv")]
        case.urgency = "emergency"
        self.assertEqual(psychosocial.urgency, "emergency")
        self.assertEqual(self._minutes(psychosocial), 5)

    # ------------------------------------------------------------------
    # Cost
    # ------------------------------------------------------------------
    def _queries_to_report(self, case):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        case.action_report()
        self.env.flush_all()
        self.env.cr.precommit.run()
        return self.cr.sql_log_count - before

    def test_cost_does_not_grow_with_the_people_on_duty(self):
        self._only_rule("police")
        self._queries_to_report(self._draft())  # warm the caches
        one = self._queries_to_report(self._draft())
        self._make_people([("police", f"police_{number}") for number in range(19)])
        self._queries_to_report(self._draft())
        case = self._draft()
        twenty = self._queries_to_report(case)
        self.assertEqual(len(case.intimation_ids), 20)
        self.assertLessEqual(twenty, one + 2)

    def test_budget_of_five_intimations(self):
        vals = {"incident_ids": [self._incident("rape")]}
        self._queries_to_report(self._draft(**vals))
        case = self._draft(**vals)
        queries = self._queries_to_report(case)
        self.assertEqual(len(case.intimation_ids), 5)
        self.assertLessEqual(queries, 64)
