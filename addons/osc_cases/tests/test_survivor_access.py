from base64 import b64encode
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import NAME, PHONE, CasesCommon

IDENTITY = {"full_name": NAME, "national_id": "35202-1234567-1"}
CONTACT = {
    "phone": PHONE,
    "address": "House 7, hidden street",
    "safe_contact_details": "Her aunt's shop",
    "safe_contact_hours": "After four",
    "safe_contact_notes": "Say it is the tailor",
}


@tagged("post_install", "-at_install")
class TestSurvivorAccess(CasesCommon):
    """What of a survivor is open to whom, in which of her cases, and for how long."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._only_rule("medical", "shelter", "police")
        cls.knows = cls.people["medical"].user_id
        cls.reaches = cls.people["shelter"].user_id
        cls.police = cls.people["police"].user_id
        cls.case = cls.env["osc.case"]

    def setUp(self):
        super().setUp()
        self.case = self._report(survivor_name=NAME)
        self.survivor = self.case.sudo().survivor_id
        self.survivor.with_user(self.worker).write(
            {**IDENTITY, **CONTACT, "safe_contact_allowed": True}
        )
        self._agree("identity", "medical")
        self._agree("contact", "shelter")
        for user in (self.knows, self.reaches, self.police):
            self._intimation(self.case, user).action_acknowledge()
        self._settle()

    def _settle(self):
        self.env.flush_all()
        self.env.invalidate_all()

    def _agree(self, scope, discipline, case=None):
        consent = self.env["osc.consent"].with_user(self.worker)
        consent = consent.create(
            {
                "case_id": (case or self.case).id,
                "scope": scope,
                "discipline_id": self.disciplines[discipline].id,
            }
        )
        self._settle()
        return consent

    def _read(self, user, record=None):
        """What a user reads of her, without what is empty."""
        self._settle()
        values = (
            (record or self.survivor).with_user(user).read([*IDENTITY, *CONTACT])[0]
        )
        del values["id"]
        return {name: value for name, value in values.items() if value}

    def _reads(self, user, record=None):
        self._settle()
        return (record or self.survivor).with_user(user).has_access("read")

    def _second_case(self, **vals):
        case = self._draft(survivor_id=self.survivor.id, **vals)
        self._settle()
        return case

    def _break_glass(self, user, case=None):
        wizard = (
            self.env["osc.break.glass.request"]
            .with_user(user)
            .create(
                {
                    "case_code": (case or self.case).name,
                    "reason": "It cannot wait, she is in danger",
                    "hours": 1,
                }
            )
        )
        wizard.action_confirm()
        self._settle()

    # ------------------------------------------------------------------
    # Who she is and how to reach her are two things
    # ------------------------------------------------------------------
    def test_each_consent_opens_its_own(self):
        self.assertEqual(self._read(self.worker), {**IDENTITY, **CONTACT})
        self.assertEqual(self._read(self.knows), IDENTITY)
        self.assertEqual(self._read(self.reaches), CONTACT)
        self.assertFalse(self._reads(self.police))

    def test_both_consents_open_both_and_withdrawing_closes_one(self):
        consent = self._agree("contact", "medical")
        self.assertEqual(self._read(self.knows), {**IDENTITY, **CONTACT})
        consent.with_user(self.worker).action_withdraw()
        self.assertEqual(self._read(self.knows), IDENTITY)

    def test_emergency_opens_both(self):
        self._break_glass(self.colleague)
        self.assertEqual(self._read(self.colleague), {**IDENTITY, **CONTACT})

    def test_the_case_shows_the_same(self):
        for user, name, phone in (
            (self.worker, NAME, PHONE),
            (self.knows, NAME, False),
            (self.reaches, False, PHONE),
            (self.police, False, False),
        ):
            self._settle()
            case = self.case.with_user(user)
            with self.subTest(user=user.login):
                self.assertEqual(case.survivor_name, name)
                self.assertEqual(case.survivor_phone, phone)
                self.assertEqual(case.identity_visible, bool(name))
                self.assertEqual(case.contact_visible, bool(phone))

    def test_every_road_of_reading(self):
        for user, hidden in ((self.knows, CONTACT), (self.reaches, IDENTITY)):
            self._settle()
            survivor = self.survivor.with_user(user)
            names = [*IDENTITY, *CONTACT]
            shown = [
                survivor.web_read({name: {} for name in names}),
                survivor.search_read([("id", "=", survivor.id)], names),
                survivor.web_search_read(
                    [("id", "=", survivor.id)], {name: {} for name in names}
                ),
                self.case.with_user(user).web_read(
                    {"survivor_id": {"fields": {name: {} for name in names}}}
                ),
                survivor.copy_data(),
                [survivor.mapped(name) for name in names],
            ]
            for value in hidden.values():
                self.assertNotIn(value, str(shown), user.login)

    def test_who_cant_read_it_does_not_find_it(self):
        for user, found, missed in (
            (self.knows, "full_name", "phone"),
            (self.reaches, "phone", "full_name"),
        ):
            self._settle()
            Survivor = self.env["osc.survivor"].with_user(user)
            Case = self.env["osc.case"].with_user(user)
            values = {**IDENTITY, **CONTACT}

            def search(model, name, value=None, values=values):
                return model.search([(name, "=", value or values[name.split(".")[-1]])])

            with self.subTest(user=user.login):
                self.assertEqual(search(Survivor, found), self.survivor)
                self.assertFalse(search(Survivor, missed))
                self.assertEqual(search(Case, f"survivor_id.{found}"), self.case)
                self.assertFalse(search(Case, f"survivor_id.{missed}"))
                self.assertFalse(Survivor.search([(found, "=", False)]))
                self.assertEqual(Survivor.search([(missed, "=", False)]), self.survivor)
                mine = self.survivor.with_user(user)
                self.assertFalse(mine.filtered_domain([(missed, "=", values[missed])]))
        for name in ("full_name", "phone"):
            self.assertEqual(
                self.env["osc.survivor"]
                .with_user(self.worker)
                .search([(name, "=", {**IDENTITY, **CONTACT}[name])]),
                self.survivor,
            )

    def test_notes_with_what_the_writer_does_not_know_are_guesses(self):
        for user, known, guessed in (
            (self.knows, NAME, PHONE),
            (self.reaches, PHONE, NAME),
        ):
            self._settle()
            case = self.case.with_user(user)
            with self.assertRaisesRegex(UserError, "who she is"):
                case._check_no_identity(f"Note {known}")
            with self.assertRaisesRegex(UserError, "It is noted"):
                case._check_no_identity(f"Note {guessed}")

    def test_her_papers_are_for_who_knows_her(self):
        file = (
            self.env["ir.attachment"]
            .with_user(self.worker)
            .create(
                {
                    "name": "card.txt",
                    "datas": b64encode(b"card"),
                    "res_model": "osc.survivor",
                    "res_id": self.survivor.id,
                }
            )
        )
        self.assertTrue(self._reads(self.knows, file))
        self.assertFalse(self._reads(self.reaches, file))

    def test_paper_shows_the_same(self):
        for user, shown, hidden in (
            (self.knows, NAME, PHONE),
            (self.reaches, PHONE, NAME),
        ):
            self._settle()
            doc = (
                self.env["osc.case.print"]
                .with_user(user)
                .create({"case_id": self.case.id, "with_identity": True})
            )
            html = (
                self.env["ir.actions.report"]
                .with_user(user)
                ._render_qweb_html("osc_cases.report_case_summary", doc.ids)[0]
                .decode()
            )
            self.assertIn(shown, html)
            self.assertNotIn(hidden, html)

    # ------------------------------------------------------------------
    # Change
    # ------------------------------------------------------------------
    def test_who_does_not_see_all_changes_nothing(self):
        """A case worker who knows her by consent, and not how to reach her."""
        self._only_rule("casework")
        self.case.sudo().member_ids._grant(
            self.case.sudo(),
            self.colleague,
            "intimated",
            self.disciplines["casework"],
        )
        self._agree("identity", "casework")
        self.assertEqual(self._read(self.colleague), IDENTITY)
        for vals in ({"phone": False}, {"phone": "0300 1112223"}, {"sex": "other"}):
            with self.assertRaises(AccessError):
                self.survivor.with_user(self.colleague).write(vals)
        with self.assertRaises(AccessError):
            self._draft(self.colleague, survivor_id=self.survivor.id)
        self._agree("contact", "casework")
        self.survivor.with_user(self.colleague).write({"sex": "other"})
        self.assertEqual(self._read(self.worker), {**IDENTITY, **CONTACT})

    def test_the_case_worker_saves_the_form(self):
        with Form(self.case.with_user(self.worker)) as case_form:
            case_form.survivor_phone = "0300 1112223"
        self.assertEqual(self.survivor.phone, "0300 1112223")
        self.assertEqual(self.survivor.full_name, NAME)

    # ------------------------------------------------------------------
    # Not for longer than it is open
    # ------------------------------------------------------------------
    def test_emergency_does_not_last(self):
        own = self._report(self.colleague, survivor_name="Zarmina T.")
        draft = self._draft(self.colleague)
        self._break_glass(self.colleague)
        survivor = self.survivor.with_user(self.colleague)
        self.assertTrue(survivor.has_access("read"))
        self.assertFalse(survivor.has_access("write"))
        merge = self.env["osc.survivor.merge"].with_user(self.colleague)
        hers = own.sudo().survivor_id.with_user(self.colleague)
        attempts = {
            "create": lambda: self._draft(self.colleague, survivor_id=survivor.id),
            "write": lambda: survivor.write({"address": "Elsewhere"}),
            "take": lambda: draft.write({"survivor_id": survivor.id}),
            "link": lambda: draft.action_link_survivor(survivor.id),
            "case_ids": lambda: survivor.write({"case_ids": [Command.link(draft.id)]}),
            "merge": lambda: merge._merge(hers, survivor, []),
            "merge into": lambda: merge._merge(survivor, hers, []),
            "preview": lambda: (
                self.env["osc.survivor.merge.request"]
                .with_user(self.colleague)
                .create({"kept_id": hers.id, "merged_id": survivor.id})
            ),
        }
        for name, attempt in attempts.items():
            with (
                self.subTest(name),
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models"),
                self.cr.savepoint(),
            ):
                attempt()
            self._settle()
        known = (
            self.env["osc.survivor"]
            .with_user(self.colleague)
            ._known_already({"phone": PHONE})
        )
        self.assertFalse(known[0]["survivor_id"], "she isn't offered for a case")
        self.clock.tick(timedelta(hours=2))
        self.assertFalse(self._reads(self.colleague))

    def test_what_ends_by_itself_does_not_last(self):
        self.case.sudo().member_ids._grant(
            self.case.sudo(),
            self.colleague,
            "intimated",
            self.disciplines["casework"],
        )
        for scope in ("identity", "contact"):
            self.env["osc.disclosure"].with_user(self.worker).create(
                {
                    "case_id": self.case.id,
                    "scope": scope,
                    "discipline_id": self.disciplines["casework"].id,
                    "basis": "vital_interest",
                    "reason": "A life is at stake",
                    "expires_at": fields.Datetime.now() + timedelta(days=1),
                }
            )
        self.assertEqual(self._read(self.colleague), {**IDENTITY, **CONTACT})
        with self.assertRaises(AccessError):
            self._draft(self.colleague, survivor_id=self.survivor.id)

    def test_the_case_worker_goes_on(self):
        case = self._second_case()
        self.assertEqual(case.sudo().survivor_id, self.survivor)
        draft = self._draft()
        draft.with_user(self.worker).action_link_survivor(self.survivor.id)
        self.assertEqual(draft.sudo().survivor_id, self.survivor)

    # ------------------------------------------------------------------
    # Excluded from one of her cases
    # ------------------------------------------------------------------
    def test_excluded_from_another_case_of_hers(self):
        self._second_case(excluded_user_ids=[Command.link(self.knows.id)])
        self.assertFalse(self._reads(self.knows))
        self.assertTrue(self._reads(self.reaches))
        self.assertTrue(self._reads(self.worker))
        self.assertTrue(self._reads(self.knows, self.case), "the case stays open")
        case = self.case.with_user(self.knows)
        self.assertFalse(case.survivor_name)
        self.assertFalse(case.user_sees_identity)
        found = self.env["osc.survivor"].with_user(self.knows)
        self.assertFalse(found.search([("full_name", "=", NAME)]))
        self.assertFalse(found._known_already({"phone": PHONE, "full_name": NAME}))

    def test_excluding_later_closes_and_stays_closed(self):
        second = self._second_case()
        self.assertTrue(self._reads(self.reaches))
        second.with_user(self.worker).excluded_user_ids = self.reaches
        self.assertFalse(self._reads(self.reaches))
        self._agree("contact", "shelter")
        self.assertFalse(self._reads(self.reaches))
        followup = (
            self.env["osc.followup"]
            .with_user(self.worker)
            .create({"case_id": self.case.id, "due_on": "2026-03-20"})
        )
        self._settle()
        theirs = followup.with_user(self.reaches)
        self.assertFalse(theirs.contact_open)
        self.assertFalse(theirs.contact_details)
        second.with_user(self.worker).excluded_user_ids = False
        self._agree("contact", "shelter")
        self.assertEqual(self._read(self.reaches), CONTACT, "anew, by consent")

    def test_linking_closes(self):
        draft = self._draft(excluded_user_ids=[Command.link(self.knows.id)])
        self.assertTrue(self._reads(self.knows))
        draft.with_user(self.worker).action_link_survivor(self.survivor.id)
        self.assertFalse(self._reads(self.knows))
        self.assertFalse(self.case.with_user(self.knows).user_sees_identity)

    def test_emergency_does_not_help_who_is_excluded(self):
        second = self._report(survivor_id=self.survivor.id)
        second.with_user(self.worker).excluded_user_ids = self.colleague
        self._break_glass(self.colleague)
        self.assertTrue(self._reads(self.colleague, self.case))
        self.assertFalse(self._reads(self.colleague))
        self.assertFalse(self.case.with_user(self.colleague).user_sees_contact)

    def test_excluded_from_a_case_of_somebody_else(self):
        self._draft(excluded_user_ids=[Command.link(self.knows.id)])
        self.assertTrue(self._reads(self.knows))

    def test_relations_and_guardians(self):
        other = self._report(survivor_name="Her sister")
        relation = (
            self.env["osc.survivor.relation"]
            .with_user(self.worker)
            .create(
                {
                    "survivor_id": self.survivor.id,
                    "related_id": other.sudo().survivor_id.id,
                    "kind": "sibling",
                }
            )
        )
        guardian = (
            self.env["osc.guardian"]
            .with_user(self.worker)
            .create({"case_id": self.case.id, "relation": "mother"})
        )
        self._agree("identity", "medical", other)
        self._intimation(other, self.knows).action_acknowledge()
        self.assertTrue(self._reads(self.knows, relation))
        self.assertTrue(self._reads(self.knows, guardian))
        for record in (relation, guardian):
            self.assertFalse(self._reads(self.reaches, record))
        self._second_case(excluded_user_ids=[Command.link(self.knows.id)])
        for record in (relation, guardian):
            self.assertFalse(self._reads(self.knows, record))
            self.assertTrue(self._reads(self.worker, record))
