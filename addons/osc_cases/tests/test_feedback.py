import re
from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .common import NOW, CasesCommon

MONTH = datetime(2026, 3, 1)


class FeedbackCommon(CasesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.center._make_feedback_survey()
        cls.survey = cls.env["survey.survey"].search(
            [("osc_center_id", "=", cls.center.id)]
        )
        cls.public = cls.env.ref("base.public_user")

    def _answer(self, choice=0, **vals):
        """One survivor answers every question, as the public page does."""
        survey = self.survey.with_user(self.public).sudo()
        answer = survey._create_answer(user=self.public, **vals)
        answer._mark_in_progress()
        for question in survey.question_ids:
            suggested = question.suggested_answer_ids[choice]
            answer._save_lines(question, str(suggested.id))
        answer._mark_done()
        return answer


@tagged("post_install", "-at_install")
class TestFeedback(FeedbackCommon):
    def test_questions_ask_for_no_words(self):
        template = self.env.ref("osc_cases.survey_feedback")
        self.assertEqual(template.access_mode, "token", "the template is for nobody")
        for question in template.question_ids | self.survey.question_ids:
            self.assertEqual(question.question_type, "simple_choice")
            self.assertFalse(question.comments_allowed)
            self.assertFalse(question.constr_mandatory)
        self.assertEqual(len(self.survey.question_ids), 12)
        self.assertEqual(self.survey.title, template.title)
        self.assertEqual(self.survey.access_mode, "public")

    def test_no_row_leads_to_anybody(self):
        """Every column of every row that an answer leaves anywhere."""
        case = self._report(survivor_name="Zarmina Testperson")
        token_before = []
        create = type(self.env["survey.user_input"])._mark_in_progress

        def remember(answer):
            token_before.append(answer.access_token)
            return create(answer)

        self.patch(type(self.env["survey.user_input"]), "_mark_in_progress", remember)
        messages = self.env["mail.message"].search_count([])
        answer = self._answer()
        self.env.flush_all()
        self.assertEqual(self.env["mail.message"].search_count([]), messages)
        nobody = (self.public.id, self.env.ref("base.user_root").id, None)
        for table, column in (
            ("survey_user_input", "id"),
            ("survey_user_input_line", "user_input_id"),
        ):
            self.env.cr.execute(
                f"SELECT * FROM {table} WHERE {column} = %s", [answer.id]
            )
            rows = self.env.cr.dictfetchall()
            self.assertTrue(rows)
            for row in rows:
                for name in ("create_uid", "write_uid"):
                    self.assertIn(row[name], nobody)
                for name in ("partner_id", "email", "nickname", "invite_token"):
                    self.assertFalse(row.get(name), name)
                self.assertFalse(row.get("lang_id"))
                for name, value in row.items():
                    if isinstance(value, datetime):
                        self.assertEqual(value, MONTH, name)
                    self.assertNotIn(value, token_before, name)
                    self.assertNotEqual(value, case.name, name)
        models = {"osc.case", "osc.survivor", "res.users", "res.partner"}
        for model in ("survey.user_input", "survey.user_input.line"):
            for name, field in self.env[model]._fields.items():
                if field.comodel_name in models and field.store:
                    value = self.env[model].search([("id", "=", answer.id)])[name]
                    if value._name == "res.users":
                        value -= self.public | self.env.ref("base.user_root")
                    self.assertFalse(value, name)

    def test_whoever_is_logged_in_gives_none(self):
        for user in (self.worker, self.manager, self.administrator, self.portal):
            with self.assertRaises(UserError):
                self.survey.with_user(user).sudo()._create_answer(user=user)
        with self.assertRaises(UserError):
            self.survey.with_user(self.worker).sudo()._create_answer(test_entry=True)

    def test_a_given_address_is_not_kept(self):
        answer = self._answer(email="her@example.com", nickname="Zarmina")
        self.assertFalse(answer.email or answer.nickname or answer.partner_id)

    def test_other_surveys_are_as_ever(self):
        survey = self.env["survey.survey"].create(
            {"title": "Training", "access_mode": "public"}
        )
        answer = survey._create_answer(user=self.worker)
        self.assertEqual(answer.partner_id, self.worker.partner_id)
        answer._mark_done()
        self.assertEqual(answer.partner_id, self.worker.partner_id)

    def test_unfinished_ones_are_forgotten(self):
        survey = self.survey.with_user(self.public).sudo()
        old = survey._create_answer(user=self.public)
        done = self._answer()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE survey_user_input SET create_date = %s WHERE id = %s",
            [datetime.fromisoformat(NOW) - timedelta(days=2), old.id],
        )
        self.env.invalidate_all()
        new = survey._create_answer(user=self.public)
        self.env["survey.user_input"]._gc_unfinished_feedback()
        self.assertFalse(old.exists())
        self.assertTrue(new.exists() and done.exists())

    # ------------------------------------------------------------------
    # Figures
    # ------------------------------------------------------------------
    def test_small_numbers_are_left_out(self):
        for _number in range(4):
            self._answer(0)
        Figure = self.env["osc.feedback.figure"].with_user(self.manager)
        self.env.flush_all()
        self.assertFalse(Figure.search([]))
        self._answer(0)
        for _number in range(4):
            self._answer(1)
        self.env.flush_all()
        figures = Figure.search([])
        self.assertEqual(len(figures), len(self.survey.question_ids))
        self.assertEqual(set(figures.mapped("answers")), {5})
        self.assertEqual(set(figures.mapped("quarter")), {datetime(2026, 1, 1).date()})
        self.assertTrue(figures[0].question_id.display_name)
        self.assertTrue(figures[0].answer_id.display_name)

    def test_who_reads_figures(self):
        for _number in range(5):
            self._answer()
        self.env.flush_all()
        Figure = self.env["osc.feedback.figure"]
        self.assertTrue(Figure.with_user(self.coordinator).search([]))
        self.assertFalse(Figure.with_user(self.other_manager).search([]))
        for user in (self.worker, self.auditor, self.administrator, self.internal):
            with self.assertRaises(AccessError):
                Figure.with_user(user).search([])
        for user in (self.worker, self.manager, self.coordinator, self.administrator):
            for model in ("survey.user_input", "survey.user_input.line"):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    # ------------------------------------------------------------------
    # Cards
    # ------------------------------------------------------------------
    def test_cards(self):
        center = self.other_center.with_user(self.other_manager)
        self.assertFalse(center.feedback_url)
        action = center.action_print_feedback_cards()
        self.assertEqual(action["report_name"], "osc_cases.report_feedback_cards")
        url = center.feedback_url
        self.assertRegex(url, r"/survey/start/[0-9a-f-]{36}$")
        center.action_print_feedback_cards()
        self.assertEqual(center.feedback_url, url)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "osc_cases.report_feedback_cards", center.ids
        )[0]
        text = re.sub(r"data:image[^\"]*", "", html.decode())
        self.assertIn(url, text)
        for word in (center.name, center.code, "iolence", "urvivor"):
            self.assertNotIn(word, text)

    def test_languages_that_were_activated_later(self):
        self.env["res.lang"]._activate_lang("ur_PK")
        self.env["ir.module.module"]._load_module_terms(["osc_cases"], ["ur_PK"])
        template = self.env.ref("osc_cases.survey_feedback").with_context(lang="ur_PK")
        own = self.survey.with_context(lang="ur_PK")
        self.assertNotEqual(own.question_ids[0].title, template.question_ids[0].title)
        self.center.with_user(self.manager).action_print_feedback_cards()
        self.env.invalidate_all()
        self.assertNotEqual(template.title, "Your visit")
        self.assertEqual(own.title, template.title)
        for question, known in zip(
            own.question_ids, template.question_ids, strict=True
        ):
            self.assertEqual(question.title, known.title)
            self.assertEqual(
                question.suggested_answer_ids.mapped("value"),
                known.suggested_answer_ids.mapped("value"),
            )
        self.assertEqual(self.survey.with_context(lang="en_US").title, "Your visit")

    def test_who_prints_cards(self):
        for user in (self.worker, self.other_manager, self.coordinator, self.internal):
            with self.assertRaises(AccessError):
                self.center.with_user(user).action_print_feedback_cards()


@tagged("post_install", "-at_install")
class TestFeedbackPage(FeedbackCommon, HttpCase):
    def test_page_begins_anew_each_time(self):
        start = self.survey.get_start_url()
        first = self.url_open(start)
        self.assertEqual(first.status_code, 200)
        self.opener.cookies.set(
            f"survey_{self.survey.access_token}", first.url.rsplit("/", 1)[-1]
        )
        second = self.url_open(start)
        self.assertNotEqual(first.url, second.url)
        self.assertIn("Your visit", second.text)
        self.assertNotIn(self.center.name, second.text)

    def test_answers_are_sent_and_cannot_be_opened_again(self):
        page = self.url_open(self.survey.get_start_url())
        token = page.url.rsplit("/", 1)[-1].split("?")[0]
        key = f"{self.survey.access_token}/{token}"
        self.make_jsonrpc_request(f"/survey/begin/{key}", {})
        question = self.survey.question_ids[0]
        choice = question.suggested_answer_ids[0]
        result = self.make_jsonrpc_request(
            f"/survey/submit/{key}", {str(question.id): str(choice.id)}
        )
        self.assertNotIn("o_survey_review", str(result))
        self.env.invalidate_all()
        answer = self.survey.user_input_ids
        self.assertEqual(answer.state, "done")
        self.assertEqual(answer.user_input_line_ids[0].suggested_answer_id, choice)
        self.assertFalse(answer.partner_id)
        self.assertIn(answer.create_uid, self.public | self.env.ref("base.user_root"))
        again = self.url_open(
            f"/survey/print/{self.survey.access_token}?answer_token={token}"
        )
        self.assertNotIn(choice.value, again.text)

    def test_staff_who_is_logged_in_is_refused(self):
        self.worker.password = "osc_test_worker_Pass1!"
        self.authenticate("osc_test_worker", "osc_test_worker_Pass1!")
        page = self.url_open(self.survey.get_start_url())
        self.assertFalse(self.survey.user_input_ids)
        self.assertNotIn("o_survey_start", page.text)
