from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import NAME, CasesCommon

SHIPPED = "osc_cases.osc_intimation_rule_"
# What makes each shipped rule apply: incidents, other values, and what it brings.
INCIDENT_RULES = {
    "sexual_forensic": ("rape", "sexual_assault"),
    "sexual_medical": ("rape", "sexual_assault"),
    "sexual_police": ("rape", "sexual_assault"),
    "sexual_psychosocial": ("rape", "sexual_assault"),
    "sexual_legal": ("rape", "sexual_assault"),
    "physical_medical": ("physical_assault",),
    "physical_forensic": ("physical_assault",),
    "physical_police": ("physical_assault",),
    "physical_psychosocial": ("physical_assault",),
    "physical_legal": ("physical_assault",),
    "forced_marriage_legal": ("forced_marriage",),
    "forced_marriage_psychosocial": ("forced_marriage",),
    "forced_marriage_police": ("forced_marriage",),
    "denial_legal": ("denial",),
    "denial_financial": ("denial",),
    "psychological_psychosocial": ("psychological",),
    "psychological_legal": ("psychological",),
}
FACT_RULES = {
    "injury_medical": {"is_injured": True},
    "danger_police": {"in_danger": True},
    "danger_shelter": {"in_danger": True, "no_safe_place": True},
    "minor_child_protection": {"survivor_age": 12},
    "minor_psychosocial": {"survivor_age": 12},
    "missing_police": {"missing_child": True},
    "missing_child_protection": {"missing_child": True},
    "trafficking_police": {"suspected_trafficking": True},
    "trafficking_legal": {"suspected_trafficking": True},
    "trafficking_psychosocial": {"suspected_trafficking": True},
    "trafficking_shelter": {"suspected_trafficking": True},
    "domestic_legal": {"lives_with_accused": True},
    "domestic_psychosocial": {"lives_with_accused": True},
    "no_safe_place_shelter": {"no_safe_place": True},
}
ASKED = (
    "medical",
    "forensic",
    "police",
    "legal",
    "psychosocial",
    "shelter",
    "child_protection",
    "financial",
)
NOTHING_KNOWN = {
    "nothing_known_psychosocial": "routine",
    "nothing_known_medical": "emergency",
    "nothing_known_police": "emergency",
}


@tagged("post_install", "-at_install")
class TestRules(CasesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.services = {
            code: cls.env["osc.service"].create(
                {
                    "name": f"Service {code}",
                    "code": f"osc_test_{code}",
                    "discipline_id": cls.disciplines[code].id,
                }
            )
            for code in ASKED
        }

    def _applies(self, rule_name, case):
        """Whether this one rule, all others switched off, matches the case."""
        rule = self.env.ref(SHIPPED + rule_name)
        self.env["osc.intimation.rule"].search([]).active = False
        rule.active = True
        matching = rule._matching(case.sudo())
        self.env["osc.intimation.rule"].with_context(active_test=False).search(
            []
        ).active = True
        return rule.discipline_id in matching

    def test_every_shipped_rule_is_tried_here(self):
        shipped = self.env["ir.model.data"].search(
            [("module", "=", "osc_cases"), ("model", "=", "osc.intimation.rule")]
        )
        names = {
            name.removeprefix("osc_intimation_rule_") for name in shipped.mapped("name")
        }
        tried = (
            set(INCIDENT_RULES)
            | set(FACT_RULES)
            | {f"asked_{code}" for code in ASKED}
            | set(NOTHING_KNOWN)
            # An assessment makes it apply: see test_risk.
            | {"risk_police"}
        )
        self.assertEqual(names, tried)

    def test_incident_rules(self):
        for incident_type in self.types:
            case = self._draft(incident_ids=[self._incident(incident_type)])
            for rule, types in INCIDENT_RULES.items():
                with self.subTest(rule=rule, incident=incident_type):
                    self.assertEqual(self._applies(rule, case), incident_type in types)

    def test_fact_rules(self):
        plain = self._draft()
        for rule, vals in FACT_RULES.items():
            with self.subTest(rule=rule):
                self.assertTrue(self._applies(rule, self._draft(**vals)))
                self.assertFalse(self._applies(rule, plain))
        self.assertFalse(self._applies("danger_shelter", self._draft(in_danger=True)))

    def test_asked_rules(self):
        for code in ASKED:
            case = self._draft(
                requested_service_ids=[fields.Command.link(self.services[code].id)]
            )
            for other in ASKED:
                with self.subTest(asked=code, rule=other):
                    self.assertEqual(
                        self._applies(f"asked_{other}", case), other == code
                    )

    def test_nothing_known_rules(self):
        known = self._draft(
            urgency="emergency", incident_ids=[self._incident("non_gbv")]
        )
        for rule, urgency in NOTHING_KNOWN.items():
            with self.subTest(rule=rule):
                self.assertTrue(self._applies(rule, self._draft(urgency=urgency)))
                self.assertFalse(self._applies(rule, known))
        for rule in ("nothing_known_medical", "nothing_known_police"):
            with self.subTest(rule=rule):
                self.assertFalse(self._applies(rule, self._draft(urgency="urgent")))

    def test_emergency_of_which_nothing_is_known(self):
        case = self._report(urgency="emergency")
        self.assertEqual(self._told(case), ["medical", "police", "psychosocial"])
        self.assertEqual(set(case.intimation_ids.mapped("urgency")), {"emergency"})

    def test_minor(self):
        case = self._report(survivor_age=12)
        self.assertEqual(self._told(case), ["child_protection", "psychosocial"])
        child = case.intimation_ids.filtered(
            lambda i: i.discipline_id.code == "child_protection"
        )
        self.assertEqual(child.basis, "legal_duty")
        self.assertEqual(child.user_id, self.people["child_protection"].user_id)

    def test_adult_does_not_tell_child_protection(self):
        case = self._report(survivor_age=18)
        self.assertNotIn("child_protection", self._told(case))

    def test_urgency_floor(self):
        """An injury is an emergency for the doctor though the case is routine."""
        case = self._report(urgency="routine", is_injured=True)
        by_code = {i.discipline_id.code: i for i in case.intimation_ids}
        self.assertEqual(by_code["medical"].urgency, "emergency")
        self.assertEqual(by_code["psychosocial"].urgency, "routine")

    def test_floor_is_no_ceiling(self):
        self._only_rule("police", urgency="routine")
        case = self._report(urgency="emergency")
        self.assertEqual(case.intimation_ids.urgency, "emergency")

    def test_most_urgent_rule_gives_the_urgency_first_gives_the_basis(self):
        first = self._only_rule("police", sequence=1, basis="legal_duty")
        self.env["osc.intimation.rule"].create(
            {
                "name": "Later, more urgent",
                "sequence": 2,
                "discipline_id": self.disciplines["police"].id,
                "urgency": "emergency",
                "basis": "vital_interest",
            }
        )
        case = self._report(urgency="routine")
        intimation = case.sudo().intimation_ids
        self.assertEqual(len(intimation), 1)
        self.assertEqual(intimation.urgency, "emergency")
        self.assertEqual(intimation.basis, "legal_duty")
        self.assertEqual(intimation.rule_id, first)

    def test_archived_rule_tells_nobody(self):
        rule = self._only_rule("police")
        rule.active = False
        self.assertFalse(self._report().intimation_ids)

    def test_domain_that_cant_be_understood(self):
        for domain in (
            "[",
            "nonsense",
            "[('no_such_field', '=', 1)]",
            "[('urgency', 'about', 'urgent')]",
            "[('incident_ids.no_such', '=', 1)]",
            "__import__('os').getcwd()",
            "42",
            "[('urgency',)]",
        ):
            with (
                self.subTest(domain=domain),
                self.assertRaises(ValidationError),
                self.cr.savepoint(),
            ):
                self._only_rule("police", domain=domain)

    def test_domain_of_which_everything_is_right(self):
        for domain in (
            "[]",
            "[('urgency', '=', 'urgent')]",
            "['|', ('is_injured', '=', True), ('is_minor', '=', True)]",
            "[('channel', 'in', ['police', 'hospital'])]",
            "[('center_id.host_type', '=', 'standalone')]",
        ):
            with self.subTest(domain=domain):
                self.assertTrue(self._only_rule("police", domain=domain))

    def test_a_rule_asks_for_no_more_than_facts(self):
        """It is asked with all rights: what it asked for could be guessed."""
        for domain in (
            f"[('survivor_id.full_name', '=', '{NAME}')]",
            f"[('survivor_id', 'any', [('full_name', '=', '{NAME}')])]",
            "[('survivor_id', '=', 1)]",
            "[('survivor_id.birth_date', '<', '2010-01-01')]",
            "['!', ('survivor_id.case_ids.channel', '=', 'phone')]",
            "[('statement_ids.kind', '=', 'full')]",
            "[('member_ids.user_id.login', '=', 'somebody')]",
            "[('incident_ids.case_id.survivor_id.phone', '!=', False)]",
            "[('incident_ids', 'any', [('alleged_ids.is_police', '=', True)])]",
            "[('center_id.company_id.partner_id.message_ids.body', 'ilike', 'x')]",
        ):
            with (
                self.subTest(domain=domain),
                self.assertRaises(ValidationError),
                self.cr.savepoint(),
            ):
                self._only_rule("police", domain=domain)
        for domain in (
            "[('survivor_id.disability', '!=', 'none')]",
            "[('survivor_id', 'any', [('sex', '=', 'male')])]",
            "[('incident_ids', 'any', [('type_id.code', '=', 'rape')])]",
            "[('incident_ids.occurred_at', '!=', False)]",
            "[('requested_service_ids.discipline_id.code', '=', 'legal')]",
        ):
            with self.subTest(domain=domain):
                self.assertTrue(self._only_rule("police", domain=domain))

    def test_a_rule_asks_for_nothing_that_its_author_may_not_know(self):
        author = new_test_user(
            self.env, "author", "base.group_user,osc_base.group_administrator"
        )
        rule = self._only_rule("police").with_user(author)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            rule.domain = "[('center_id.manager_id.totp_secret', '=', 'x')]"
        rule.domain = "[('center_id.host_type', '=', 'police')]"

    def test_a_rule_that_breaks_does_not_stop_the_others(self):
        """Written by an upgrade or in the database: nobody was there to refuse it."""
        self._only_rule("legal", "police")
        broken = self.env["osc.intimation.rule"].search([], limit=1)
        broken.flush_recordset()
        for domain in (
            "[('gone_field', '=', True)]",
            "[('survivor_id.full_name', 'ilike', 'x')]",
        ):
            self.env.cr.execute(
                "UPDATE osc_intimation_rule SET domain = %s WHERE id = %s",
                [domain, broken.id],
            )
            self.env.invalidate_all()
            with mute_logger("odoo.addons.osc_cases.models.osc_case_condition"):
                case = self._report(survivor_name=NAME)
            self.assertEqual(
                self._told(case),
                ["legal", "police"],
                "one alert too many, none too few",
            )
