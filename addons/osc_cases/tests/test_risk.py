from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import NAME, CasesCommon


@tagged("post_install", "-at_install")
class TestRisk(CasesCommon):
    """How dangerous it is for her, who may read it, and who is told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env.ref("osc_cases.osc_risk_template_screening")
        cls.danger_rule = cls.env.ref("osc_cases.osc_intimation_rule_risk_police")
        cls._only_rule("medical")
        cls.danger_rule.active = True
        cls.police = cls.people["police"].user_id
        cls.medical = cls.people["medical"].user_id

    def _assess(self, case, yes=(), no=(), user=None, **vals):
        """An assessment in which questions are answered by number."""
        items = self.template.item_ids
        answers = dict.fromkeys(yes, "yes") | dict.fromkeys(no, "no")
        return (
            self.env["osc.risk.assessment"]
            .with_user(user or self.worker)
            .create(
                {
                    "case_id": case.id,
                    "template_id": self.template.id,
                    "answer_ids": [
                        Command.create(
                            {
                                "item_id": item.id,
                                "answer": answers.get(item.sequence, False),
                            }
                        )
                        for item in items
                    ],
                    **vals,
                }
            )
        )

    # ------------------------------------------------------------------
    # Level
    # ------------------------------------------------------------------
    def test_one_of_the_first_three_is_enough(self):
        case = self._draft()
        for number in (1, 2, 3):
            assessment = self._assess(case, [number])
            self.assertEqual(assessment.level, "high")
            self.assertEqual(assessment.band_id.level, "high", "not “below”")

    def test_four_of_the_others_are_enough(self):
        case = self._draft()
        self.assertEqual(self._assess(case, [4, 5, 6, 7]).level, "high")
        self.assertEqual(self._assess(case, [9, 10, 11], [1, 2]).level, "low")

    def test_nothing_answered_says_nothing(self):
        assessment = self._assess(self._draft())
        self.assertFalse(assessment.level)
        self.assertFalse(assessment.case_id.risk_level)
        assessment.answer_ids[0].answer = "unsaid"
        self.assertFalse(assessment.level)

    def test_answers_come_with_the_questions(self):
        case = self._draft()
        with Form(
            self.env["osc.risk.assessment"]
            .with_user(self.worker)
            .with_context(default_case_id=case.id)
        ) as form:
            self.assertEqual(len(form.answer_ids), 11)
            with form.answer_ids.edit(1) as answer:
                answer.answer = "yes"
            self.assertEqual(form.level, "high")
        self.assertEqual(case.risk_level, "high")

    def test_answers_come_with_the_questions_without_a_form(self):
        assessment = (
            self.env["osc.risk.assessment"]
            .with_user(self.worker)
            .create({"case_id": self._draft().id})
        )
        self.assertEqual(len(assessment.answer_ids), 11)

    def test_judgement_only_raises_and_says_why(self):
        case = self._draft()
        assessment = self._assess(case, [4])
        with self.assertRaises(ValidationError):
            assessment.override_level = "high"
        assessment.write({"override_level": "high", "override_reason": "He is here"})
        self.assertEqual((assessment.screened_level, assessment.level), ("low", "high"))
        with self.assertRaises(ValidationError):
            self._assess(case, [1], override_level="medium", override_reason="No")

    def test_answers_that_rise_above_the_judgement_count(self):
        case = self._draft()
        assessment = self._assess(
            case, [4], override_level="medium", override_reason="Fear"
        )
        assessment.answer_ids.filtered(lambda a: a.sequence == 2).answer = "yes"
        self.assertEqual(assessment.level, "high")
        self.assertEqual(case.risk_level, "high")

    def test_a_corrected_template_leaves_earlier_assessments(self):
        assessment = self._assess(self._draft(), [4, 5, 6, 7])
        self.template.item_ids.weight = 0
        self.template.band_ids.level = "low"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((assessment.score, assessment.level), (4, "high"))

    @settings(max_examples=25, deadline=None)
    @given(st.sets(st.integers(1, 11)))
    def test_logic_of_the_screening(self, yes):
        assessment = self.env["osc.risk.assessment"].new(
            {
                "template_id": self.template.id,
                "answer_ids": [
                    Command.create(
                        {
                            "item_id": item.id,
                            "answer": "yes" if item.sequence in yes else "no",
                        }
                    )
                    for item in self.template.item_ids
                ],
            }
        )
        high = bool(yes & {1, 2, 3}) or len(yes - {1, 2, 3}) >= 4
        self.assertEqual(assessment.level, "high" if high else "low")

    # ------------------------------------------------------------------
    # Who is told
    # ------------------------------------------------------------------
    def test_high_danger_tells_police_and_manager_at_once(self):
        case = self._report(urgency="routine")
        self.assertEqual(self._told(case), ["medical"])
        self._assess(case, [2])
        self.assertEqual(case.urgency, "emergency")
        self.assertEqual(self._told(case), ["casework", "medical", "police"])
        self.assertIn(self.manager, self._users_told(case))
        self.assertEqual(self._intimation(case, self.police).urgency, "emergency")
        self.assertEqual(self._intimation(case, self.medical).urgency, "emergency")

    def test_the_same_danger_tells_nobody_twice(self):
        case = self._report()
        self._assess(case, [2])
        told = self._told(case)
        self._assess(case, [1, 3])
        self.assertEqual(self._told(case), told)

    def test_high_danger_in_a_draft_is_told_when_it_is_reported(self):
        case = self._draft()
        self._assess(case, [2])
        self.assertFalse(case.sudo().intimation_ids)
        case.action_report()
        self.assertIn(self.manager, self._users_told(case))
        self.assertIn(self.police, self._users_told(case))

    def test_police_who_had_finished_are_told_anew(self):
        case = self._report(in_danger=True)
        self.env["osc.intimation.rule"].create(
            {
                "name": "danger",
                "discipline_id": self.disciplines["police"].id,
                "domain": "[('in_danger', '=', True)]",
            }
        )
        case.in_danger = False
        case.in_danger = True
        first = self._intimation(case, self.police)
        first.action_act("Spoke to him")
        self._pass_minutes(60)
        self._assess(case, [2])
        anew = case.sudo().intimation_ids.filtered(
            lambda i: i.user_id == self.police and i.state == "sent"
        )
        self.assertEqual(len(anew), 1)

    def test_who_works_on_it_gets_a_message_without_the_reason(self):
        case = self._report()
        self._intimation(case, self.medical).action_acknowledge()
        messages = self.env["mail.message"].sudo()
        before = messages.search([]).ids
        self._assess(case, [2], note=NAME, override_level=False)
        new = messages.search([("id", "not in", before)])
        to_her = new.filtered(
            lambda m: self.medical.partner_id in m.notified_partner_ids
        )
        self.assertEqual(len(to_her), 1)
        text = f"{to_her.subject} {to_her.body}".lower()
        self.assertIn(case.name.lower(), text)
        for word in ("risk", "danger", "kill", "weapon", NAME.lower()):
            self.assertNotIn(word, text)

    def test_lower_danger_leaves_the_urgency(self):
        case = self._report()
        self._assess(case, [2])
        self._pass_minutes(60)
        self._assess(case, [4], [1, 2, 3])
        self.assertEqual(case.risk_level, "low")
        self.assertFalse(case.high_risk_since)
        self.assertEqual(case.urgency, "emergency")

    def test_an_older_assessment_entered_later_changes_nothing(self):
        case = self._report()
        self._assess(case, [4])
        self._assess(case, [2], assessed_at=fields.Datetime.now() - timedelta(days=3))
        self.assertEqual(case.risk_level, "low")

    def test_level_can_not_be_written(self):
        case = self._report()
        for vals in ({"risk_level": "low"}, {"high_risk_since": False}):
            with self.assertRaises(AccessError):
                case.write(vals)

    # ------------------------------------------------------------------
    # Who reads it
    # ------------------------------------------------------------------
    def test_who_reads_the_answers(self):
        case = self._report()
        self._intimation(case, self.medical).action_acknowledge()
        assessment = self._assess(case, [4])
        answer = assessment.answer_ids[0]
        for user in (self.medical, self.manager, self.coordinator, self.auditor):
            with self.subTest(user=user.login):
                self.assertFalse(assessment.with_user(user).has_access("read"))
                self.assertFalse(answer.with_user(user).has_access("read"))
        self.env["osc.consent"].with_user(self.worker).create(
            {
                "case_id": case.id,
                "scope": "statement",
                "discipline_id": self.disciplines["medical"].id,
            }
        )
        self.env.invalidate_all()
        self.assertTrue(assessment.with_user(self.medical).has_access("read"))
        self.assertTrue(answer.with_user(self.medical).has_access("read"))
        self.assertFalse(answer.with_user(self.medical).has_access("write"))
        case.excluded_user_ids = self.medical
        self.env.invalidate_all()
        self.assertFalse(answer.with_user(self.medical).has_access("read"))

    def test_other_disciplines_assess_for_themselves(self):
        case = self._report()
        self._intimation(case, self.medical).action_acknowledge()
        assessment = (
            self.env["osc.risk.assessment"]
            .with_user(self.medical)
            .with_context(default_case_id=case.id)
            .create({})
        )
        self.assertEqual(assessment.discipline_id.code, "medical")
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            self._assess(case, [1], user=self.colleague)

    def test_the_level_is_hidden_from_coordinators(self):
        case = self._report()
        self._assess(case, [2])
        seen = case.with_user(self.coordinator)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            seen.read(["risk_level"])

    def test_templates_are_for_administrators(self):
        for user in (self.worker, self.manager):
            template = self.template.with_user(user)
            self.assertTrue(template.has_access("read"))
            self.assertFalse(template.has_access("write"))
        self.assertTrue(self.template.with_user(self.administrator).has_access("write"))

    def test_history_opens_on_the_case(self):
        case = self._report()
        action = case.action_open_risk_history()
        self.assertEqual(action["domain"], [("case_id", "=", case.id)])
