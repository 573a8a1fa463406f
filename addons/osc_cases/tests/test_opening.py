from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.tests import tagged

from odoo.addons.osc_base.tests import audit

from .justice import JusticeCommon

FEW, MANY = 6, 20


@tagged("post_install", "-at_install")
class TestOpening(JusticeCommon):
    """Opening a case costs the same, however much has happened in it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.services = cls.env["osc.service"].search([])
        cls.few, cls.many = (
            cls._grown(cls._taken_on(cls.worker), size) for size in (FEW, MANY)
        )
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _grown(cls, case, size):
        """A case in which much has happened: 200 records of ten kinds."""
        env, now = cls.env, fields.Datetime.now()
        days = [now - timedelta(days=number) for number in range(size)]
        case = case.sudo()
        scopes = ("identity", "contact", "statement", "medical", "evidence", "legal")
        police = cls.disciplines["police"].id
        template = env["osc.risk.template"].search([], limit=1)
        rows = {
            "osc.incident": [
                {"type_id": cls.types["rape"].id, "occurred_at": day} for day in days
            ],
            "osc.case.service": [
                {"service_id": cls.services[number].id} for number in range(size)
            ],
            "osc.followup": [
                {"due_on": now.date() + timedelta(days=number + 1)}
                for number in range(size)
            ],
            "osc.consent": [
                {"scope": scopes[number % 6], "discipline_id": police, "given_at": day}
                for number, day in enumerate(days)
            ],
            "osc.statement": [{"narrative": "x", "kind": "part"} for _day in days],
            "osc.risk.assessment": [
                {"template_id": template.id, "assessed_at": day} for day in days
            ],
            "osc.case.conference": [
                {"start": day, "agenda": "x", "participant_ids": cls.police.ids}
                for day in days
            ],
            "osc.financial.aid": [
                {
                    "type_id": env["osc.financial.aid.type"].search([], limit=1).id,
                    "amount": 5,
                    "need": "x",
                }
                for _day in days
            ],
            "osc.guardian": [{"full_name": "x", "relation": "other"} for _day in days],
            "osc.disclosure": [
                {"scope": scopes[number % 6], "discipline_id": police, "law": "x"}
                for number in range(size)
            ],
        }
        for model, vals_list in rows.items():
            Model = env[model].with_user(cls.worker)
            Model.create([{**vals, "case_id": case.id} for vals in vals_list])
        return case

    # ------------------------------------------------------------------
    # What the web client asks for
    # ------------------------------------------------------------------
    def _specification(self, model, arch):
        """Fields of a form or list as the web client reads them, lists in it too."""
        specification = {}
        for node in arch.iter("field"):
            if any(parent.tag == "field" for parent in node.iterancestors()):
                continue
            field = model._fields[node.get("name")]
            inner = {}
            if field.type == "many2one":
                inner = {"fields": {"display_name": {}}}
            elif field.type in ("one2many", "many2many"):
                comodel = model.env[field.comodel_name]
                lists = [child for child in node if child.tag in ("list", "kanban")]
                inner = {"fields": {"display_name": {}}, "limit": 40}
                if lists or field.type == "one2many":
                    part = (
                        etree.fromstring(etree.tostring(lists[0]))
                        if lists
                        else etree.fromstring(
                            comodel.get_view(view_type="list")["arch"]
                        )
                    )
                    inner["fields"] = self._specification(comodel, part)
            specification[field.name] = inner
        return specification

    def _queries(self, case, user):
        case = case.with_user(user)
        view = case.get_view(self.env.ref("osc_cases.osc_case_view_form").id, "form")
        specification = self._specification(case, etree.fromstring(view["arch"]))
        case.web_read(specification)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        with audit.recording():
            found = case.web_read(specification)[0]
        rows = sum(len(value) for value in found.values() if isinstance(value, list))
        return self.env.cr.sql_log_count - before, rows

    def test_opening_costs_the_same_with_200_records(self):
        for user, limit in ((self.worker, 110), (self.manager, 110), (self.police, 90)):
            with self.subTest(user=user.login):
                few, few_rows = self._queries(self.few, user)
                many, many_rows = self._queries(self.many, user)
                self.assertGreater(many_rows, few_rows + 5 * (MANY - FEW))
                # More services are of more disciplines, met list by list.
                self.assertLessEqual(many, few + 2)
                self.assertLessEqual(many, limit)

    def test_the_case_worker_opens_all_200(self):
        _queries, rows = self._queries(self.many, self.worker)
        self.assertGreaterEqual(rows, 200)
