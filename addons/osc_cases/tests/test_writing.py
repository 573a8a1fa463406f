from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.osc_base.tests import audit

from ..models.osc_case_chatter import GUESS, MOST_GUESSES
from .common import NAME, PHONE, CasesCommon


@tagged("post_install", "-at_install")
class TestWriting(CasesCommon):
    """What people write about a case names nobody, or lies in the vault."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._only_rule("police")
        cls.police = cls.people["police"].user_id
        cls.case = (
            cls.env["osc.case"]
            .with_user(cls.worker)
            .create(
                {
                    "channel": "phone",
                    "urgency": "urgent",
                    "survivor_name": NAME,
                    "survivor_phone": PHONE,
                }
            )
        )
        cls.case.action_report()

    def _vals(self, text):
        """What may be written about the case, by model."""
        case = self.case
        composed = {"model": "osc.case", "res_ids": f"[{case.id}]"}
        planned = {"res_model": "osc.case", "res_ids": f"[{case.id}]"}
        todo = self.env.ref("mail.mail_activity_data_todo").id
        activity = {
            "res_model_id": self.env["ir.model"]._get_id("osc.case"),
            "res_id": case.id,
            "activity_type_id": todo,
            "user_id": self.worker.id,
        }
        return [
            ("mail.compose.message", {**composed, "body": text}),
            ("mail.compose.message", {**composed, "subject": text}),
            ("mail.activity.schedule", {**planned, "summary": text}),
            ("mail.activity.schedule", {**planned, "note": text}),
            ("mail.activity", {**activity, "note": text}),
            ("mail.activity", {**activity, "feedback": text}),
            ("mail.message", {"model": "osc.case", "res_id": case.id, "body": text}),
            (
                "mail.scheduled.message",
                {
                    "model": "osc.case",
                    "res_id": case.id,
                    "body": text,
                    "author_id": self.worker.partner_id.id,
                    "scheduled_date": fields.Datetime.now() + timedelta(days=1),
                },
            ),
            (
                "osc.disclosure",
                {
                    "case_id": case.id,
                    "discipline_id": self.disciplines["police"].id,
                    "law": text,
                },
            ),
        ]

    def test_naming_her_is_refused_before_it_is_stored(self):
        for text in (f"{NAME} called", f"Call {PHONE}"):
            for model, vals in self._vals(text):
                with self.subTest(model=model, text=text):
                    before = self.env[model].search_count([])
                    with self.assertRaises(UserError):
                        self.env[model].with_user(self.worker).create(vals)
                    self.assertEqual(self.env[model].search_count([]), before)

    def test_nobody_begins_a_message_about_a_case_of_others(self):
        """Its subject would say the code."""
        values = {"model": "osc.case", "res_ids": str(self.case.ids)}
        Composer = self.env["mail.compose.message"]
        for user in (self.internal, self.administrator, self.other_worker):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    Composer.with_user(user).create(values)
                with self.assertRaises(AccessError):
                    Composer.with_user(user).with_context(
                        **{f"default_{name}": value for name, value in values.items()}
                    ).onchange({}, [], {**dict.fromkeys(values, {}), "subject": {}})
        self.assertIn(
            self.case.name, Composer.with_user(self.worker).create(values).subject
        )

    def test_her_name_in_another_order_is_her_name(self):
        first, last = NAME.split()
        case = self.case
        for text in (f"{last} {first} called", f"{first} Begum {last}"):
            with self.subTest(text=text), self.assertRaises(UserError):
                case.message_post(body=text)
        case.message_post(body=f"{first} is what her aunt and a cousin call {last}")

    def test_all_but_one_of_three_names_are_her_name(self):
        self.case.survivor_name = "Ayesha Bibi Testperson"
        for text in ("Ayesha Testperson called", "Bibi, Ayesha"):
            with self.subTest(text=text), self.assertRaises(UserError):
                self.case.message_post(body=text)
        self.case.message_post(body="Ayesha, whom I asked for a room, has one")

    def test_a_task_of_a_colleague_who_is_called_as_she_is_done(self):
        """Odoo notes whose task it was; what is added about it names nobody."""
        intimation = self.case.intimation_ids.filtered(lambda i: i.user_id)
        intimation.sudo().with_user(self.police).action_acknowledge()
        self.case.survivor_name = self.police.name
        for feedback, refused in ((self.police.name, True), ("She has it", False)):
            task = self.case.activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.police.id
            )
            if refused:
                with self.assertRaises(UserError):
                    task.action_feedback(feedback=feedback)
            else:
                task.action_feedback(feedback=feedback)
                self.assertFalse(task.active)

    def test_a_code_may_be_written_and_changed_to_no_name(self):
        for model, vals in self._vals(f"{self.case.name}: she called"):
            record = self.env[model].with_user(self.worker).create(vals)
            if model in ("mail.message", "osc.disclosure"):
                continue  # nobody may write these
            name = next(n for n in record._written_fields if n in vals)
            with self.subTest(model=model), self.assertRaises(UserError):
                record.write({name: NAME})

    def test_context_says_which_case_it_is_about(self):
        composer = self.env["mail.compose.message"].with_user(self.worker)
        composer = composer.with_context(
            default_model="osc.case", default_res_ids=self.case.ids
        )
        with self.assertRaises(UserError):
            composer.create({"body": NAME})

    def test_who_does_not_know_her_names_nobody_either(self):
        """It may have been heard, and others read it; guessing is noted, and ends."""
        self._intimation(self.case, self.police).action_acknowledge()
        self.env.flush_all()
        self.env.invalidate_all()
        case = self.case.with_user(self.police)
        self.assertFalse(case.user_sees_identity)
        case.message_post(body="Somebody Else called")
        entry = self.env["osc.audit.entry"]
        with audit.recording() as trail:
            with self.assertRaises(UserError) as refused:
                case.message_post(body=f"{NAME} called")
        self.assertNotIn("she is", str(refused.exception))
        self.assertEqual(trail.seen(), [("denied", "osc.case", case.id)])
        for _guess in range(MOST_GUESSES):
            entry.with_user(self.police)._log("denied", case, GUESS)
        with self.assertRaises(UserError):
            case.message_post(body="Somebody Else called")
        self.case.message_post(body="Somebody Else called")
        # Nobody is kept from her when her life may hang on it.
        request = self.env["osc.break.glass.request"].with_user(self.police)
        request.create(
            {"case_code": self.case.name, "reason": "She doesn't answer the door"}
        ).action_confirm()
        self.assertTrue(self.case.sudo().break_glass_ids)

    def test_nobody_outside_learns_from_a_refusal(self):
        """Who may not read the case is told that, whatever is written."""
        for text in (NAME, "Somebody Else"):
            with self.assertRaises(AccessError):
                self.env["osc.disclosure"].with_user(self.other_worker).create(
                    {"case_id": self.case.id, "basis": "legal_duty", "law": text}
                )

    def test_the_reason_of_an_emergency_names_nobody(self):
        Request = self.env["osc.break.glass.request"].with_user(self.police)
        request = Request.create(
            {"case_code": self.case.name, "reason": f"{NAME} is in danger"}
        )
        with self.assertRaises(UserError):
            request.action_confirm()
        self.assertFalse(self.case.sudo().break_glass_ids)
        request.reason = "She is in danger and can't be asked"
        request.action_confirm()
        self.assertTrue(self.case.sudo().break_glass_ids)

    def test_why_somebody_declined(self):
        mine = self._intimation(self.case, self.police)
        mine.action_decline("Her uncle works with me")
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT close_note FROM osc_intimation WHERE id = %s", [mine.id]
        )
        self.assertNotIn("uncle", self.env.cr.fetchone()[0])
        self._intimation(self.case, self.backup.user_id).action_acknowledge()
        medical = self.people["medical"].user_id
        self.env["osc.case.member"]._grant(
            self.case, medical, "intimated", self.disciplines["medical"]
        )
        self.env.invalidate_all()
        for user, sees in (
            (self.police, True),
            (self.backup.user_id, True),
            (self.worker, True),
            (self.manager, True),
            (medical, False),
        ):
            with self.subTest(user=user.login):
                reason = mine.with_user(user).close_reason
                self.assertEqual(reason == "Her uncle works with me", sees)
        with self.assertRaises(AccessError):
            mine.with_user(self.coordinator).read(["close_reason"])

    def test_why_it_was_called_off_is_for_everybody_who_was_told(self):
        mine = self._intimation(self.case, self.police)
        self.case.with_user(self.worker).action_close()
        self.assertEqual(mine.close_reason, "Case closed")
