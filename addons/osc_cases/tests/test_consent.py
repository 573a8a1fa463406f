from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import NAME, PHONE, CasesCommon


@tagged("post_install", "-at_install")
class TestConsent(CasesCommon):
    """What opens who she is and what is written about her, and what closes it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.police = cls.people["police"].user_id
        cls.medical = cls.people["medical"].user_id
        cls.agency = cls.env["osc.agency"].create(
            {
                "name": "District police",
                "discipline_ids": [fields.Command.set(cls.disciplines["police"].ids)],
            }
        )
        cls._only_rule("police", "medical")
        cls.case = (
            cls.env["osc.case"]
            .with_user(cls.worker)
            .create(
                {
                    "channel": "walk_in",
                    "urgency": "urgent",
                    "survivor_name": NAME,
                    "survivor_phone": PHONE,
                }
            )
        )
        cls.case.action_report()
        for user in (cls.police, cls.medical):
            cls.case.sudo().intimation_ids.filtered(
                lambda i, user=user: i.user_id == user
            ).with_user(user).action_acknowledge()
        cls.survivor = cls.case.sudo().survivor_id
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _consent(self, scope="identity", discipline="police", user=None, **vals):
        if discipline:
            vals["discipline_id"] = self.disciplines[discipline].id
        consent = (
            self.env["osc.consent"]
            .with_user(user or self.worker)
            .create({"case_id": self.case.id, "scope": scope, **vals})
        )
        self._settle()
        return consent

    def _disclosure(self, **vals):
        disclosure = (
            self.env["osc.disclosure"]
            .with_user(self.worker)
            .create({"case_id": self.case.id, "scope": "identity", **vals})
        )
        self._settle()
        return disclosure

    def _settle(self):
        self.env.flush_all()
        self.env.invalidate_all()

    def _knows(self, user):
        """Whether somebody reads her name, by each way."""
        survivor = self.survivor.with_user(user)
        found = self.env["osc.survivor"].with_user(user).search([])
        shown = self.case.with_user(user).survivor_name == NAME
        answers = {survivor.has_access("read"), self.survivor in found, shown}
        self.assertEqual(len(answers), 1, "the ways to her name disagree")
        if not answers == {True}:
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
                survivor.read(["full_name"])
        return answers.pop()

    # ------------------------------------------------------------------
    # Identity
    # ------------------------------------------------------------------
    def test_acknowledging_opens_no_identity(self):
        self.assertTrue(self.case.with_user(self.police).has_access("read"))
        self.assertFalse(self._knows(self.police))
        self.assertTrue(self._knows(self.worker))

    def test_consent_opens_identity_to_its_discipline_only(self):
        self._consent()
        self.assertTrue(self._knows(self.police))
        self.assertFalse(self._knows(self.medical))
        self.assertFalse(self._knows(self.manager))

    def test_consent_for_an_agency(self):
        self._consent(discipline=None, agency_id=self.agency.id)
        self.assertFalse(self._knows(self.police))
        self.people["police"].agency_id = self.agency
        self._settle()
        self.assertTrue(self._knows(self.police))
        self.assertFalse(self._knows(self.medical))
        self.people["police"].agency_id = False
        self._settle()
        self.assertFalse(self._knows(self.police))

    def test_consent_counts_for_who_acknowledges_later(self):
        self._consent(discipline="legal")
        rule = self._only_rule("legal")
        self.assertTrue(rule)
        self.case.with_user(self.worker).in_danger = True
        self._settle()
        legal = self.people["legal"].user_id
        self.assertFalse(self._knows_not_open(legal))
        self._intimation(self.case, legal).action_acknowledge()
        self._settle()
        self.assertTrue(self._knows(legal))

    def _knows_not_open(self, user):
        return self.survivor.with_user(user).has_access("read")

    def test_withdrawing_closes_at_once(self):
        consent = self._consent()
        with self.assertRaises(AccessError):
            consent.with_user(self.police).action_withdraw()
        consent.action_withdraw()
        self._settle()
        self.assertFalse(self._knows(self.police))
        self.assertEqual(consent.withdrawn_at, fields.Datetime.now())
        with self.assertRaises(UserError):
            consent.action_withdraw()

    def test_withdrawing_closes_what_was_recorded_twice(self):
        first, second = self._consent(), self._consent()
        other = self._consent(discipline="legal")
        first.action_withdraw()
        self._settle()
        self.assertFalse(self._knows(self.police))
        self.assertTrue(second.withdrawn_at)
        self.assertFalse(other.withdrawn_at)

    def test_consent_ends_by_itself(self):
        self._consent(expires_at=fields.Datetime.now() + timedelta(hours=2))
        self.assertTrue(self._knows(self.police))
        self._pass_minutes(121)
        self._settle()
        self.assertFalse(self._knows(self.police))

    def test_statistics_open_nothing(self):
        with self.assertRaises(ValidationError):
            self._consent(scope="statistics")
        self._consent(scope="statistics", discipline=None)
        self.assertFalse(self._knows(self.police))

    def test_receiver_is_one_discipline_or_one_agency(self):
        with self.assertRaises(ValidationError):
            self._consent(discipline=None)
        with self.assertRaises(ValidationError):
            self._consent(agency_id=self.agency.id)

    def test_who_may_record_consent(self):
        for user in (self.police, self.colleague, self.coordinator, self.administrator):
            with (
                self.subTest(user=user.login),
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_rule"),
                mute_logger("odoo.addons.base.models.ir_model"),
            ):
                self._consent(user=user)
        self._consent(user=self.manager)

    def test_a_recorded_consent_never_changes(self):
        consent = self._consent()
        for vals in (
            {"scope": "medical"},
            {"discipline_id": self.disciplines["medical"].id},
            {"withdrawn_at": False},
            {"case_id": self.case.id},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                consent.write(vals)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            consent.unlink()
        with self.assertRaises(AccessError):
            consent.with_user(self.police).write({"document_ids": []})

    def test_recorder_and_withdrawal_can_not_be_invented(self):
        consent = self._consent(
            recorded_by_id=self.manager.id, withdrawn_at="2026-01-01 00:00:00"
        )
        self.assertEqual(consent.recorded_by_id, self.worker)
        self.assertFalse(consent.withdrawn_at)

    def test_the_signed_form_is_for_those_who_know_her(self):
        document = (
            self.env["ir.attachment"]
            .with_user(self.worker)
            .create({"name": "Form", "raw": b"%PDF", "res_model": "osc.consent"})
        )
        consent = self._consent(
            scope="medical",
            discipline="medical",
            document_ids=[fields.Command.set(document.ids)],
        )
        self.assertEqual(document.res_id, consent.id)
        self.assertTrue(document.with_user(self.worker).has_access("read"))
        self.assertTrue(consent.with_user(self.police).has_access("read"))
        for user in (self.police, self.medical, self.manager, self.coordinator):
            with self.subTest(user=user.login):
                self.assertFalse(document.with_user(user).has_access("read"))

    # ------------------------------------------------------------------
    # Without consent
    # ------------------------------------------------------------------
    def test_urgency_opens_nothing(self):
        self.case.with_user(self.worker).urgency = "emergency"
        self._settle()
        self.assertFalse(self._knows(self.police))

    def test_legal_duty_names_the_law(self):
        with self.assertRaises(ValidationError):
            self._disclosure(discipline_id=self.disciplines["police"].id)
        duty = self._disclosure(
            discipline_id=self.disciplines["police"].id, law="Order of the court, 12/26"
        )
        self.assertTrue(self._knows(self.police))
        self.assertFalse(self._knows(self.medical))
        self.assertIn(duty, self.case.with_user(self.police).disclosure_ids)
        duty.action_end()
        self._settle()
        self.assertFalse(self._knows(self.police))

    def test_vital_interest_has_a_reason_and_an_end(self):
        vals = {
            "basis": "vital_interest",
            "discipline_id": self.disciplines["medical"].id,
        }
        with self.assertRaises(ValidationError):
            self._disclosure(**vals, reason="Unconscious, allergy unknown")
        until = fields.Datetime.now() + timedelta(hours=6)
        with self.assertRaises(ValidationError):
            self._disclosure(**vals, expires_at=until)
        self._disclosure(
            **vals, expires_at=until, reason="Unconscious, allergy unknown"
        )
        self.assertTrue(self._knows(self.medical))
        self._pass_minutes(361)
        self._settle()
        self.assertFalse(self._knows(self.medical))

    def test_the_duty_for_a_minor_is_proposed_from_the_policy(self):
        self.policy.minor_duty = "Child Act, section 7"
        self.survivor.birth_date = "2012-01-01"
        self._settle()
        duty = self._disclosure(discipline_id=self.disciplines["child_protection"].id)
        self.assertEqual(duty.law, "Child Act, section 7")

    # ------------------------------------------------------------------
    # Minors
    # ------------------------------------------------------------------
    def _guardian(self, **vals):
        return (
            self.env["osc.guardian"]
            .with_user(self.worker)
            .create({"case_id": self.case.id, "relation": "mother", **vals})
        )

    def test_a_small_child_does_not_consent_alone(self):
        self.survivor.birth_date = "2014-03-11"  # eleven, tomorrow twelve
        with self.assertRaises(ValidationError):
            self._consent()
        mother = self._guardian(full_name="Guardian Testperson")
        self._consent(given_by="guardian", guardian_id=mother.id, child_agrees=True)
        self.assertTrue(self._knows(self.police))

    def test_the_age_of_consent_is_the_policy_s(self):
        self.survivor.birth_date = "2011-03-11"  # fourteen, tomorrow fifteen
        with self.assertRaises(ValidationError):
            self._consent()
        self.policy.consent_age = 14
        self._consent()

    def test_the_case_worker_asks_anew_when_she_turns_out_to_be_younger(self):
        """A mistyped age closes nothing to the doctor who treats her."""
        self.survivor.age_years = 20
        own = self._consent()
        self.case.activity_ids.unlink()
        self.survivor.age_years = 19
        self.assertFalse(self.case.activity_ids)
        self.survivor.with_user(self.worker).age_years = 9
        task = self.case.activity_ids
        self.assertEqual((len(task), task.user_id), (1, self.worker))
        self.assertTrue(own.is_valid)
        self.assertTrue(self._knows(self.police))
        own.action_withdraw()
        task.unlink()
        self.survivor.age_years = 8
        self.assertFalse(self.case.activity_ids)

    def test_what_another_guardian_consented_to_stays(self):
        self.survivor.age_years = 9
        mother, aunt = self._guardian(), self._guardian(relation="other")
        unnamed = self._consent(given_by="guardian")
        hers = self._consent(given_by="guardian", guardian_id=mother.id)
        other = self._consent(given_by="guardian", guardian_id=aunt.id)
        hers.action_withdraw()
        self.assertTrue(hers.withdrawn_at)
        self.assertTrue(unnamed.withdrawn_at, "it may have been hers")
        self.assertFalse(other.withdrawn_at)
        self.assertTrue(self._knows(self.police))

    def test_an_accused_guardian_never_consents(self):
        self.survivor.age_years = 9
        father = self._guardian(relation="father", is_accused=True)
        with self.assertRaises(ValidationError):
            self._consent(given_by="guardian", guardian_id=father.id)
        # Nor somebody of whom nobody says who it is.
        with self.assertRaises(ValidationError):
            self._consent(given_by="guardian")
        mother = self._guardian()
        self._consent(given_by="guardian", guardian_id=mother.id)

    def test_what_a_guardian_consented_to_ends_with_the_accusation(self):
        self.survivor.age_years = 9
        father, mother = self._guardian(relation="father"), self._guardian()
        accused = self._consent(given_by="guardian", guardian_id=father.id)
        kept = self._consent(
            given_by="guardian", guardian_id=mother.id, discipline="medical"
        )
        father.is_accused = True
        self._settle()
        self.assertTrue(accused.withdrawn_at)
        self.assertFalse(kept.withdrawn_at)
        self.assertFalse(self._knows(self.police))
        self.assertTrue(self._knows(self.medical))

    def test_guardians_are_for_those_who_know_her(self):
        guardian = self._guardian(full_name="Guardian Testperson")
        self._settle()
        self.assertEqual(guardian.display_name, "Mother")
        for user in (self.police, self.manager, self.coordinator, self.auditor):
            with self.subTest(user=user.login):
                self.assertFalse(guardian.with_user(user).has_access("read"))
        self._consent()
        self.assertTrue(guardian.with_user(self.police).has_access("read"))
        self.assertFalse(guardian.with_user(self.police).has_access("write"))

    # ------------------------------------------------------------------
    # What disciplines write
    # ------------------------------------------------------------------
    def _statement(self, user=None, **vals):
        statement = (
            self.env["osc.statement"]
            .with_user(user or self.worker)
            .create(
                {"case_id": self.case.id, "narrative": "It began in spring", **vals}
            )
        )
        self._settle()
        return statement

    def _reads(self, user, record):
        own = record.with_user(user)
        allowed = own.has_access("read")
        if own.browse().has_access("read"):
            self.assertEqual(bool(own.search([("id", "=", record.id)])), allowed)
        return allowed

    def test_the_statement_is_open_by_consent(self):
        statement = self._statement()
        for user in (self.police, self.medical, self.manager, self.coordinator):
            with self.subTest(user=user.login):
                self.assertFalse(self._reads(user, statement))
        consent = self._consent(scope="statement")
        self.assertTrue(self._reads(self.police, statement))
        self.assertFalse(statement.with_user(self.police).has_access("write"))
        self.assertFalse(self._reads(self.medical, statement))
        consent.action_withdraw()
        self._settle()
        self.assertFalse(self._reads(self.police, statement))

    def test_a_discipline_writes_for_itself_only(self):
        police = self.disciplines["police"]
        statement = self._statement(self.police, discipline_id=police.id)
        self.assertTrue(statement.with_user(self.police).has_access("write"))
        self.assertFalse(self._reads(self.medical, statement))
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            self._statement(self.police)  # as casework
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            self._statement(self.people["legal"].user_id)

    def test_what_was_done_is_for_the_discipline_and_the_case_worker(self):
        mine = self._intimation(self.case, self.police)
        mine.action_act("Took her to the station")
        self._settle()
        for user, reads in (
            (self.police, True),
            (self.worker, True),
            (self.medical, False),
            (self.manager, False),
        ):
            with self.subTest(user=user.login):
                text = mine.with_user(user).action_taken
                self.assertEqual(text, reads and "Took her to the station")
        self._consent(scope="legal", discipline="medical")
        self.assertTrue(mine.with_user(self.medical).action_taken)
        self.env.cr.execute(
            "SELECT action_note FROM osc_intimation WHERE id = %s", [mine.id]
        )
        self.assertNotIn("station", self.env.cr.fetchone()[0])

    # ------------------------------------------------------------------
    # Inbox, followers, tasks
    # ------------------------------------------------------------------
    def test_nothing_stays_with_who_lost_access(self):
        self.police.notification_type = "inbox"
        case = self.case.with_user(self.worker)
        note = case.message_post(
            body="Come to the back door", partner_ids=self.police.partner_id.ids
        )
        own = self.case.with_user(self.police).message_post(body="On my way")
        task = case.activity_schedule(
            "mail.mail_activity_data_todo", summary="Bring keys", user_id=self.police.id
        )
        self.case.with_user(self.police).message_subscribe(self.police.partner_id.ids)
        self._settle()
        for record in (note, own, task):
            self.assertTrue(record.with_user(self.police).has_access("read"))
        self._intimation(self.case, self.police).action_decline("My cousin", True)
        self._settle()
        for record in (note, own, task):
            with self.subTest(model=record._name):
                self.assertFalse(record.with_user(self.police).has_access("read"))
                self.assertFalse(
                    record.with_user(self.police).search([("id", "=", record.id)])
                )
                self.assertFalse(record.with_user(self.police).has_access("write"))
        self.assertFalse(
            note.sudo().notification_ids.filtered(
                lambda n: n.res_partner_id == self.police.partner_id
            )
        )
        followers = self.case.sudo().message_partner_ids
        self.assertNotIn(self.police.partner_id, followers)
        self.assertEqual(task.sudo().user_id, self.worker)

    def test_only_members_follow(self):
        self.case.with_user(self.worker).message_subscribe(
            (self.police | self.coordinator | self.internal).partner_id.ids
        )
        followers = self.case.sudo().message_partner_ids
        self.assertIn(self.police.partner_id, followers)
        self.assertFalse(followers & (self.coordinator | self.internal).partner_id)
        Followers = self.env["mail.followers"].with_user(self.internal)
        self.assertFalse(Followers.search([("res_model", "=", "osc.case")]))

    def test_notes_and_tasks_do_not_say_who_she_is(self):
        case = self.case.with_user(self.worker)
        for text in (
            f"Told {NAME} to wait",
            f"<p>{NAME.upper()}</p>",
            "Call 0300-5550199 tonight",
        ):
            with self.subTest(text=text), self.assertRaises(UserError):
                case.message_post(body=text)
        with self.assertRaises(UserError):
            case.activity_schedule("mail.mail_activity_data_todo", summary=NAME)
        note = case.message_post(body="Told her to wait")
        with self.assertRaises(UserError):
            case._message_update_content(note, body=f"Told {NAME} to wait")
        # Nor do those who don't know her, see TestWriting.
        with self.assertRaises(UserError):
            self.case.with_user(self.police).message_post(body=f"Is it {NAME}?")

    # ------------------------------------------------------------------
    # Leaving
    # ------------------------------------------------------------------
    def test_who_leaves_the_post_leaves_its_cases(self):
        self._consent()
        person = self.people["police"]
        person.with_user(self.manager).active = False
        self._settle()
        self.assertFalse(self.case.with_user(self.police).has_access("read"))
        self.assertFalse(self._knows_not_open(self.police))
        mine = self.case.sudo().intimation_ids.filtered(
            lambda i: i.user_id == self.police
        )
        self.assertEqual(mine.state, "cancelled")
        # And the need goes to whoever is next.
        self.assertIn(self.backup.user_id, self._users_told(self.case))

    def test_moving_to_another_center_ends_it_too(self):
        self.people["police"].center_id = self.other_center
        self._settle()
        self.assertFalse(self.case.with_user(self.police).has_access("read"))


@tagged("post_install", "-at_install")
class TestBreakGlass(CasesCommon):
    """Emergency access: for some hours, told at once, reviewed by somebody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._only_rule("police")
        cls.legal = cls.people["legal"].user_id
        cls.case = (
            cls.env["osc.case"]
            .with_user(cls.worker)
            .create({"channel": "phone", "urgency": "urgent", "survivor_name": NAME})
        )
        cls.case.action_report()
        cls.statement = cls.env["osc.statement"].create(
            {
                "case_id": cls.case.id,
                "narrative": "It began in spring",
                "discipline_id": cls.disciplines["casework"].id,
            }
        )
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _ask(self, user, code=None, reason="She is unconscious in the ward", hours=2):
        form = Form(self.env["osc.break.glass.request"].with_user(user))
        form.case_code = code or self.case.name
        form.reason = reason
        form.hours = hours
        return form.save()

    def _break(self, user, **vals):
        self._ask(user, **vals).action_confirm()
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["osc.break.glass"].search(
            [("user_id", "=", user.id)], order="id desc", limit=1
        )

    def _knows(self, user):
        return (
            self.case.with_user(user).has_access("read")
            and self.case.sudo().survivor_id.with_user(user).has_access("read")
            and self.statement.with_user(user).has_access("read")
        )

    def test_opens_for_some_hours(self):
        self.assertFalse(self._knows(self.legal))
        self._break(self.legal)
        self.assertTrue(self._knows(self.legal))
        self._pass_minutes(2 * 60 + 1)
        self.env.invalidate_all()
        self.assertFalse(self._knows(self.legal))
        self.assertFalse(self.case.with_user(self.legal).has_access("read"))

    def test_manager_and_auditors_know_at_once(self):
        self._break(self.legal)
        told = self.env["mail.message"].search(
            [("subject", "=", f"Emergency access to {self.case.name}")]
        )
        self.assertLessEqual(
            self.manager.partner_id | self.auditor.partner_id, told.partner_ids
        )
        self.assertNotIn(self.legal.partner_id, told.partner_ids)
        self.assertNotIn(NAME, str(told.body))

    def test_of_a_manager_the_coordinator_knows(self):
        access = self._break(self.manager)
        told = self.env["mail.message"].search(
            [("subject", "=", f"Emergency access to {self.case.name}")]
        )
        self.assertIn(self.coordinator.partner_id, told.partner_ids)
        self.assertNotIn(self.manager.partner_id, told.partner_ids)
        with self.assertRaises(AccessError):
            access.with_user(self.manager).action_justified()
        access.with_user(self.coordinator).action_justified()

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_who_may_not(self):
        for user in (self.coordinator, self.auditor, self.administrator, self.internal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._ask(user).action_confirm()
        with self.assertRaises(AccessError):
            self._ask(self.other_worker).action_confirm()
        self.case.with_user(self.worker).excluded_user_ids = self.legal
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self._ask(self.legal).action_confirm()
        request = self._ask(self.people["police"].user_id)
        with self.assertRaises(AccessError):
            request.with_user(self.legal).action_confirm()

    def test_a_code_that_does_not_exist_is_answered_alike(self):
        with self.assertRaises(AccessError) as unknown:
            self._ask(self.legal, code="TQA-2026-999999-9").action_confirm()
        with self.assertRaises(AccessError) as foreign:
            self._ask(self.other_worker).action_confirm()
        self.assertEqual(
            str(unknown.exception).replace("TQA-2026-999999-9", "CODE"),
            str(foreign.exception).replace(self.case.name, "CODE"),
        )

    def test_reason_and_hours(self):
        with self.assertRaises(UserError):
            self._ask(self.legal, reason="urgent").action_confirm()
        with self.assertRaises(UserError):
            self._ask(self.legal, hours=5).action_confirm()
        self.policy.break_glass_hours = 5
        self._ask(self.legal, hours=5).action_confirm()

    def test_not_justified_ends_it(self):
        access = self._break(self.legal)
        for user in (self.legal, self.worker):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                access.with_user(user).action_unjustified()
        access.with_user(self.auditor).action_unjustified()
        self.env.invalidate_all()
        self.assertFalse(self._knows(self.legal))
        with self.assertRaises(UserError):
            access.with_user(self.auditor).action_justified()

    def test_who_sees_that_it_happened(self):
        access = self._break(self.legal)
        for user, reads in (
            (self.legal, True),
            (self.worker, True),
            (self.manager, True),
            (self.coordinator, True),
            (self.auditor, True),
            (self.other_manager, False),
            (self.colleague, False),
            (self.internal, False),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(access.with_user(user).has_access("read"), reads)
                self.assertFalse(access.with_user(user).has_access("write"))

    def test_again_while_it_is_open(self):
        self._break(self.legal, hours=1)
        self._pass_minutes(50)
        self._break(self.legal, hours=1)
        self._pass_minutes(20)
        self.env.invalidate_all()
        self.assertTrue(self._knows(self.legal))
