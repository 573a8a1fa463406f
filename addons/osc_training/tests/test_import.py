import re

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

    def _importer(self, *rows):
        text = "\n".join([",".join(FIELDS), *rows])
        return (
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

    def _import(self, *rows, dryrun=False):
        return self._importer(*rows).execute_import(
            FIELDS, FIELDS, {**OPTIONS}, dryrun=dryrun
        )

    def _guess(self, *rows):
        """How the page reads the dates of a list of which nobody has said it."""
        preview = self._importer(*rows).parse_preview({**OPTIONS, "date_format": ""})
        return preview["options"]["date_format"]

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
        self.assertIn("Line 3", result["messages"][0]["message"])
        self.assertFalse(self._held())

    def _lines(self, result):
        """What is told, by line of the file."""
        lines = {}
        for message in result["messages"]:
            found = re.fullmatch(r"(?s)Line (\d+): (.*)", message["message"])
            lines.setdefault(int(found[1]), []).append(found[2])
            self.assertEqual(message["type"], "error")
        return lines

    @mute_logger("odoo.sql_db")
    def test_a_wrong_date_hides_no_other_row(self):
        result = self._import(
            "worker@tq.example,tq_course,31.1.2026,",
            "nobody@tq.example,tq_course,2026-01-31,2026-06-30",
            "worker@tq.example,tq_other,2026-01-31,",
            "worker@tq.example,tq_other,,",
            "worker@tq.example,tq_course,2026-02-01,2026-02-30",
            "worker@tq.example,tq_course,2026-06-30,2026-01-31",
            "worker@tq.example,tq_other,2026-01-31,",
        )
        lines = self._lines(result)
        self.assertEqual(set(lines), {2, 3, 5, 6, 7, 8}, lines)
        for told in lines.values():
            self.assertEqual(len(told), 1, lines)
        self.assertIn("31.1.2026", lines[2][0])
        self.assertIn("nobody@tq.example", lines[3][0])
        self.assertIn("first day", lines[5][0])
        self.assertIn("2026-02-30", lines[6][0])
        self.assertIn("same row", lines[8][0])
        self.assertFalse(self._held())

    def test_a_date_in_another_way_of_writing_is_wrong(self):
        result = self._import("worker@tq.example,tq_course,2026-01-311,")
        self.assertEqual(set(self._lines(result)), {2})
        self.assertFalse(self._held())

    def test_one_wrong_month_doesnt_make_days_of_all_months(self):
        good = "worker@tq.example,tq_course,2026-01-05,2026-06-07"
        for wrong in ("2026-13-05,", "2026-02-05,2026-13-05"):
            rows = good, f"worker@tq.example,tq_other,{wrong}"
            with self.subTest(wrong=wrong):
                self.assertEqual(self._guess(*rows), "%Y-%m-%d")
                with mute_logger("odoo.sql_db"):
                    lines = self._lines(self._import(*rows))
                self.assertEqual(set(lines), {3})
                self.assertIn("2026-13-05", str(lines[3]))
        self.assertEqual(
            self._guess("worker@tq.example,tq_course,05.01.2026,"), "%d.%m.%Y"
        )
        self.assertEqual(
            self._guess("worker@tq.example,tq_course,25/01/2026,"), "%d/%m/%Y"
        )

    def test_a_row_that_is_there_twice(self):
        result = self._import(
            "worker@tq.example,tq_other,2026-01-31,",
            "worker@tq.example,tq_course,2026-01-31,2026-06-30",
            "worker@tq.example,tq_course,2026-01-31,2026-06-30",
        )
        (told,) = self._lines(result)[4]
        self.assertEqual(set(self._lines(result)), {4})
        self.assertIn(
            "Employee worker has “Course tq_course” from 2026-01-31 to 2026-06-30 "
            "already",
            told,
        )
        self.assertFalse(self._held())

    def test_what_is_held_already(self):
        row = "worker@tq.example,tq_other,2026-01-31,"
        self.assertFalse(self._import(row)["messages"])
        told = self._lines(self._import(row))
        self.assertIn("without end already", told[2][0])
        self.assertNotIn("employee_id", str(told))
        self.assertEqual(len(self._held()), 1)

    def test_other_lists_are_read_as_odoo_does(self):
        importer = self.env["base_import.import"].create(
            {
                "res_model": "hr.resume.line",
                "file": b"name,date_start\nCourse,31.1.2026",
                "file_type": "text/csv",
                "file_name": "lines.csv",
            }
        )
        names = ["name", "date_start"]
        (message,) = importer.execute_import(names, names, {**OPTIONS})["messages"]
        self.assertIn("line 1", message["message"])

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
