from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import NAME, PHONE, CasesCommon

FACTS = (
    "channel",
    "is_injured",
    "in_danger",
    "no_safe_place",
    "lives_with_accused",
    "missing_child",
    "suspected_trafficking",
    "requested_service_ids",
    "incident_ids",
    "is_minor",
    "survivor_id",
    "survivor_name",
    "survivor_phone",
    "survivor_sex",
    "survivor_age",
    "survivor_age_estimated",
    "survivor_birth_date",
    "excluded_user_ids",
    "member_ids",
)
CODES = ("name", "state", "center_id", "urgency", "reported_at", "gap_discipline_ids")


@tagged("post_install", "-at_install")
class TestAccess(CasesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.police = cls.people["police"].user_id
        cls.legal = cls.people["legal"].user_id
        for login in ("police", "legal", "colleague"):
            getattr(cls, login).group_ids += cls.env.ref("base.group_allow_export")
        cls._only_rule("police", "legal")
        # One case that the police took on, and of which the lawyer was only told.
        cls.case = (
            cls.env["osc.case"]
            .with_user(cls.worker)
            .create(
                {
                    "channel": "walk_in",
                    "urgency": "urgent",
                    "survivor_name": NAME,
                    "survivor_phone": PHONE,
                    "survivor_birth_date": "2010-05-05",
                    "is_injured": True,
                    "in_danger": True,
                    "incident_ids": [
                        fields.Command.create({"type_id": cls.types["rape"].id})
                    ],
                }
            )
        )
        cls.case.action_report()
        cls.mine = cls.case.sudo().intimation_ids.filtered(
            lambda i: i.user_id == cls.police
        )
        cls.mine.with_user(cls.police).action_acknowledge()
        cls.survivor = cls.case.sudo().survivor_id
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _may(self, user, record):
        """Letters of what a user may do with a record."""
        record = record.with_user(user)
        self.env.invalidate_all()
        may = ""
        for letter, operation in (("r", "read"), ("w", "write")):
            if record.has_access(operation):
                may += letter
        if record.browse().has_access("create"):
            may += "c"
        if record.has_access("unlink"):
            may += "u"
        found = record.browse()
        if found.has_access("read"):
            found = found.search([("id", "=", record.id)])
        self.assertEqual(bool(found), "r" in may, "search and read must agree")
        return may

    def _reads(self, user, record):
        return "r" in self._may(user, record)

    # ------------------------------------------------------------------
    # Roles: the matrix of roles and models is in tests/security
    # ------------------------------------------------------------------
    def test_own_intimation_can_be_read_before_acknowledging(self):
        mine = self._intimation(self.case, self.legal)
        self.assertTrue(self._reads(self.legal, mine))
        self.assertEqual(mine.case_code, self.case.sudo().name)
        self.assertFalse(self._reads(self.legal, self.mine), "not those of others")

    # ------------------------------------------------------------------
    # A representative's access comes and goes
    # ------------------------------------------------------------------
    def test_before_and_after_acknowledging(self):
        self.assertFalse(self._reads(self.legal, self.case))
        self._intimation(self.case, self.legal).action_acknowledge()
        self.assertEqual(self._may(self.legal, self.case), "r")
        self.assertTrue(self._reads(self.legal, self.case.sudo().incident_ids))
        self.assertFalse(self._reads(self.legal, self.survivor))

    def test_after_declining(self):
        self._intimation(self.case, self.police).action_decline("Called away")
        self.assertFalse(self._reads(self.police, self.case))
        self.assertFalse(self._reads(self.police, self.case.sudo().incident_ids))
        self.assertFalse(self._reads(self.police, self.case.sudo().member_ids[:1]))
        self.assertTrue(self._reads(self.police, self.mine), "the own one stays")

    def test_after_exclusion(self):
        self.case.excluded_user_ids = self.police
        self.assertFalse(self._reads(self.police, self.case))
        self.assertFalse(self._reads(self.police, self.case.sudo().incident_ids))
        self.assertFalse(self._reads(self.police, self.case.sudo().member_ids[:1]))
        other = self._intimation(self.case, self.legal).sudo()
        self.assertFalse(self._reads(self.police, other))

    def test_excluded_manager_and_coordinator(self):
        self.case.excluded_user_ids = self.manager | self.coordinator
        for user in (self.manager, self.coordinator):
            with self.subTest(user=user.login):
                self.assertFalse(self._reads(user, self.case))

    def test_access_ends_by_itself(self):
        member = self.case.sudo().member_ids.filtered(
            lambda m: m.user_id == self.police
        )
        member.write(
            {
                "valid_until": fields.Datetime.now() + timedelta(hours=2),
                "identity_access": True,
            }
        )
        incident = self.case.sudo().incident_ids
        for minutes, open_ in ((0, True), (119, True), (1, False), (600, False)):
            self._pass_minutes(minutes)
            with self.subTest(now=fields.Datetime.now()):
                for record in (self.case, self.survivor, incident, member):
                    self.assertEqual(self._reads(self.police, record), open_)

    def test_revoked(self):
        self.case.sudo().member_ids.filtered(
            lambda m: m.user_id == self.police
        )._revoke()
        self.assertFalse(self._reads(self.police, self.case))

    def test_identity_is_given_apart(self):
        member = self.case.sudo().member_ids.filtered(
            lambda m: m.user_id == self.police
        )
        self.assertFalse(self._reads(self.police, self.survivor))
        member.identity_access = True
        self.assertTrue(self._reads(self.police, self.survivor))
        self.assertEqual(self.case.with_user(self.police).survivor_name, NAME)
        self.assertFalse(
            self.survivor.with_user(self.police).has_access("write"),
            "to read is not to write",
        )

    def test_identity_of_one_case_is_not_that_of_another(self):
        other = self._draft(self.other_worker, survivor_name="Somebody else")
        self.assertFalse(self._reads(self.worker, other.sudo().survivor_id))
        self.assertFalse(self._reads(self.other_worker, self.survivor))

    # ------------------------------------------------------------------
    # Drafts
    # ------------------------------------------------------------------
    def test_drafts_of_the_own_center_without_identity(self):
        draft = self._draft(survivor_name=NAME, in_danger=True)
        for user in (self.colleague, self.manager):
            with self.subTest(user=user.login):
                self.assertEqual(self._may(user, draft), "rwcu")
                self.assertFalse(self._reads(user, draft.sudo().survivor_id))
                self.assertFalse(draft.with_user(user).survivor_name)
                self.assertFalse(draft.with_user(user).identity_visible)
                with self.assertRaises(AccessError):
                    draft.with_user(user).survivor_name = "x"
        for user in (
            self.police,
            self.other_worker,
            self.other_manager,
            self.coordinator,
            self.auditor,
            self.administrator,
            self.internal,
            self.portal,
        ):
            with self.subTest(user=user.login):
                self.assertFalse(self._reads(user, draft))

    def test_draft_of_somebody_else_at_another_center_is_refused(self):
        with self.assertRaises(AccessError):
            self._draft(
                center_id=self.other_center.id, case_worker_id=self.other_worker.id
            )

    # ------------------------------------------------------------------
    # Fields
    # ------------------------------------------------------------------
    def test_coordinator_sees_codes_and_no_facts(self):
        case = self.case.with_user(self.coordinator)
        self.env.invalidate_all()
        values = case.read(CODES)[0]
        self.assertEqual(values["name"], self.case.sudo().name)
        for name in FACTS:
            self.env.invalidate_all()
            with self.subTest(field=name):
                with self.assertRaises(AccessError):
                    case.read([name])
                self.assertNotIn(name, case.fields_get())
        everything = str(case.read())
        for secret in (NAME, PHONE, self.survivor.code):
            self.assertNotIn(secret, everything)

    def test_coordinator_who_is_a_representative_too_opens_cases_as_a_member(self):
        """Else the facts would show, which are for representatives."""
        self.coordinator.group_ids += self.env.ref("osc_base.group_representative")
        self.assertFalse(self._reads(self.coordinator, self.case))
        self.assertTrue(self._reads(self.coordinator, self.mine))
        self.env["osc.case.member"]._grant(self.case, self.coordinator, "supervision")
        self.assertEqual(self._may(self.coordinator, self.case), "r")

    def test_coordinator_does_not_read_what_was_done(self):
        self.mine.with_user(self.police).action_act("Talked to her husband")
        for name in ("action_taken", "close_reason"):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                self.mine.with_user(self.coordinator).read([name])

    def test_survivor_fields_are_empty_without_identity(self):
        self.env.invalidate_all()
        for user in (self.police, self.manager):
            values = self.case.with_user(user).read(
                [
                    name
                    for name in FACTS
                    if name.startswith("survivor_") and name != "survivor_id"
                ]
                + ["identity_visible"]
            )[0]
            values.pop("id")
            with self.subTest(user=user.login):
                self.assertFalse(any(values.values()), values)

    def test_form_of_everybody_who_may_open_it(self):
        for user in (self.worker, self.manager, self.police, self.coordinator):
            self.env.invalidate_all()
            with self.subTest(user=user.login):
                view = self.env["osc.case"].with_user(user).get_view(view_type="form")
                spec = {
                    name: {}
                    for name in view["models"]["osc.case"]
                    if name in self.case.with_user(user).fields_get()
                }
                values = self.case.with_user(user).web_read(spec)
                self.assertEqual(len(values), 1)
                self.assertEqual(NAME in str(values), user == self.worker)
        with Form(self.case.with_user(self.manager)) as form:
            form.urgency = "emergency"
        self.assertEqual(self.case.urgency, "emergency")

    # ------------------------------------------------------------------
    # What a question may give away
    # ------------------------------------------------------------------
    def _answers_alike(self, user, model, path, right, wrong):
        """A search by what one may not see must not depend on what is there."""
        Model = self.env[model].with_user(user)
        for operator in ("=", "!="):
            self._answer_alike(Model, path, operator, right, wrong)
        if isinstance(right, str):
            for operator in ("ilike", "not ilike"):
                self._answer_alike(Model, path, operator, right, wrong)

    def _answer_alike(self, Model, path, operator, right, wrong):
        answers = []
        for value in (right, wrong):
            try:
                answers.append(Model.search([(path, operator, value)]).ids)
            except (AccessError, ValueError, UserError) as error:
                answers.append(type(error))
        with self.subTest(
            user=Model.env.user.login, model=Model._name, path=path, operator=operator
        ):
            self.assertEqual(answers[0], answers[1])

    def test_search_by_identity(self):
        draft = self._draft(survivor_name=NAME)
        self.assertTrue(self._reads(self.colleague, draft))
        for user in (self.police, self.colleague, self.manager, self.coordinator):
            for model, prefix in (
                ("osc.case", ""),
                ("osc.incident", "case_id."),
                ("osc.intimation", "case_id."),
                ("osc.case.member", "case_id."),
            ):
                if not self.env[model].with_user(user).has_access("read"):
                    continue
                for path, right, wrong in (
                    ("survivor_id.full_name", NAME, "Nobody"),
                    ("survivor_id.phone", PHONE, "000"),
                    ("survivor_id.case_ids.survivor_id.full_name", NAME, "Nobody"),
                ):
                    self._answers_alike(user, model, prefix + path, right, wrong)

    def test_search_by_identity_finds_for_who_may_know(self):
        found = self.env["osc.case"].with_user(self.worker)
        self.assertEqual(
            found.search([("survivor_id.full_name", "=", NAME)]), self.case
        )

    def test_search_by_facts(self):
        """The lawyer was told of the case and has not acknowledged."""
        for user, model, prefix in (
            (self.legal, "osc.intimation", "case_id."),
            (self.coordinator, "osc.intimation", "case_id."),
            (self.coordinator, "osc.case", ""),
        ):
            for path, right, wrong in (
                ("is_injured", True, False),
                ("in_danger", True, False),
                ("incident_ids.type_id.code", "rape", "denial"),
                ("intimation_ids.rule_id.name", "Test rule police", "x"),
                ("member_ids.user_id.login", self.police.login, "x"),
                ("excluded_user_ids.login", self.police.login, "x"),
            ):
                self._answers_alike(user, model, prefix + path, right, wrong)

    def test_intimation_does_not_say_which_rule(self):
        """The name of a rule tells what happened to her."""
        for user in (self.legal, self.coordinator, self.police):
            own = self.case.sudo().intimation_ids.filtered(
                lambda i, user=user: i.user_id == user
            )
            record = (own or self.mine).with_user(user)
            self.env.invalidate_all()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                record.read(["rule_id"])
        self._answers_alike(
            self.legal, "osc.intimation", "rule_id.name", "Test rule legal", "x"
        )

    def test_group_by_identity(self):
        for user in (self.police, self.manager, self.coordinator):
            Case = self.env["osc.case"].with_user(user)
            for spec in (
                "survivor_id.full_name",
                "survivor_id.phone",
                "survivor_id.birth_date:year",
                "survivor_name",
                "survivor_id",
            ):
                self.env.invalidate_all()
                try:
                    groups = str(Case.formatted_read_group([], [spec], ["__count"]))
                except (AccessError, ValueError, UserError):
                    continue
                with self.subTest(user=user.login, spec=spec):
                    for secret in (NAME, PHONE, "2010"):
                        self.assertNotIn(secret, groups)

    def test_group_by_identity_is_refused_for_everybody(self):
        Case = self.env["osc.case"].with_user(self.worker)
        with self.assertRaises(UserError) as refusal:
            Case.formatted_read_group([], ["survivor_id.full_name"], ["__count"])
        self.assertIn("encrypted", str(refusal.exception))

    def test_group_by_facts(self):
        for user, model, spec in (
            (self.legal, "osc.intimation", "case_id.is_injured"),
            (self.legal, "osc.intimation", "rule_id"),
            (self.legal, "osc.intimation", "case_id.channel"),
            (self.coordinator, "osc.intimation", "case_id.is_injured"),
            (self.coordinator, "osc.case", "in_danger"),
        ):
            Model = self.env[model].with_user(user)
            self.env.invalidate_all()
            try:
                groups = str(Model.formatted_read_group([], [spec], ["__count"]))
            except (AccessError, ValueError):
                continue
            with self.subTest(user=user.login, model=model, spec=spec):
                for secret in ("True", "Test rule", "walk_in"):
                    self.assertNotIn(secret, groups)

    def test_order_by_identity(self):
        for user in (self.police, self.manager):
            self.env.invalidate_all()
            with self.subTest(user=user.login), self.assertRaises(ValueError):
                self.env["osc.case"].with_user(user).search(
                    [], order="survivor_id.full_name"
                )

    def test_export(self):
        columns = [
            "name",
            "survivor_name",
            "survivor_id/full_name",
            "survivor_id/phone",
            "survivor_id/case_ids/survivor_id/full_name",
        ]
        for user in (self.police, self.colleague):
            case = self.case if user == self.police else self._draft(survivor_name=NAME)
            self.env.invalidate_all()
            with self.subTest(user=user.login):
                try:
                    data = str(case.with_user(user).export_data(columns))
                except AccessError:
                    continue
                self.assertNotIn(NAME, data)
                self.assertNotIn(PHONE, data)

    def test_export_of_intimations(self):
        mine = self._intimation(self.case, self.legal)
        for column in (
            "case_id/is_injured",
            "case_id/survivor_id/full_name",
            "rule_id",
        ):
            self.env.invalidate_all()
            with self.subTest(column=column):
                try:
                    data = str(mine.export_data([column]))
                except AccessError:
                    continue
                for secret in (NAME, "True", "Test rule"):
                    self.assertNotIn(secret, data)

    def test_name_search(self):
        Survivor = self.env["osc.survivor"]
        code = self.survivor.code
        self.assertTrue(Survivor.with_user(self.worker).name_search(code))
        for user in (self.police, self.colleague, self.manager):
            with self.subTest(user=user.login):
                self.env.invalidate_all()
                self.assertFalse(Survivor.with_user(user).name_search(code))
        for user in (self.legal, self.colleague):
            with self.subTest(user=user.login):
                self.env.invalidate_all()
                cases = self.env["osc.case"].with_user(user)
                self.assertFalse(cases.name_search(self.case.sudo().name))
        self.assertFalse(self.env["osc.case"].with_user(self.worker).name_search(NAME))

    def test_nested_reading(self):
        nested = {
            "survivor_id": {
                "fields": {"full_name": {}, "phone": {}, "display_name": {}}
            },
            "intimation_ids": {
                "fields": {"case_id": {"fields": {"survivor_name": {}}}}
            },
        }
        self.env.invalidate_all()
        self.assertIn(NAME, str(self.case.web_read(nested)))
        for user in (self.police, self.manager):
            self.env.invalidate_all()
            with self.subTest(user=user.login):
                case = self.case.with_user(user)
                try:
                    values = str(case.web_read(nested))
                except AccessError:
                    continue
                self.assertNotIn(NAME, values)
                self.assertNotIn(PHONE, values)

    def test_intimation_opens_nothing_by_nested_reading(self):
        mine = self._intimation(self.case, self.legal)
        nested = {"case_id": {"fields": {"display_name": {}, "in_danger": {}}}}
        self.env.invalidate_all()
        try:
            values = str(mine.web_read(nested))
        except AccessError:
            return
        self.assertNotIn("True", values)

    # ------------------------------------------------------------------
    # Moving records about
    # ------------------------------------------------------------------
    def test_incident_cant_be_put_into_a_foreign_case(self):
        own = self._draft(self.colleague, incident_ids=[self._incident("denial")])
        with self.assertRaises(AccessError):
            own.incident_ids.case_id = self.case.id
            self.env.flush_all()
        with self.assertRaises(AccessError):
            self.env["osc.incident"].with_user(self.colleague).create(
                {"case_id": self.case.id, "type_id": self.types["denial"].id}
            )

    def test_survivor_cant_take_a_foreign_case(self):
        own = self._draft(self.colleague).survivor_id
        with self.assertRaises(AccessError):
            own.case_ids = [fields.Command.link(self.case.id)]

    # ------------------------------------------------------------------
    # Chatter and attachments
    # ------------------------------------------------------------------
    def _note(self):
        return self.case.with_user(self.worker).message_post(
            body="Her husband waits outside", subtype_xmlid="mail.mt_note"
        )

    def test_members_read_and_write_notes(self):
        note = self._note()
        self.assertTrue(self._reads(self.police, note))
        answer = self.case.with_user(self.police).message_post(body="On our way")
        self.assertTrue(self._reads(self.worker, answer))

    def test_notes_are_for_members(self):
        note = self._note()
        for user in (
            self.legal,
            self.colleague,
            self.other_manager,
            self.coordinator,
            self.auditor,
            self.administrator,
            self.internal,
        ):
            with self.subTest(user=user.login):
                self.assertFalse(note.with_user(user).has_access("read"))
                self.env.invalidate_all()
                found = (
                    self.env["mail.message"]
                    .with_user(user)
                    .search([("body", "ilike", "husband")])
                )
                self.assertFalse(found)
                with self.assertRaises(AccessError):
                    self.case.with_user(user).message_post(body="Hello")

    def test_coordinator_finds_nothing_by_the_words_of_notes(self):
        self._note()
        self._answers_alike(
            self.coordinator, "osc.case", "message_ids.body", "husband", "nothing"
        )

    def test_coordinator_finds_nothing_by_activities(self):
        self.case.with_user(self.worker).activity_schedule(
            "mail.mail_activity_data_todo",
            summary="husband",
            user_id=self.worker.id,
        )
        for path in ("activity_ids.summary", "activity_summary"):
            self._answers_alike(
                self.coordinator, "osc.case", path, "husband", "nothing"
            )
        self.env.invalidate_all()
        self.assertNotIn("husband", str(self.case.with_user(self.coordinator).read()))

    def test_attachments_are_for_members(self):
        attachment = (
            self.env["ir.attachment"]
            .with_user(self.worker)
            .create(
                {
                    "name": "photo.jpg",
                    "raw": b"her face",
                    "res_model": "osc.case",
                    "res_id": self.case.id,
                }
            )
        )
        self.assertTrue(self._reads(self.worker, attachment))
        self.assertTrue(self._reads(self.police, attachment))
        for user in (
            self.legal,
            self.colleague,
            self.coordinator,
            self.auditor,
            self.administrator,
            self.internal,
        ):
            with self.subTest(user=user.login):
                self.assertFalse(self._reads(user, attachment))

    def test_activities_are_for_members(self):
        activity = self.case.with_user(self.worker).activity_schedule(
            "mail.mail_activity_data_todo",
            summary="Call her sister",
            user_id=self.worker.id,
        )
        self.assertTrue(self._reads(self.worker, activity))
        for user in (self.coordinator, self.legal, self.internal):
            with self.subTest(user=user.login):
                self.assertFalse(activity.with_user(user).has_access("read"))

    def test_who_lost_access_gets_no_more_messages(self):
        """Who writes in the chatter follows it; that must end with the access."""
        self.case.with_user(self.police).message_post(
            body="On our way", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self._intimation(self.case, self.police).action_decline("My cousin", True)
        message = self.case.with_user(self.worker).message_post(
            body="She hides at her aunt's",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertNotIn(
            self.police.partner_id, message.sudo().notification_ids.res_partner_id
        )
        self.assertFalse(message.with_user(self.police).has_access("read"))

    def test_nobody_without_access_is_notified(self):
        message = self.case.with_user(self.worker).message_post(
            body="Please look at this",
            partner_ids=[
                self.police.partner_id.id,
                self.internal.partner_id.id,
                self.coordinator.partner_id.id,
                self.colleague.partner_id.id,
            ],
        )
        told = self.env["mail.message"].search(
            [("subject", "=", f"Note in {self.case.name}")]
        )
        self.assertEqual(told.partner_ids, self.police.partner_id)
        mail = self.env["mail.mail"].search([("mail_message_id", "in", told.ids)])
        self.assertIn("new note", mail.body_html)
        self.assertNotIn("Please look", mail.body_html)
        for user in (self.internal, self.coordinator, self.colleague):
            with self.subTest(user=user.login):
                self.assertFalse(message.with_user(user).has_access("read"))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_another_company(self):
        company = self.env["res.company"].create({"name": "Other"})
        user = self.worker
        user.write({"company_ids": [fields.Command.link(company.id)]})
        elsewhere = self.case.with_user(user).with_context(
            allowed_company_ids=company.ids
        )
        self.env.invalidate_all()
        self.assertFalse(elsewhere.has_access("read"))
