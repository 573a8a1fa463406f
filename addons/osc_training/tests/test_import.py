from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TrainingCommon

FIELDS = ["employee_id", "skill_id", "valid_from", "valid_to"]
OPTIONS = {
    "import_set_empty_fields": [],
    "import_skip_records": [],
    "fallback_values": {},
    "name_create_enabled_fields": {},
    "quoting": '"',
    "separator": ",",
    "encoding": "utf-8",
    "date_format": "%Y-%m-%d",
    "datetime_format": "",
    "float_thousand_separator": ",",
    "float_decimal_separator": ".",
    "has_headers": True,
    "advanced": True,
    "keep_matches": False,
    "limit": 2000,
    "skip": 0,
    "tracking_disable": True,
}


@tagged("post_install", "-at_install")
class TestImport(TrainingCommon):
    """Lists of training records come in with Odoo's import: all of a list, or nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee.work_email = "worker@tq.example"
        cls.other_course = cls._make_course("tq_other")

    def _import(self, *rows, dryrun=False):
        text = "\n".join([",".join(FIELDS), *rows])
        importer = (
            self.env["base_import.import"]
            .with_user(self.hr)
            .create(
                {
                    "res_model": "hr.employee.skill",
                    "file": text.encode(),
                    "file_type": "text/csv",
                    "file_name": "records.csv",
                }
            )
        )
        return importer.execute_import(FIELDS, FIELDS, OPTIONS, dryrun=dryrun)

    def _held(self):
        return self.env["hr.employee.skill"].search(
            [
                ("employee_id", "=", self.employee.id),
                ("skill_id.osc_is_course", "=", True),
            ],
            order="valid_from",
        )

    def test_by_address_and_code_or_by_names(self):
        result = self._import(
            "worker@tq.example,tq_course,2026-01-31,2026-06-30",
            f"{self.employee.name},Course tq_other,2026-02-01,",
        )
        self.assertFalse(result["messages"])
        first, second = self._held()
        self.assertEqual(first.skill_id, self.course)
        self.assertEqual(first.skill_level_id, self.level)
        self.assertEqual(str(first.valid_to), "2026-06-30")
        self.assertFalse(second.valid_to)

    @mute_logger("odoo.sql_db")
    def test_each_wrong_row_is_told_and_nothing_comes_in(self):
        result = self._import(
            "worker@tq.example,tq_course,2026-01-31,2026-06-30",
            "nobody@tq.example,tq_course,2026-01-31,2026-06-30",
            "worker@tq.example,no_course,2026-01-31,2026-06-30",
        )
        rows = {message.get("rows", {}).get("from") for message in result["messages"]}
        self.assertTrue({1, 2} <= rows, result["messages"])
        self.assertFalse(self._held())

    def test_wrong_date(self):
        result = self._import(
            "worker@tq.example,tq_course,2026-01-31,",
            "worker@tq.example,tq_other,31.1.2026,",
        )
        self.assertIn("line 2", result["messages"][0]["message"])
        self.assertFalse(self._held())

    def test_end_before_begin(self):
        result = self._import("worker@tq.example,tq_course,2026-06-30,2026-01-31")
        self.assertTrue(result["messages"])
        self.assertFalse(self._held())

    def test_without_the_last_day_the_course_says_it(self):
        result = self._import("worker@tq.example,tq_course,2026-01-31,")
        self.assertFalse(result["messages"])
        self.assertEqual(str(self._held().valid_to), "2027-01-31")

    def test_without_the_first_day_nothing_comes_in(self):
        result = self._import("worker@tq.example,tq_course,,")
        self.assertIn("first day", str(result["messages"]))
        self.assertFalse(self._held())

    def test_of_two_people_with_one_name_nobody_is_certified(self):
        self._make_employee("Namesake")
        self._make_employee("Namesake")
        result = self._import(
            "Employee Namesake,tq_course,2026-01-31,2026-06-30",
            "worker@tq.example,tq_course,2026-01-31,2026-06-30",
        )
        (message,) = result["messages"]
        self.assertEqual(message["type"], "error")
        self.assertEqual(message["rows"]["from"], 0)
        self.assertFalse(result["ids"])
        self.assertFalse(
            self.env["hr.employee.skill"].search([("skill_id", "=", self.course.id)])
        )

    def test_trial(self):
        result = self._import(
            "worker@tq.example,tq_course,2026-01-31,2026-06-30", dryrun=True
        )
        self.assertFalse(result["messages"])
        self.assertFalse(self._held())

    def test_template(self):
        template = self.env["hr.employee.skill"].get_import_templates()[0]["template"]
        self.assertTrue(template.startswith("/osc_training/static/"))
