from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import ShelterCommon


@tagged("post_install", "-at_install")
class TestTurnaway(ShelterCommon):
    def _turn_away(self, user=None, **vals):
        Turnaway = self.env["osc.shelter.turnaway"].with_user(user or self.worker)
        return Turnaway.create(
            {"case_id": self.case.id, "reason": "no_bed", "people": 3, **vals}
        )

    def setUp(self):
        super().setUp()
        self.case = self._report()

    def test_with_where_she_went(self):
        turnaway = self._turn_away(went_to="relative", destination="Her aunt")
        self.assertEqual(turnaway.shelter_id, self.shelter)
        self.assertEqual(turnaway.destination, "Her aunt")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(turnaway.with_user(self.manager).destination)
        self.assertEqual(turnaway.with_user(self.manager).people, 3)

    def test_also_before_the_case_is_reported(self):
        self.case = self._draft()
        self._turn_away()

    def test_for_others_there_is_nothing(self):
        turnaway = self._turn_away()
        for user in (self.colleague, self.coordinator, self.administrator):
            with self.assertRaises(AccessError, msg=user.login):
                turnaway.with_user(user).read(["reason"])
            with self.assertRaises(AccessError, msg=user.login):
                self._turn_away(user)
        with self.assertRaises(AccessError):
            turnaway.case_id = self._report()

    def test_at_a_shelter_of_the_center(self):
        shelter = self.env["osc.shelter"].create(
            {"name": "Elsewhere", "center_id": self.other_center.id}
        )
        with self.assertRaises(ValidationError):
            self._turn_away(shelter_id=shelter.id)
