from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import TrainingCommon


@tagged("post_install", "-at_install")
class TestPrivacy(TrainingCommon):
    """What representatives hold and passed is theirs, their managers' and HR's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls._make_user("boss", "base.group_user")
        boss = cls._make_employee("boss", user_id=cls.boss.id)
        cls.employee.parent_id = boss
        cls.other_worker = cls._make_user("other_worker")
        cls._make_representative(
            cls._make_employee("other", user_id=cls.other_worker.id)
        )
        cls.skill = cls._certify()
        cls.line = cls.env["hr.resume.line"].create(
            {"employee_id": cls.employee.id, "name": "Secret course"}
        )
        cls.plain = cls._make_employee("plain")
        cls.plain_skill = cls._certify(cls.plain)
        cls.allowed = (
            cls.worker
            | cls.boss
            | cls.manager
            | cls.hr
            | cls._make_user("odoo_hr", "hr.group_hr_user")
        )
        cls.denied = (
            cls.internal
            | cls.other_worker
            | cls.other_manager
            | cls.case_worker
            | cls.coordinator
            | cls.auditor
            | cls.administrator
            | cls.officer
        )

    def test_skills_and_resume_are_found_by_few(self):
        for record, name in ((self.skill, "skill_id"), (self.line, "name")):
            domain = [("employee_id", "=", self.employee.id)]
            for user in self.allowed:
                with self.subTest(user=user.name, model=record._name):
                    model = record.with_user(user).browse()
                    self.assertEqual(model.search(domain), record)
                    self.assertTrue(record.with_user(user).read([name]))
            for user in self.denied:
                with self.subTest(user=user.name, model=record._name):
                    model = record.with_user(user).browse()
                    self.assertFalse(model.search(domain))
                    self.assertEqual(model.search_count(domain), 0)
                    groups = model.formatted_read_group(
                        domain, ["employee_id"], ["__count"]
                    )
                    self.assertFalse(groups)
                    with self.assertRaises(AccessError):
                        record.with_user(user).read([name])

    def test_of_others_odoo_decides(self):
        """Skills of employees who are no representatives stay as Odoo has them."""
        self.assertTrue(self.plain_skill.with_user(self.internal).read(["skill_id"]))

    def test_former_representatives_stay_private(self):
        self.representative.active = False
        with self.assertRaises(AccessError):
            self.skill.with_user(self.internal).read(["skill_id"])

    def test_export(self):
        group = self.env.ref("base.group_allow_export")
        self.internal.group_ids = [Command.link(group.id)]
        with self.assertRaises(AccessError):
            self.skill.with_user(self.internal).export_data(["skill_id/name"])
        public = self.env["hr.employee.public"].browse(self.employee.id)
        rows = public.with_user(self.internal).export_data(
            ["name", "certification_ids/skill_id/name", "employee_skill_ids/id"]
        )["datas"]
        self.assertNotIn("Course", str(rows))

    def test_public_employee_and_card(self):
        public = self.env["hr.employee.public"].browse(self.employee.id)
        resource = self.employee.resource_id
        spec = {"skill_id": {"fields": {"display_name": {}}}}
        for user, seen in ((self.internal, 0), (self.boss, 1), (self.hr, 1)):
            with self.subTest(user=user.name):
                self.env.invalidate_all()
                values = public.with_user(user).web_read(
                    {
                        "name": {},
                        "certification_ids": {"fields": spec},
                        "current_employee_skill_ids": {"fields": spec},
                        "employee_skill_ids": {"fields": spec},
                        "resume_line_ids": {"fields": {"name": {}}},
                    }
                )[0]
                for name in (
                    "certification_ids",
                    "current_employee_skill_ids",
                    "employee_skill_ids",
                    "resume_line_ids",
                ):
                    self.assertEqual(len(values[name]), seen, name)
                card = resource.with_user(user).read(["employee_skill_ids"])[0]
                self.assertEqual(len(card["employee_skill_ids"]), seen)

    def test_search_through_the_public_employee(self):
        found = (
            self.env["hr.employee.public"]
            .with_user(self.internal)
            .search([("employee_skill_ids.skill_id", "=", self.course.id)])
        )
        self.assertEqual(found.ids, self.plain.ids)
        found = (
            self.env["hr.employee.public"]
            .with_user(self.internal)
            .search([("resume_line_ids.name", "ilike", "Secret")])
        )
        self.assertFalse(found)

    def test_reports(self):
        plain_type = self.env["hr.skill.type"].create({"name": "Plain"})
        level = self.env["hr.skill.level"].create(
            {"name": "One", "skill_type_id": plain_type.id}
        )
        skill = self.env["hr.skill"].create(
            {"name": "Plain", "skill_type_id": plain_type.id}
        )
        self.env["hr.employee.skill"].create(
            {
                "employee_id": self.employee.id,
                "skill_id": skill.id,
                "skill_type_id": plain_type.id,
                "skill_level_id": level.id,
            }
        )
        self.env.flush_all()
        domain = [("employee_id", "=", self.employee.id)]
        for name in (
            "hr.employee.certification.report",
            "hr.employee.skill.report",
            "hr.employee.skill.history.report",
        ):
            Report = self.env[name]
            with self.subTest(report=name):
                # One of them has rows without ids.
                args = (domain, ["employee_id"], ["skill_id:count_distinct"])
                self.assertTrue(Report.with_user(self.hr).formatted_read_group(*args))
                for user in self.denied:
                    report = Report.with_user(user)
                    self.assertFalse(report.formatted_read_group(*args), user.name)

    # ------------------------------------------------------------------
    # Nobody certifies themselves
    # ------------------------------------------------------------------
    def test_nobody_certifies_themselves(self):
        vals = {
            "employee_id": self.employee.id,
            "skill_id": self.course.id,
            "skill_type_id": self.skill_type.id,
            "skill_level_id": self.level.id,
            "valid_from": self.today,
        }
        for user in (self.worker, self.boss, self.manager, self.administrator):
            with self.subTest(user=user.name):
                mine = self.env["hr.employee.skill"].with_user(user)
                with self.assertRaises(AccessError):
                    mine.create(vals)
                for operation in ("write", "unlink"):
                    with self.assertRaises(AccessError):
                        self.skill.with_user(user).check_access(operation)
        self.assertTrue(self.env["hr.employee.skill"].with_user(self.hr).create(vals))

    def test_a_skill_doesnt_become_a_certification(self):
        own_type = self.env["hr.skill.type"].create({"name": "Plain"})
        level = self.env["hr.skill.level"].create(
            {"name": "One", "skill_type_id": own_type.id}
        )
        skill = self.env["hr.skill"].create(
            {"name": "Plain", "skill_type_id": own_type.id}
        )
        mine = (
            self.env["hr.employee.skill"]
            .with_user(self.worker)
            .create(
                {
                    "employee_id": self.employee.id,
                    "skill_id": skill.id,
                    "skill_type_id": own_type.id,
                    "skill_level_id": level.id,
                }
            )
        )
        with self.assertRaises(AccessError):
            mine.write(
                {
                    "skill_type_id": self.skill_type.id,
                    "skill_id": self.course.id,
                    "skill_level_id": self.level.id,
                }
            )

    # ------------------------------------------------------------------
    # Quizzes
    # ------------------------------------------------------------------
    def _passed_quiz(self):
        version = self._publish()
        answer = version.survey_id._create_answer(user=self.worker)
        return version, answer

    def test_answers(self):
        _version, answer = self._passed_quiz()
        domain = [("id", "=", answer.id)]
        for user in self.denied - self.allowed | self.worker | self.manager:
            with self.subTest(user=user.name):
                inputs = self.env["survey.user_input"].with_user(user)
                if inputs.has_access("read"):
                    self.assertFalse(inputs.search(domain))
                with self.assertRaises(AccessError):
                    answer.with_user(user).read(["scoring_success"])
        self.assertTrue(answer.with_user(self.hr).read(["scoring_success"]))

    def test_quizzes_are_changed_by_hr_only(self):
        version, _answer = self._passed_quiz()
        survey = version.survey_id
        with self.assertRaises(AccessError):
            survey.with_user(self.officer).read(["title"])
        with self.assertRaises(AccessError):
            survey.question_ids.with_user(self.officer).read(["title"])
        with self.assertRaises(AccessError):
            survey.question_ids.suggested_answer_ids.with_user(self.worker).read()
        survey.with_user(self.hr).title = "Quiz of HR"

    def test_hr_sees_no_other_surveys(self):
        other = self.env["survey.survey"].create({"title": "Customers"})
        hr = self._make_user("only_hr", "osc_training.group_hr")
        with self.assertRaises(AccessError):
            other.with_user(hr).read(["title"])

    # ------------------------------------------------------------------
    # Own models
    # ------------------------------------------------------------------
    def test_standings(self):
        self._require()
        Standing = self.env["osc.training.standing"]
        mine = [("representative_id", "=", self.representative.id)]
        self.env.flush_all()
        for user in self.worker | self.boss | self.manager | self.hr:
            with self.subTest(user=user.name):
                self.assertTrue(Standing.with_user(user).search(mine))
        for user in self.denied:
            with self.subTest(user=user.name):
                self.assertFalse(Standing.with_user(user).search(mine))
                self.assertFalse(
                    Standing.with_user(user)._read_group(mine, ["state"], ["__count"])
                )
                with self.assertRaises(AccessError):
                    Standing.search(mine).with_user(user).read(["state"])
        for operation in ("write", "create", "unlink"):
            self.assertFalse(Standing.with_user(self.hr).has_access(operation))

    def test_acknowledgements(self):
        mine = self._acknowledge(self._publish())
        for user in self.worker | self.boss | self.manager | self.hr:
            with self.subTest(user=user.name):
                self.assertTrue(mine.with_user(user).read(["passed_at"]))
        for user in self.denied:
            with self.subTest(user=user.name):
                self.assertFalse(mine.with_user(user).search([("id", "=", mine.id)]))
                with self.assertRaises(AccessError):
                    mine.with_user(user).read(["passed_at"])
        for user in self.denied | self.worker | self.manager | self.hr:
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                mine.with_user(user).create(
                    {"version_id": mine.version_id.id, "employee_id": self.plain.id}
                )
        for user in self.worker | self.manager:
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                mine.with_user(user).unlink()

    def test_requirements(self):
        requirement = self._require()
        for user in self.hr | self.administrator:
            requirement.with_user(user).grace_days = 3
        for user in self.worker | self.manager | self.coordinator | self.auditor:
            with self.subTest(user=user.name):
                self.assertTrue(requirement.with_user(user).read(["grace_days"]))
                with self.assertRaises(AccessError):
                    requirement.with_user(user).grace_days = 300
                with self.assertRaises(AccessError):
                    requirement.with_user(user).unlink()
        with self.assertRaises(AccessError):
            requirement.with_user(self.internal).read(["grace_days"])

    def test_attendance_is_private(self):
        event_user = self._make_user("event_user", "event.group_event_user")
        trainer = self._make_user("trainer", "event.group_event_registration_desk")
        event = self.env["event.event"].create(
            {
                "name": "Session",
                "date_begin": "2030-01-01 04:00:00",
                "date_end": "2030-01-01 11:00:00",
                "osc_skill_ids": [Command.set(self.course.ids)],
                "osc_trainer_ids": [Command.set(trainer.partner_id.ids)],
            }
        )
        registration = event._osc_register(self.employee)
        with self.assertRaises(AccessError):
            registration.with_user(event_user).read(["osc_result"])
        self.assertTrue(registration.with_user(trainer).read(["osc_result"]))
        self.assertTrue(registration.with_user(self.hr).read(["osc_result"]))

    # ------------------------------------------------------------------
    # A trainer who has no role in events
    # ------------------------------------------------------------------
    def _sessions(self):
        """One of the trainer, where the trainer is registered, too; one of others; and
        an event of the trainer that is no session."""
        vals = {
            "name": "TQ",
            "date_begin": "2030-01-01 04:00:00",
            "date_end": "2030-01-01 11:00:00",
        }
        course = {"osc_skill_ids": [Command.set(self.course.ids)]}
        mine = {"osc_trainer_ids": [Command.set(self.other_worker.partner_id.ids)]}
        given, other, party = self.env["event.event"].create(
            [{**vals, **course, **mine}, {**vals, **course}, {**vals, **mine}]
        )
        for event in given | other:
            event._osc_register(self.employee)
            event._osc_register(self.other_worker.sudo().employee_id)
        self.env["event.registration"].create({"event_id": party.id, "name": "Guest"})
        return given, other, party

    def _of(self, event, employee=None):
        return event.registration_ids.filtered(
            lambda one: one.osc_employee_id == (employee or self.employee)
        )

    def test_a_trainer_finds_the_own_sessions_only(self):
        given, other, party = self._sessions()
        for user, seen in ((self.other_worker, given), (self.worker, given.browse())):
            events = self.env["event.event"].with_user(user)
            registrations = self.env["event.registration"].with_user(user)
            with self.subTest(user=user.name):
                self.assertEqual(events.search([("name", "=", "TQ")]), seen)
                found = registrations.search([("event_id.name", "=", "TQ")])
                self.assertEqual(found, seen.registration_ids)
                for event in given | other | party:
                    allowed = event in seen
                    self.assertEqual(event.with_user(user).has_access("read"), allowed)
                    for operation in ("write", "create", "unlink"):
                        self.assertFalse(event.with_user(user).has_access(operation))
                    for registration in event.registration_ids.with_user(user):
                        own = registration.sudo().partner_id == user.partner_id
                        self.assertEqual(registration.has_access("read"), allowed)
                        self.assertEqual(
                            registration.has_access("write"), allowed and not own
                        )
                        self.assertFalse(registration.has_access("unlink"))
                self.assertFalse(registrations.has_access("create"))
                action = self.env["ir.actions.act_window"]._for_xml_id(
                    "osc_training.event_event_action_given"
                )
                domain = safe_eval(action["domain"], {"uid": user.id})
                self.assertEqual(events.search(domain), seen)
        # Not its tickets and tags: a website shows those to everybody.
        for name in ("event.mail", "event.type"):
            trainer = self.env[name].with_user(self.other_worker)
            self.assertFalse(trainer.has_access("read"), name)

    def test_what_a_website_shows_is_shown_to_staff_as_well(self):
        """The same events as to anybody else, where Odoo has such a website."""
        event = self.env["event.event"].create(
            {"name": "Fair", "date_begin": self.today, "date_end": self.today}
        )
        staff = event.with_user(self.other_worker)
        self.assertFalse(staff.has_access("read"))
        self.assertFalse(event.osc_is_published)
        if "is_published" in event._fields:
            event.is_published = True
            self.env.flush_all()
            self.assertTrue(staff.has_access("read"))
            self.assertFalse(staff.has_access("write"))

    def test_who_is_trained_is_no_customer(self):
        if "event.lead.rule" not in self.env:
            return  # Odoo's runner has it once more, where there is CRM.
        for when in ("create", "confirm", "done"):
            self.env["event.lead.rule"].create(
                {"name": "All", "lead_creation_trigger": when}
            )
        before = self.env["crm.lead"].search_count([])
        given, _other, party = self._sessions()
        (given | party).registration_ids.action_set_done()
        self.assertFalse(given.registration_ids.lead_ids)
        made = self.env["crm.lead"].search_count([]) - before
        self.assertEqual(bool(made), bool(party.registration_ids))

    def test_a_trainer_notes_attendance_and_result_and_no_more(self):
        given, other, _party = self._sessions()
        theirs = self._of(given).with_user(self.other_worker)
        shown = given.with_user(self.other_worker)
        self.assertEqual(shown.read(["seats_taken"])[0]["seats_taken"], 2)
        action = shown.action_osc_registrations()
        self.assertIn(theirs, theirs.search(action["domain"]))
        self.assertTrue(theirs.osc_is_noted_by_user)
        own = (given.registration_ids - theirs.sudo()).with_user(self.other_worker)
        self.assertEqual(own.mapped("osc_is_noted_by_user"), [False])
        theirs.action_set_done()
        theirs.write({"osc_result": "passed"})
        self.assertTrue(theirs.osc_is_certified)
        self.assertTrue(self._of(given).sudo().osc_certification_ids)
        theirs.action_confirm()
        self.assertFalse(self._of(given).sudo().osc_certification_ids)
        for vals in (
            {"state": "cancel"},
            {"active": False},
            {"name": "Somebody else"},
            {"event_id": other.id, "state": "done"},
            {"osc_employee_id": self.plain.id},
            {"partner_id": self.hr.partner_id.id},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                theirs.write(vals)
        own = self._of(given, self.other_worker.sudo().employee_id)
        for registration in own | self._of(other):
            with self.assertRaises(AccessError):
                registration.with_user(self.other_worker).state = "done"

    def test_who_has_a_role_in_events_keeps_it(self):
        given, _other, party = self._sessions()
        for group in ("event_registration_desk", "event_user", "event_manager"):
            user = self._make_user(group, f"event.group_{group}")
            user.group_ids += self.env.ref("osc_base.group_representative")
            with self.subTest(group=group):
                self.assertTrue((given | party).with_user(user).has_access("read"))
                guest = party.registration_ids.with_user(user)
                guest.write({"name": "Another guest"})
                with self.assertRaises(AccessError):
                    self._of(given).with_user(user).read(["osc_result"])

    # ------------------------------------------------------------------
    # Tasks
    # ------------------------------------------------------------------
    def test_who_has_not_finished_is_not_told_by_tasks(self):
        self._long_there()
        self._require(self.sop, version_grace_days=14)
        version = self._publish()
        self.env.flush_all()
        tasks = self.env["mail.activity"].search([("user_id", "=", self.worker.id)])
        self.assertTrue(tasks)
        domain = [("user_id", "=", self.worker.id)]
        for user in self.denied | self.boss | self.manager | self.hr:
            with self.subTest(user=user.name):
                self.env.invalidate_all()
                mine = tasks.with_user(user)
                self.assertFalse(mine.search(domain))
                self.assertFalse(
                    mine.formatted_read_group(domain, ["user_id"], ["__count"])
                )
                for operation in ("read", "write", "unlink"):
                    self.assertFalse(mine.has_access(operation), operation)
                with self.assertRaises(AccessError):
                    mine.read(["user_id"])
                theirs = version.with_user(user)
                if not theirs.has_access("read"):
                    continue
                self.assertFalse(theirs.activity_ids)
                self.assertFalse(theirs.activity_user_id)
                for name in ("activity_user_id", "activity_ids.user_id"):
                    found = theirs.search([(name, "=", self.worker.id)])
                    self.assertNotIn(version, found)
                    found = theirs.search([(name, "in", self.worker.ids)])
                    self.assertNotIn(version, found)
                self.assertNotIn(self.worker.partner_id, theirs.message_partner_ids)
                messages = self.env["mail.message"].with_user(user)
                messages = messages.search(
                    [("model", "=", version._name), ("res_id", "=", version.id)]
                )
                self.assertNotIn(self.worker.partner_id, messages.partner_ids)

    def test_the_task_is_the_persons(self):
        self._long_there()
        self._require(self.sop, version_grace_days=14)
        version = self._publish()
        mine = self.env["mail.activity"].with_user(self.worker)
        task = mine.search([("osc_sop_version_id", "=", version.id)])
        self.assertEqual(len(task), 1)
        action = task.action_open_document()
        self.assertEqual(action["res_model"], "osc.sop.acknowledgement")
