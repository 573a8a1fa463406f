from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestPhoneViews(TransactionCase):
    """What a form lists is readable on a phone, which shows it as cards."""

    def test_each_list_in_a_form_has_cards(self):
        View = self.env["ir.ui.view"]
        forms = View.search(
            [("type", "=", "form"), ("mode", "=", "primary"), ("model", "like", "osc.")]
        )
        with_cards = set(View.search([("type", "=", "kanban")]).mapped("model"))
        bare = {
            f"{form.model}.{node.get('name')}"
            for form in forms
            for node in self._lists(form)
            if self.env[form.model]._fields[node.get("name")].comodel_name
            not in with_cards
        }
        self.assertFalse(bare, "On a phone these are cards with a number and no words")

    def test_what_is_done_from_a_list_is_done_from_its_cards(self):
        """A phone cuts a long line: what has buttons at its end shows cards there."""
        View = self.env["ir.ui.view"]
        for model in ("osc.case", "osc.legal.proceeding"):
            form = View.search(
                [("type", "=", "form"), ("model", "=", model), ("mode", "=", "primary")]
            )
            for node in form._get_combined_arch().xpath("//field[list//button]"):
                with self.subTest(field=f"{model}.{node.get('name')}"):
                    self.assertTrue(node.findall("kanban"))
                    self.assertEqual(node.get("mode"), "list,kanban")

    def _lists(self, form):
        """The fields of a form that show records in views that aren't written there."""
        arch = form._get_combined_arch()
        for node in arch.xpath("//field[not(ancestor::field)][not(*)]"):
            field = self.env[form.model]._fields.get(node.get("name"))
            if (
                field is not None
                and field.type in ("one2many", "many2many")
                and not node.get("widget", "").startswith("many2many")
                and node.get("invisible") != "1"
                and node.get("mode") != "list"
            ):
                yield node
