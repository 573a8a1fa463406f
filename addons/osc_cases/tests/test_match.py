from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.osc_base.tests import vault

from .common import NAME, PHONE, CasesCommon


@tagged("post_install", "-at_install")
class TestMatch(CasesCommon):
    """Whether a survivor who is entered is known already, and who is told."""

    def setUp(self):
        super().setUp()
        self.case = self._draft(
            survivor_name="Zarmina Khan",
            survivor_phone=PHONE,
            survivor_national_id="35202-1234567-1",
            survivor_age=30,
        )
        self.survivor = self.case.survivor_id

    def _known(self, user=None, **vals):
        return (
            self.env["osc.survivor"].with_user(user or self.worker)._known_already(vals)
        )

    def _matched(self, **vals):
        known = self._known(**vals)
        return known and known[0]["matched"]

    # ------------------------------------------------------------------
    # What agrees
    # ------------------------------------------------------------------
    def test_by_national_id_and_phone(self):
        self.assertEqual(self._matched(national_id="۳۵۲۰۲۱۲۳۴۵۶۷۱"), ["national_id"])
        self.assertEqual(self._matched(phone="0300 5550199"), ["phone"])
        self.assertEqual(
            self._matched(phone=PHONE, national_id="3520212345671"),
            ["national_id", "phone"],
        )
        self.assertFalse(self._known(phone="0300 5550198"))
        self.assertFalse(self._known(phone="none", national_id="not known"))
        self.assertFalse(self._known())

    def test_by_a_name_that_sounds_alike_with_age_and_sex(self):
        sounds = {"sex": "female", "age_years": 32}
        for name in ("Zarmeena Khaan", "khan zarmina", "زرمینہ خان", "ज़रमीना ख़ान"):
            self.assertEqual(self._matched(full_name=name, **sounds), ["name"], name)
        # One part of it with the age, both parts without
        self.assertEqual(self._matched(full_name="Zarmina", **sounds), ["name"])
        self.assertEqual(
            self._matched(full_name="Zarmina Bibi Khan Afridi", **sounds), ["name"]
        )
        for vals in (
            {"full_name": "Zarmina"},
            {"full_name": "Zarmina Khan", "age_years": 40},
            {"full_name": "Zarmina Khan", "sex": "male", "age_years": 30},
            {"full_name": "Zarina Khan", "age_years": 30},
            {"full_name": "Zarmina Afridi", "age_years": 30},
        ):
            self.assertFalse(self._known(**vals), vals)
        self.assertTrue(self._known(full_name="Zarmina Khan"))
        self.assertTrue(
            self._known(full_name="Zarmina Khan", birth_date=date(1996, 1, 1))
        )

    def test_an_age_that_is_not_known_agrees_with_every_age_of_a_whole_name(self):
        self.survivor.write({"age_years": 0})
        self.assertTrue(self._known(full_name="Zarmina Khan", age_years=50))
        self.assertFalse(self._known(full_name="Zarmina", age_years=50))

    def test_the_age_grows(self):
        self.clock.move_to("2036-03-11 10:00:00")
        self.assertTrue(self._known(full_name="Zarmina", age_years=41))
        self.assertFalse(self._known(full_name="Zarmina", age_years=30))
        self.clock.move_to("2026-03-10 17:00:00")

    def test_names_changed_and_keys_changed(self):
        self.survivor.full_name = "Gulnaz Afridi"
        self.assertFalse(self._known(full_name="Zarmina Khan"))
        self.assertTrue(self._known(full_name="Gulnaz Afridi"))
        with vault.using(vault.NEXT_RING):
            self.env.invalidate_all()
            self.assertTrue(self._known(full_name="Gulnaaz Aafridi"))
            self.assertTrue(self._known(phone=PHONE))

    # ------------------------------------------------------------------
    # Who is told what
    # ------------------------------------------------------------------
    def test_what_is_told(self):
        known = self._known(phone=PHONE)
        self.assertEqual(
            known,
            [
                {
                    "survivor_id": self.survivor.id,
                    "code": self.survivor.code,
                    "centers": [self.center.name],
                    "matched": ["phone"],
                }
            ],
        )

    def test_a_colleague_is_told_and_sent_to_the_manager(self):
        known = self._known(self.colleague, phone=PHONE)
        self.assertEqual(known[0]["code"], self.survivor.code)
        self.assertFalse(known[0]["survivor_id"], "she may not read her")
        with self.assertRaises(AccessError):
            self._draft(user=self.colleague).with_user(
                self.colleague
            ).action_link_survivor(self.survivor.id)

    def test_other_centers_are_told_nothing(self):
        for user in (self.other_worker, self.other_manager, self.coordinator):
            self.assertFalse(self._known(user, phone=PHONE), user.login)

    def test_her_cases_elsewhere_are_not_told(self):
        elsewhere = self._draft(center_id=self.other_center.id)
        elsewhere.survivor_id = self.survivor
        elsewhere.sudo().member_ids._revoke()
        known = self._known(self.colleague, phone=PHONE)
        self.assertEqual(known[0]["centers"], [self.center.name])

    def test_who_is_excluded_is_told_nothing(self):
        self._draft().write({"survivor_id": self.survivor.id})
        self.case.excluded_user_ids = self.colleague
        self.assertFalse(self._known(self.colleague, phone=PHONE))

    def test_locked(self):
        with vault.using(vault.NO_RING):
            self.env.invalidate_all()
            self.assertEqual(self._known(phone=PHONE), [])

    def test_being_told_is_noted(self):
        with patch.object(
            type(self.env["osc.survivor"]), "_note_told", autospec=True
        ) as note:
            self._known(phone=PHONE)
        self.assertEqual(note.call_args.args[0], self.survivor)

    # ------------------------------------------------------------------
    # At intake
    # ------------------------------------------------------------------
    def test_the_form_warns_and_does_not_block(self):
        case_form = Form(self.env["osc.case"].with_user(self.worker))
        case_form.channel = "walk_in"
        self.assertFalse(case_form.known_matches)
        case_form.survivor_phone = "03005550199"
        self.assertEqual(case_form.known_matches[0]["code"], self.survivor.code)
        self.assertNotIn("Zarmina", str(case_form.known_matches))
        case = case_form.save()
        self.assertNotEqual(case.survivor_id, self.survivor)
        self.assertTrue(case.known_matches)
        case.action_report()
        self.assertFalse(case.known_matches)

    def test_linking_keeps_what_is_new(self):
        case = self._draft(
            survivor_phone="0300 1112223", survivor_birth_date=date(1996, 5, 1)
        )
        noted = case.survivor_id
        case.with_user(self.worker).action_link_survivor(self.survivor.id)
        self.assertEqual(case.survivor_id, self.survivor)
        self.assertFalse(noted.exists())
        self.assertEqual(self.survivor.birth_date, date(1996, 5, 1))
        self.assertEqual(self.survivor.phone, PHONE, "what is known stays")
        self.assertFalse(case.with_user(self.worker).known_matches)
        with self.assertRaises(AccessError):
            case.with_user(self.internal).action_link_survivor(self.survivor.id)

    def test_a_reported_case_keeps_its_survivor(self):
        case = self._report()
        with self.assertRaises(UserError):
            case.with_user(self.worker).action_link_survivor(self.survivor.id)

    def test_the_survivor_of_a_reported_case_cant_be_written(self):
        case = self._report()
        hers = case.survivor_id
        for other in (self.survivor.id, False):
            with self.assertRaises(UserError):
                case.with_user(self.worker).write({"survivor_id": other})
        with self.assertRaises(UserError):
            case.with_user(self.worker).web_save({"survivor_id": self.survivor.id}, {})
        with self.assertRaises(UserError):
            self.survivor.with_user(self.worker).write(
                {"case_ids": [Command.link(case.id)]}
            )
        case.with_user(self.worker).write({"survivor_id": hers.id, "in_danger": True})
        self.assertEqual(case.survivor_id, hers)

    def test_who_was_reported_is_never_forgotten(self):
        case = self._report()
        hers = case.sudo().survivor_id
        case.sudo().survivor_id = self.survivor
        self.assertTrue(hers.exists())

    def test_queries(self):
        self.env["osc.survivor"].create([{"full_name": NAME} for _n in range(50)])
        self._known(phone=PHONE, full_name="Zarmina Khan", age_years=30)
        self.env.invalidate_all()
        with self.assertQueryCount(20):
            self._known(phone=PHONE, full_name="Zarmina Khan", age_years=30)
