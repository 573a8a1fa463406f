import runpy
from pathlib import Path

from odoo.tests import tagged
from odoo.tools import SQL

from .common import NAME, PHONE, CasesCommon

MIGRATIONS = Path(__file__).parent.parent / "migrations"


@tagged("post_install", "-at_install")
class TestMigrations(CasesCommon):
    """What older versions left in plain text goes into the vault."""

    def setUp(self):
        super().setUp()
        self.case = self._draft(survivor_name=NAME)
        self.survivor = self.case.survivor_id.sudo()

    def _migrate(self, version):
        for script in (MIGRATIONS / version).glob("post-*.py"):
            runpy.run_path(str(script))["migrate"](self.env.cr, version)
        self.env.invalidate_all()

    def _plain(self, **values):
        """Put values into the columns as they were before."""
        self.env.flush_all()
        for column, value in values.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE osc_survivor SET %s = %s WHERE id = %s",
                    SQL.identifier(column),
                    value,
                    self.survivor.id,
                )
            )
        self.env.invalidate_all()

    def _row(self):
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                "SELECT osc_survivor::text FROM osc_survivor WHERE id = %s",
                self.survivor.id,
            )
        )[0][0]

    def test_from_the_first_version_on(self):
        """Other rows of a demonstration were migrated already, so they are no test."""
        self.env.cr.execute(
            SQL(
                "UPDATE osc_survivor SET full_name = NULL, phone = NULL, "
                "national_id = NULL, address = NULL, safe_contact_notes = NULL, "
                "safe_contact_details = NULL, safe_contact_hours = NULL"
            )
        )
        plain = {
            "full_name": "Gulnaz Testperson",
            "phone": PHONE,
            "address": "Street 9",
            "safe_contact_details": "Aunt Shireen",
            "safe_contact_hours": "after the mill",
            "safe_contact_notes": "red shawl",
        }
        self._plain(full_name_token=None, full_name_sounds=None, **plain)
        self._migrate("19.0.1.1.0")
        self._migrate("19.0.1.2.0")
        row = self._row()
        for name, value in plain.items():
            self.assertNotIn(value, row)
            self.assertEqual(self.survivor[name], value)
        Survivor = self.env["osc.survivor"]
        self.assertEqual(
            Survivor.search([("full_name", "=", plain["full_name"])]), self.survivor
        )
        self.assertTrue(self.survivor.full_name_sounds)

    def test_files(self):
        partner = self.env["res.partner"].create({"name": "Before"})
        content = b"Statement of Zarmina"
        before = self.env["ir.attachment"].create(
            {
                "name": "Zarmina.txt",
                "raw": content,
                "res_model": "res.partner",
                "res_id": partner.id,
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE ir_attachment SET res_model = 'osc.case', res_id = %s "
                "WHERE id = %s",
                self.case.id,
                before.id,
            )
        )
        self.env.cr.execute("UPDATE osc_survivor SET safe_contact_notes = NULL")
        self.env.cr.execute("UPDATE osc_survivor SET safe_contact_details = NULL")
        self.env.cr.execute("UPDATE osc_survivor SET safe_contact_hours = NULL")
        self.env.invalidate_all()
        self._migrate("19.0.1.2.0")
        self.assertTrue(before.vault_key)
        self.assertFalse(before.index_content)
        self.assertNotIn("Zarmina", before.name)
        self.assertEqual(before.raw, content)
