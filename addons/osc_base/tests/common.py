from contextlib import contextmanager
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from odoo import fields
from odoo.tests import TransactionCase


class BaseCommon(TransactionCase):
    """Two centers in a country of their own, and one user of each role.

    Nothing depends on demonstration data. Disciplines are made here, too, so that what
    higher addons demand of the real ones (training, for example) doesn't matter.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(
                cls.env.context,
                lang="en_US",
                no_reset_password=True,
                tracking_disable=True,
                tz="UTC",
            )
        )
        cls.country = cls.env["res.country"].create({"name": "Testland", "code": "QX"})
        cls.province = cls.env["res.country.state"].create(
            {"name": "North", "code": "QXN", "country_id": cls.country.id}
        )
        cls.red, cls.blue = cls.env["osc.discipline"].create(
            [{"name": "Red", "code": "tq_red"}, {"name": "Blue", "code": "tq_blue"}]
        )
        cls.service = cls.env["osc.service"].create(
            {"name": "Red service", "code": "tq_red", "discipline_id": cls.red.id}
        )
        cls._make_users()
        cls.center = cls._make_center(
            "TQA",
            manager_id=cls.manager.id,
            coordinator_id=cls.coordinator.id,
        )
        cls.other_center = cls._make_center("TQB", manager_id=cls.other_manager.id)
        cls.employee = cls._make_employee("worker", user_id=cls.worker.id)
        cls.representative = cls._make_representative(cls.employee)

    @classmethod
    def _make_users(cls):
        roles = {
            "worker": "osc_base.group_representative",
            "case_worker": "osc_base.group_case_worker",
            "manager": "osc_base.group_center_manager",
            "other_manager": "osc_base.group_center_manager",
            "coordinator": "osc_base.group_coordinator",
            "auditor": "osc_base.group_auditor",
            "administrator": "osc_base.group_administrator",
            "internal": "base.group_user",
            "portal": "base.group_portal",
        }
        for login, group in roles.items():
            setattr(cls, login, cls._make_user(login, group))

    @classmethod
    def _make_user(cls, login, group="osc_base.group_representative"):
        return cls.env["res.users"].create(
            {
                "name": f"User {login}",
                "login": f"osc_base_test_{login}",
                "email": f"{login}@osc-base-test.example",
                "tz": "UTC",
                "group_ids": [fields.Command.set(cls.env.ref(group).ids)],
            }
        )

    @classmethod
    def _make_center(cls, code, **vals):
        return cls.env["osc.center"].create(
            {
                "name": f"Center {code}",
                "code": code,
                "state": "operational",
                "country_id": cls.country.id,
                "tz": "Asia/Karachi",
                "discipline_ids": [fields.Command.set((cls.red | cls.blue).ids)],
                **vals,
            }
        )

    @classmethod
    def _make_employee(cls, name, **vals):
        return cls.env["hr.employee"].create({"name": f"Employee {name}", **vals})

    @classmethod
    def _make_representative(cls, employee, center=None, discipline=None, **vals):
        return cls.env["osc.representative"].create(
            {
                "employee_id": employee.id,
                "center_id": (center or cls.center).id,
                "discipline_id": (discipline or cls.red).id,
                **vals,
            }
        )

    @classmethod
    def _make_shift(cls, representative, start, end):
        """:param start, end: naive UTC, as text or datetime"""
        return cls.env["osc.duty.shift"].create(
            {"representative_id": representative.id, "start": start, "end": end}
        )

    @classmethod
    def _make_local_shift(cls, representative, start, end):
        """:param start, end: text as read on the wall clock of the center"""
        return cls._make_shift(
            representative,
            cls._utc(start, representative.center_id.tz),
            cls._utc(end, representative.center_id.tz),
        )

    @staticmethod
    def _utc(text, tz):
        """Naive UTC of a wall-clock time such as ``2026-03-29 22:00``."""
        local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz))
        return local.astimezone(timezone.utc).replace(tzinfo=None)

    @staticmethod
    def _local(moment, tz):
        """Wall-clock text of a naive UTC moment."""
        aware = moment.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(tz))
        return aware.strftime("%Y-%m-%d %H:%M")

    @contextmanager
    def assertRefused(self, exception, pattern):
        """As ``assertRaisesRegex``, and what was refused leaves no trace."""
        with self.assertRaises(exception) as caught:
            yield
        self.assertRegex(str(caught.exception), pattern)
