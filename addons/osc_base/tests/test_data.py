import re

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open

DISCIPLINES = {
    "medical",
    "forensic",
    "police",
    "legal",
    "psychosocial",
    "shelter",
    "child_protection",
    "financial",
    "casework",
}
CODE = re.compile(r"[a-z][a-z0-9_]*")


@tagged("post_install", "-at_install")
class TestData(TransactionCase):
    """What a new database brings, with or without demonstration data."""

    def _from_data(self, model):
        """Records of a model that this addon's data made and that are still there."""
        ids = (
            self.env["ir.model.data"]
            .search(
                [
                    ("module", "=", "osc_base"),
                    ("model", "=", model),
                    ("name", "=like", model.replace(".", "_") + "_%"),
                ]
            )
            .mapped("res_id")
        )
        return self.env[model].with_context(active_test=False).browse(ids).exists()

    def test_the_nine_disciplines(self):
        codes = self._from_data("osc.discipline").mapped("code")
        self.assertEqual(set(codes), DISCIPLINES)

    def test_each_discipline_has_several_services(self):
        services = self._from_data("osc.service")
        counts = {
            discipline.code: len(found)
            for discipline, found in services.grouped("discipline_id").items()
        }
        self.assertEqual(set(counts), DISCIPLINES)
        self.assertGreaterEqual(min(counts.values()), 4)

    def test_services_that_other_programs_name(self):
        codes = set(self._from_data("osc.service").mapped("code"))
        self.assertLessEqual(
            {
                "child_authority_notice",
                "emergency_bed",
                "emergency_cash",
                "emergency_contraception",
                "fir",
                "first_aid",
                "interpreter",
                "medico_legal_exam",
                "pep",
                "protection_order",
                "psychological_first_aid",
            },
            codes,
        )
        for code in codes:
            with self.subTest(code=code):
                self.assertTrue(CODE.fullmatch(code))

    def test_treatment_never_waits_for_paperwork(self):
        for code in ("pep", "emergency_contraception", "first_aid", "injury_care"):
            with self.subTest(code=code):
                service = self.env.ref(f"osc_base.osc_service_{code}")
                self.assertTrue(service.is_emergency)
                self.assertTrue(0 < service.target_minutes <= 60)

    def test_no_service_that_must_not_be(self):
        """No test of virginity, and violence is never sent to mediation."""
        for service in self._from_data("osc.service"):
            with self.subTest(code=service.code):
                words = f"{service.code} {service.name}".lower()
                self.assertNotRegex(words, r"\b(mediat|reconcil|virgin|two.finger)")

    def test_sources_of_policies_are_named_for_their_readers(self):
        """Not by a key of a list that they don't have."""
        with file_open("osc_base/data/osc_policy_data.xml") as file:
            self.assertNotRegex(file.read(), r"§|\[[A-Z]|\.md\b")

    def test_policies_wait_for_counsel(self):
        policies = self._from_data("osc.policy")
        self.assertEqual(
            set(policies.country_id.mapped("code")),
            {"PK", "IN", "ZM", "TH", "MX", "DK"},
        )
        for policy in policies:
            with self.subTest(policy=policy.name):
                self.assertFalse(policy.is_confirmed)
                notes = " ".join(policy.notes.lower().split())
                self.assertIn("to be confirmed", notes)
