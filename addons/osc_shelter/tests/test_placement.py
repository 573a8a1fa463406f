from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ShelterCommon


@tagged("post_install", "-at_install")
class TestPlacement(ShelterCommon):
    def test_drafted_when_she_comes(self):
        stay = self._stay(needs_longer=True)
        referral = stay.placement_id
        self.assertEqual(referral.sudo().state, "draft")
        self.assertEqual(
            referral.sudo().service_id,
            self.env.ref("osc_base.osc_service_long_term_home"),
        )
        self._watch_stays()
        self.assertEqual(stay.placement_id, referral, "one only")

    def test_drafted_on_the_third_day(self):
        stay = self._stay()
        self.assertFalse(stay.placement_id)
        self._move_to("2026-03-11 18:59:00")  # the end of the second day
        self._watch_stays()
        self.assertFalse(stay.placement_id)
        self._move_to("2026-03-11 19:00:00")
        self._watch_stays()
        self.assertEqual(stay.placement_id.sudo().state, "draft")

    def test_drafted_when_it_turns_out(self):
        stay = self._stay()
        stay.needs_longer = True
        self.assertTrue(stay.placement_id)

    def test_a_referral_that_is_there_is_used(self):
        case = self._case()
        own = self.env["osc.referral"].with_user(self.worker)
        referral = own.create(
            {
                "case_id": case.id,
                "service_id": self.env.ref("osc_base.osc_service_long_term_home").id,
            }
        )
        stay = self._stay(case, needs_longer=True)
        self.assertEqual(stay.placement_id, referral)

    def test_by_hand(self):
        stay = self._stay()
        action = stay.with_user(self.worker).action_open_placement()
        self.assertEqual(action["res_id"], stay.placement_id.id)
        other = self._stay(bed=1)
        with self.assertRaises(AccessError):
            other.with_user(self.colleague).action_open_placement()
        with self.assertRaises(AccessError):
            other.placement_id = stay.placement_id
