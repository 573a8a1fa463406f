from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from .common import NAME, CasesCommon


class JusticeCommon(CasesCommon):
    """A reported case that police, law, counselling and money have taken on."""

    TAKEN_ON = ("police", "legal", "psychosocial", "financial")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("police", "legal", "psychosocial", "financial", "medical"):
            setattr(cls, code, cls.people[code].user_id)
        cls._only_rule(*cls.TAKEN_ON)
        cls.case = cls._taken_on(cls.worker)
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _taken_on(cls, worker, codes=None):
        case = (
            cls.env["osc.case"]
            .with_user(worker)
            .create({"channel": "walk_in", "urgency": "routine", "survivor_name": NAME})
        )
        case.action_report()
        for code in codes or cls.TAKEN_ON:
            user = cls.people[code].user_id
            case.sudo().intimation_ids.filtered(
                lambda i, user=user: i.user_id == user
            ).with_user(user).action_acknowledge()
        return case

    def _settle(self):
        self.env.flush_all()
        self.env.invalidate_all()

    def _make(self, model, user, **vals):
        record = (
            self.env[model].with_user(user).create({"case_id": self.case.id, **vals})
        )
        self._settle()
        return record

    def _consent(self, scope, code):
        consent = self._make(
            "osc.consent",
            self.worker,
            scope=scope,
            discipline_id=self.disciplines[code].id,
        )
        self._settle()
        return consent

    def _proceeding(self, user=None, code="police", **vals):
        return self._make(
            "osc.legal.proceeding",
            user or self.police,
            discipline_id=self.disciplines[code].id,
            **vals,
        )

    def _stage(self, code):
        return self.env["osc.legal.stage"].search(
            [("code", "=", code), ("country_id", "=", False)]
        )

    def _step(self, proceeding, code, **vals):
        return proceeding.env["osc.legal.step"].create(
            {
                "proceeding_id": proceeding.id,
                "stage_id": self._stage(code).id,
                **vals,
            }
        )

    def _hearing(self, proceeding, days=3, **vals):
        hearing = proceeding.env["osc.legal.hearing"].create(
            {
                "proceeding_id": proceeding.id,
                "start": fields.Datetime.now() + timedelta(days=days),
                **vals,
            }
        )
        self._settle()
        return hearing

    def _reads(self, user, record):
        """Whether a user reads a record, by its rules and by searching."""
        own = record.with_user(user)
        allowed = own.has_access("read")
        if own.browse().has_access("read"):
            self.assertEqual(bool(own.search([("id", "=", record.id)])), allowed)
        return allowed

    def _assert_reads(self, record, *users):
        """These users of the cast read a record, and nobody else does."""
        cast = (
            *("worker", "colleague", "other_worker", "manager", "other_manager"),
            *("coordinator", "auditor", "administrator", "internal", "portal"),
            *("police", "legal", "psychosocial", "financial", "medical"),
        )
        for login in cast:
            user = getattr(self, login)
            with self.subTest(model=record._name, user=login):
                self.assertEqual(self._reads(user, record), user in users)

    def _refused(self):
        """Quietly expect that rules deny."""
        return _Refused(self)


class _Refused:
    def __init__(self, case):
        self._raises = case.assertRaises(AccessError)
        self._mute = mute_logger(
            "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model"
        )

    def __enter__(self):
        self._mute.__enter__()
        return self._raises.__enter__()

    def __exit__(self, *args):
        self._mute.__exit__(*args)
        return self._raises.__exit__(*args)
