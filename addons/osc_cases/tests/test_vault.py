from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.osc_base.fields import LOCKED, TAMPERED
from odoo.addons.osc_base.tests import vault

from .common import NAME, PHONE, CasesCommon

FIELDS = "odoo.addons.osc_base.fields"
VAULT = ("full_name", "national_id", "phone", "address")


@tagged("post_install", "-at_install")
class TestVault(CasesCommon):
    """Encrypted fields of the survivor, through the ORM and in the database."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Survivor = cls.env["osc.survivor"]
        cls.survivor = cls.Survivor.create(
            {
                "full_name": NAME,
                "national_id": "35202-1234567-1",
                "phone": PHONE,
                "address": "House 5\nStreet 9",
            }
        )
        cls.nameless = cls.Survivor.create({})

    def _rows(self, survivor=None):
        """What the database itself holds, every column as text."""
        survivor = survivor or self.survivor
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                "SELECT osc_survivor::text FROM osc_survivor WHERE id = %s", survivor.id
            )
        )[0][0]

    def _stored(self, survivor, name):
        self.env.flush_all()
        query = SQL(
            "SELECT %s FROM osc_survivor WHERE id = %s",
            SQL.identifier(name),
            survivor.id,
        )
        return self.env.execute_query(query)[0][0]

    def test_the_database_holds_no_plain_text(self):
        row = self._rows()
        for plain in (*NAME.split(), "1234567", "5550199", "Street"):
            self.assertNotIn(plain, row)
        self.env.invalidate_all()
        self.assertEqual(self.survivor.full_name, NAME)
        self.assertEqual(self.survivor.address, "House 5\nStreet 9")
        self.assertFalse(self.nameless.full_name)

    def test_create_of_many_and_write(self):
        names = ["Amina", False, "بشریٰ", "मीना"]
        survivors = self.Survivor.create([{"full_name": name} for name in names])
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(survivors.mapped("full_name"), names)
        survivors[1:].write({"full_name": "Same"})
        self.env.flush_all()
        stored = [self._stored(survivor, "full_name") for survivor in survivors[1:]]
        self.assertEqual(len(set(stored)), 3, "equal names look different")
        self.env.invalidate_all()
        self.assertEqual(set(survivors[1:].mapped("full_name")), {"Same"})
        survivors.write({"full_name": False})
        self.assertFalse(self._stored(survivors[0], "full_name"))
        self.assertFalse(self._stored(survivors[0], "full_name_token"))

    def test_a_whole_value_is_found(self):
        found = self.Survivor.search
        for domain in (
            [("full_name", "=", NAME.upper())],
            [("full_name", "in", ["Nobody", NAME])],
            [("national_id", "=", "3520212345671")],
            [("phone", "=", "0300-5550199")],
            [("case_ids", "=", False), ("phone", "=", PHONE)],
        ):
            self.assertEqual(found(domain), self.survivor, domain)
            both = self.survivor + self.nameless
            self.assertEqual(both.filtered_domain(domain), self.survivor, domain)
        for domain in (
            [("full_name", "=", "Zarmina")],
            [("full_name", "=", self._stored(self.survivor, "full_name"))],
            [("full_name", "=", self._stored(self.survivor, "full_name_token"))],
        ):
            self.assertFalse(found(domain), domain)
        self.assertIn(self.nameless, found([("full_name", "=", False)]))
        self.assertNotIn(self.survivor, found([("full_name", "=", False)]))
        self.assertNotIn(self.survivor, found([("full_name", "!=", NAME)]))
        self.assertIn(self.nameless, found([("full_name", "!=", NAME)]))

    def test_what_can_not_be_answered_is_refused(self):
        for refused in (
            lambda: self.Survivor.search([("full_name", "ilike", "Zar")]),
            lambda: self.Survivor.search([("full_name", "=like", "Z%")]),
            lambda: self.Survivor.search([("full_name", ">", "A")]),
            lambda: self.Survivor.search([("address", "=", "House 5")]),
            lambda: self.Survivor.search([], order="full_name"),
            lambda: self.Survivor._read_group([], ["full_name"], ["__count"]),
            lambda: self.Survivor._read_group([], [], ["phone:array_agg"]),
            lambda: self.survivor.filtered_domain([("full_name", "ilike", "Zar")]),
        ):
            with self.assertRaises(UserError) as refusal:
                refused()
            self.assertIn("encrypted", str(refusal.exception))
            self.assertNotIn(NAME, str(refusal.exception))

    def test_a_ciphertext_moved_to_another_row_or_field_does_not_open(self):
        other = self.Survivor.create({"full_name": "Other", "phone": "1"})
        self.env.flush_all()
        for column, record in (("full_name", other), ("phone", self.survivor)):
            stored = self._stored(self.survivor, "full_name")
            self.env.cr.execute(
                SQL(
                    "UPDATE osc_survivor SET %s = %s WHERE id = %s",
                    SQL.identifier(column),
                    stored,
                    record.id,
                )
            )
            self.env.invalidate_all()
            with self.assertLogs(FIELDS, "ERROR") as log:
                self.assertEqual(record[column], TAMPERED)
            self.assertNotIn(NAME, "".join(log.output))

    def test_without_a_key_it_shows_that_it_is_locked_and_loses_nothing(self):
        before = self._rows()
        self.env.invalidate_all()
        with vault.using(vault.NO_RING):
            self.assertEqual(self.survivor.full_name, LOCKED)
            self.assertEqual(self.survivor.read(["code", "phone"])[0]["phone"], LOCKED)
            self.survivor.write({"disability": "physical"})
            self.env.flush_all()
            for refused in (
                lambda: self.survivor.write({"full_name": "New"}),
                lambda: self.survivor.write({"full_name": False}),
                lambda: self.survivor.write({"full_name": str(LOCKED)}),
                lambda: self.Survivor.create({"full_name": "New"}),
                lambda: self.Survivor.search([("phone", "=", PHONE)]),
            ):
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    refused()
            self.env.invalidate_all()
            self.assertEqual(self._draft().survivor_id.full_name, False, "work goes on")
        self.env.invalidate_all()
        self.assertEqual(self.survivor.full_name, NAME)
        for name in VAULT:
            self.assertIn(self._stored(self.survivor, name), before)

    def test_a_new_key(self):
        self.env.flush_all()
        with vault.using(vault.NEXT_RING):
            self.env.invalidate_all()
            self.assertEqual(self.survivor.full_name, NAME)
            self.assertEqual(
                self.Survivor.search([("phone", "=", PHONE)]), self.survivor
            )
            vault_model = self.env["osc.vault"]
            self.assertTrue(vault_model._count_stale_rows("osc.survivor"))
            after = 0
            while after is not None:
                after, _number, _unopened = vault_model._reencrypt_rows(
                    "osc.survivor", after, limit=2
                )
            for name in VAULT:
                self.assertTrue(self._stored(self.survivor, name).startswith("next."))
            self.env.invalidate_all()
            self.assertEqual(self.survivor.phone, PHONE)
            self.assertEqual(
                self.Survivor.search([("full_name", "=", NAME)]), self.survivor
            )

    def test_a_new_key_leaves_what_can_not_be_opened(self):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE osc_survivor SET phone = 'lost.AAAA' WHERE id = %s",
                self.survivor.id,
            )
        )
        with vault.using(vault.NEXT_RING):
            vault_model = self.env["osc.vault"]
            _after, number, unopened = vault_model._reencrypt_rows(
                "osc.survivor", self.survivor.id - 1, limit=1
            )
            self.assertEqual((number, unopened), (1, 1))
            self.assertEqual(self._stored(self.survivor, "phone"), "lost.AAAA")
            self.assertTrue(
                self._stored(self.survivor, "full_name").startswith("next.")
            )

    def test_values_without_substance_are_not_equal(self):
        one, other = self.Survivor.create([{"phone": "none"}, {"phone": "not asked"}])
        for phone in ("none", "not asked"):
            self.assertFalse(self.Survivor.search([("phone", "=", phone)]))
            self.assertFalse((one + other).filtered_domain([("phone", "=", phone)]))
        self.assertFalse(self._stored(one, "phone_token"))
        self.assertEqual(one.phone, "none")

    def test_what_would_keep_plain_text_elsewhere_is_refused(self):
        """Defaults and saved searches are kept as they are given."""
        Default, Filter = self.env["ir.default"], self.env["ir.filters"]
        filter_vals = {"name": "Hers", "user_ids": self.env.user.ids}
        for refused in (
            lambda: Default.set("osc.survivor", "full_name", NAME),
            lambda: Default.set("osc.case", "survivor_phone", PHONE),
            *(
                lambda model=model, domain=domain: Filter.create(
                    {**filter_vals, "model_id": model, "domain": domain}
                )
                for model, domain in (
                    ("osc.survivor", f"[('phone', '=', '{PHONE}')]"),
                    ("osc.case", f"[('survivor_id.phone', '=', '{PHONE}')]"),
                    (
                        "osc.case",
                        f"[('survivor_id', 'any', [('phone','=','{PHONE}')])]",
                    ),
                    (
                        "osc.survivor",
                        f"['|', ('id', '=', uid), ['phone','=','{PHONE}']]",
                    ),
                )
            ),
        ):
            with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
                refused()
            self.assertNotIn(PHONE, str(refusal.exception))
        for model, domain in (
            ("osc.survivor", "[('code', '=', 'phone')]"),
            ("res.partner", f"[('phone', '=', '{PHONE}')]"),
        ):
            Filter.create({**filter_vals, "model_id": model, "domain": domain})

    def test_searches_from_the_search_bar(self):
        search = self.Survivor.get_view(view_type="search")["arch"]
        for name in ("full_name", "national_id", "phone"):
            self.assertIn(f"[('{name}', '=', self)]", search)
        with self.assertRaises(UserError) as refusal:
            self.Survivor.name_search("", [("full_name", "ilike", "Zar")])
        self.assertIn("whole value", str(refusal.exception))
        Case = self.env["osc.case"]
        for refused in (
            lambda: Case.search([("survivor_id.phone", "ilike", "555")]),
            lambda: Case.search([("survivor_name", "ilike", "Zar")]),
            lambda: Case.search([("survivor_name", "=", NAME)]),
            lambda: Case._read_group([], ["survivor_id.full_name"], ["__count"]),
        ):
            with self.assertRaises(UserError):
                refused()
        case = self._draft(survivor_name=NAME, survivor_phone=PHONE)
        found = self.env["osc.case"].with_user(self.worker)
        self.assertEqual(found.search([("survivor_id.phone", "=", PHONE)]), case)
        case.action_report()
        self.assertIn(case, Case.with_user(self.manager).search([]))
        # Who may open the case, and not know who she is, can't try phone numbers.
        for user in (self.manager, self.other_worker):
            hidden = Case.with_user(user)
            self.assertFalse(hidden.search([("survivor_id.phone", "=", PHONE)]))
        with self.assertRaises(AccessError):
            Case.with_user(self.coordinator).search([("survivor_id.phone", "=", PHONE)])

    def test_nothing_is_stored_of_what_depends_on_the_vault(self):
        """An addon that tries is stopped when the server starts."""
        self.Survivor._register_hook()
        field = self.Survivor._fields["code"]
        with patch.object(
            type(self.env.registry), "get_dependent_fields", return_value=[field]
        ):
            with self.assertRaises(TypeError):
                self.Survivor._register_hook()

    def test_safe_contact_is_in_the_vault(self):
        self.survivor.write(
            {
                "safe_contact_details": "Aunt Gulnaz",
                "safe_contact_hours": "While he is at the mill",
                "safe_contact_notes": "Ask for the red shawl",
            }
        )
        row = self._rows()
        for plain in ("Gulnaz", "mill", "shawl"):
            self.assertNotIn(plain, row)

    def test_tokens_and_copies_give_nothing_away(self):
        worker = self.worker
        case = self._draft(survivor_name=NAME)
        survivor = case.survivor_id.with_user(worker)
        with self.assertRaises(Exception) as refusal:
            survivor.read(["full_name_token"])
        self.assertIn("Access", type(refusal.exception).__name__)
        copied = self.survivor.copy_data()[0]
        self.assertFalse(set(VAULT) & set(copied))
        fields = self.Survivor.fields_get(["full_name"], ["sortable", "groupable"])
        self.assertEqual(fields["full_name"], {"sortable": False, "groupable": False})

    @settings(deadline=None, max_examples=30)
    @given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1))
    @mute_logger("odoo.sql_db")
    def test_whatever_is_written_is_read(self, text):
        self.survivor.write({"address": text})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.survivor.address, text)

    def test_reading_costs_one_query(self):
        survivors = self.Survivor.create([{"full_name": f"N {n}"} for n in range(50)])
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            survivors.mapped("full_name")
