from odoo.tests import tagged

from .common import ShelterCommon

NAME = "Little Testperson"


@tagged("post_install", "-at_install")
class TestReports(ShelterCommon):
    def _html(self, report, record, user):
        Report = self.env["ir.actions.report"].with_user(user)
        html, _kind = Report._render_qweb_html(f"osc_shelter.{report}", record.ids)
        return html.decode()

    def setUp(self):
        super().setUp()
        self.stay = self._stay(
            children=[self._child("male", age_years=11, bed=1, full_name=NAME)]
        )
        self.code = self.stay.case_id.name
        self.env["osc.shelter.belonging"].with_user(self.in_charge).create(
            {"stay_id": self.stay.id, "name": "A ring"}
        )

    def test_stay_form(self):
        text = self._html("report_stay", self.stay, self.in_charge)
        for word in (self.code, "Son", "11", "A ring", "One · B"):
            self.assertIn(word, text)
        self.assertNotIn(NAME, text)
        text = self._html("report_stay", self.stay, self.manager)
        self.assertNotIn("A ring", text, "registers aren't for the manager")

    def test_headcount_sheet(self):
        count = self.env["osc.shelter.headcount"].with_user(self.in_charge)
        count = count.create({"shelter_id": self.shelter.id})
        text = self._html("report_headcount", count, self.in_charge)
        self.assertIn(f"{self.code} · child 1", text)
        self.assertNotIn(NAME, text)

    def test_bed_board(self):
        text = self._html("report_board", self.shelter, self.in_charge)
        self.assertIn(self.code, text)
        text = self._html("report_board", self.shelter, self.coordinator)
        self.assertIn("Taken", text)
        self.assertNotIn(self.code, text)
