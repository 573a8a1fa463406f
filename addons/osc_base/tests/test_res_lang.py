from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestUrdu(TransactionCase):
    def _urdu(self):
        langs = self.env["res.lang"].with_context(active_test=False)
        return langs.search([("code", "=", "ur_PK")])

    def test_urdu_can_be_activated_and_is_read_from_the_right(self):
        self.assertEqual(len(self._urdu()), 1)
        self.env["res.lang"]._activate_lang("ur_PK")
        self.assertTrue(self._urdu().active)
        self.assertEqual(self.env["res.lang"]._get_data(code="ur_PK").direction, "rtl")

    def test_urdu_of_somebody_else_is_left_alone(self):
        self._urdu().name = "Urdu of ours"
        self.env["res.lang"]._add_urdu()
        self.assertEqual(self._urdu().name, "Urdu of ours")
