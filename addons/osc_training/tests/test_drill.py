from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import TrainingCommon


@tagged("post_install", "-at_install")
class TestDrill(TrainingCommon):
    """A mock alert tells those who take part, and nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bystander = cls._make_representative(
            cls._make_employee("bystander", user_id=cls.case_worker.id)
        )
        cls.drill = (
            cls.env["osc.training.drill"]
            .with_user(cls.manager)
            .create(
                {
                    "center_id": cls.center.id,
                    "target_minutes": 10,
                    "participant_ids": [
                        Command.create({"representative_id": cls.representative.id})
                    ],
                }
            )
        )
        cls.mine = cls.drill.participant_ids.with_user(cls.worker)

    def test_who_is_told(self):
        told = [("subject", "=", "DRILL")]
        before = self.env["mail.message"].search(told)
        self.drill.action_start()
        messages = self.env["mail.message"].search(told) - before
        self.assertEqual(messages.notified_partner_ids, self.worker.partner_id)
        self.assertTrue(self.mine.alerted_at)

    def test_time_to_acknowledge(self):
        now = fields.Datetime.now()
        with freeze_time(now):
            self.drill.action_start()
        with freeze_time(now + timedelta(minutes=4)):
            self.mine.action_acknowledge()
        with freeze_time(now + timedelta(minutes=9)):
            self.mine.action_acknowledge()
        self.assertEqual(self.mine.minutes, 4)
        self.assertTrue(self.mine.in_time)
        self.assertEqual(self.drill.acknowledged_count, 1)
        self.assertEqual(self.drill.average_minutes, 4)
        self.drill.action_end()
        self.assertEqual(self.drill.state, "done")

    def test_too_late(self):
        now = fields.Datetime.now()
        with freeze_time(now):
            self.drill.action_start()
        with freeze_time(now + timedelta(minutes=11)):
            self.mine.action_acknowledge()
        self.assertFalse(self.mine.in_time)

    def test_surprise(self):
        with self.assertRaises(AccessError):
            self.mine.read(["drill_id"])
        with self.assertRaises(AccessError):
            self.drill.with_user(self.worker).read(["name"])
        self.drill.action_start()
        self.assertTrue(self.mine.read(["drill_id"]))
        self.assertTrue(self.drill.with_user(self.worker).read(["name"]))

    def test_others_see_nothing(self):
        self.drill.action_start()
        for user in (self.case_worker, self.other_manager, self.coordinator):
            with self.subTest(user=user.name):
                with self.assertRaises(AccessError):
                    self.drill.with_user(user).read(["name"])
                with self.assertRaises(AccessError):
                    self.mine.with_user(user).action_acknowledge()
        with self.assertRaises(AccessError):
            self.mine.with_user(self.manager).action_acknowledge()
        with self.assertRaises(AccessError):
            self.drill.with_user(self.internal).read(["name"])

    def test_times_stay_what_they_are(self):
        self.drill.action_start()
        now = fields.Datetime.now()
        for vals in ({"started_at": now}, {"state": "draft"}, {"target_minutes": 600}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.drill.write(vals)
        with self.assertRaises(UserError):
            self.drill.participant_ids.write({"acknowledged_at": now})
        with self.assertRaises(UserError):
            self.drill.participant_ids.unlink()
        with self.assertRaises(UserError):
            self.mine.write({"acknowledged_at": now})

    def test_nobody_takes_part(self):
        self.drill.participant_ids.unlink()
        with self.assertRefused(UserError, "who takes part"):
            self.drill.action_start()

    def test_who_is_on_duty(self):
        now = fields.Datetime.now()
        self._make_shift(
            self.bystander, now - timedelta(hours=1), now + timedelta(hours=1)
        )
        self.drill.action_on_duty()
        self.assertEqual(
            self.drill.participant_ids.representative_id,
            self.representative | self.bystander,
        )

    def test_manager_of_another_center(self):
        with self.assertRaises(AccessError):
            self.env["osc.training.drill"].with_user(self.other_manager).create(
                {"center_id": self.center.id}
            )
        with self.assertRaises(AccessError):
            self.drill.with_user(self.worker).action_start()

    def test_people_of_other_centers_are_not_alerted_and_not_named(self):
        other = self._make_representative(
            self._make_employee("elsewhere"), center=self.other_center
        )
        vals = {"drill_id": self.drill.id, "representative_id": other.id}
        people = self.env["osc.training.drill.participant"]
        with self.assertRaises(AccessError):
            people.with_user(self.manager).create(vals)
        with self.assertRefused(ValidationError, "of the center of the drill"):
            people.create(vals)
        with self.assertRaises(AccessError):
            people.with_user(self.manager).onchange(
                vals, ["representative_id"], {"representative_id": {}, "user_id": {}}
            )
        with self.assertRaises(AccessError):
            self.drill.onchange(
                {"participant_ids": [[0, 0, {"representative_id": other.id}]]},
                ["participant_ids"],
                {"participant_ids": {"fields": {"user_id": {}}}},
            )
