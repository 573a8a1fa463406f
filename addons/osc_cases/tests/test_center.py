from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.osc_cases.hooks import post_init_hook

from .common import CasesCommon


@tagged("post_install", "-at_install")
class TestCenter(CasesCommon):
    # ------------------------------------------------------------------
    # Numbering
    # ------------------------------------------------------------------
    def _years(self, center):
        ranges = center.case_sequence_id.date_range_ids.sorted("date_from")
        return [
            (str(day.date_from), str(day.date_to), day.number_next_actual)
            for day in ranges
        ]

    def test_new_center_has_this_and_the_next_year(self):
        center = self._make_center("TQC")
        self.assertEqual(
            self._years(center),
            [("2026-01-01", "2026-12-31", 1), ("2027-01-01", "2027-12-31", 1)],
        )

    def test_year_of_a_new_center_is_that_of_its_place(self):
        self.clock.move_to("2026-12-31 20:00:00")
        center = self._make_center("TQC")
        self.assertEqual(
            [year[0] for year in self._years(center)], ["2027-01-01", "2028-01-01"]
        )

    def test_administrator_makes_a_center(self):
        center = (
            self.env["osc.center"]
            .with_user(self.administrator)
            .create({"name": "New", "code": "TQC", "country_id": self.country.id})
        )
        self.assertTrue(center.sudo().case_sequence_id)

    def test_copy_has_its_own_numbering(self):
        copy = self.center.copy({"code": "TQC"})
        self.assertTrue(copy.case_sequence_id)
        self.assertNotEqual(copy.case_sequence_id, self.center.case_sequence_id)

    def test_next_year_is_begun_ahead_once(self):
        center = self._make_center("TQC")
        self.env["osc.center"]._cron_begin_next_year()
        self.assertEqual(len(self._years(center)), 2)
        self.clock.move_to("2026-12-31 19:00:00")
        self.env["osc.center"]._cron_begin_next_year()
        self.env["osc.center"]._cron_begin_next_year()
        self.assertEqual(
            [year[0] for year in self._years(center)],
            ["2026-01-01", "2027-01-01", "2028-01-01"],
        )

    def test_closed_center_begins_no_year(self):
        center = self._make_center("TQC", state="closed")
        self.clock.move_to("2027-03-01 12:00:00")
        self.env["osc.center"]._cron_begin_next_year()
        self.assertEqual(len(self._years(center)), 2)

    def test_a_center_with_cases_is_not_closed(self):
        self._draft()  # nobody was told of it; it is refused when it is reported
        case = self._report()
        center = self.center.with_user(self.administrator)
        for vals in ({"state": "closed"}, {"active": False}):
            with self.assertRaisesRegex(UserError, "Open cases of .*: 1"):
                center.write(vals)
        case.action_close()
        center.write({"state": "closed", "active": False})

    def test_numbers_go_on_when_a_year_is_begun_ahead(self):
        center = self._make_center("TQC")
        first = self._report(center_id=center.id)
        self.env["osc.center"]._cron_begin_next_year()
        second = self._report(center_id=center.id)
        self.assertIn("-000001-", first.name)
        self.assertIn("-000002-", second.name)

    def test_year_that_nobody_began(self):
        center = self._make_center("TQC")
        self.clock.move_to("2031-05-01 12:00:00")
        case = self._report(center_id=center.id)
        self.assertTrue(case.name.startswith("TQC-2031-000001-"))

    def test_centers_from_before_get_their_numbering(self):
        center = self._make_center("TQC")
        center.case_sequence_id = False
        center.active = False
        post_init_hook(self.env)
        self.assertTrue(center.case_sequence_id)

    # ------------------------------------------------------------------
    # A new manager
    # ------------------------------------------------------------------
    def test_new_manager_supervises(self):
        case = self._report(survivor_name="Zarmina")
        draft = self._draft()
        closed = self._report()
        closed.action_close()
        self.center.with_user(self.administrator).manager_id = self.other_manager
        self.env.invalidate_all()
        for record in (case, closed):
            self.assertFalse(record.with_user(self.manager).has_access("read"))
            self.assertTrue(record.with_user(self.other_manager).has_access("write"))
            self.assertFalse(record.with_user(self.other_manager).survivor_name)
        self.assertFalse(draft.with_user(self.manager).has_access("read"))
        self.assertTrue(draft.with_user(self.other_manager).has_access("read"))

    def test_manager_who_is_excluded_does_not_supervise(self):
        case = self._report(
            excluded_user_ids=[(4, self.other_manager.id)],
        )
        self.center.manager_id = self.other_manager
        self.env.invalidate_all()
        self.assertFalse(case.with_user(self.other_manager).has_access("read"))
        self.assertNotIn(self.other_manager, case.sudo().member_ids.user_id)

    def test_same_manager_again_changes_nothing(self):
        case = self._report()
        members = case.sudo().member_ids
        self.center.manager_id = self.manager
        self.assertEqual(case.sudo().member_ids, members)
        self.assertFalse(any(members.mapped("revoked_at")))

    def test_center_without_manager(self):
        case = self._report()
        self.center.manager_id = False
        self.env.invalidate_all()
        self.assertFalse(case.with_user(self.manager).has_access("read"))

    def test_manager_keeps_the_cases_of_the_own_work(self):
        case = self._draft(self.manager)
        case.action_report()
        self.center.manager_id = self.other_manager
        self.env.invalidate_all()
        self.assertTrue(case.with_user(self.manager).has_access("write"))

    def _gap(self):
        (self.people["police"] | self.backup).shift_ids.unlink()
        return self._police_case()

    def test_new_manager_is_told_what_waits(self):
        case = self._gap()
        self._pass_minutes(5)
        self.center.manager_id = self.other_manager
        former = self._intimation(case, self.manager).sudo()
        new = self._intimation(case, self.other_manager).sudo()
        self.assertEqual(former.state, "cancelled")
        self.assertEqual(new.state, "sent")
        self.assertEqual(new.escalation_level, 2)
        self.assertTrue(case.gap_discipline_ids)

    def test_former_manager_cant_answer_any_more(self):
        case = self._gap()
        self.center.manager_id = self.other_manager
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "cancelled"):
            self._intimation(case, self.manager).action_acknowledge()
        self.assertFalse(case.with_user(self.manager).has_access("read"))

    def test_what_waits_goes_to_the_coordinator_without_a_manager(self):
        case = self._gap()
        self.center.manager_id = False
        self.assertEqual(self._intimation(case, self.coordinator).sudo().state, "sent")

    def test_manager_keeps_what_came_as_representative(self):
        (self.people["police"] | self.backup).shift_ids.unlink()
        self._make_representative("police", user=self.manager)
        case = self._police_case()
        self.center.manager_id = self.other_manager
        self.assertEqual(self._intimation(case, self.manager).sudo().state, "sent")

    def test_new_coordinator_is_told_what_waits(self):
        self.center.manager_id = False
        case = self._gap()
        second = self._make_representative("legal", "second", on_duty=False).user_id
        second.group_ids = self.env.ref("osc_base.group_coordinator")
        self.center.coordinator_id = second
        self.assertEqual(
            self._intimation(case, self.coordinator).sudo().state, "cancelled"
        )
        self.assertEqual(self._intimation(case, second).sudo().state, "sent")

    # ------------------------------------------------------------------
    # Dashboard
    # ------------------------------------------------------------------
    def _counts(self, user):
        self.env.invalidate_all()
        center = self.center.with_user(user)
        return (
            center.open_case_count,
            center.gap_case_count,
            center.waiting_intimation_count,
        )

    def test_dashboard(self):
        self._draft()
        self._police_case()
        self._report().action_close()
        self._gap()
        self._report(self.other_worker)
        self.assertEqual(self._counts(self.manager), (2, 1, 2))
        self.assertEqual(self._counts(self.coordinator), (2, 1, 2))

    def test_dashboard_shows_what_one_may_see(self):
        case = self._police_case()
        police = self.people["police"].user_id
        self.assertEqual(self._counts(police), (0, 0, 1))
        self._intimation(case, police).action_acknowledge()
        self.assertEqual(self._counts(police), (1, 0, 0))
        for user in (self.administrator, self.auditor):
            with self.subTest(user=user.login):
                self.assertEqual(self._counts(user), (0, 0, 0))
        self.assertEqual(self._counts(self.other_manager), (0, 0, 0))

    def test_no_figures_where_zero_would_only_mean_that_one_may_not_know(self):
        shown = {
            self.manager: True,
            self.coordinator: True,
            self.administrator: False,
            self.auditor: False,
        }
        for user, expected in shown.items():
            views = self.env["osc.center"].with_user(user)
            for kind in ("form", "list"):
                with self.subTest(user=user.login, view=kind):
                    arch = views.get_view(view_type=kind)["arch"]
                    self.assertEqual('name="open_case_count"' in arch, expected)
                    self.assertEqual('name="gap_case_count"' in arch, expected)

    def test_dashboard_without_role(self):
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.center.with_user(self.internal).read(["open_case_count"])
