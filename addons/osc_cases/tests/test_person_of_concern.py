from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import NAME
from .justice import JusticeCommon

ACCUSED = "Tariq Mehmood"


@tagged("post_install", "-at_install")
class TestPersonOfConcern(JusticeCommon):
    """Whom she accuses: who reads it, whether he is known, whether he is staff."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._taken_on(cls.worker)
        cls.partner = cls.env.ref("osc_cases.osc_person_relation_partner")

    def _person(self, user=None, code="casework", case=None, **vals):
        return self._make(
            "osc.person.of.concern",
            user or self.worker,
            **{
                "case_id": (case or self.case).id,
                "discipline_id": self.disciplines[code].id,
                "full_name": ACCUSED,
                **vals,
            },
        )

    # ------------------------------------------------------------------
    # Who reads
    # ------------------------------------------------------------------
    def test_who_reads(self):
        person = self._person(relation_id=self.partner.id)
        readers = (self.worker, self.police, self.legal)
        self._assert_reads(person, *readers)
        self._consent("legal", "psychosocial")
        self._assert_reads(person, *readers, self.psychosocial)
        with self._refused():
            person.with_user(self.police).write({"is_armed": True})
        with self._refused():
            person.unlink()

    def test_a_reader_of_the_incident_sees_no_person(self):
        person = self._person()
        incident = self.env["osc.incident"].create(
            {
                "case_id": self.case.id,
                "type_id": self.types["rape"].id,
                "alleged_ids": [fields.Command.link(person.id)],
            }
        )
        self._settle()
        self.assertEqual(incident.with_user(self.police).alleged_ids, person)
        self._settle()
        self.assertFalse(incident.with_user(self.financial).alleged_ids)
        self._settle()
        self.assertEqual(person.incident_ids, incident)

    def test_not_of_another_case(self):
        person = self._person(case=self.second)
        with self.assertRaises(ValidationError):
            self.env["osc.incident"].with_user(self.worker).create(
                {
                    "case_id": self.case.id,
                    "type_id": self.types["rape"].id,
                    "alleged_ids": [fields.Command.link(person.id)],
                }
            )

    def test_a_number_instead_of_a_name(self):
        first, second = self._person(), self._person(self.police, "police")
        self.assertEqual(first.display_name, f"{self.case.name} · Person 1")
        self.assertEqual(second.display_name, f"{self.case.name} · Person 2")
        self.assertEqual(self._person(case=self.second).number, 1)

    def test_words_are_in_the_vault(self):
        person = self._person(
            father_name="Mehmood Khan",
            national_id="35202-1234567-1",
            phone="0301 7654321",
            address="House 5",
            workplace="Bakery",
        )
        self.env.cr.execute(
            "SELECT * FROM osc_person_of_concern WHERE id = %s", [person.id]
        )
        row = str(self.env.cr.dictfetchone())
        for word in ("Tariq", "Khan", "1234567", "7654321", "House", "Bakery"):
            self.assertNotIn(word, row)

    def test_who_may_not_record(self):
        for user, code in (
            (self.psychosocial, "psychosocial"),
            (self.financial, "financial"),
        ):
            with self.subTest(user=user.login), self.assertRaises(ValidationError):
                self._person(user, code)
        for user, code in ((self.police, "legal"), (self.manager, "casework")):
            with self.subTest(user=user.login), self._refused():
                self._person(user, code)

    # ------------------------------------------------------------------
    # In other cases
    # ------------------------------------------------------------------
    def _matches(self, user=None, **vals):
        person = self._person(**vals)
        return person.with_user(user or self.police)._seen_in_other_cases()

    def test_spellings_and_scripts(self):
        self._person(case=self.second, full_name=ACCUSED)
        for name in (
            "Tariq Mahmood",
            "Mahmud Tarik",
            "طارق محمود",
            "तारिक़ महमूद",
            "Mr. Tariq Mehmood",
            "Tariq Mehmood Butt",
        ):
            with self.subTest(name=name):
                found = self._matches(full_name=name)
                self.assertEqual([m["code"] for m in found], [self.second.name])
                self.assertEqual(found[0]["matched"], ["name"])
        for name in ("Tariq Jameel", "Tariq", "Sajid Mehmood", ""):
            with self.subTest(name=name):
                self.assertFalse(self._matches(full_name=name))

    def test_father_and_namesakes(self):
        self._person(
            case=self.second, full_name="Muhammad Ali", father_name="Ghulam Rasool"
        )
        self.assertTrue(self._matches(full_name="Mohd. Ali", father_name="غلام رسول"))
        self.assertTrue(self._matches(full_name="Mohammed Ali"))
        self.assertFalse(
            self._matches(full_name="Muhammad Ali", father_name="Bashir Ahmed")
        )
        # One name is enough with the same father.
        self.assertTrue(self._matches(full_name="Ali", father_name="Ghulam Rasool"))

    def test_number_and_id(self):
        self._person(
            case=self.second,
            full_name="Billa",
            phone="+92 301 7654321",
            national_id="35202-1234567-1",
        )
        found = self._matches(full_name="Bilal", phone="0301-7654321")
        self.assertEqual(found[0]["matched"], ["phone"])
        found = self._matches(full_name=False, national_id="3520212345671")
        self.assertEqual(found[0]["matched"], ["national_id"])

    def test_codes_and_nothing_else(self):
        self._person(case=self.second, relation_id=self.partner.id, is_armed=True)
        person = self._person().with_user(self.police)
        self.assertEqual(
            person._seen_in_other_cases(),
            [
                {
                    "code": self.second.name,
                    "center": self.center.name,
                    "matched": ["name"],
                }
            ],
        )
        shown = str(person.action_seen_in_other_cases())
        self.assertIn(self.second.name, shown)
        for word in (NAME, "Tariq", "partner", "Husband"):
            self.assertNotIn(word, shown)

    def test_only_the_police_of_the_center(self):
        person = self._person()
        for user in (self.worker, self.legal):
            with self.subTest(user=user.login):
                self.assertFalse(person.with_user(user).user_may_match)
                with self.assertRaises(AccessError):
                    person.with_user(user).action_seen_in_other_cases()
        for user in (self.manager, self.auditor, self.administrator, self.financial):
            with self.subTest(user=user.login), self._refused():
                person.with_user(user).action_seen_in_other_cases()
        self.assertTrue(person.with_user(self.police).user_may_match)
        # The backup is police, but not of this case.
        with self._refused():
            person.with_user(self.backup.user_id).action_seen_in_other_cases()
        self.people["police"].center_id = self.other_center
        self._settle()
        with self._refused():
            person.with_user(self.police).action_seen_in_other_cases()

    def test_not_of_cases_from_which_somebody_is_excluded(self):
        self._person(case=self.second)
        self.second.excluded_user_ids = self.police
        self._settle()
        self.assertFalse(self._matches())

    def test_not_of_drafts(self):
        draft = self._draft()
        self._person(case=draft)
        self.assertFalse(self._matches())

    def test_each_look_is_in_the_trail(self):
        other = self._person(case=self.second)
        person = self._person().with_user(self.police)
        Entry = self.env["osc.audit.entry"].sudo()
        before = Entry.search([], limit=1).id
        person.action_seen_in_other_cases()
        looks = Entry.search(
            [
                ("id", ">", before),
                ("action", "=", "read"),
                ("model", "=", "osc.person.of.concern"),
                ("user_id", "=", self.police.id),
            ]
        )
        looks = looks.filtered(lambda e: e.details == "Seen in other cases")
        self.assertEqual(
            {(look.res_id, look.reference) for look in looks},
            {(person.id, self.case.name), (other.id, self.second.name)},
        )

    def test_nothing_by_rpc_around_it(self):
        person = self._person()
        for name in ("full_name_sounds", "full_name_token", "phone_token"):
            with self.subTest(field=name), self._refused():
                person.with_user(self.police).read([name])
        with self.assertRaises(UserError):
            person.search([("full_name_sounds", "!=", False)])

    def test_many_persons_cost_few_queries(self):
        self.env["osc.person.of.concern"].create(
            [
                {
                    "case_id": self.second.id,
                    "discipline_id": self.disciplines["casework"].id,
                    "full_name": f"Somebody Number{number}",
                }
                for number in range(40)
            ]
        )
        self._person(case=self.second)
        person = self._person().with_user(self.police)
        self._settle()
        with self.assertQueryCount(40):
            self.assertTrue(person._seen_in_other_cases())

    # ------------------------------------------------------------------
    # Staff
    # ------------------------------------------------------------------
    def _conflicts(self):
        self._settle()
        return self.env["osc.staff.conflict"].search([("case_id", "=", self.case.id)])

    def _warned(self):
        return self.env["mail.message"].search(
            [("subject", "=", f"Check who may open {self.case.name}")]
        )

    def test_a_colleague_is_found_by_name_number_or_id(self):
        self.medical.name = "Tariq Mehmood"
        self.financial.partner_id.phone = "+92 301 7654321"
        self.psychosocial.employee_id.identification_id = "35202-1234567-1"
        self._person(full_name="طارق محمود", phone="0301 7654321")
        self._person(full_name=False, national_id="3520212345671")
        conflicts = self._conflicts()
        self.assertEqual(
            conflicts.user_id, self.medical | self.financial | self.psychosocial
        )
        self.assertEqual(
            conflicts.filtered(lambda c: c.user_id == self.medical).matched, "name"
        )
        self.assertEqual(self._warned().partner_ids, self.worker.partner_id)
        for word in ("Tariq", "accused", NAME):
            self.assertNotIn(word, str(self._warned().mapped("body")))

    def test_namesakes_by_one_name_are_none(self):
        self.medical.name = "Tariq Jameel"
        self._person(full_name="Tariq")
        self._person(full_name="Tariq Mehmood")
        self.assertFalse(self._conflicts())

    def test_staff_of_other_centers_are_none(self):
        self.other_worker.name = ACCUSED
        self._person()
        self.assertFalse(self._conflicts())

    def test_it_is_proposed_and_nothing_waits(self):
        self.police.name = ACCUSED
        self._person()
        conflict = self._conflicts()
        self.assertEqual(conflict.state, "proposed")
        self.assertFalse(self.case.sudo().excluded_user_ids)
        self.assertTrue(self.case.with_user(self.worker).has_staff_conflict)
        # Again: told once.
        self._person()
        self.assertEqual(len(self._warned()), 1)
        conflict.with_user(self.worker).action_exclude()
        self._settle()
        self.assertEqual(self.case.sudo().excluded_user_ids, self.police)
        self.assertFalse(self.case.with_user(self.police).has_access("read"))
        with self.assertRaises(UserError):
            conflict.with_user(self.worker).action_dismiss()

    def test_whom_it_concerns_learns_nothing(self):
        self.police.name = ACCUSED
        self._person(self.legal, "legal")
        conflict = self._conflicts()
        self._assert_reads(conflict, self.worker, self.manager)
        self.assertNotIn(self.police.partner_id, self._warned().partner_ids)
        with self._refused():
            conflict.with_user(self.police).action_dismiss()
        with self._refused():
            conflict.with_user(self.legal).action_exclude()

    def test_of_the_case_worker_the_manager_is_told(self):
        self.worker.name = ACCUSED
        self._person(self.legal, "legal")
        conflict = self._conflicts()
        self.assertEqual(self._warned().partner_ids, self.manager.partner_id)
        self._assert_reads(conflict, self.manager)
        with self._refused():
            conflict.with_user(self.worker).action_dismiss()
        with self.assertRaises(ValidationError):
            conflict.with_user(self.manager).action_exclude()

    def test_who_has_left_is_told_nothing(self):
        self.worker.name = ACCUSED
        self.manager.active = False
        self._person(self.legal, "legal")
        self._conflicts()
        self.assertEqual(self._warned().partner_ids, self.coordinator.partner_id)

    def test_somebody_else_after_all(self):
        self.police.name = ACCUSED
        person = self._person()
        self._conflicts().with_user(self.worker).action_dismiss()
        person.phone = "0301 1112223"
        self.assertEqual(len(self._conflicts()), 1)
        self.assertEqual(self._conflicts().state, "dismissed")

    def test_reporting_goes_on(self):
        self.police.name = ACCUSED
        draft = self._draft()
        self._person(case=draft)
        draft.action_report()
        self.assertEqual(draft.state, "reported")
