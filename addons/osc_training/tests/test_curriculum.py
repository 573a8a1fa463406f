from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged

COURSES = (
    "trauma_informed_care",
    "confidentiality_consent",
    "child_interviewing",
    "clinical_management_rape",
    "evidence_custody",
    "safety_planning",
    "law",
    "referral",
    "safeguarding_staff_care",
)


class CurriculumCommon(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            "curriculum.learner",
            groups="base.group_user",
            context={"no_reset_password": True},
        )
        cls.employee = cls.env["hr.employee"].create(
            {"name": "Learner", "user_id": cls.user.id}
        )

    def _survey(self, course):
        """The survey as the pages of an attempt have it: no rights on it, hence sudo,
        with the person who learns as the user."""
        return self.env.ref(f"osc_training.survey_{course}").with_user(self.user).sudo()

    def _attempt(self, survey, right, wrong_questions=0):
        """One attempt, saved as the pages save it: all ticks are right, or all are
        wrong, or the first questions are answered wrong."""
        attempt = survey._create_answer(user=self.user)
        attempt._mark_in_progress()
        for index, question in enumerate(attempt.predefined_question_ids):
            is_right = right and index >= wrong_questions
            answers = question.suggested_answer_ids.filtered(
                lambda answer, is_right=is_right: answer.is_correct == is_right
            )
            if question.question_type == "simple_choice":
                attempt._save_lines(question, str(answers[0].id))
            else:
                attempt._save_lines(question, [str(answer.id) for answer in answers])
        attempt._mark_done()
        return attempt


@tagged("post_install", "-at_install")
class TestCurriculum(CurriculumCommon):
    def test_surveys_certify(self):
        for course in COURSES:
            survey = self._survey(course)
            with self.subTest(course):
                self.assertEqual(survey.scoring_success_min, 80)
                skill = self.env.ref(f"osc_training.hr_skill_{course}")
                self.assertEqual(survey.osc_skill_id, skill)
                self.assertEqual(
                    survey.certification_validity_months, skill.osc_validity_months
                )
                settings = survey._osc_quiz_settings()
                self.assertEqual(
                    {name: survey[name] for name in settings}, settings, "as any quiz"
                )
                self.assertFalse(survey.is_attempts_limited)
                section = survey.page_ids
                self.assertEqual(len(section), 1)
                drawn = section.random_questions_count
                self.assertGreaterEqual(drawn, 9)
                self.assertLess(drawn, len(survey.question_ids), "each attempt differs")

    def test_each_question_can_be_answered_and_is_explained(self):
        for course in COURSES:
            questions = self._survey(course).question_ids
            self.assertTrue(questions)
            for question in questions:
                answers = question.suggested_answer_ids
                right = answers.filtered("is_correct")
                with self.subTest(f"{course}: {question.title}"):
                    self.assertTrue(question.explanation)
                    self.assertTrue(question.explanation_source)
                    self.assertTrue(question.constr_mandatory)
                    self.assertGreaterEqual(len(answers), 4)
                    self.assertTrue(right)
                    self.assertEqual(len(set(answers.mapped("value"))), len(answers))
                    self.assertAlmostEqual(sum(right.mapped("answer_score")), 6)
                    several = question.question_type == "multiple_choice"
                    self.assertEqual(len(right) > 1, several)
                    self.assertEqual("Mark all" in question.title, several)
                    for answer in answers - right:
                        self.assertEqual(answer.answer_score < 0, several)

    def test_ticking_everything_earns_less_than_half(self):
        questions = self.env["survey.question"]
        for course in COURSES:
            questions |= self._survey(course).question_ids
        for question in questions:
            if question.question_type == "multiple_choice":
                scores = question.suggested_answer_ids.mapped("answer_score")
                self.assertLess(sum(scores), 3, question.title)

    def test_the_right_answer_is_not_found_by_its_place_or_length(self):
        for course in COURSES:
            places, longest = [], 0
            for question in self._survey(course).question_ids:
                if question.question_type == "simple_choice":
                    answers = question.suggested_answer_ids
                    right = answers.filtered("is_correct")
                    places.append(answers.ids.index(right.id))
                    longest += right == max(answers, key=lambda one: len(one.value))
            with self.subTest(course):
                for place in set(places):
                    self.assertLessEqual(places.count(place), len(places) / 2)
                self.assertLessEqual(longest, len(places) / 2)

    def test_all_right_passes_and_all_wrong_fails(self):
        for course in COURSES:
            survey = self._survey(course)
            with self.subTest(course):
                passed = self._attempt(survey, right=True)
                self.assertAlmostEqual(passed.scoring_percentage, 100)
                self.assertTrue(passed.scoring_success)
                failed = self._attempt(survey, right=False)
                self.assertEqual(failed.scoring_percentage, 0)
                self.assertFalse(failed.scoring_success)

    def test_one_answer_in_five_may_be_wrong(self):
        survey = self._survey("referral")
        survey.page_ids.random_questions_count = 0  # all ten
        survey.question_ids.filtered(
            lambda question: question.question_type == "multiple_choice"
        ).unlink()
        question = survey.question_ids[0]
        question.copy({"survey_id": survey.id})
        self.assertEqual(len(survey.question_ids), 10)
        enough = self._attempt(survey, right=True, wrong_questions=2)
        self.assertTrue(enough.scoring_success)
        short = self._attempt(survey, right=True, wrong_questions=3)
        self.assertFalse(short.scoring_success)

    @freeze_time("2026-03-31 10:00:00")
    def test_passing_is_written_in_the_resume_with_its_end(self):
        survey = self._survey("evidence_custody")
        self._attempt(survey, right=False)
        lines = self.env["hr.resume.line"].search([("survey_id", "=", survey.id)])
        self.assertFalse(lines, "who failed has no certificate")
        self._attempt(survey, right=True)
        line = self.env["hr.resume.line"].search([("survey_id", "=", survey.id)])
        self.assertEqual(line.employee_id, self.employee)
        self.assertEqual(line.date_start, fields.Date.to_date("2026-03-31"))
        self.assertEqual(line.date_end, line.date_start + relativedelta(months=24))

    def test_who_learns_cannot_read_the_right_answers(self):
        survey = self.env.ref("osc_training.survey_referral")
        question = survey.question_ids[0]
        for record in (survey, question, question.suggested_answer_ids):
            with self.assertRaises(AccessError):
                record.with_user(self.user).read(["display_name"])
        with self.assertRaises(AccessError):
            self.env["survey.question.answer"].with_user(self.user).search(
                [("is_correct", "=", True)]
            )


@tagged("post_install", "-at_install")
class TestReview(CurriculumCommon, HttpCase):
    def test_explanations_are_shown_after_the_attempt_only(self):
        self.authenticate(self.user.login, self.user.login)
        survey = self._survey("referral")
        attempt = survey._create_answer(user=self.user)
        attempt._mark_in_progress()
        self.assertIn("answer_token", attempt.get_print_url())
        page = self.url_open(attempt.get_print_url())
        self.assertNotIn("o_osc_explanation", page.text)
        self.assertNotIn("bg-success", page.text)
        self.assertIn("/survey/", page.url)
        self.assertNotIn("/survey/print", page.url, "it leads back to the attempt")
        done = self._attempt(survey, right=False)
        page = self.url_open(done.get_print_url())
        self.assertIn("/survey/print", page.url)
        self.assertIn("o_osc_explanation", page.text)
        question = done.predefined_question_ids[0]
        self.assertIn(question.explanation[:30], page.text)
        self.assertIn(question.explanation_source[:20], page.text)
