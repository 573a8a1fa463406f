from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CasesCommon

WORDS = "He came at night"


@tagged("post_install", "-at_install")
class TestStatement(CasesCommon):
    """She tells it once: who reads it, what confirming fixes, what retelling needs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._only_rule("medical", "police")
        cls.medical = cls.people["medical"].user_id
        cls.police = cls.people["police"].user_id

    def setUp(self):
        super().setUp()
        self.case = self._report()
        for user in (self.medical, self.police):
            self._intimation(self.case, user).action_acknowledge()
        self.statement = self._state()

    def _state(self, user=None, **vals):
        statement = (
            self.env["osc.statement"]
            .with_user(user or self.worker)
            .create({"case_id": self.case.id, "narrative": WORDS, **vals})
        )
        self.env.flush_all()
        self.env.invalidate_all()
        return statement

    def _consent(self, *codes):
        for code in codes:
            self.env["osc.consent"].with_user(self.worker).create(
                {
                    "case_id": self.case.id,
                    "scope": "statement",
                    "discipline_id": self.disciplines[code].id,
                }
            )
        self.env.flush_all()
        self.env.invalidate_all()

    def _readers(self, statement):
        """Logins of those who read it, by right and by search, which must agree."""
        readers = set()
        for user in (self.worker, self.medical, self.police, self.manager):
            found = self.env["osc.statement"].with_user(user).search([])
            may = statement.with_user(user).has_access("read")
            self.assertEqual(statement in found, may, user.login)
            if may:
                readers.add(user)
        return readers

    # ------------------------------------------------------------------
    # Once
    # ------------------------------------------------------------------
    def test_a_second_account_needs_a_reason(self):
        with self.assertRaises(ValidationError):
            self._state()
        self._state(kind="part")
        self.assertEqual(self.case.telling_count, 1)
        self._state(retold_reason="court")
        self.assertEqual(self.case.telling_count, 2)
        self.assertEqual(self.case.with_user(self.police).telling_count, 2)

    def test_a_part_can_not_become_a_second_account_without_a_reason(self):
        part = self._state(kind="part")
        with self.assertRaises(ValidationError):
            part.kind = "full"

    def test_a_second_account_that_she_gave_elsewhere_counts(self):
        """Also for those who can't read the first one."""
        with self.assertRaises(ValidationError):
            self._state(
                self.police, discipline_id=self.disciplines["police"].id, kind="full"
            )

    def test_who_may_not_write_learns_nothing_of_the_first_account(self):
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            self._state(self.colleague)

    def test_the_form_shows_what_she_has_told(self):
        Statement = self.env["osc.statement"].with_context(default_case_id=self.case.id)
        form = Form(Statement.with_user(self.worker))
        self.assertEqual(form.told_before_count, 1)
        self.assertEqual(form.told_before_ids.ids, self.statement.ids)
        form = Form(
            Statement.with_user(self.police).with_context(
                default_discipline_id=self.disciplines["police"].id
            )
        )
        self.assertEqual(form.told_before_count, 1)
        self.assertFalse(form.told_before_ids.ids)

    # ------------------------------------------------------------------
    # Confirmed
    # ------------------------------------------------------------------
    def test_confirming_fixes_it(self):
        with self.assertRaises(UserError):
            self.statement.action_confirm()
        self.statement.read_back = "read_to_her"
        self.statement.action_confirm()
        self.assertEqual(self.statement.confirmed_by_id, self.worker)
        for vals in ({"narrative": "Other"}, {"confirmed_at": False}, {"kind": "part"}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.statement.write(vals)
        with self.assertRaises(UserError):
            self.statement.action_confirm()

    def test_confirmation_can_not_be_invented(self):
        with self.assertRaises(UserError):
            self.statement.confirmed_at = fields.Datetime.now()
        part = self._state(kind="part", confirmed_at=fields.Datetime.now())
        self.assertFalse(part.confirmed_at)
        self._consent("police")
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models"):
            self.statement.with_user(self.police).action_confirm()

    def test_additions_are_for_confirmed_statements_of_the_case(self):
        with self.assertRaises(ValidationError):
            self._state(kind="addendum", corrects_id=self.statement.id)
        self.statement.read_back = "read_to_her"
        self.statement.action_confirm()
        action = self.statement.action_add()
        form = Form(
            self.env["osc.statement"]
            .with_user(self.worker)
            .with_context(**action["context"])
        )
        form.narrative = "It was the other door"
        addition = form.save()
        self.assertEqual(self.statement.addendum_ids, addition)
        self.assertEqual(self.case.telling_count, 1)
        other = self._report()
        with self.assertRaises(AccessError):
            addition.case_id = other

    def test_the_recording_is_for_readers_and_stays(self):
        recording = (
            self.env["ir.attachment"]
            .with_user(self.worker)
            .create({"name": "a", "raw": b"sound", "res_model": "osc.statement"})
        )
        self.statement.write(
            {
                "recording_ids": [fields.Command.set(recording.ids)],
                "read_back": "played",
            }
        )
        self.assertEqual(recording.res_id, self.statement.id)
        self.assertFalse(recording.with_user(self.medical).has_access("read"))
        self._consent("medical")
        self.assertTrue(recording.with_user(self.medical).has_access("read"))
        self.assertTrue(recording.with_user(self.worker).has_access("write"))
        self.statement.action_confirm()
        self.env.invalidate_all()
        self.assertTrue(recording.with_user(self.worker).has_access("read"))
        for operation in ("write", "unlink"):
            self.assertFalse(recording.with_user(self.worker).has_access(operation))

    # ------------------------------------------------------------------
    # Parts
    # ------------------------------------------------------------------
    def test_a_part_for_one_discipline(self):
        part = self._state(kind="part", only_for_id=self.disciplines["medical"].id)
        self.assertEqual(self._readers(part), {self.worker})
        self._consent("medical", "police")
        self.assertEqual(self._readers(part), {self.worker, self.medical})
        self.assertEqual(
            self._readers(self.statement), {self.worker, self.medical, self.police}
        )

    def test_only_for_does_not_open_without_consent(self):
        part = self._state(kind="part", only_for_id=self.disciplines["police"].id)
        self.assertEqual(self._readers(part), {self.worker})
