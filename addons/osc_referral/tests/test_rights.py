from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.osc_cases.tests.common import NAME

from .common import ReferralCommon


@tagged("post_install", "-at_install")
class TestRights(ReferralCommon):
    """Who may read, make, change and delete what, and who may not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plain_portal = cls._make_portal_user(
            "clerk", cls.partner, "base.group_portal"
        )

    def _may(self, records, user, operation):
        return records.with_user(user).has_access(operation)

    def test_referral_of_staff(self):
        draft = self._refer()
        sent = self._sent(case=draft.case_id)
        police = self.people["police"].user_id
        self._intimation(draft.case_id, police).action_acknowledge()
        changing = (self.worker, self.manager)
        reading = (*changing, police)
        for record in (draft, sent):
            for user in (
                *reading,
                self.colleague,
                self.other_worker,
                self.other_manager,
                self.coordinator,
                self.auditor,
                self.administrator,
                self.internal,
                self.portal,
            ):
                with self.subTest(user=user.login):
                    self.assertEqual(self._may(record, user, "read"), user in reading)
                    for operation in ("write", "unlink"):
                        self.assertEqual(
                            self._may(record, user, operation), user in changing
                        )

    def test_made_only_in_cases_that_one_may_change(self):
        case = self._case()
        police = self.people["police"].user_id
        self._intimation(case, police).action_acknowledge()
        for user in (police, self.colleague, self.coordinator, self.helper):
            with self.assertRaises(AccessError):
                self._refer(case, user=user)

    def test_actions_of_those_who_may_not(self):
        draft = self._refer()
        self._agree(draft)
        police = self.people["police"].user_id
        self._intimation(draft.case_id, police).action_acknowledge()
        sent = self._sent(case=draft.case_id)
        for user in (police, self.colleague, self.other_helper, self.internal):
            for record, name in (
                (draft, "action_send"),
                (draft, "action_cancel"),
                (sent, "action_accept"),
                (sent, "action_decline"),
                (sent, "action_find"),
            ):
                with self.subTest(user=user.login, action=name):
                    with self.assertRaises(AccessError):
                        getattr(record.with_user(user), name)()

    def test_partner_reads_its_own(self):
        draft = self._refer()
        sent = self._sent(case=draft.case_id)
        theirs = self._sent(case=draft.case_id, partner=self.other_partner)
        cancelled = self._refer(draft.case_id)
        cancelled.action_cancel()
        Referral = self.env["osc.referral"].with_user(self.helper)
        self.assertEqual(Referral.search([]), sent)
        for record in (draft, theirs, cancelled):
            with self.assertRaises(AccessError):
                record.with_user(self.helper).read(["name"])
        for user in (self.portal, self.plain_portal):
            with self.assertRaises(AccessError):
                self.env["osc.referral"].with_user(user).search([])
        for operation in ("write", "create", "unlink"):
            self.assertFalse(self._may(sent, self.helper, operation))

    def test_partner_reads_nothing_of_the_case(self):
        sent = self._sent("identity").with_user(self.helper)
        row = sent.read()[0]
        hidden = {"case_id", "case_service_id", "letter", "note", "message_ids"}
        self.assertFalse(hidden & set(row))
        self.assertNotIn(sent.sudo().case_id.name, str(row))
        self.assertNotIn(NAME, str(row))
        for name in hidden:
            with self.assertRaises(AccessError):
                sent.read([name])
        for model in (
            "osc.case",
            "osc.survivor",
            "osc.consent",
            "osc.case.service",
            "osc.referral.item",
            "osc.area",
            "osc.referral.search",
            "osc.referral.answer",
            "osc.referral.agreement",
            "osc.audit.entry",
        ):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.helper).search([])
        with self.assertRaises(AccessError):
            self.env["osc.referral"].with_user(self.helper).search(
                [("case_id.name", "=", "x")]
            )

    def test_texts(self):
        referral = self._sent("identity")
        self._as_partner(referral).action_write("A question")
        texts = referral.sudo().message_ids
        question = texts.filtered(lambda text: text.kind == "question")
        letter = texts.filtered(lambda text: text.kind == "letter")
        police = self.people["police"].user_id
        self._intimation(referral.case_id, police).action_acknowledge()
        for user, may in (
            (self.worker, True),
            (self.helper, True),
            (police, False),
            (self.manager, False),
            (self.other_helper, False),
            (self.coordinator, False),
            (self.plain_portal, False),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(self._may(question, user, "read"), may)
                self.assertFalse(self._may(letter, user, "read"))
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(self._may(question, user, operation))

    def test_excluded_colleague(self):
        referral = self._sent()
        referral.case_id.case_worker_id = self.colleague
        referral.case_id.sudo().excluded_user_ids = self.worker
        self.env.invalidate_all()
        self.assertFalse(self._may(referral, self.worker, "read"))

    def test_partner_does_what_is_the_partner_s(self):
        partner = self._as_partner(self._sent())
        for refused in (
            partner.action_send,
            partner.action_cancel,
            partner.action_find,
            partner.action_she_was_served,
        ):
            with self.assertRaises(AccessError):
                refused()
        partner.action_accept()
        partner.action_start()
        partner.action_complete("served", "Done")
        self.assertEqual(partner.state, "completed")
        with self.assertRaises(UserError):
            partner.action_accept()

    def test_person_moved_to_another_organisation(self):
        referral = self._sent()
        self.helper.partner_id.parent_id = self.other_partner
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertFalse(self._may(referral, self.helper, "read"))

    # ------------------------------------------------------------------
    # The directory
    # ------------------------------------------------------------------
    def test_who_keeps_the_directory(self):
        for user in (self.manager, self.administrator):
            self.partner.with_user(user).osc_capacity = 5
        for user in (self.worker, self.people["police"].user_id, self.internal):
            with self.assertRaises(AccessError):
                self.partner.with_user(user).osc_capacity = 6
        self.partner.with_user(self.worker).read(["osc_service_ids", "osc_capacity"])
        with self.assertRaises(AccessError):
            self.partner.with_user(self.internal).read(["osc_service_ids"])
        with self.assertRaises(AccessError):
            self.env["osc.area"].with_user(self.worker).create(
                {"name": "Here", "country_id": self.country.id}
            )

    def test_portal_access_is_given_and_taken(self):
        person = self.env["res.partner"].create(
            {
                "name": "New helper",
                "parent_id": self.partner.id,
                "email": "newhelper@osc-test.example",
            }
        )
        for user in (self.worker, self.internal):
            with self.assertRaises(AccessError):
                person.with_user(user).action_osc_give_portal_access()
        person.with_user(self.manager).action_osc_give_portal_access()
        user = person.user_ids
        self.assertTrue(user._is_portal())
        self.assertTrue(user.has_group("osc_referral.group_partner"))
        self.assertTrue(person.osc_answers_referrals)
        person.with_user(self.manager).action_osc_end_portal_access()
        self.assertFalse(user.has_group("osc_referral.group_partner"))
        for wrong in (self.partner, self.env["res.partner"].create({"name": "X"})):
            with self.assertRaises(UserError):
                wrong.with_user(self.manager).action_osc_give_portal_access()

    def test_colleague_is_no_partner(self):
        self.internal.partner_id.parent_id = self.partner
        with self.assertRaises(UserError):
            self.internal.partner_id.with_user(
                self.manager
            ).action_osc_give_portal_access()

    def test_second_factor(self):
        settings = self.env.ref("osc_base.osc_account_settings")
        settings.two_factor_required = True
        self.assertEqual(self.helper._mfa_type(), "totp_mail")
        self.assertIsNone(self.plain_portal._mfa_type())
        settings.two_factor_required = False
        self.assertIsNone(self.helper._mfa_type())

    def test_sessions_of_partners_end(self):
        settings = self.env.ref("osc_base.osc_account_settings")
        settings.write({"lock_after_minutes": 11, "session_hours": 3})
        limits = self.helper._get_lock_timeouts()
        self.assertEqual([row[0] for row in limits["lock_timeout"]], [3 * 3600])
        self.assertEqual([row[0] for row in limits["lock_timeout_inactivity"]], [660])
        self.assertFalse(self.plain_portal._get_lock_timeouts()["lock_timeout"])

    def test_agreement_wizard_asks_rights(self):
        referral = self._refer()
        with self.assertRaises(AccessError):
            self.env["osc.referral.agreement"].with_user(self.colleague).create(
                {"referral_id": referral.id}
            ).action_confirm()
        empty = (
            self.env["osc.referral.agreement"]
            .with_user(self.worker)
            .create({"referral_id": referral.id, "with_referral": False})
        )
        with self.assertRaises(UserError):
            empty.action_confirm()
        referral.partner_id = False
        with self.assertRaises(UserError):
            self._agree(referral)

    def test_search_of_a_foreign_case(self):
        case = self._case()
        with self.assertRaises(AccessError):
            self.env["osc.referral.search"].with_user(self.other_worker).create(
                {"case_id": case.id, "service_id": self.service.id}
            ).line_ids.mapped("partner_id")

    def test_items(self):
        item = self.items["identity"]
        item.with_user(self.administrator).name = "Name"
        for vals in ({"scope": False}, {"code": "x"}):
            with self.assertRaises(AccessError):
                item.with_user(self.administrator).write(vals)
        with self.assertRaises(AccessError):
            item.with_user(self.manager).name = "Other"
        with self.assertRaises(AccessError):
            item.with_user(self.administrator).create({"name": "A", "code": "b"})
        self._refer(shared_scope=[Command.set(item.ids)])

    # ------------------------------------------------------------------
    # People of partners who go
    # ------------------------------------------------------------------
    def test_who_goes_to_another_organisation_sees_nothing(self):
        """Neither what the former one was sent nor what the new one is."""
        referral = self._sent()
        other = self._sent(partner=self.other_partner)
        self.assertTrue(self._may(referral, self.helper, "read"))
        self.helper.partner_id.parent_id = self.other_partner
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(self._may(referral, self.helper, "read"))
        self.assertFalse(self._may(other, self.helper, "read"))
        self.assertNotIn(self.helper, self.other_partner._osc_portal_users())

    def test_nobody_gets_the_login_of_a_partner_by_its_address(self):
        """Whoever gets the mail of a person can ask for a new password."""
        person = self.helper.partner_id
        keeper = self._quick("res.users").create(
            {
                "login": "osc_test_keeper",
                "name": "Keeps contacts",
                "group_ids": [
                    Command.set(
                        self.env.ref("base.group_user").ids
                        + self.env.ref("base.group_partner_manager").ids
                    )
                ],
            }
        )
        with self.assertRaises(AccessError):
            person.with_user(keeper).email = "keeper@osc-test.example"
        person.with_user(keeper).phone = "1"
        person.with_user(self.manager).email = "aasra2@osc-test.example"
        entries = self.env["osc.audit.entry"].sudo()
        domain = [("model", "=", "res.users"), ("res_id", "=", self.helper.id)]
        last = entries.search(domain, order="id desc", limit=1)
        self.assertEqual((last.action, last.user_id), ("grant", self.manager))

    def test_who_gives_access_is_in_the_trail(self):
        person = self.env["res.partner"].create(
            {
                "name": "New",
                "parent_id": self.partner.id,
                "email": "new@osc-test.example",
            }
        )
        person.with_user(self.manager).action_osc_give_portal_access()
        domain = [
            ("action", "=", "grant"),
            ("model", "=", "res.users"),
            ("res_id", "=", person.user_ids.id),
        ]
        Entry = self.env["osc.audit.entry"].sudo()
        self.assertEqual(Entry.search_count(domain), 1)
        person.with_user(self.manager).action_osc_end_portal_access()
        self.assertEqual(Entry.search_count(domain), 2)

    def test_who_is_no_partner_any_more_sees_nothing(self):
        referral = self._sent()
        for vals in ({"is_osc_partner": False}, {"active": False}):
            with self.assertRaisesRegex(UserError, "still work with"):
                self.partner.with_user(self.manager).write(vals)
        referral.action_cancel()
        self.partner.with_user(self.manager).is_osc_partner = False
        self.assertFalse(self.partner._osc_portal_users())
        with self.assertRaises(AccessError):
            referral.with_user(self.helper).check_access("read")

    def test_nothing_goes_to_who_is_no_partner_any_more(self):
        for vals in ({"is_osc_partner": False}, {"active": False}):
            partner = self._make_partner(f"Gone {vals}")
            referral = self._refer(partner=partner)
            self._agree(referral)
            partner.write(vals)
            with self.assertRaisesRegex(UserError, "no partner any more"):
                referral.action_send()

    def test_whoever_keeps_contacts_moves_no_login_to_another_partner(self):
        keeper = self._keeper()
        other = self._make_partner("Other house")
        self.helper.partner_id.with_user(keeper).write(
            {"commercial_partner_id": other.id}
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(self.helper.has_group("osc_referral.group_partner"))

    def test_whoever_keeps_contacts_merges_no_partners(self):
        keeper = self._keeper()
        other = self._make_partner("Other house")
        (self.partner | other).email = False
        merge = self.env["base.partner.merge.automatic.wizard"].with_user(keeper)
        both = (self.partner | other).ids
        with self.assertRaises(AccessError):
            merge.create({})._merge(both, other.with_user(keeper))
        dull = self.env["res.partner"].create([{"name": "A"}, {"name": "A"}])
        merge.create({})._merge(dull.ids, dull[0].with_user(keeper))
        self.assertEqual(dull.exists(), dull[0])

    def test_whom_a_manager_merges_into_another_partner_loses_its_referrals(self):
        other = self._make_partner("Other house")
        (self.partner | other).email = False
        self.manager.group_ids += self.env.ref("base.group_partner_manager")
        both = (self.partner | other).with_user(self.manager)
        both._check_may_give_portal_access()
        # Odoo's website asks for rights over its visitors before it merges.
        merge = self.env["base.partner.merge.automatic.wizard"].with_user(self.manager)
        merge.sudo().create({})._merge(both.ids, other.with_user(self.manager).sudo())
        self.assertFalse(self.partner.exists())
        self.assertEqual(self.helper.partner_id.commercial_partner_id, other)
        self.assertFalse(self.helper.has_group("osc_referral.group_partner"))

    def _keeper(self):
        """Somebody who keeps contacts, and no directory."""
        groups = self.env.ref("base.group_user") + self.env.ref(
            "base.group_partner_manager"
        )
        return self._quick("res.users").create(
            {
                "login": "osc_test_keeper2",
                "name": "Keeps contacts",
                "group_ids": [Command.set(groups.ids)],
            }
        )
