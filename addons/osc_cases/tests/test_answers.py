from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import NAME, CasesCommon


@tagged("post_install", "-at_install")
class TestAnswers(CasesCommon):
    def setUp(self):
        super().setUp()
        self.police = self.people["police"].user_id
        self.case = self._police_case(survivor_name=NAME)
        self.mine = self._intimation(self.case, self.police)

    # ------------------------------------------------------------------
    # Acknowledge
    # ------------------------------------------------------------------
    def test_acknowledge_opens_the_case_without_identity(self):
        case = self.case.with_user(self.police)
        self.assertFalse(case.has_access("read"))
        self._pass_minutes(2)
        self.mine.action_acknowledge()
        self.env.invalidate_all()
        self.assertEqual(self.mine.state, "acknowledged")
        self.assertEqual(self.mine.acknowledged_at, fields.Datetime.now())
        self.assertEqual(self.mine.acknowledge_minutes, 2)
        self.assertTrue(case.has_access("read"))
        self.assertFalse(case.has_access("write"))
        self.assertEqual(case.state, "active")
        member = self.case.sudo().member_ids.filtered(
            lambda m: m.user_id == self.police
        )
        self.assertEqual(member.basis, "intimated")
        self.assertEqual(member.discipline_id.code, "police")
        self.assertFalse(member.identity_access)
        self.assertFalse(case.survivor_name)
        self.assertFalse(case.identity_visible)

    def test_acknowledge_again_changes_nothing(self):
        self.mine.action_acknowledge()
        members = self.case.sudo().member_ids
        acknowledged_at = self.mine.acknowledged_at
        self._pass_minutes(5)
        self.assertTrue(self.mine.action_acknowledge())
        self.assertEqual(self.mine.acknowledged_at, acknowledged_at)
        self.assertEqual(self.case.sudo().member_ids, members)

    def test_acknowledge_after_acting_changes_nothing(self):
        self.mine.action_act("Went there")
        self.assertTrue(self.mine.action_acknowledge())
        self.assertEqual(self.mine.state, "acted")

    def test_acknowledge_late_is_welcome(self):
        self._pass_minutes(60)
        self._watch()
        self.mine.action_acknowledge()
        self.assertEqual(self.mine.state, "acknowledged")

    def test_cancelled_and_declined_cant_be_acknowledged(self):
        self.case.action_close()
        with self.assertRaisesRegex(UserError, "cancelled"):
            self.mine.action_acknowledge()
        case = self._report()
        other = self._intimation(case, self.police)
        other.action_decline("Busy")
        with self.assertRaisesRegex(UserError, "declined"):
            other.action_acknowledge()

    def test_several_at_once(self):
        second = self._intimation(self._report(), self.police)
        (self.mine | second).action_acknowledge()
        self.assertEqual(
            (self.mine | second).mapped("state"), ["acknowledged", "acknowledged"]
        )

    def test_case_that_is_active_stays_active(self):
        self.mine.action_acknowledge()
        self.mine.action_decline("Called away")
        self.assertEqual(self.case.state, "active")

    def test_acknowledge_after_emergency_access_ended(self):
        """A membership that ran out must not stand in the way of a new one."""
        member = self.env["osc.case.member"].create(
            {
                "case_id": self.case.id,
                "user_id": self.police.id,
                "basis": "intimated",
                "discipline_id": self.disciplines["police"].id,
                "valid_until": fields.Datetime.now() + timedelta(minutes=1),
            }
        )
        self._pass_minutes(1)
        self.mine.action_acknowledge()
        self.env.invalidate_all()
        self.assertTrue(self.case.with_user(self.police).has_access("read"))
        self.assertTrue(member.revoked_at)

    def test_averages_leave_out_what_was_not_answered(self):
        second = self._report()
        self._pass_minutes(4)
        self.mine.action_acknowledge()
        Intimation = self.env["osc.intimation"].with_user(self.manager)
        both = (self.mine | second.intimation_ids).ids
        [[average, count]] = Intimation._read_group(
            [("id", "in", both)], [], ["acknowledge_minutes:avg", "__count"]
        )
        self.assertEqual((average, count), (4, 2))

    # ------------------------------------------------------------------
    # Act
    # ------------------------------------------------------------------
    def test_acting_again_adds_to_what_is_recorded(self):
        case = self._police_case()
        intimation = self._intimation(case, self.people["police"].user_id)
        intimation.action_act("Went there")
        intimation.action_act("Went there")
        intimation.action_act("Took her statement")
        self.assertEqual(intimation.action_taken, "Went there\nTook her statement")
        self.assertEqual(intimation.acted_at, fields.Datetime.now())

    def test_act_needs_words(self):
        for text in (None, "", "   ", "\n"):
            with self.subTest(text=text), self.assertRaises(UserError):
                self.mine.action_act(text)
        self.assertEqual(self.mine.state, "sent")

    def test_act_acknowledges_first(self):
        self._pass_minutes(3)
        self.mine.action_act("  Patrol is with her  ")
        self.assertEqual(self.mine.state, "acted")
        self.assertEqual(self.mine.acknowledged_at, fields.Datetime.now())
        self.assertEqual(self.mine.acted_at, fields.Datetime.now())
        self.assertEqual(self.mine.action_taken, "Patrol is with her")
        self.assertEqual(self.mine.act_minutes, 3)
        self.env.invalidate_all()
        self.assertTrue(self.case.with_user(self.police).has_access("read"))

    def test_act_on_cancelled_is_refused(self):
        self.case.action_close()
        with self.assertRaises(UserError):
            self.mine.action_act("Went there")
        self.assertFalse(self.mine.sudo().action_taken)

    def test_acting_twice_keeps_the_first(self):
        self.mine.action_act("Went there")
        acted_at = self.mine.acted_at
        self._pass_minutes(5)
        self.mine.action_act("Went there")
        self.assertEqual(self.mine.acted_at, acted_at)

    # ------------------------------------------------------------------
    # Decline
    # ------------------------------------------------------------------
    def test_decline_needs_a_reason(self):
        for reason in (None, "", "  "):
            with self.subTest(reason=reason), self.assertRaises(UserError):
                self.mine.action_decline(reason)
        self.assertEqual(self.mine.state, "sent")

    def test_decline_passes_on_at_once(self):
        self.mine.action_decline(" Alone at the desk ")
        self.assertEqual(self.mine.state, "declined")
        self.assertEqual(self.mine.close_reason, "Alone at the desk")
        self.assertEqual(self.mine.closed_at, fields.Datetime.now())
        backup = self._intimation(self.case, self.backup.user_id).sudo()
        self.assertEqual(backup.state, "sent")
        self.assertEqual(backup.sent_at, fields.Datetime.now())
        self.assertEqual(backup.escalation_level, 1)

    def test_decline_is_not_passed_on_while_a_colleague_has_time(self):
        second = self._make_representative("police", "police_two")
        case = self._report()
        self._intimation(case, self.police).action_decline("Busy")
        self.assertNotIn(self.backup.user_id, self._users_told(case))
        self._intimation(case, second.user_id).action_decline("Busy, too")
        self.assertIn(self.backup.user_id, self._users_told(case))

    def test_decline_after_acknowledging_closes_the_case_to_me(self):
        self.mine.action_acknowledge()
        self.mine.action_decline("Called to another place")
        self.env.invalidate_all()
        self.assertFalse(self.case.with_user(self.police).has_access("read"))
        self.assertIn(self.backup.user_id, self._users_told(self.case))

    def test_decline_keeps_what_another_discipline_opened(self):
        legal = self.people["legal"]
        self._make_representative("financial", user=legal.user_id, on_duty=False)
        self._only_rule("legal")
        case = self._report()
        self.env["osc.case.member"]._grant(
            case.sudo(), legal.user_id, "intimated", self.disciplines["financial"]
        )
        mine = self._intimation(case, legal.user_id)
        mine.action_acknowledge()
        mine.action_decline("Not my field")
        self.env.invalidate_all()
        self.assertTrue(case.with_user(legal.user_id).has_access("read"))

    def test_decline_twice_or_after_acting_is_refused(self):
        self.mine.action_decline("Busy")
        with self.assertRaises(UserError):
            self.mine.action_decline("Busy")
        other = self._intimation(self._report(), self.police)
        other.action_act("Went there")
        with self.assertRaises(UserError):
            other.action_decline("Changed my mind")

    def test_conflict_of_interest_excludes_for_good(self):
        self.mine.action_acknowledge()
        self.mine.action_decline("The accused is my brother", True)
        self.env.invalidate_all()
        self.assertIn(self.police, self.case.sudo().excluded_user_ids)
        self.assertFalse(self.case.with_user(self.police).has_access("read"))
        self.assertIn(self.backup.user_id, self._users_told(self.case))
        # Even a membership that somebody gives later opens nothing.
        self.env["osc.case.member"]._grant(
            self.case.sudo(), self.police, "break_glass", scopes=["identity"]
        )
        self.env.invalidate_all()
        self.assertFalse(self.case.with_user(self.police).has_access("read"))
        survivor = self.case.sudo().survivor_id
        self.assertFalse(survivor.with_user(self.police).has_access("read"))
        self.case.in_danger = True
        self.case.action_close()
        self.case.action_reopen()
        waiting = self.case.sudo().intimation_ids.filtered(lambda i: i.state == "sent")
        self.assertNotIn(self.police, waiting.user_id)

    def test_declining_without_conflict_excludes_nobody(self):
        self.mine.action_decline("Busy")
        self.assertFalse(self.case.sudo().excluded_user_ids)

    def test_conflict_takes_all_intimations_of_the_person(self):
        """The manager of two gaps who is related to the accused leaves both."""
        (self.people["police"] | self.backup | self.people["legal"]).shift_ids.unlink()
        self._only_rule("legal", "police")
        case = self._report()
        police = case.intimation_ids.filtered(
            lambda i: i.discipline_id.code == "police"
        )
        self.assertEqual(case.intimation_ids.user_id, self.manager)
        police.with_user(self.manager).action_decline("My cousin", True)
        waiting = case.sudo().intimation_ids.filtered(lambda i: i.state == "sent")
        self.assertEqual(waiting.user_id, self.coordinator)
        self.assertEqual(
            sorted(waiting.mapped("discipline_id.code")), ["legal", "police"]
        )
        self.assertEqual(
            sorted(case.sudo().gap_discipline_ids.mapped("code")), ["legal", "police"]
        )

    # ------------------------------------------------------------------
    # Somebody else's
    # ------------------------------------------------------------------
    def test_nobody_answers_for_somebody_else(self):
        for user in (
            self.worker,
            self.colleague,
            self.backup.user_id,
            self.people["legal"].user_id,
            self.manager,
            self.coordinator,
            self.auditor,
            self.administrator,
            self.internal,
            self.portal,
        ):
            theirs = self.mine.with_user(user)
            for answer in (
                lambda i: i.action_acknowledge(),
                lambda i: i.action_act("I did it"),
                lambda i: i.action_decline("No"),
            ):
                self.env.invalidate_all()
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    answer(theirs)
        self.assertEqual(self.mine.sudo().state, "sent")

    def test_one_foreign_among_several_refuses_all(self):
        self._make_representative("police", "police_two")
        case = self._report()
        both = case.sudo().intimation_ids.with_user(self.police)
        self.assertEqual(len(both), 2)
        with self.assertRaises(AccessError):
            both.action_acknowledge()
        self.assertEqual(set(both.sudo().mapped("state")), {"sent"})

    def test_nobody_writes_intimations_directly(self):
        values = {"state": "acted"}
        template = {
            "case_id": self.case.id,
            "user_id": self.worker.id,
            "discipline_id": self.disciplines["legal"].id,
            "urgency": "routine",
            "basis": "consent",
            "sent_at": fields.Datetime.now(),
            "due_at": fields.Datetime.now(),
        }
        self.mine.action_acknowledge()
        for user in (
            self.police,
            self.worker,
            self.manager,
            self.coordinator,
            self.auditor,
            self.administrator,
            self.internal,
            self.portal,
        ):
            theirs = self.mine.with_user(user)
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    theirs.write(values)
                with self.assertRaises(AccessError):
                    theirs.unlink()
                with self.assertRaises(AccessError):
                    theirs.create(template)
                with self.assertRaises(AccessError):
                    theirs.copy()

    # ------------------------------------------------------------------
    # Colleagues and coordinators
    # ------------------------------------------------------------------
    def test_colleague_has_it(self):
        second = self._make_representative("police", "police_two")
        case = self._report()
        mine = self._intimation(case, self.police)
        theirs = self._intimation(case, second.user_id)
        self.assertFalse(mine.colleague_has_it)
        theirs.action_acknowledge()
        self.env.invalidate_all()
        self.assertTrue(mine.colleague_has_it)
        self.assertFalse(theirs.colleague_has_it)
        mine.action_acknowledge()
        self.assertEqual(mine.state, "acknowledged", "help is welcome all the same")

    def test_coordinator_takes_a_gap_on_without_opening_the_case(self):
        (self.people["police"] | self.backup).shift_ids.unlink()
        self.center.manager_id = False
        case = self._report()
        mine = self._intimation(case, self.coordinator)
        mine.action_acknowledge()
        self.assertEqual(mine.state, "acknowledged")
        self.assertNotIn(self.coordinator, case.sudo().member_ids.user_id)
        mine.action_act("Sent somebody from the next district")
        self.assertFalse(case.sudo().gap_discipline_ids)
        self.assertEqual(case.state, "active")

    def test_manager_takes_a_gap_on(self):
        (self.people["police"] | self.backup).shift_ids.unlink()
        case = self._report()
        self._intimation(case, self.manager).action_acknowledge()
        members = case.sudo().member_ids.filtered(lambda m: m.user_id == self.manager)
        self.assertEqual(set(members.mapped("basis")), {"supervision"})
        self.assertFalse(any(members.mapped("identity_access")))

    # ------------------------------------------------------------------
    # The wizard
    # ------------------------------------------------------------------
    def _wizard(self, user, kind, **vals):
        return (
            self.env["osc.intimation.answer"]
            .with_user(user)
            .create({"intimation_id": self.mine.id, "kind": kind, **vals})
        )

    def test_wizard_records_an_action(self):
        result = self._wizard(self.police, "act", text="Patrol sent").action_confirm()
        self.assertEqual(result["type"], "ir.actions.act_window_close")
        self.assertEqual(self.mine.state, "acted")
        self.assertEqual(self.mine.action_taken, "Patrol sent")

    def test_wizard_in_the_form(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "osc_cases.osc_intimation_answer_action_decline"
        )
        self.assertEqual(action["target"], "new")
        Answer = self.env["osc.intimation.answer"].with_user(self.police)
        form = Form(
            Answer.with_context(
                default_kind="decline", default_intimation_id=self.mine.id
            )
        )
        form.text = "My cousin is accused"
        form.conflict_of_interest = True
        form.save().action_confirm()
        self.assertEqual(self.mine.state, "declined")
        self.assertIn(self.police, self.case.sudo().excluded_user_ids)

    def test_wizard_without_words(self):
        for kind in ("act", "decline"):
            with self.subTest(kind=kind), self.assertRaises(UserError):
                self._wizard(self.police, kind).action_confirm()
        self.assertEqual(self.mine.state, "sent")

    def test_wizard_for_somebody_elses(self):
        for user in (self.worker, self.manager, self.backup.user_id, self.coordinator):
            for kind in ("act", "decline"):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    self._wizard(user, kind, text="Done").action_confirm()
        self.assertEqual(self.mine.sudo().state, "sent")

    def test_wizard_is_for_roles_only(self):
        for user in (self.internal, self.portal, self.auditor, self.administrator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._wizard(user, "act", text="Done")

    def test_wizard_of_somebody_else_is_closed(self):
        wizard = self._wizard(self.police, "act", text="What I did")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            wizard.with_user(self.worker).read(["text"])
