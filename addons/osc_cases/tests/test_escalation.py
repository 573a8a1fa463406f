from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CasesCommon

LOGGER = "odoo.addons.osc_cases.models.osc_intimation_delivery"


@tagged("post_install", "-at_install")
class TestEscalation(CasesCommon):
    def setUp(self):
        super().setUp()
        self.police = self.people["police"].user_id

    def _levels(self, case):
        """Who was told, and at which level they were told, in order."""
        rows = case.sudo().intimation_ids.sorted("id")
        return [row.user_id.login.removeprefix("osc_test_") for row in rows]

    def _log(self, case):
        """How often the chatter says that the need went to each level."""
        bodies = " ".join(case.sudo().message_ids.mapped("body"))
        return {
            text: bodies.count(text)
            for text in (
                "told the backup",
                "told the center manager",
                "told the coordinator",
                "now a gap",
            )
            if text in bodies
        }

    def _after(self, minutes):
        self._pass_minutes(minutes)
        self._watch()

    # ------------------------------------------------------------------
    # Step by step
    # ------------------------------------------------------------------
    def test_all_the_way(self):
        case = self._police_case()
        steps = ["police"]
        for minutes, expected, log in (
            (14, steps, {}),
            (1, steps + ["backup"], {"told the backup": 1}),
            (14, steps + ["backup"], {"told the backup": 1}),
            (
                1,
                steps + ["backup", "manager"],
                {"told the backup": 1, "told the center manager": 1},
            ),
            (
                15,
                steps + ["backup", "manager", "coordinator"],
                {
                    "told the backup": 1,
                    "told the center manager": 1,
                    "told the coordinator": 1,
                },
            ),
        ):
            self._after(minutes)
            self.assertEqual(self._levels(case), expected)
            self.assertEqual(self._log(case), log)
            self.assertFalse(case.gap_discipline_ids)
        self._after(15)
        self.assertEqual(case.gap_discipline_ids, self.disciplines["police"])
        self.assertEqual(self._log(case)["now a gap"], 1)
        for _again in range(3):
            self._after(60)
        self.assertEqual(len(case.intimation_ids), 4)
        self.assertEqual(self._log(case)["now a gap"], 1)

    def test_levels(self):
        case = self._police_case()
        self._after(15)
        self._after(15)
        by_user = {i.user_id: i for i in case.intimation_ids}
        self.assertEqual(by_user[self.backup.user_id].representative_id, self.backup)
        self.assertFalse(by_user[self.manager].representative_id)
        self.assertEqual(by_user[self.manager].escalation_level, 2)
        self.assertEqual(set(case.intimation_ids.mapped("state")), {"sent"})

    def test_each_level_has_its_own_time(self):
        case = self._police_case(urgency="emergency")
        self._after(5)
        backup = self._intimation(case, self.backup.user_id).sudo()
        self.assertEqual(self._minutes(backup), 5)
        self.assertEqual(backup.urgency, "emergency")
        self._after(4)
        self.assertEqual(len(case.intimation_ids), 2)
        self._after(1)
        self.assertEqual(len(case.intimation_ids), 3)

    def test_over_midnight(self):
        self.clock.move_to("2026-03-10 18:55:00")
        case = self._police_case()
        self.clock.move_to("2026-03-10 19:10:00")
        self._watch()
        self.assertEqual(self._levels(case), ["police", "backup"])

    def test_job_that_runs_late(self):
        case = self._police_case()
        self._after(600)
        self.assertEqual(self._levels(case), ["police", "backup"], "one step at a time")

    def test_same_moment_does_nothing_more(self):
        case = self._police_case()
        self._after(15)
        self._reset_bus()
        messages = len(case.sudo().message_ids)
        self._watch()
        self._watch()
        self.assertEqual(self._levels(case), ["police", "backup"])
        self.assertEqual(len(case.sudo().message_ids), messages)
        self.assertFalse(self._bus())

    def test_two_primaries_are_one_need(self):
        self._make_representative("police", "police_two")
        case = self._police_case()
        self._after(15)
        self.assertEqual(self._levels(case), ["police", "police_two", "backup"])
        self._after(1)
        self.assertEqual(len(case.intimation_ids), 3)

    def test_half_a_need_is_not_escalated_twice(self):
        """A batch may end in the middle of a need."""
        self._make_representative("police", "police_two")
        case = self._police_case()
        self._pass_minutes(15)
        with patch("odoo.addons.osc_cases.models.osc_intimation_escalation.BATCH", 1):
            for _batch in range(4):
                self._watch()
        self.assertEqual(self._levels(case), ["police", "police_two", "backup"])

    # ------------------------------------------------------------------
    # Nobody at a level
    # ------------------------------------------------------------------
    def test_levels_without_anybody_are_skipped_at_once(self):
        self.backup.shift_ids.unlink()
        self.center.manager_id = False
        case = self._police_case()
        self._after(15)
        self.assertEqual(self._levels(case), ["police", "coordinator"])

    def test_backup_who_went_home_is_skipped(self):
        case = self._police_case()
        self.backup.shift_ids.end = fields.Datetime.now()
        self._after(15)
        self.assertEqual(self._levels(case), ["police", "manager"])

    def test_excluded_manager_is_skipped(self):
        self.backup.shift_ids.unlink()
        case = self._police_case(
            excluded_user_ids=[fields.Command.link(self.manager.id)]
        )
        self._after(15)
        self.assertEqual(self._levels(case), ["police", "coordinator"])

    def test_nobody_anywhere_is_a_gap_at_once(self):
        self.backup.shift_ids.unlink()
        self.center.write({"manager_id": False, "coordinator_id": False})
        case = self._police_case()
        self._after(15)
        self.assertEqual(case.gap_discipline_ids, self.disciplines["police"])

    def test_manager_who_is_the_only_representative(self):
        (self.people["police"] | self.backup).shift_ids.unlink()
        self._make_representative("police", user=self.manager)
        case = self._police_case()
        self._after(15)
        self.assertEqual(self._levels(case), ["manager", "coordinator"])

    def test_gap_goes_on_from_the_manager(self):
        (self.people["police"] | self.backup).shift_ids.unlink()
        case = self._police_case()
        self._after(15)
        self.assertEqual(self._levels(case), ["manager", "coordinator"])
        self._after(15)
        self.assertEqual(case.gap_discipline_ids, self.disciplines["police"])
        self.assertEqual(len(case.intimation_ids), 2)

    def test_who_came_on_duty_for_a_gap_has_time_first(self):
        (self.people["police"] | self.backup).shift_ids.unlink()
        case = self._police_case()
        self._pass_minutes(10)
        self._make_shift(self.people["police"])
        self._watch()
        self.assertEqual(self._levels(case), ["manager", "police"])
        self._after(5)
        self.assertEqual(self._levels(case), ["manager", "police"])
        self._after(10)
        self.assertEqual(self._levels(case), ["manager", "police", "coordinator"])

    # ------------------------------------------------------------------
    # Somebody took it on
    # ------------------------------------------------------------------
    def test_acknowledged_in_the_last_second(self):
        case = self._police_case()
        self._pass_minutes(15)
        self._intimation(case, self.police).action_acknowledge()
        self._watch()
        self.assertEqual(self._levels(case), ["police"])

    def test_nothing_happens_when_a_colleague_has_it(self):
        second = self._make_representative("police", "police_two")
        case = self._police_case()
        self._intimation(case, second.user_id).action_acknowledge()
        for _hour in range(3):
            self._after(60)
        self.assertEqual(self._levels(case), ["police", "police_two"])
        self.assertFalse(case.gap_discipline_ids)

    def test_first_one_answers_after_the_backup_was_told(self):
        case = self._police_case()
        self._after(15)
        self._intimation(case, self.police).action_acknowledge()
        self._after(60)
        self.assertEqual(self._levels(case), ["police", "backup"])

    def test_needs_are_apart(self):
        self._only_rule("legal", "police")
        case = self._report()
        self._intimation(case, self.people["legal"].user_id).action_acknowledge()
        self._after(15)
        self.assertEqual(self._levels(case), ["legal", "police", "backup"])

    def test_cases_are_apart(self):
        first = self._police_case()
        second = self._report()
        self._intimation(first, self.police).action_acknowledge()
        self._after(15)
        self.assertEqual(self._levels(first), ["police"])
        self.assertEqual(self._levels(second), ["police", "backup"])

    def test_closed_case_is_left_alone(self):
        case = self._police_case()
        case.action_close()
        self._after(60)
        self.assertEqual(self._levels(case), ["police"])

    # ------------------------------------------------------------------
    # Declined
    # ------------------------------------------------------------------
    def test_everybody_declines(self):
        case = self._police_case()
        for user, told in (
            (self.police, ["police", "backup"]),
            (self.backup.user_id, ["police", "backup", "manager"]),
            (self.manager, ["police", "backup", "manager", "coordinator"]),
        ):
            self._intimation(case, user).action_decline("Can't")
            self.env.invalidate_all()
            self.assertEqual(self._levels(case), told)
            self.assertFalse(case.gap_discipline_ids)
        self._intimation(case, self.coordinator).action_decline("Can't")
        self.env.invalidate_all()
        self.assertEqual(case.gap_discipline_ids, self.disciplines["police"])
        self._after(60)
        self.assertEqual(len(case.intimation_ids), 4)

    def test_declined_at_each_level_after_silence(self):
        """Silence, then a refusal: the refusal passes on at once, at every level."""
        case = self._police_case()
        self._after(15)
        self._intimation(case, self.backup.user_id).action_decline("Can't")
        self.assertEqual(self._levels(case), ["police", "backup", "manager"])
        self._intimation(case, self.manager).action_decline("Can't")
        self.assertEqual(
            self._levels(case), ["police", "backup", "manager", "coordinator"]
        )
        self._intimation(case, self.coordinator).action_decline("Can't")
        self.env.invalidate_all()
        self.assertEqual(case.gap_discipline_ids, self.disciplines["police"])

    def test_who_had_it_gives_it_back_after_the_others_time_ran_out(self):
        second = self._make_representative("police", "police_two")
        case = self._police_case()
        mine = self._intimation(case, second.user_id)
        mine.action_acknowledge()
        self._after(30)
        mine.action_decline("Called away")
        self.assertEqual(self._levels(case), ["police", "police_two", "backup"])

    def test_gap_of_everybody_who_declined_is_filled_by_the_next_shift(self):
        self.center.write({"manager_id": False, "coordinator_id": False})
        self.backup.shift_ids.unlink()
        case = self._police_case()
        self._intimation(case, self.police).action_decline("Can't")
        self.env.invalidate_all()
        self.assertTrue(case.gap_discipline_ids)
        self._make_representative("police", "police_two")
        self._watch()
        self.assertEqual(self._levels(case), ["police", "police_two"])
        self.assertFalse(case.gap_discipline_ids)

    # ------------------------------------------------------------------
    # The job
    # ------------------------------------------------------------------
    def test_one_failing_need_does_not_stop_the_others(self):
        first = self._police_case()
        second = self._report()
        third = self._report()
        self._pass_minutes(15)
        Case = type(self.env["osc.case"])
        original = Case._escalate

        def escalate(case, discipline):
            result = original(case, discipline)
            if case == second:
                raise RuntimeError("the disk is full")
            return result

        self._reset_bus()
        with patch.object(Case, "_escalate", escalate), mute_logger(LOGGER):
            self._watch()
        self.assertEqual(self._levels(first), ["police", "backup"])
        self.assertEqual(self._levels(second), ["police"])
        self.assertEqual(self._levels(third), ["police", "backup"])
        told = [
            payload["code"]
            for partner, payload in self._bus()
            if partner == self.backup.user_id.partner_id.id
        ]
        self.assertEqual(told, [first.name, third.name], "open screens are told, too")
        self._watch()
        self.assertEqual(self._levels(second), ["police", "backup"])

    def test_failure_is_logged_by_id(self):
        case = self._police_case(survivor_name="Zarmina")
        self._pass_minutes(15)
        Case = type(self.env["osc.case"])
        with (
            patch.object(Case, "_escalate", side_effect=RuntimeError("no")),
            self.assertLogs(LOGGER, "ERROR") as logs,
        ):
            self._watch()
        text = "\n".join(logs.output)
        self.assertIn(f"({case.sudo().intimation_ids.id},)", text)
        self.assertNotIn("Zarmina", text)

    def test_watch_job_is_asked_for_at_once_and_at_the_due_time(self):
        cron = self.env.ref("osc_cases.osc_intimation_cron_watch")
        before = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        case = self._police_case()
        added = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]) - before
        self.assertIn(fields.Datetime.now(), added.mapped("call_at"))
        self.assertIn(case.intimation_ids.due_at, added.mapped("call_at"))

    def test_watch_job_runs_every_minute(self):
        cron = self.env.ref("osc_cases.osc_intimation_cron_watch")
        self.assertEqual((cron.interval_number, cron.interval_type), (1, "minutes"))
        self.assertTrue(cron.active)
        case = self._police_case()
        self._pass_minutes(15)
        cron.ir_actions_server_id.with_user(cron.user_id).run()
        self.assertEqual(self._levels(case), ["police", "backup"])
