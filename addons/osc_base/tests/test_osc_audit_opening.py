from freezegun import freeze_time

from odoo.tests import tagged

from .test_osc_audit_entry import AuditCommon


@tagged("post_install", "-at_install")
class TestAuditOpening(AuditCommon):
    """The center's clock is five hours ahead of UTC."""

    def _open(self, user, at, number=1, action="read"):
        with freeze_time(at):
            row = self.Entry.with_user(user)._row(action, "osc.center", "")
            rows = [
                {**row, "center_id": self.center.id, "res_id": n} for n in range(number)
            ]
            self.Entry._add(action, rows)
            return self.env["osc.audit.opening"].search(
                [], order="id desc", limit=number
            )

    def test_hours_are_those_of_the_center(self):
        day = self._open(self.worker, "2026-03-10 02:00:00")
        self.assertEqual((day.hour, day.after_hours), (7, False))
        night = self._open(self.worker, "2026-03-10 20:30:00")
        self.assertEqual((night.hour, night.after_hours), (1, True))
        self.assertEqual(str(night.day), "2026-03-11")
        self.env["ir.config_parameter"].set_param("osc_base.audit_day_begins", 8)
        self.env.invalidate_all()
        self.assertTrue(
            self.env["osc.audit.opening"].search([("hour", "=", 7)]).after_hours
        )

    def test_off_duty(self):
        self._make_shift(
            self.representative, "2026-03-10 08:00:00", "2026-03-10 16:00:00"
        )
        on = self._open(self.worker, "2026-03-10 08:00:00")
        off = self._open(self.worker, "2026-03-10 16:00:00")
        # Who is on no roster is never off duty.
        other = self._open(self.manager, "2026-03-10 16:00:00")
        self.assertEqual(
            (on.off_duty, off.off_duty, other.off_duty), (False, True, False)
        )
        found = self.env["osc.audit.opening"].search([("off_duty", "=", True)])
        self.assertEqual(found, off)

    def test_many_records_in_a_day(self):
        many = self._open(self.worker, "2026-03-10 08:00:00", 30)
        few = self._open(self.manager, "2026-03-10 08:00:00", 29)
        self.assertEqual(set(many.mapped("records_that_day")), {30})
        self.assertTrue(all(many.mapped("many_records")))
        self.assertFalse(any(few.mapped("many_records")))

    def test_changes_are_no_openings(self):
        self._open(self.worker, "2026-03-10 08:00:00", action="write")
        self.assertFalse(self.env["osc.audit.opening"].search([]))

    def test_auditor_groups_openings(self):
        self._open(self.worker, "2026-03-10 08:00:00", 3)
        groups = (
            self.env["osc.audit.opening"]
            .with_user(self.auditor)
            .formatted_read_group([], ["user_id", "day:day"], ["__count"])
        )
        self.assertEqual(groups[0]["__count"], 3)
