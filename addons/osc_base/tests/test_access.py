from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import BaseCommon

CATALOG = (
    "osc.agency",
    "osc.center",
    "osc.discipline",
    "osc.policy",
    "osc.service",
    "osc.sop",
)
ROSTER = ("osc.duty.shift", "osc.representative")
MODELS = (*CATALOG, *ROSTER, "osc.sop.duty", "osc.sop.version", "osc.roster.copy")
ROLES = (
    "worker",
    "case_worker",
    "manager",
    "coordinator",
    "auditor",
    "administrator",
)


@tagged("post_install", "-at_install")
class TestAccess(BaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agency = cls.env["osc.agency"].create({"name": "Agency"})
        cls.policy = cls.env["osc.policy"].create(
            {"name": "Policy", "country_id": cls.country.id}
        )
        cls.sop = cls.env["osc.sop"].create({"name": "SOP", "code": "TQ-1"})
        cls.shift = cls._make_shift(
            cls.representative, "2026-03-10 08:00:00", "2026-03-10 16:00:00"
        )
        cls.other_representative = cls._make_representative(
            cls._make_employee("other"), center=cls.other_center
        )
        cls.other_shift = cls._make_shift(
            cls.other_representative, "2026-03-10 08:00:00", "2026-03-10 16:00:00"
        )
        cls.samples = {
            "osc.agency": cls.agency,
            "osc.center": cls.center,
            "osc.discipline": cls.red,
            "osc.duty.shift": cls.shift,
            "osc.policy": cls.policy,
            "osc.representative": cls.representative,
            "osc.service": cls.service,
            "osc.sop": cls.sop,
        }

    def _vals(self, model):
        """Values with which a new record of a model would be good."""
        return {
            "osc.agency": {"name": "New agency"},
            "osc.center": {
                "name": "New center",
                "code": "TQZ",
                "country_id": self.country.id,
            },
            "osc.discipline": {"name": "New", "code": "tq_new"},
            "osc.duty.shift": {
                "representative_id": self.representative.id,
                "start": "2026-04-01 08:00:00",
                "end": "2026-04-01 16:00:00",
            },
            "osc.policy": {"name": "New", "country_id": self.env.ref("base.aq").id},
            "osc.representative": {
                "employee_id": self.employee.id,
                "center_id": self.center.id,
                "discipline_id": self.blue.id,
            },
            "osc.service": {
                "name": "New",
                "code": "tq_new",
                "discipline_id": self.red.id,
            },
            "osc.sop": {"name": "New", "code": "TQ-9"},
        }[model]

    _changes = {
        "osc.agency": {"name": "Changed"},
        "osc.center": {"city": "Changed"},
        "osc.discipline": {"name": "Changed"},
        "osc.duty.shift": {"end": "2026-03-10 15:00:00"},
        "osc.policy": {"adult_age": 21},
        "osc.representative": {"is_backup": True},
        "osc.service": {"target_minutes": 5},
        "osc.sop": {"name": "Changed"},
    }

    def _check_refused(self, user, sample, operations=("create", "write", "unlink")):
        record = sample.with_user(user)
        attempts = {
            "create": lambda: record.create(self._vals(record._name)),
            "write": lambda: record.write(self._changes[record._name]),
            "unlink": record.unlink,
        }
        for operation in operations:
            with (
                self.subTest(user=user.login, model=record._name, operation=operation),
                self.assertRaises(AccessError),
            ):
                attempts[operation]()

    # ------------------------------------------------------------------
    # Nothing for those without a role
    # ------------------------------------------------------------------
    def test_without_role_nothing(self):
        for user in (self.internal, self.portal, self.env.ref("base.public_user")):
            for name in MODELS:
                model = self.env[name].with_user(user)
                for operation in ("read", "write", "create", "unlink"):
                    with self.subTest(user=user.login, model=name):
                        self.assertFalse(model.has_access(operation))
            for name, sample in self.samples.items():
                model = self.env[name].with_user(user)
                with self.subTest(user=user.login, model=name):
                    for attempt in (
                        lambda model=model: model.search([]),
                        lambda model=model: model.search_count([]),
                        lambda model=model: model.name_search(""),
                        lambda sample=sample, user=user: sample.with_user(user).read(
                            ["display_name"]
                        ),
                        lambda model=model: model._read_group([], [], ["__count"]),
                    ):
                        with self.assertRaises(AccessError):
                            attempt()
                self._check_refused(user, sample)

    # ------------------------------------------------------------------
    # The catalog
    # ------------------------------------------------------------------
    def test_each_role_reads_the_catalog(self):
        for role in ROLES:
            user = getattr(self, role)
            for name in CATALOG:
                with self.subTest(role=role, model=name):
                    sample = self.samples[name].with_user(user)
                    self.assertEqual(
                        sample.search([("id", "=", sample.id)]).ids, sample.ids
                    )
                    self.assertTrue(sample.read(["display_name"])[0]["display_name"])

    def test_only_administrators_change_the_catalog(self):
        for role in ROLES:
            if role == "administrator":
                continue
            for name in CATALOG:
                operations = ["create", "write", "unlink"]
                if (role, name) == ("manager", "osc.center"):
                    operations.remove("write")
                self._check_refused(getattr(self, role), self.samples[name], operations)

    def test_administrator_changes_the_catalog(self):
        for name in CATALOG:
            with self.subTest(model=name):
                model = self.env[name].with_user(self.administrator)
                record = model.create(self._vals(name))
                record.write(self._changes[name])
                record.unlink()
                self.assertFalse(record.exists())

    # ------------------------------------------------------------------
    # People and rosters
    # ------------------------------------------------------------------
    def test_roster_is_read_at_the_own_centers(self):
        own, other = self.representative, self.other_representative
        expected = {
            self.worker: own,
            self.manager: own,
            self.coordinator: own,
            self.other_manager: other,
            self.case_worker: own.browse(),  # no representative anywhere
            self.auditor: own | other,
            self.administrator: own | other,
        }
        for user, people in expected.items():
            with self.subTest(user=user.login):
                found = own.with_user(user).search([("id", "in", (own | other).ids)])
                self.assertEqual(found.ids, people.ids)
                shifts = (
                    self.shift.with_user(user)
                    .search([("id", "in", (self.shift | self.other_shift).ids)])
                    .sudo()
                )
                self.assertEqual(shifts.representative_id, people)
        with self.assertRaises(AccessError):
            other.with_user(self.worker).read(["name"])
        with self.assertRaises(AccessError):
            self.other_shift.with_user(self.worker).read(["start"])

    def test_representatives_auditors_and_coordinators_change_no_roster(self):
        for role in ("worker", "case_worker", "coordinator", "auditor"):
            for name in ROSTER:
                self._check_refused(getattr(self, role), self.samples[name])

    def test_manager_plans_the_own_center(self):
        representative = self.representative.with_user(self.manager)
        representative.is_backup = True
        new = representative.create(self._vals("osc.representative"))
        shift = self.shift.with_user(self.manager)
        shift.end = "2026-03-10 15:00:00"
        new_shift = shift.create(self._vals("osc.duty.shift"))
        new_shift.representative_id = new
        self.assertEqual(new_shift.discipline_id, self.blue)
        new_shift.unlink()
        new.unlink()
        self.assertFalse(new.exists() or new_shift.exists())

    def test_manager_changes_nothing_at_another_center(self):
        self._check_refused(self.other_manager, self.center)
        for name in ROSTER:
            self._check_refused(self.other_manager, self.samples[name])

    def test_manager_moves_nothing_to_another_center(self):
        with self.assertRaises(AccessError):
            self.representative.with_user(self.manager).center_id = self.other_center
        self.other_shift.unlink()
        with self.assertRaises(AccessError):
            self.shift.with_user(self.manager).write(
                {"representative_id": self.other_representative.id}
            )
        self.env.invalidate_all()
        self.assertEqual(self.representative.center_id, self.center)
        self.assertEqual(self.shift.center_id, self.center)

    def test_refused_shift_names_nobody_of_another_center(self):
        # For want of rights, or of hours: that depends on what other addons guard.
        with self.assertRaises(UserError) as refused:
            self.shift.with_user(self.manager).create(
                {
                    "representative_id": self.other_representative.id,
                    "start": "2026-03-10 09:00:00",
                    "end": "2026-03-10 10:00:00",
                }
            )
        name = self.other_representative.employee_id.name
        self.assertNotIn(name, str(refused.exception))

    def test_manager_takes_nothing_from_another_center(self):
        with self.assertRaises(AccessError):
            self.other_representative.with_user(self.manager).center_id = self.center

    def test_former_manager_has_no_rights(self):
        self.center.manager_id = self.other_manager
        for name in ("osc.center", *ROSTER):
            self._check_refused(self.manager, self.samples[name])

    def test_administrator_plans_every_center(self):
        for representative in (self.representative, self.other_representative):
            representative.with_user(self.administrator).is_backup = True
        self.other_shift.with_user(self.administrator).unlink()
        self.assertFalse(self.other_shift.exists())

    def test_roster_of_another_center_can_not_be_copied(self):
        wizard = self.env["osc.roster.copy"].with_user(self.other_manager)
        vals = {"center_id": self.center.id, "week_start": "2026-03-09"}
        # not even that there is a roster
        with self.assertRefused(UserError, "has no shifts in the week"):
            wizard.create(vals).action_copy()
        # who works there reads the roster and still can't plan it
        self._make_representative(
            self._make_employee("both", user_id=self.other_manager.id)
        )
        with self.assertRaises(AccessError):
            wizard.create(vals).action_copy()

    def test_roster_copy_is_for_managers_and_administrators(self):
        vals = {"center_id": self.center.id, "week_start": "2026-03-09"}
        for role in ("worker", "case_worker", "coordinator", "auditor"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.env["osc.roster.copy"].with_user(getattr(self, role)).create(vals)
        for role in ("manager", "administrator"):
            with self.subTest(role=role):
                wizard = self.env["osc.roster.copy"].with_user(getattr(self, role))
                self.assertTrue(wizard.create(vals))

    # ------------------------------------------------------------------
    # Companies
    # ------------------------------------------------------------------
    def test_center_of_another_company_is_not_there(self):
        """Two organisations on one server don't see each other."""
        company = self.env["res.company"].create({"name": "Other organisation"})
        center = self._make_center("TQY", company_id=company.id)
        employee = self._make_employee("foreign", company_id=company.id)
        representative = self._make_representative(employee, center=center)
        shift = self._make_shift(
            representative, "2026-03-10 08:00:00", "2026-03-10 16:00:00"
        )
        for role in ROLES:
            for record in (center, representative, shift):
                with self.subTest(role=role, model=record._name):
                    seen = record.with_user(getattr(self, role))
                    self.assertFalse(seen.search([("id", "=", record.id)]))
                    with self.assertRaises(AccessError):
                        seen.read(["display_name"])

    def test_roles_imply_what_they_should(self):
        group = self.env.ref
        any_role = group("osc_base.group_any_role")
        for role in ROLES:
            with self.subTest(role=role):
                user = getattr(self, role)
                self.assertIn(any_role, user.all_group_ids)
                self.assertIn(group("base.group_user"), user.all_group_ids)
        cases = group("osc_base.group_representative")
        for role in ("coordinator", "auditor", "administrator"):
            with self.subTest(role=role):
                self.assertNotIn(cases, getattr(self, role).all_group_ids)
