from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import TrainingCommon

# A picture of one dot stands for a signature.
SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestSopComprehension(TrainingCommon):
    """A version is read, passed and signed; a new one is a task with a deadline."""

    def setUp(self):
        super().setUp()
        self._long_there()
        self.requirement = self._require(self.sop, version_grace_days=14)

    def _open(self, version, user=None):
        action = version.with_user(user or self.worker).action_acknowledge()
        return (
            self.env["osc.sop.acknowledgement"]
            .with_user(user or self.worker)
            .browse(action["res_id"])
        )

    def _take_quiz(self, version, user=None, right=True):
        """Answer the quiz as the public page does."""
        user = user or self.worker
        answer = version.survey_id._create_answer(user=user)
        answer._mark_in_progress()
        for question in answer.predefined_question_ids:
            chosen = question.suggested_answer_ids.filtered(
                lambda choice: choice.is_correct == right
            )[:1]
            answer._save_lines(question, chosen.id)
        answer._mark_done()
        return answer

    # ------------------------------------------------------------------
    # Read, pass, sign
    # ------------------------------------------------------------------
    def test_the_whole_way(self):
        version = self._publish()
        mine = self._open(version)
        self.assertEqual(mine.state, "read")
        with self.assertRefused(UserError, "Read the text to its end first"):
            mine.action_start_quiz()
        mine.action_mark_read()
        self.assertEqual(mine.state, "quiz")
        self.assertIn("/survey/", mine.action_start_quiz()["url"])
        self._backdate(version, 20)
        self.assertNotAssignable("TQ-01 1.0 not passed")
        self._take_quiz(version, right=False)
        self.assertNotAssignable("TQ-01 1.0 not passed")
        with self.assertRefused(UserError, "pass the quiz first"):
            mine.signature = SIGNATURE
        answer = self._take_quiz(version)
        self.assertEqual(mine.state, "sign")
        self.assertEqual(mine.sudo().survey_user_input_id, answer)
        self.assertAssignable()
        mine.signature = SIGNATURE
        self.assertEqual(mine.state, "done")
        self.assertTrue(mine.signed_at)
        with self.assertRefused(UserError, "sign once"):
            mine.signature = SIGNATURE

    def test_the_time_of_reading_is_the_first(self):
        mine = self._open(self._publish())
        first = mine.action_mark_read()
        mine.sudo().read_at = first - timedelta(hours=1)
        self.assertEqual(mine.action_mark_read(), first - timedelta(hours=1))

    def test_nobody_passes_without_reading(self):
        version = self._publish()
        mine = self._open(version)
        self._take_quiz(version)
        self.assertFalse(mine.passed_at)

    def test_a_test_of_the_quiz_counts_for_nobody(self):
        version = self._publish()
        mine = self._open(version, self.worker)
        mine.action_mark_read()
        answer = version.survey_id.sudo()._create_answer(user=self.hr, test_entry=True)
        answer.partner_id = self.worker.partner_id
        for question in answer.predefined_question_ids:
            chosen = question.suggested_answer_ids.filtered("is_correct")
            answer._save_lines(question, chosen.id)
        answer._mark_done()
        self.assertFalse(mine.passed_at)

    def test_times_are_written_by_the_server_only(self):
        mine = self._open(self._publish())
        now = fields.Datetime.now()
        for user in (self.worker, self.hr, self.manager):
            for name in ("read_at", "passed_at", "signed_at"):
                with (
                    self.subTest(user=user.name, name=name),
                    self.assertRaises(UserError),
                ):
                    mine.with_user(user).write({name: now})

    def test_everybody_for_themselves(self):
        mine = self._open(self._publish())
        for user in (self.manager, self.hr):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                mine.with_user(user).action_mark_read()
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                mine.with_user(user).action_start_quiz()

    def test_opened_twice_is_one(self):
        version = self._publish()
        self.assertEqual(self._open(version), self._open(version))

    def test_passed_again_when_it_must_be_renewed(self):
        version = self._publish(days_ago=300)
        self.requirement.renew_months = 6
        old = self._acknowledge(
            version, passed_at=fields.Datetime.now() - timedelta(days=250)
        )
        old.signed_at = old.passed_at
        again = self._open(version)
        self.assertNotEqual(again, old)
        self.assertEqual(again.state, "read")

    def test_only_a_version_in_force_is_passed(self):
        first = self._publish("1.0")
        self._publish("2.0")
        with self.assertRefused(UserError, "in force"):
            first.with_user(self.worker).action_acknowledge()

    def test_the_quiz_of_a_version_that_was_replaced_meanwhile(self):
        """Somebody who had it open isn't examined in what no longer holds."""
        mine = self._open(self._publish("1.0"))
        mine.action_mark_read()
        self._publish("2.0")
        with self.assertRefused(UserError, "1.0 isn't in force any more"):
            mine.action_start_quiz()

    def test_without_employee(self):
        version = self._publish()
        with self.assertRefused(UserError, "Ask HR"):
            version.with_user(self.case_worker).action_acknowledge()

    def test_employee_of_two_companies(self):
        """What is opened is what is still to pass, in whichever company one is."""
        company = self.env["res.company"].create({"name": "TQ second"})
        self.worker.company_ids += company
        center = self._make_center("TQC", company_id=company.id)
        second = self.env["hr.employee"].create(
            {"name": "Second", "company_id": company.id, "user_id": self.worker.id}
        )
        self._long_there(self._make_representative(second, center))
        version = self._publish(days_ago=100)
        self.assertEqual(self._open(version).employee_id, self.employee)
        self._open(version).action_mark_read()
        self._take_quiz(version)
        mine = self._open(version)
        self.assertEqual(mine.employee_id, second)
        mine.action_mark_read()
        self._take_quiz(version)
        self.assertTrue(mine.passed_at)

    # ------------------------------------------------------------------
    # Tasks
    # ------------------------------------------------------------------
    def test_a_new_version_is_a_task_with_a_deadline(self):
        blue = self._make_employee("blue", user_id=self.case_worker.id)
        self._make_representative(blue, discipline=self.blue)
        first = self._publish("1.0")
        tasks = first._tasks()
        self.assertEqual(tasks.user_id, self.worker)
        self.assertEqual(tasks.date_deadline, self.today + timedelta(days=13))
        second = self._publish("2.0")
        self.assertFalse(first._tasks())
        self.assertEqual(second._tasks().user_id, self.worker)
        mine = self._open(second)
        mine.action_mark_read()
        self._take_quiz(second)
        self.assertTrue(second._tasks())
        mine.signature = SIGNATURE
        self.assertFalse(second._tasks())

    def _every_day(self):
        self.env["osc.training.reminder"]._cron_remind()

    def test_a_requirement_that_comes_later(self):
        self.requirement.unlink()
        version = self._publish(days_ago=100)
        self.assertFalse(version._tasks())
        before = self.env["mail.message"].search([], order="id desc", limit=1)
        self._require(self.sop, since=self.today, grace_days=30)
        self._every_day()
        task = version._tasks()
        self.assertEqual(task.user_id, self.worker)
        self.assertEqual(task.date_deadline, self.today + timedelta(days=29))
        told = self.env["mail.message"].search(
            [
                ("id", ">", before.id),
                ("notified_partner_ids", "in", self.worker.partner_id.ids),
                ("subject", "=", "Training: new tasks"),
            ]
        )
        self.assertEqual(len(told), 1)
        self.assertNotIn("TQ-01", told.body)
        self._every_day()
        self.assertEqual(version._tasks(), task)

    def test_a_new_representative(self):
        self.requirement.grace_days = 7
        version = self._publish(days_ago=100)
        blue = self._make_employee("blue", user_id=self.case_worker.id)
        self._every_day()
        self.assertEqual(version._tasks().user_id, self.worker)
        # In two posts, which is one task.
        for center in self.center | self.other_center:
            self._make_representative(blue, center)
        self._every_day()
        task = version._tasks().filtered(lambda one: one.user_id == self.case_worker)
        self.assertEqual(len(task), 1)
        self.assertEqual(task.date_deadline, self.today + timedelta(days=6))

    def test_a_deadline_that_changes(self):
        version = self._publish()
        self.requirement.version_grace_days = 20
        self._every_day()
        self.assertEqual(
            version._tasks().date_deadline, self.today + timedelta(days=19)
        )

    def test_who_is_concerned_no_more_has_no_task(self):
        version = self._publish()
        for change, undo in (
            (lambda: self.requirement.write({"active": False}), {"active": True}),
            (lambda: self.requirement.write({"discipline_id": self.blue.id}), None),
        ):
            self.assertEqual(version._tasks().user_id, self.worker)
            change()
            self._every_day()
            self.assertFalse(version._tasks())
            if undo:
                self.requirement.write(undo)
                self._every_day()

    def test_who_moves_or_leaves_has_other_tasks(self):
        self.requirement.center_id = self.other_center
        version = self._publish()
        self.assertFalse(version._tasks())
        self.representative.center_id = self.other_center
        self._every_day()
        self.assertEqual(version._tasks().user_id, self.worker)
        self.representative.active = False
        self._every_day()
        self.assertFalse(version._tasks())

    def test_the_task_of_who_has_passed_stays_to_be_signed(self):
        version = self._publish()
        mine = self._acknowledge(version)
        self._every_day()
        self.assertEqual(version._tasks().user_id, self.worker)
        mine.with_user(self.worker).signature = SIGNATURE
        self.assertFalse(version._tasks())
        self._every_day()
        self.assertFalse(version._tasks())

    # ------------------------------------------------------------------
    # The quiz
    # ------------------------------------------------------------------
    def test_a_quiz_is_drafted_when_there_is_none(self):
        version = self._publish(
            duty_ids=[
                Command.create(
                    {"discipline_id": self.red.id, "role": "Nurse", "duties": "Looks."}
                ),
                Command.create(
                    {"discipline_id": self.blue.id, "role": "Guard", "duties": "Waits."}
                ),
            ]
        )
        quiz = version.survey_id
        self.assertEqual(quiz.survey_type, "osc_training")
        self.assertTrue(quiz.certification)
        self.assertEqual(quiz.access_mode, "token")
        self.assertEqual(len(quiz.question_ids), 3)
        for question in quiz.question_ids:
            right = question.suggested_answer_ids.filtered("is_correct")
            self.assertEqual(len(right), 1)
            self.assertEqual(right.answer_score, 1)

    def test_the_quiz_of_hr_stays(self):
        version = (
            self.env["osc.sop.version"]
            .with_user(self.hr)
            .create({"sop_id": self.sop.id, "number": "1.0"})
        )
        version.action_draft_quiz()
        quiz = version.survey_id
        quiz.with_user(self.hr).title = "Ours"
        version.action_review()
        version.action_approve()
        self.assertEqual(version.survey_id, quiz)
        new = version.copy({"number": "2.0"})
        self.assertNotEqual(new.survey_id, quiz)
        self.assertEqual(len(new.survey_id.question_ids), len(quiz.question_ids))

    def test_hr_publishes(self):
        version = (
            self.env["osc.sop.version"]
            .with_user(self.hr)
            .create({"sop_id": self.sop.id, "number": "1.0"})
        )
        version.action_review()
        version.action_approve()
        self.assertEqual(version.state, "in_force")
        with self.assertRaises(AccessError):
            version.with_user(self.manager).action_new_version()

    # ------------------------------------------------------------------
    # Difference
    # ------------------------------------------------------------------
    def test_difference(self):
        kept = {
            "discipline_id": self.red.id,
            "role": "Nurse",
            "duties": "Looks at her.",
        }
        gone = {"discipline_id": self.red.id, "role": "Guard", "duties": "Waits."}
        self._publish("1.0", duty_ids=[Command.create(kept), Command.create(gone)])
        second = self._publish(
            "2.0",
            duty_ids=[
                Command.create(
                    {
                        **kept,
                        "duties": "Looks after her.",
                        "service_ids": [Command.set(self.service.ids)],
                    }
                ),
                Command.create(
                    {
                        "discipline_id": self.blue.id,
                        "role": "Driver",
                        "duties": "Drives.",
                    }
                ),
            ],
        )
        self.assertEqual(second.previous_version_id.number, "1.0")
        changes = {
            change["role"]: change
            for change in second.duty_ids._changes_since(
                second.previous_version_id.duty_ids
            )
        }
        self.assertEqual(
            {role: change["kind"] for role, change in changes.items()},
            {"Nurse": "changed", "Guard": "removed", "Driver": "added"},
        )
        self.assertEqual(
            changes["Nurse"]["parts"],
            [
                ("same", "Looks"),
                ("removed", "at"),
                ("added", "after"),
                ("same", "her."),
            ],
        )
        self.assertEqual(changes["Nurse"]["services_added"], self.service)
        html = second.with_user(self.worker).difference
        self.assertIn("after</ins>", html)
        self.assertIn("at</del>", html)
        self.assertNotIn("<script", html)

    def test_difference_escapes(self):
        version = self._publish(
            duty_ids=[
                Command.create(
                    {
                        "discipline_id": self.red.id,
                        "role": "<b>Nurse</b>",
                        "duties": "<script>alert(1)</script>",
                    }
                )
            ]
        )
        self.assertNotIn("<script", version.difference)
        self.assertNotIn("<b>Nurse", version.difference)

    # ------------------------------------------------------------------
    # Signing
    # ------------------------------------------------------------------
    def _passed(self):
        mine = self._acknowledge(self._publish()).with_user(self.worker)
        self.assertEqual(mine.state, "sign")
        return mine

    def test_nothing_is_no_signature(self):
        mine = self._passed()
        for vals in ({}, {"signature": False}, {"signature": ""}):
            with self.assertRefused(UserError, "Draw your signature"):
                mine.write(vals)
        self.assertEqual(mine.state, "sign")
        mine.signature = SIGNATURE
        self.assertEqual(mine.state, "done")

    def test_the_version_doesnt_tell_who_has_signed(self):
        version = self._publish()
        mine = self._open(version)
        mine.sudo().write({"read_at": version.write_date})
        mine.sudo().write({"passed_at": version.write_date})
        mine.signature = SIGNATURE
        messages = self.env["mail.message"].with_user(self.coordinator)
        messages = messages.search(
            [("model", "=", version._name), ("res_id", "=", version.id)]
        )
        self.assertNotIn(self.worker.partner_id, messages.author_id)
        self.assertFalse(version._tasks())

    # ------------------------------------------------------------------
    # Two versions on one day
    # ------------------------------------------------------------------
    def test_drafted_first_and_approved_last_on_one_day(self):
        first = self._publish("1.0", days_ago=100)
        self._acknowledge(first)
        drafted_first = first.copy({"number": "2.0"})
        drafted_last = first.copy({"number": "1.1"})
        for version in (drafted_last, drafted_first):
            version.action_review()
            version.action_approve()
            version.flush_recordset()
            if version == drafted_last:
                self._acknowledge(version)
                self.env.cr.execute(
                    "UPDATE osc_sop_version SET approved_at = approved_at - "
                    "interval '1 hour' WHERE id = %s",
                    [version.id],
                )
                version.invalidate_recordset()
        self.assertAssignable()
        self.assertEqual(self._state(self.requirement), "grace")
        self.assertEqual(
            drafted_first._tasks().date_deadline,
            drafted_first.in_force_from + timedelta(days=13),
        )
        self.assertEqual(drafted_first.previous_version_id, drafted_last)
