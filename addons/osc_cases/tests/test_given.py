from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .clinical import ClinicalCommon

OF_ODOO = {"id", "create_uid", "create_date", "write_uid", "write_date"}
# What somebody would forge, by the type of the field.
FORGED = {
    "boolean": True,
    "char": "forged",
    "date": "2001-02-03",
    "datetime": "2001-02-03 04:05:06",
    "float": 98.5,
    "integer": 98,
    "text": "forged",
}


@tagged("post_install", "-at_install")
class TestGiven(ClinicalCommon):
    """Nobody forges facts by defaults, or learns of records by giving their ids."""

    # ------------------------------------------------------------------
    # Facts
    # ------------------------------------------------------------------
    def _models(self):
        """The suite's own models whose values are given with care."""
        guard = self.env.registry["osc.given.mixin"]
        for name in sorted(self.env.registry):
            Model = self.env[name]
            if isinstance(Model, guard) and not Model._abstract and Model._auto:
                yield Model

    def _forged(self, field):
        if field.type == "selection":
            return field.get_values(self.env)[-1]
        if field.type == "many2one":
            return self.env[field.comodel_name].sudo().search([], limit=1).id
        if field.type in ("one2many", "many2many"):
            ids = self.env[field.comodel_name].sudo().search([], limit=1).ids
            return [Command.set(ids)] if ids else None
        return FORGED.get(field.type)

    def _facts(self, Model):
        """Fields that only the code writes, with a value that somebody would forge."""
        return {
            name: forged
            for name, field in Model._fields.items()
            if field.store and field.readonly and name not in OF_ODOO
            if name not in Model._given_fields
            if (forged := self._forged(field))
        }

    def _assert_no_default(self, Model, name, forged):
        own = Model.default_get([name])
        forging = Model.with_context(**{f"default_{name}": forged})
        with self.subTest(model=Model._name, field=name):
            self.assertEqual(forging.default_get([name]), own)

    def test_no_fact_comes_from_the_context(self):
        checked = 0
        for Model in self._models():
            for name, forged in self._facts(Model).items():
                self._assert_no_default(Model.with_user(self.worker), name, forged)
                # What a method makes with more rights than the user has.
                self._assert_no_default(
                    Model.with_user(self.worker).sudo(), name, forged
                )
                checked += 1
        self.assertGreater(checked, 100)

    def test_no_fact_comes_from_a_default_of_the_user(self):
        IrDefault = self.env["ir.default"]
        for Model in self._models():
            Model = Model.with_user(self.worker)
            for name, forged in self._facts(Model).items():
                field = Model._fields[name]
                if field.type in ("one2many", "many2many"):
                    continue
                own = Model.default_get([name])
                with self.subTest(model=Model._name, field=name):
                    try:
                        IrDefault.set(Model._name, name, forged, self.worker.id)
                    except UserError:
                        continue  # of the vault
                    self.assertEqual(Model.default_get([name]), own)

    def test_a_method_with_more_rights_takes_nothing_from_the_context(self):
        Model = self.env["osc.break.glass"].with_user(self.worker)
        forging = Model.with_context(
            default_review="justified", default_reviewed_by_id=self.manager.id
        )
        names = ["review", "reviewed_by_id"]
        self.assertEqual(forging.sudo().default_get(names), {"review": "due"})

    def test_records_are_made_with_the_defaults_of_the_code(self):
        """From the call to the column, for what people would forge first."""
        vals = {
            "osc.statement": (self.worker, {"kind": "part", "narrative": "invented"}),
            "osc.followup": (self.worker, {"due_on": "2026-03-12"}),
            "osc.case.service": (
                self.worker,
                {"service_id": self.env["osc.service"].search([], limit=1).id},
            ),
            "osc.consent": (
                self.worker,
                {"scope": "statement", "discipline_id": self.disciplines["legal"].id},
            ),
            "osc.risk.assessment": (self.worker, {}),
            "osc.financial.aid": (
                self.worker,
                {
                    "type_id": self.env["osc.financial.aid.type"]
                    .search([], limit=1)
                    .id,
                    "fund_id": self.env["osc.financial.fund"].search([], limit=1).id,
                    "amount": 50000,
                },
            ),
            "osc.case.conference": (self.worker, {"start": "2026-03-12 10:00:00"}),
            "osc.medical.exam": (self.forensic, {}),
            "osc.evidence": (self.forensic, {}),
        }
        for model, (user, given) in vals.items():
            Model = self.env[model].with_user(user)
            Model = Model.with_context(default_case_id=self.case.id)
            facts = self._facts(Model)
            given = {"case_id": self.case.id, **given}
            honest = Model.create(given)
            forging = Model.with_context(
                **{f"default_{name}": forged for name, forged in facts.items()}
            )
            forged = forging.create(dict(given))
            self._settle()
            for name in facts:
                if name in ("code", "number", "version") or name.endswith("_ids"):
                    continue
                with self.subTest(model=model, field=name):
                    field = Model._fields[name]
                    was, is_now = honest.sudo()[name], forged.sudo()[name]
                    if field.type == "many2one" and field.comodel_name != "res.users":
                        was, is_now = bool(was), bool(is_now)
                    self.assertEqual(is_now, was)

    # ------------------------------------------------------------------
    # Ids
    # ------------------------------------------------------------------
    def test_every_model_that_refers_to_a_case_is_guarded(self):
        audited = self.env.registry["osc.audit.mixin"]
        guard = self.env.registry["osc.given.mixin"]
        for name in self.env.registry:
            Model = self.env[name]
            if Model._abstract or not name.startswith("osc."):
                continue
            if (
                not self.env["ir.model.access"]
                .sudo(False)
                .with_user(self.worker)
                .check(name, "create", raise_exception=False)
            ):
                continue
            refers = [
                field.name
                for field in Model._fields.values()
                if field.relational
                and isinstance(self.env[field.comodel_name], audited)
            ]
            if refers:
                self.assertIsInstance(Model, guard, f"{name} refers by {refers}")

    def _foreign(self):
        """One record of each confidential model, of the case of another center."""
        self._exam()
        self._exhibit()
        worker = self.env(user=self.worker.id)
        for model, vals in {
            "osc.statement": {"kind": "full", "narrative": "words"},
            "osc.risk.assessment": {},
            "osc.followup": {"due_on": "2026-03-12"},
            "osc.case.service": {
                "service_id": self.env["osc.service"].search([], limit=1).id
            },
            "osc.case.conference": {"start": "2026-03-12 10:00:00"},
            "osc.incident": {"type_id": self.types["rape"].id},
        }.items():
            worker[model].create({"case_id": self.case.id, **vals})
        self.env["osc.legal.proceeding"].with_user(self.police).with_context(
            default_case_id=self.case.id
        ).create({"kind": "criminal"})
        self._settle()
        audited = self.env.registry["osc.audit.mixin"]
        found = {
            "osc.case": self.case.sudo(),
            "osc.survivor": self.case.sudo().survivor_id,
        }
        for name in self.env.registry:
            Model = self.env[name].sudo()
            if isinstance(Model, audited) and not Model._abstract:
                if "case_id" in Model._fields:
                    found[name] = Model.search([("case_id", "=", self.case.id)])[:1]
        return {name: record for name, record in found.items() if record}

    def test_nothing_is_told_about_records_of_another_center(self):
        foreign = self._foreign()
        self.assertGreater(len(foreign), 12)
        stranger = self.env(user=self.other_worker.id, su=False)
        tried = 0
        for Model in self._models():
            Model = Model.with_env(stranger)
            for name, field in Model._fields.items():
                record = field.relational and foreign.get(field.comodel_name)
                if not record:
                    continue
                if field.type == "many2one":
                    value = record.id
                else:
                    value = [Command.link(record.id)]
                with self.subTest(model=Model._name, field=name):
                    self._assert_tells_nothing(Model, name, value)
                    tried += 1
        self.assertGreater(tried, 60)

    def _assert_tells_nothing(self, Model, name, value):
        specification = {
            other: {"fields": {"display_name": {}}} if field.relational else {}
            for other, field in Model._fields.items()
            if Model._has_field_access(field, "read")
        }
        with self.assertRaises(AccessError):
            Model.onchange({name: value}, [name], specification)
        # Some refuse it whatever the id is.
        for call in (Model.create, Model.browse().write):
            with self.assertRaises(UserError):
                call({name: value})
        self.env.invalidate_all()
        with_default = Model.with_context(
            **{f"default_{name}": value, "active_id": value, "active_ids": [value]}
        )
        self.assertFalse(with_default.default_get([name]).get(name))

    def test_in_lines_either(self):
        stranger = self.env(user=self.other_worker.id, su=False)
        lines = [Command.create({"case_id": self.case.id})]
        with self.assertRaises(AccessError):
            stranger["osc.case"].onchange(
                {"incident_ids": lines}, ["incident_ids"], {"incident_ids": {}}
            )

    def test_the_records_own_case_may_stay_in_the_form(self):
        """A form sends all it has, also what its reader may not open."""
        exhibit = self._exhibit(exam_id=self._exam().id)
        exhibit = exhibit.with_user(self.second)
        values = {"exam_id": exhibit.sudo().exam_id.id, "case_id": self.case.id}
        exhibit.onchange(values, ["exam_id"], {"exam_id": {}, "case_id": {}})

    def test_the_system_itself_takes_defaults(self):
        """Jobs and imports are nobody's call."""
        Followup = self.env["osc.followup"].with_user(SUPERUSER_ID)
        Followup = Followup.with_context(default_case_id=self.case.id)
        self.assertEqual(Followup.default_get(["case_id"])["case_id"], self.case.id)
