from contextlib import contextmanager
from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.tools import mute_logger

from odoo.addons.osc_base.tests.common import BaseCommon


class TrainingCommon(BaseCommon):
    """People of a discipline of their own, a course and an SOP that are required of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hr = cls._make_user("hr", "osc_training.group_hr")
        cls.officer = cls._make_user("officer", "base.group_user")
        cls.officer.group_ids += cls.env.ref("survey.group_survey_user")
        cls.skill_type = cls.env.ref("osc_training.hr_skill_type_training")
        cls.level = cls.env.ref("osc_training.hr_skill_level_passed")
        cls.course = cls._make_course("tq_course", osc_validity_months=12)
        cls.sop = cls.env["osc.sop"].create({"name": "Testing", "code": "TQ-01"})
        cls.env = cls.env(context={**cls.env.context, "tz": cls.center.tz})
        cls.today = cls.center._local_day()

    @classmethod
    def _make_course(cls, code, **vals):
        return cls.env["hr.skill"].create(
            {
                "name": f"Course {code}",
                "skill_type_id": cls.skill_type.id,
                "osc_is_course": True,
                "osc_code": code,
                **vals,
            }
        )

    @classmethod
    def _require(cls, what=None, discipline=None, **vals):
        """Require a course or an SOP; without days of grace unless some are given."""
        what = what or cls.course
        name = "sop_id" if what._name == "osc.sop" else "skill_id"
        return cls.env["osc.training.requirement"].create(
            {
                "discipline_id": (discipline or cls.red).id,
                name: what.id,
                "since": cls.today - timedelta(days=400),
                **vals,
            }
        )

    @classmethod
    def _certify(cls, employee=None, skill=None, start=-10, end=100):
        """Certify somebody.

        :param int start: first day, counted from today at the center
        :param int end: last day; ``None`` for no end
        """
        skill = skill or cls.course
        return cls.env["hr.employee.skill"].create(
            {
                "employee_id": (employee or cls.employee).id,
                "skill_id": skill.id,
                "skill_type_id": skill.skill_type_id.id,
                "skill_level_id": cls.level.id,
                "valid_from": cls.today + timedelta(days=start),
                "valid_to": end is not None and cls.today + timedelta(days=end),
            }
        )

    @classmethod
    def _publish(cls, number="1.0", days_ago=0, **vals):
        """A version of the SOP that is in force since some days."""
        version = cls.env["osc.sop.version"].create(
            {
                "sop_id": cls.sop.id,
                "number": number,
                "body": "<p>What to do.</p>",
                "discipline_ids": [fields.Command.set(cls.red.ids)],
                **vals,
            }
        )
        version.action_review()
        version.action_approve()
        cls._backdate(version, days_ago)
        return version

    @classmethod
    def _backdate(cls, version, days_ago):
        """The day on which a version came into force can't be written: it is locked."""
        version.flush_recordset()
        cls.env.cr.execute(
            "UPDATE osc_sop_version SET in_force_from = %s WHERE id = %s",
            [cls.today - timedelta(days=days_ago), version.id],
        )
        version.invalidate_recordset()
        cls.env["osc.representative"]._forget_assignable()

    @classmethod
    def _acknowledge(cls, version, employee=None, passed_at=None):
        now = fields.Datetime.now()
        return cls.env["osc.sop.acknowledgement"].create(
            {
                "version_id": version.id,
                "employee_id": (employee or cls.employee).id,
                "read_at": passed_at or now,
                "passed_at": passed_at or now,
            }
        )

    def _long_there(self, representative=None):
        """A representative who has been there for long has no days of grace left."""
        (representative or self.representative).joined_on = self.today - timedelta(
            days=1000
        )

    def assertAssignable(self, representative=None):
        representative = representative or self.representative
        representative._forget_assignable()
        self.assertTrue(representative.assignable, representative.unassignable_reason)
        self.assertFalse(representative.unassignable_reason)

    def assertNotAssignable(self, pattern, representative=None):
        representative = representative or self.representative
        representative._forget_assignable()
        self.assertFalse(representative.assignable)
        self.assertRegex(representative.unassignable_reason, pattern)

    def _state(self, requirement, representative=None):
        self.env["osc.training.standing"].invalidate_model()
        return (
            self.env["osc.training.standing"]
            .search(
                [
                    ("requirement_id", "=", requirement.id),
                    (
                        "representative_id",
                        "=",
                        (representative or self.representative).id,
                    ),
                ]
            )
            .state
        )

    @contextmanager
    def assertImpossible(self):
        """The database itself refuses it."""
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            yield
