from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestPhoneViews(TransactionCase):
    """What a form lists is readable on a phone, which shows it as cards."""

    def test_each_list_in_a_form_has_cards(self):
        with_cards = self._with_cards()
        bare = {
            f"{form.model}.{node.get('name')}"
            for form in self._forms()
            for node in self._lists(form)
            if self.env[form.model]._fields[node.get("name")].comodel_name
            not in with_cards
        }
        self.assertFalse(bare, "On a phone these are cards with a number and no words")

    def test_what_has_no_name_is_chosen_by_what_it_is_called(self):
        """A phone shows cards to choose among, which otherwise have only a number."""
        bare = {
            f"{form.model}.{name}: {comodel._name}"
            for form in self._forms()
            for name, comodel in self._choices(form)
            if comodel._rec_name_fallback() == "id"
            and comodel._name not in self._with_cards()
        }
        self.assertFalse(bare)

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

    def _forms(self):
        return self.env["ir.ui.view"].search(
            [("type", "=", "form"), ("mode", "=", "primary"), ("model", "like", "osc.")]
        )

    def _with_cards(self):
        cards = self.env["ir.ui.view"].search([("type", "=", "kanban")])
        return set(cards.mapped("model"))

    def _choices(self, form):
        """What is chosen in a form: names of fields, and the models chosen among."""
        for node in form._get_combined_arch().xpath("//field[@name]"):
            model = self.env[form.model]
            for outer in reversed(list(node.iterancestors("field"))):
                model = self.env[model._fields[outer.get("name")].comodel_name]
            field = model._fields[node.get("name")]
            if (
                field.type in ("many2one", "many2many")
                and not field.readonly
                and node.get("readonly") != "1"
                and "1" not in (node.get("invisible"), node.get("column_invisible"))
            ):
                yield field.name, self.env[field.comodel_name]

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
