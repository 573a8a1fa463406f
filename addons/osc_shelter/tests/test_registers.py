import psycopg2

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ShelterCommon

# A picture of one pixel, as a signature.
SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestRegisters(ShelterCommon):
    def setUp(self):
        super().setUp()
        self.stay = self._stay(children=[self._child(age_years=9, bed=1)])

    def _note(self, model, **vals):
        Model = self.env[f"osc.shelter.{model}"].with_user(self.in_charge)
        return Model.create({"stay_id": self.stay.id, **vals})

    def test_belongings_in_and_out_with_signature(self):
        phone = self._note("belonging", name="A phone", signature_in=SIGNATURE)
        for vals in ({"name": "Two phones"}, {"quantity": 2}, {"signature_in": False}):
            with self.assertRaisesRegex(UserError, "signed"):
                phone.write(vals)
        with self.assertRaisesRegex(UserError, "Let her sign"):
            phone.action_return()
        with self.assertRaises(UserError):
            phone.returned_at = "2026-03-10 17:00:00"
        phone.signature_out = SIGNATURE
        phone.action_return()
        self.assertEqual(phone.returned_by_id, self.in_charge)
        with self.assertRaisesRegex(UserError, "already"):
            phone.action_return()

    def test_what_she_signed_for_stays_signed(self):
        belonging = self._note("belonging", name="A ring", signature_in=SIGNATURE)
        belonging.signature_out = SIGNATURE
        belonging.action_return()
        with self.assertRaisesRegex(UserError, "stays as it is"):
            belonging.signature_out = False

    def test_signatures_are_encrypted_files(self):
        phone = self._note("belonging", name="A phone", signature_in=SIGNATURE)
        file = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "osc.shelter.belonging"),
                    ("res_id", "=", phone.id),
                    ("res_field", "=", "signature_in"),
                ]
            )
        )
        stored = (
            file._file_read(file.store_fname) if file.store_fname else file.db_datas
        )
        self.assertNotIn(b"IHDR", stored)
        self.assertEqual(phone.signature_in, SIGNATURE.encode())

    def test_what_is_still_in_keeping_shows_when_she_leaves(self):
        self._note("belonging", name="A phone")
        wizard = self.env["osc.shelter.departure"].with_user(self.in_charge)
        wizard = wizard.new({"stay_id": self.stay.id})
        self.assertEqual(wizard.kept_count, 1)

    def test_no_visitor_whom_she_did_not_approve(self):
        visit = self._note("visit", visitor="A man who says he is her brother")
        with self.assertRaisesRegex(UserError, "didn't approve"):
            visit.action_let_in()
        visit.approval = "refused"
        with self.assertRaisesRegex(UserError, "didn't approve"):
            visit.action_let_in()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.CheckViolation),
            self.env.cr.savepoint(),
        ):
            visit.sudo().arrived_at = "2026-03-10 17:00:00"
            visit.flush_recordset()
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            visit.arrived_at = "2026-03-10 17:00:00"
        visit.approval = "approved"
        visit.action_let_in()
        visit.action_gone()
        with self.assertRaisesRegex(UserError, "isn't there"):
            visit.action_gone()

    def test_absences_and_returns(self):
        absence = self._note("absence", expected_at="2026-03-10 19:00:00")
        self.assertFalse(absence.is_late)
        self._move_to("2026-03-10 19:30:00")
        self.assertTrue(absence.is_late)
        late = absence.search([("is_late", "=", True)])
        self.assertEqual(late, absence)
        absence.action_returned()
        self.assertFalse(absence.is_late)
        with self.assertRaisesRegex(UserError, "back already"):
            absence.action_returned()

    def test_meals_and_needs(self):
        need = self._note("need", kind="diet", note="No nuts", persons=2)
        need.action_give()
        self.assertTrue(need.given_at)
        with self.assertRaisesRegex(UserError, "already"):
            need.action_give()

    def test_incidents_are_written_after_they_happened(self):
        self._note("incident", kind="threat", description="He stood at the gate")
        with self.assertRaises(ValidationError):
            self._note("incident", happened_at="2026-03-12 10:00:00")

    def test_who_wrote_it(self):
        need = self._note("need", author_id=self.manager.id)
        self.assertEqual(need.author_id, self.in_charge)
        self.assertIn(self.stay.case_id.name, need.display_name)
