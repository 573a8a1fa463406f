import json
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import TransactionCase

from odoo.addons.osc_base.tests import vault

# A Tuesday evening; 22:00 of the same day at the center.
NOW = "2026-03-10 17:00:00"
BUS_TYPE = "osc_cases.intimation"
# Words that must never leave the vault.
NAME = "Zarmina Testperson"
PHONE = "+92 300 5550199"


class CasesCommon(TransactionCase):
    """Two centers, everybody who works there, and a clock that stands still."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(vault.using(vault.RING))
        freezer = freeze_time(NOW)
        cls.clock = freezer.start()
        cls.addClassCleanup(freezer.stop)
        cls.env = cls.env(
            context=dict(cls.env.context, no_reset_password=True, lang="en_US")
        )
        cls._quiet_other_cases()
        cls.disciplines = {
            discipline.code: discipline
            for discipline in cls.env["osc.discipline"].search([])
        }
        cls.types = {
            incident_type.code: incident_type
            for incident_type in cls.env["osc.incident.type"].search([])
        }
        cls.country = cls.env["res.country"].create({"name": "Testland", "code": "QX"})
        cls.province = cls.env["res.country.state"].create(
            {"name": "North", "code": "QXN", "country_id": cls.country.id}
        )
        cls.policy = cls.env["osc.policy"].create(
            {
                "name": "Testland",
                "country_id": cls.country.id,
                "valid_from": "2020-01-01",
            }
        )
        cls.center = cls._make_center("TQA")
        cls.other_center = cls._make_center("TQB")
        cls._make_users()
        cls.center.write(
            {
                "manager_id": cls.manager.id,
                "coordinator_id": cls.coordinator.id,
            }
        )
        cls.other_center.manager_id = cls.other_manager
        cls._make_representatives()

    @classmethod
    def _quiet_other_cases(cls):
        """The watch job must have nothing to do with cases of a demonstration."""
        cls.env["osc.intimation"].search([]).write(
            {"delivered_at": NOW, "escalated_at": NOW}
        )
        cls.env["osc.case"].search([]).write({"gap_discipline_ids": False})

    @classmethod
    def _make_center(cls, code, **vals):
        return cls.env["osc.center"].create(
            {
                "name": f"Center {code}",
                "code": code,
                "state": "operational",
                "country_id": cls.country.id,
                "tz": "Asia/Karachi",
                **vals,
            }
        )

    @classmethod
    def _quick(cls, model):
        """A model that creates without logging each record in its chatter."""
        return cls.env[model].with_context(tracking_disable=True)

    @classmethod
    def _user_vals(cls, login, group):
        return {
            "name": f"User {login}",
            "login": f"osc_test_{login}",
            "email": f"{login}@osc-test.example",
            "tz": "Asia/Karachi",
            "group_ids": [fields.Command.set(cls.env.ref(group).ids)],
        }

    @classmethod
    def _make_users(cls):
        roles = {
            "worker": "osc_base.group_case_worker",
            "colleague": "osc_base.group_case_worker",
            "other_worker": "osc_base.group_case_worker",
            "manager": "osc_base.group_center_manager",
            "other_manager": "osc_base.group_center_manager",
            "coordinator": "osc_base.group_coordinator",
            "auditor": "osc_base.group_auditor",
            "administrator": "osc_base.group_administrator",
            "internal": "base.group_user",
            "portal": "base.group_portal",
        }
        users = cls._quick("res.users").create(
            [cls._user_vals(login, group) for login, group in roles.items()]
        )
        for login, user in zip(roles, users, strict=True):
            setattr(cls, login, user)

    @classmethod
    def _make_representatives(cls):
        """One primary per discipline on duty, and a backup of the police."""
        codes = (
            "medical",
            "forensic",
            "police",
            "legal",
            "psychosocial",
            "shelter",
            "child_protection",
            "financial",
        )
        people = cls._make_people(
            [(code, code) for code in codes] + [("police", "backup")]
        )
        cls.people = dict(zip(codes, people, strict=False))
        cls.backup = people[-1]
        cls.backup.is_backup = True
        cls._make_representative("casework", user=cls.worker)
        cls._make_representative("casework", user=cls.colleague)
        cls._make_representative(
            "casework", user=cls.other_worker, center=cls.other_center
        )

    @classmethod
    def _make_people(cls, wanted):
        """Representatives on duty, each with a login.

        :param list wanted: (code of the discipline, login)
        """
        users = cls._quick("res.users").create(
            [
                cls._user_vals(login, "osc_base.group_representative")
                for _code, login in wanted
            ]
        )
        employees = cls._quick("hr.employee").create(
            [{"name": user.name, "user_id": user.id} for user in users]
        )
        people = cls.env["osc.representative"].create(
            [
                {
                    "employee_id": employee.id,
                    "center_id": cls.center.id,
                    "discipline_id": cls.disciplines[code].id,
                }
                for (code, _login), employee in zip(wanted, employees, strict=True)
            ]
        )
        cls._make_shift(people)
        return people

    @classmethod
    def _make_representative(
        cls, code, login=None, *, user=None, center=None, on_duty=True, **vals
    ):
        user = user or cls._quick("res.users").create(
            cls._user_vals(login or code, "osc_base.group_representative")
        )
        employee = user.employee_id or cls._quick("hr.employee").create(
            {"name": user.name, "user_id": user.id}
        )
        representative = cls.env["osc.representative"].create(
            {
                "employee_id": employee.id,
                "center_id": (center or cls.center).id,
                "discipline_id": cls.disciplines[code].id,
                **vals,
            }
        )
        if on_duty:
            cls._make_shift(representative)
        return representative

    def _break_glass(self, case, user, hours=1):
        """Emergency access of a user."""
        request = self.env["osc.break.glass.request"].with_user(user)
        request = request.create(
            {"case_code": case.sudo().name, "reason": "At the gate", "hours": hours}
        )
        request.action_confirm()
        self.env.flush_all()
        self.env.invalidate_all()

    @classmethod
    def _make_shift(cls, representatives, hours=12):
        now = fields.Datetime.now()
        return cls.env["osc.duty.shift"].create(
            [
                {
                    "representative_id": representative.id,
                    "start": now - timedelta(hours=1),
                    "end": now + timedelta(hours=hours),
                }
                for representative in representatives
            ]
        )

    def setUp(self):
        super().setUp()
        self.clock.move_to(NOW)
        self._reset_bus()

    # ------------------------------------------------------------------
    # Cases
    # ------------------------------------------------------------------
    def _draft(self, user=None, **vals):
        """A draft, opened by the case worker."""
        case = (
            self.env["osc.case"]
            .with_user(user or self.worker)
            .create({"channel": "walk_in", "urgency": "urgent", **vals})
        )
        self.env.flush_all()
        self.env.invalidate_all()
        return case

    def _report(self, user=None, **vals):
        """A reported case, as the case worker sees it."""
        case = self._draft(user, **vals)
        case.action_report()
        self.env.flush_all()
        self.env.invalidate_all()
        return case

    def _police_case(self, **vals):
        """A case that concerns the police alone."""
        self._only_rule("police", **vals.pop("rule", {}))
        return self._report(**vals)

    @classmethod
    def _only_rule(cls, *codes, **vals):
        """Switch the shipped rules off; every case concerns these disciplines."""
        Rule = cls.env["osc.intimation.rule"]
        Rule.search([]).active = False
        return Rule.create(
            [
                {
                    "name": f"Test rule {code}",
                    "discipline_id": cls.disciplines[code].id,
                    "domain": "[]",
                    **vals,
                }
                for code in codes
            ]
        )

    def _incident(self, code, **vals):
        return fields.Command.create({"type_id": self.types[code].id, **vals})

    # ------------------------------------------------------------------
    # Intimations
    # ------------------------------------------------------------------
    def _told(self, case):
        """Codes of the disciplines that were told, one per intimation."""
        return sorted(case.sudo().intimation_ids.mapped("discipline_id.code"))

    def _intimation(self, case, user, **domain):
        """The one intimation of a user, as that user sees it."""
        intimation = case.sudo().intimation_ids.filtered(lambda i: i.user_id == user)
        self.assertEqual(len(intimation), 1, "expected exactly one intimation")
        return intimation.with_user(user)

    def _users_told(self, case):
        return case.sudo().intimation_ids.user_id

    def _pass_minutes(self, minutes):
        self.clock.tick(timedelta(minutes=minutes))

    def _watch(self):
        """Run the watch job as the scheduler does."""
        self.env.flush_all()
        self.env["osc.intimation"]._cron_watch()
        self.env.flush_all()
        self.env.invalidate_all()

    def _minutes(self, intimation):
        """Minutes from sending to the due time."""
        return (intimation.due_at - intimation.sent_at).total_seconds() / 60

    # ------------------------------------------------------------------
    # Bus
    # ------------------------------------------------------------------
    def _reset_bus(self):
        self.env.cr.precommit.run()
        self.env["bus.bus"].sudo().search([]).unlink()

    def _bus(self):
        """What was put on the bus since the reset.

        :return: list of (partner id, payload)
        """
        self.env.cr.precommit.run()
        found = []
        for row in self.env["bus.bus"].sudo().search([], order="id"):
            message = json.loads(row.message)
            if message["type"] == BUS_TYPE:
                _database, model, res_id = json.loads(row.channel)
                self.assertEqual(model, "res.partner")
                found.append((res_id, message["payload"]))
        return found
