from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .justice import JusticeCommon

WORDS = "She stays with her aunt"


@tagged("post_install", "-at_install")
class TestWords(JusticeCommon):
    """Members see what is done; words about it only those whose work it is."""

    def _assert_words(self, record, name, *readers):
        cast = ("worker", "manager", "police", "legal", "psychosocial", "financial")
        for login in cast:
            own = record.with_user(getattr(self, login))
            self.env.invalidate_all()
            seen = WORDS if login in readers else False
            with self.subTest(model=record._name, user=login):
                self.assertEqual(own.read([name])[0][name], seen)
                found = own.search_read([("id", "=", record.id)], [name])
                self.assertEqual(found[0][name], seen)
                self.env.invalidate_all()
                self.assertEqual(own.web_read({name: {}})[0][name], seen)

    def test_why_a_service_was_declined(self):
        service = self._make(
            "osc.case.service",
            self.worker,
            service_id=self.env.ref("osc_base.osc_service_legal_advice").id,
        )
        service.action_decline(WORDS)
        self._assert_words(service, "reason", "worker", "manager", "legal")

    def test_what_came_of_a_follow_up(self):
        followup = self._make(
            "osc.followup", self.worker, due_on=fields.Date.to_date("2026-03-20")
        )
        followup.action_done(WORDS, came=True)
        self._assert_words(followup, "note", "worker", "manager")

    def test_why_she_waived_a_limit(self):
        types = self.env["osc.clock.type"].search([])
        own = types.filtered(lambda kind: kind.discipline_id.code == "police")[:1]
        clock = self.env["osc.clock"].create(
            {
                "case_id": self.case.id,
                "type_id": own.id,
                "started_at": fields.Datetime.now(),
                "limit_hours": 24,
            }
        )
        clock.with_user(self.worker).action_waive(WORDS)
        self._assert_words(clock, "waived_reason", "worker", "manager", "police")

    def test_why_something_is_left_open(self):
        self.case._policy_today().closure_needs_approval = True
        closure = self.case.with_user(self.worker)._request_closing(
            {"explanation": WORDS}
        )
        self._settle()
        self._assert_words(closure, "explanation", "worker", "manager")

    def test_who_hands_a_case_over_keeps_nothing(self):
        """Meetings and tasks go with it, also while it is handed over."""
        self._make(
            "osc.case.conference",
            self.worker,
            start=fields.Datetime.now() + timedelta(days=1),
            participant_ids=[Command.set((self.worker | self.police).ids)],
        )
        self.case.with_user(self.worker).activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.worker.id
        )
        self._settle()
        self.case.with_user(self.worker).web_save(
            {"case_worker_id": self.colleague.id}, {"display_name": {}}
        )
        self._settle()
        self.assertFalse(self.case.with_user(self.worker).has_access("read"))
        self.assertTrue(self.case.with_user(self.colleague).has_access("write"))
        activity = self.case.sudo().activity_ids.filtered(
            lambda activity: activity.user_id == self.worker
        )
        self.assertFalse(activity)
