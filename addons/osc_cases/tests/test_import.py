import base64
import csv
import io

from openpyxl import Workbook

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..import_file import COLUMNS
from .common import NAME, PHONE, CasesCommon

ROW = {"center": "TQA", "channel": "walk_in", "reported_on": "2025-05-05"}


@tagged("post_install", "-at_install")
class TestImport(CasesCommon):
    """Lists of cases that a center kept before."""

    def _csv(self, *rows, columns=COLUMNS, separator=","):
        target = io.StringIO()
        writer = csv.DictWriter(target, columns, delimiter=separator, restval="")
        writer.writeheader()
        writer.writerows(rows)
        return target.getvalue().encode()

    def _wizard(self, content, name="cases.csv", user=None):
        return (
            self.env["osc.case.import"]
            .with_user(user or self.manager)
            .create({"file": base64.b64encode(content), "file_name": name})
        )

    def _import(self, *rows, **options):
        wizard = self._wizard(self._csv(*rows), **options)
        wizard.action_import()
        self.env.flush_all()
        self.env.invalidate_all()
        return wizard

    def _cases(self):
        return self.env["osc.case"].search([("center_id", "=", self.center.id)])

    # ------------------------------------------------------------------
    # What is imported
    # ------------------------------------------------------------------
    def test_a_closed_case_with_all_that_is_known(self):
        self._import(
            {
                **ROW,
                "urgency": "urgent",
                "closed_on": "2025-06-01",
                "full_name": NAME,
                "phone": PHONE,
                "birth_date": "2001-02-03",
                "incident_type": "rape",
                "incident_on": "2025-05-04",
                "incident_place": "home",
                "consent_statistics": "yes",
            }
        )
        case = self._cases()
        self.assertEqual(case.state, "closed")
        self.assertRegex(case.name, r"^TQA-2025-\d{6}-\d$")
        # Noon at the center, five hours east of Greenwich.
        self.assertEqual(str(case.reported_at), "2025-05-05 07:00:00")
        self.assertEqual(str(case.closed_at), "2025-06-01 07:00:00")
        self.assertEqual(case.survivor_id.full_name, NAME)
        self.assertEqual(case.incident_ids.type_id.code, "rape")
        self.assertEqual(case.consent_ids.scope, "statistics")
        self.assertFalse(case.intimation_ids)

    def test_an_active_case_goes_to_its_case_worker_and_nobody_is_told(self):
        self._import(
            {
                **ROW,
                "state": "active",
                "case_worker": self.worker.login,
                "incident_type": "rape",
                "full_name": NAME,
            }
        )
        case = self._cases()
        self.assertEqual(case.state, "active")
        self.assertFalse(case.intimation_ids)
        self.assertFalse(self._bus())
        self.assertEqual(case.with_user(self.worker).survivor_name, NAME)
        self.assertTrue(case.with_user(self.manager).has_access("read"))
        self.assertFalse(
            case.survivor_id.with_user(self.manager).has_access("read"),
            "knowing who she is ends with the import",
        )

    def test_codes_follow_the_year_of_the_report(self):
        self._import(
            {**ROW, "reported_on": "2026-01-02"},
            {**ROW, "reported_on": "2024-12-31"},
            {**ROW, "reported_on": "2024-01-01"},
        )
        codes = sorted(self._cases().mapped("name"))
        self.assertEqual(
            [code[:15] for code in codes],
            ["TQA-2024-000001", "TQA-2024-000002", "TQA-2026-000001"],
        )

    def test_xlsx_and_semicolons(self):
        book = Workbook()
        book.active.append(list(COLUMNS))
        line = {
            **ROW,
            "reported_on": fields.Date.to_date("2025-05-05"),
            "phone": 3005.0,
        }
        book.active.append([line.get(column) for column in COLUMNS])
        target = io.BytesIO()
        book.save(target)
        self._wizard(target.getvalue(), "cases.xlsx").action_import()
        self._wizard(self._csv(ROW, separator=";")).action_import()
        self.assertEqual(len(self._cases()), 2)
        self.assertIn("3005", self._cases().survivor_id.mapped("phone"))

    def test_a_small_child_s_guardian_consented(self):
        self._import({**ROW, "age_years": "8", "consent_statistics": "yes"})
        self.assertEqual(self._cases().consent_ids.given_by, "guardian")

    # ------------------------------------------------------------------
    # What is refused
    # ------------------------------------------------------------------
    def test_each_row_is_told_and_nothing_is_imported(self):
        wizard = self._import(
            ROW,
            {**ROW, "center": "XXX"},
            {**ROW, "center": "TQB"},
            {**ROW, "channel": "", "reported_on": "5.5.2025"},
            {**ROW, "age_years": "old", "sex": "f"},
            {**ROW, "reported_on": "2026-03-11"},
            {**ROW, "state": "active"},
            {**ROW, "closed_on": "2025-05-04"},
            {**ROW, "incident_on": "2025-05-06", "incident_type": "rape"},
        )
        self.assertFalse(self._cases())
        lines = wizard.errors.splitlines()
        self.assertEqual(wizard.error_count, len(lines))
        self.assertEqual(
            [(line.split(":")[0], line.split(": ")[1]) for line in lines],
            [
                ("Line 3", "center"),
                ("Line 4", "center"),
                ("Line 5", "channel"),
                ("Line 5", "reported_on"),
                ("Line 6", "sex"),
                ("Line 6", "age_years"),
                ("Line 7", "reported_on"),
                ("Line 8", "case_worker"),
                ("Line 9", "closed_on"),
                ("Line 10", "incident_on"),
            ],
        )
        self.assertEqual(wizard.state, "checked")

    def test_errors_quote_nothing(self):
        wizard = self._import({**ROW, "urgency": NAME, "birth_date": PHONE})
        self.assertEqual(wizard.error_count, 2)
        self.assertNotIn(NAME, wizard.errors)
        self.assertNotIn(PHONE, wizard.errors)

    def test_files_that_are_no_such_list(self):
        for content, name in (
            (b"", "a.csv"),
            (b"\xff\xfe\x00", "a.csv"),
            (b"not a book", "a.xlsx"),
            (b"center,channel\nTQA,walk_in\n", "a.csv"),
            (b"center,channel,reported_on,mother\n", "a.csv"),
            (b"center,center,channel,reported_on\n", "a.csv"),
            (self._csv(), "a.csv"),
        ):
            with self.subTest(content=content), self.assertRaises(UserError):
                self._wizard(content, name).action_import()

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_who_may_not(self):
        for user in (self.worker, self.administrator, self.auditor, self.internal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._wizard(self._csv(ROW), user=user).action_import()
        self._wizard(self._csv(ROW), user=self.other_manager).action_import()
        self.assertFalse(self._cases())
        wizard = self._wizard(self._csv(ROW))
        with self.assertRaises(AccessError):
            wizard.with_user(self.other_manager).action_import()

    def test_the_file_is_encrypted_and_goes(self):
        wizard = self._wizard(self._csv({**ROW, "full_name": NAME}))
        domain = [("res_model", "=", wizard._name), ("res_id", "=", wizard.id)]
        file = (
            self.env["ir.attachment"]
            .sudo()
            .search([*domain, ("res_field", "=", "file")])
        )
        self.assertTrue(file.vault_key)
        wizard.action_import()
        self.assertFalse(file.exists())

    def test_an_error_says_what_may_stand_there(self):
        errors = self._import(
            {**ROW, "channel": "walked", "state": "open", "case_worker": "nobody"}
        ).errors
        self.assertIn("channel: is none of the possible values: walk_in, ", errors)
        self.assertIn("state: is none of the possible values: active, closed", errors)
        self.assertIn("case_worker: is the login of no case worker", errors)
        self.assertNotIn(self.worker.login, errors)

    def test_the_template_is_a_list_with_the_columns(self):
        wizard = self._wizard(self._csv(ROW))
        action = wizard.action_template()
        attachment = int(action["url"].split("/")[3].split("?")[0])
        content = self.env["ir.attachment"].browse(attachment).raw.decode("utf-8-sig")
        self.assertEqual(content.strip().split(","), list(COLUMNS))

    def test_the_template_is_given_out_before_there_is_a_file(self):
        wizard = Form(self.env["osc.case.import"].with_user(self.manager)).save()
        self.assertEqual(wizard.action_template()["type"], "ir.actions.act_url")
        with self.assertRaisesRegex(UserError, "Choose the file"):
            wizard.action_check()
