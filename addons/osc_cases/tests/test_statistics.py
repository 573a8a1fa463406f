import base64
import io
from collections import Counter
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..statistics import (
    AGE_BANDS,
    HIDDEN,
    INTERVAL_BANDS,
    UNKNOWN,
    WHO,
    band,
    hide_by_tiers,
    hide_small_groups,
    names,
    table,
)
from .common import NAME, PHONE, CasesCommon

KINDS = st.sampled_from("abc")
CELLS = st.lists(st.tuples(KINDS, KINDS), max_size=60)


@tagged("post_install", "-at_install")
class TestBands(BaseCase):
    def test_every_age_is_in_one_band(self):
        known = {0: "0-11", 11: "0-11", 12: "12-17", 17: "12-17", 18: "18+"}
        for age, name in known.items():
            self.assertEqual(band(age, AGE_BANDS), name)
        for age in range(121):
            self.assertIn(band(age, AGE_BANDS), names(AGE_BANDS)[:-1])

    def test_every_interval_is_in_one_band(self):
        for hours, name in {
            0: "0-72 h",
            72: "0-72 h",
            72.01: "73-120 h",
            96: "73-120 h",
            120: "73-120 h",
            120.01: "6-14 days",
            14 * 24: "6-14 days",
            14 * 24 + 1: "15-30 days",
            30 * 24: "15-30 days",
            30 * 24 + 1: "over 30 days",
        }.items():
            self.assertEqual(band(hours, INTERVAL_BANDS), name)

    def test_what_is_not_known_is_not_quick(self):
        self.assertEqual(band(None, INTERVAL_BANDS), UNKNOWN)
        self.assertEqual(band(-1, INTERVAL_BANDS), UNKNOWN)
        self.assertEqual(band(None, AGE_BANDS), UNKNOWN)


@tagged("post_install", "-at_install")
class TestSmallNumbers(BaseCase):
    @settings(deadline=None, max_examples=200)
    @given(CELLS, st.integers(3, 6))
    def test_no_group_that_is_seen_is_small(self, pairs, smallest):
        rows = [{"x": x, "y": y, "z": 1} for x, y in pairs]
        shown = hide_small_groups(rows, ("x", "y"), smallest)
        self.assertEqual(len(shown), len(rows))
        groups = Counter((row["x"], row["y"]) for row in shown)
        seen = {key: size for key, size in groups.items() if HIDDEN not in key}
        self.assertTrue(all(size >= smallest for size in seen.values()))
        # Nor are the hidden ones few, unless nothing else is there.
        if seen and groups[HIDDEN, HIDDEN]:
            self.assertGreaterEqual(groups[HIDDEN, HIDDEN], smallest)

    @settings(deadline=None, max_examples=200)
    @given(CELLS, st.integers(3, 6))
    def test_no_group_of_a_tier_is_small(self, pairs, smallest):
        rows = [{"x": x, "y": y} for x, y in pairs]
        shown = hide_by_tiers(rows, (("x",), ("y",)), smallest)
        self.assertEqual(
            Counter(row["x"] for row in shown),
            Counter(row["x"] for row in hide_small_groups(rows, ("x",), smallest)),
        )
        for keys in (("x",), ("x", "y")):
            groups = Counter(tuple(row[key] for key in keys) for row in shown)
            for group, size in groups.items():
                self.assertTrue(size >= smallest or group[-1] == HIDDEN, group)

    @settings(deadline=None, max_examples=200)
    @given(CELLS, st.integers(3, 6))
    def test_no_small_number_is_in_a_table(self, pairs, smallest):
        cells = table(pairs, "abc", "abc", smallest)
        for count in cells.values():
            self.assertTrue(count == HIDDEN or count == 0 or count >= smallest)

    @settings(deadline=None, max_examples=200)
    @given(CELLS, st.integers(3, 6))
    def test_none_can_be_found_by_subtracting(self, pairs, smallest):
        counts = Counter(pairs)
        cells = table(pairs, "abc", "abc", smallest)
        lines = [[(line, column) for column in "abc"] for line in "abc"]
        columns = [[(line, column) for line in "abc"] for column in "abc"]
        for run, total in [
            *((run, (run[0][0], "total")) for run in lines),
            *((run, ("total", run[0][1])) for run in columns),
        ]:
            hidden = [cell for cell in run if cells[cell] == HIDDEN]
            if cells[total] == HIDDEN or not hidden:
                continue
            if len(hidden) == 1:
                # Only where there is nothing else to hide behind.
                self.assertFalse(
                    [c for c in run if c not in hidden and counts[c]], "one alone"
                )

    def test_known_case(self):
        pairs = [("a", "a")] * 2 + [("a", "b")] * 9 + [("a", "c")] * 7
        cells = table(pairs, "a", "abc", 5)
        self.assertEqual(cells["a", "a"], HIDDEN)
        self.assertEqual(cells["a", "c"], HIDDEN, "18 - 9 - 7 would tell the 2")
        self.assertEqual(cells["a", "b"], 9)
        self.assertEqual(cells["a", "total"], 18)

    def test_what_one_woman_suffered_many_times_is_not_many_women(self):
        rows = [{"x": "a", WHO: 1}] * 6 + [{"x": "b", WHO: n} for n in range(2, 7)]
        shown = hide_small_groups(rows, ("x",), 5)
        self.assertEqual({row["x"] for row in shown}, {HIDDEN})
        pairs = [(row["x"], "c", row[WHO]) for row in rows]
        cells = table([*pairs, ("c", "c", 9)], "abc", "c", 5)
        self.assertEqual(cells["a", "c"], HIDDEN)
        self.assertEqual(cells["a", "total"], HIDDEN)
        self.assertEqual(cells["total", "total"], 12)

    def test_a_table_of_few_says_nothing_at_all(self):
        cells = table([("a", "b")] * 4, "abc", "abc", 5)
        self.assertEqual(set(cells.values()), {HIDDEN})
        self.assertEqual(set(table([], "abc", "abc", 5).values()), {0})


@tagged("post_install", "-at_install")
class TestStatistics(CasesCommon):
    """The spreadsheet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["osc.intimation.rule"].search([]).active = False

    def _counted(self, number=1, *, consent=True, kind="rape", **vals):
        now = fields.Datetime.now()
        for _ in range(number):
            case = self._draft(
                survivor_name=NAME,
                survivor_phone=PHONE,
                survivor_age=vals.pop("age", 25),
                incident_ids=[
                    self._incident(kind, occurred_at=now - timedelta(hours=96))
                ],
                **vals,
            )
            if consent:
                self.env["osc.consent"].with_user(self.worker).create(
                    {"case_id": case.id, "scope": "statistics"}
                )
            case.action_report()
        self.env.flush_all()
        self.env.invalidate_all()
        return case

    def _export(self, user=None, *, on="2026-04-01 06:00:00", **vals):
        """Statistics of March, made after it; what comes next is in March again."""
        wizard = (
            self.env["osc.statistics.export"]
            .with_user(user or self.manager)
            .create({"date_from": "2026-03-01", "date_to": "2026-03-31", **vals})
        )
        before = fields.Datetime.now()
        self.clock.move_to(on)
        try:
            wizard.action_export()
        finally:
            self.clock.move_to(before)
        return wizard

    def _book(self, wizard):
        return load_workbook(io.BytesIO(base64.b64decode(wizard.file)))

    def _rows(self, wizard):
        header, *rows = self._book(wizard)["Incidents"].iter_rows(values_only=True)
        return [dict(zip(header, row, strict=True)) for row in rows]

    def test_rows_of_those_who_consented(self):
        self._counted(5)
        self._counted(1, consent=False)
        wizard = self._export()
        self.assertEqual((wizard.case_count, wizard.consented_count), (6, 5))
        rows = self._rows(wizard)
        self.assertEqual(len(rows), 5)
        self.assertEqual(rows[0]["Type of incident"], "rape")
        self.assertEqual(rows[0]["From incident to report"], "73-120 h")
        self.assertEqual(rows[0]["Age group"], "18+")
        self.assertEqual(rows[0]["Month of report"], "2026-03")

    def test_nobody_is_in_it(self):
        case = self._counted(5)
        content = str(
            [
                list(sheet.iter_rows(values_only=True))
                for sheet in self._book(self._export()).worksheets
            ]
        )
        for text in (NAME, PHONE, case.name, case.survivor_id.code, self.worker.name):
            self.assertNotIn(text, content)

    def test_few_are_hidden(self):
        self._counted(6)
        self._counted(2, kind="psychological")
        rows = self._rows(self._export())
        kinds = Counter(row["Type of incident"] for row in rows)
        self.assertEqual(kinds, {HIDDEN: 8}, "6 + 2: two hidden rows would tell")
        self.policy.smallest_count = 3
        self._counted(1, kind="psychological")
        kinds = Counter(row["Type of incident"] for row in self._rows(self._export()))
        self.assertEqual(kinds, {"rape": 6, "psychological": 3})

    def test_what_is_seen_of_a_case_by_its_code_leads_to_no_row(self):
        self._counted(5)
        self._counted(1, urgency="emergency")
        rows = self._rows(self._export())
        self.assertEqual({row["Type of incident"] for row in rows}, {"rape"})
        self.assertEqual({row["Urgency"] for row in rows}, {HIDDEN})

    def test_a_woman_with_many_incidents_is_one(self):
        case = self._counted(1)
        case.incident_ids = [self._incident("rape") for _ in range(6)]
        rows = self._rows(self._export())
        self.assertEqual({row["Type of incident"] for row in rows}, {HIDDEN})

    def test_whole_months_only(self):
        """A day more or less would tell of who was reported on that day."""
        for vals in ({"date_from": "2026-03-02"}, {"date_to": "2026-03-30"}):
            with self.subTest(vals), self.assertRaises(UserError):
                self._export(**vals)
        self.assertTrue(self._export(date_from="2025-04-01").file)

    def test_months_that_are_over_only(self):
        """The list of today and that of tomorrow would tell of who came today.

        19:00 in Greenwich is midnight in Karachi.
        """
        with self.assertRaisesRegex(UserError, "over"):
            self._export(on="2026-03-31 18:59:00")
        self.assertTrue(self._export(on="2026-03-31 19:00:00").file)

    def _accuse(self, case, relation, **vals):
        person = (
            self.env["osc.person.of.concern"]
            .with_user(self.worker)
            .with_context(default_case_id=case.id)
            .create(
                {
                    "case_id": case.id,
                    "relation_id": self.env.ref(
                        f"osc_cases.osc_person_relation_{relation}"
                    ).id,
                    **vals,
                }
            )
        )
        case.incident_ids.alleged_ids += person

    def test_the_accused_and_services_are_standard_groups(self):
        service = self.env.ref("osc_base.osc_service_first_aid")
        for number in range(8):
            case = self._counted(1)
            if number < 5:
                self._accuse(case, "partner", sex="male", age_band="61")
            else:
                self._accuse(case, "employer", sex="male", age_band="26_40")
            line = self.env["osc.case.service"].with_user(self.worker)
            line = line.create({"case_id": case.id, "service_id": service.id})
            if number < 5:
                line.action_deliver()
        rows = self._rows(self._export())
        self.assertEqual({row["Type of incident"] for row in rows}, {"rape"})
        self.assertEqual(
            Counter(row["Relation of the (first) accused"] for row in rows),
            {HIDDEN: 8},
            "three are too few to be seen, and to hide alone",
        )
        self.policy.smallest_count = 3
        rows = self._rows(self._export())
        self.assertEqual(
            Counter(
                (
                    row["Number of accused"],
                    row["Relation of the (first) accused"],
                    row["Age group of the accused"],
                    row["Medical"],
                    row["Police"],
                )
                for row in rows
            ),
            {
                ("1", "partner", "61+", "provided by us", "not applicable"): 5,
                ("1", "employer", "26-40", "not yet", "not applicable"): 3,
            },
        )

    def test_more_cases_take_no_more_queries(self):
        self._counted(2)
        self._export()
        counts = []
        for _ in range(2):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._export()
            counts.append(self.env.cr.sql_log_count - before)
            case = self._counted(6)
            self._accuse(case, "partner")
        self.assertLessEqual(counts[1], counts[0] + 2)

    def test_consent_that_was_withdrawn_counts_no_more(self):
        self._counted(5)
        case = self._counted(1)
        case.sudo().consent_ids.action_withdraw()
        self.assertEqual(self._export().consented_count, 5)

    def test_days_are_those_of_the_center(self):
        """19:30 of the last of March in Greenwich is April in Karachi."""
        self.clock.move_to("2026-03-31 19:30:00")
        self._counted(1)
        self.clock.move_to("2026-03-31 18:30:00")
        self._counted(1)
        self.assertEqual(self._export().case_count, 1)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_who_may_count(self):
        self._counted(1)
        self.assertEqual(self._export(self.coordinator).case_count, 1)
        for user in (self.worker, self.auditor, self.administrator, self.internal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._export(user)
        with self.assertRaises(AccessError):
            self._export(self.other_manager, center_ids=self.center.ids)
        with self.assertRaises(UserError):
            self._export(self.manager, center_ids=[])
        with self.assertRaises(UserError):
            self._export(date_to="2026-02-01")
