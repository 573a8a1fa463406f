import base64
import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.osc_base.tests import audit

from .common import NAME, PHONE, CasesCommon


@tagged("post_install", "-at_install")
class TestAudit(CasesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._quiet_rules()

    @classmethod
    def _quiet_rules(cls):
        cls.env["osc.intimation.rule"].search([]).active = False

    def setUp(self):
        super().setUp()
        self.case = self._report(survivor_name=NAME, survivor_phone=PHONE)
        self.survivor = self.case.survivor_id

    def _entries(self, records, *actions):
        return (
            self.env["osc.audit.entry"]
            .search([("model", "=", records._name), ("res_id", "in", records.ids)])
            .filtered(lambda entry: not actions or entry.action in actions)
        )

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    def test_opening_a_case(self):
        with audit.recording() as trail:
            self.case.web_read({"urgency": {}, "survivor_name": {}, "state": {}})
        self.assertEqual(trail.seen(), [("read", "osc.case", self.case.id)])
        [entry] = trail.entries
        self.assertEqual(entry["reference"], self.case.name)
        self.assertEqual(entry["center_id"], self.center.id)
        self.assertEqual(entry["user_id"], self.worker.id)
        self.assertEqual(entry["details"], "survivor_name")

    def test_an_excluded_manager_sees_nothing_of_the_case_here_either(self):
        self.case.web_read({"urgency": {}})
        Entry = self.env["osc.audit.entry"].with_user(self.manager)
        of_case = [("reference", "=", self.case.name)]
        self.assertTrue(Entry.search(of_case))
        self.case.excluded_user_ids = self.manager
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(Entry.search(of_case))
        self.assertTrue(Entry.with_user(self.auditor).search(of_case))

    def test_nor_of_entries_that_tell_of_many_cases(self):
        other = self._report()
        self.env["osc.audit.entry"]._log_list("read", self.case | other, "list")
        Entry = self.env["osc.audit.entry"].with_user(self.manager)
        of_both = [("reference", "like", f"{self.case.name}, ")]
        self.env["osc.audit.entry"]._log("read", self.center, "nothing of cases")
        of_none = [("reference", "=", False), ("center_id", "=", self.center.id)]
        self.assertEqual(len(Entry.search(of_both)), 1)
        shown = Entry.search_count(of_none)
        entry = Entry.search(of_both)
        self.case.excluded_user_ids = self.manager
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(Entry.search(of_both))
        self.assertTrue(entry.sudo().of_excluded_case)
        self.assertEqual(Entry.search_count(of_none), shown)

    def test_names_that_a_form_fills_in_are_noted(self):
        Case = self.env["osc.case"].with_user(self.worker)
        specification = {"survivor_name": {}, "survivor_id": {}}
        with audit.recording() as trail:
            Case.onchange(
                {"survivor_id": self.survivor.id}, ["survivor_id"], specification
            )
        self.assertEqual(trail.seen(), [("read", "osc.survivor", self.survivor.id)])
        [entry] = trail.entries
        self.assertEqual(entry["details"], "survivor_name")
        with audit.recording() as trail:
            Case.onchange({"survivor_name": "New"}, ["survivor_name"], specification)
            self.case.onchange({"urgency": "routine"}, ["urgency"], specification)
        self.assertFalse(trail.entries)

    def test_what_happened_to_her_is_noted_also_in_lists(self):
        self.case.incident_ids = [self._incident("rape")]
        self.env.flush_all()
        self.env.invalidate_all()
        Incident = self.env["osc.incident"].with_user(self.worker)
        of_case = [("case_id", "=", self.case.id)]
        incident = Incident.search(of_case)
        nested = {"incident_ids": {"fields": {"type_id": {}, "place": {}}}}
        for read, noted in (
            (lambda: self.case.web_read(nested), self.case),
            (
                lambda: self.case.web_search_read([("id", "=", self.case.id)], nested),
                self.case,
            ),
            (lambda: Incident.search_read(of_case, ["place"]), incident),
            (lambda: Incident.web_search_read(of_case, {"type_id": {}}), incident),
            (lambda: Incident.formatted_read_group(of_case, ["type_id"]), incident),
        ):
            with audit.recording() as trail:
                read()
            self.assertEqual(trail.seen(), [("read", noted._name, noted.id)])

    def test_opening_costs_one_query(self):
        specification = {"urgency": {}, "channel": {}}
        self.case.web_read(specification)
        with self.assertQueryCount(1), audit.recording() as trail:
            self.case.web_read(specification)
        self.assertEqual(len(trail.entries), 1)

    def test_reading_by_rpc(self):
        for read in (
            lambda: self.case.read(["urgency"]),
            lambda: self.case.read(),
            lambda: self.case.search_read([("id", "=", self.case.id)], ["urgency"]),
            lambda: self.case.copy_data(),
        ):
            with audit.recording() as trail:
                read()
            self.assertEqual(trail.seen(), [("read", "osc.case", self.case.id)])

    def test_lists_of_codes_are_no_openings(self):
        self._report()
        with audit.recording() as trail:
            self.case.web_search_read([], {"name": {}, "state": {}, "urgency": {}})
            self.case.web_read_group([], ["state"], ["__count"])
            self.case.search_read([], ["name", "state"])
            self.case.read(["display_name"])
            self.case.web_read({"display_name": {}})
            self.case.name_search("")
        self.assertFalse(trail.entries)

    def test_a_list_with_names_is_noted(self):
        other = self._report(survivor_name="Other Testperson")
        with audit.recording() as trail:
            self.case.web_search_read(
                [("id", "in", (self.case | other).ids)], {"survivor_name": {}}
            )
        [entry] = trail.entries
        self.assertFalse(entry["res_id"])
        self.assertIn(self.case.name, entry["reference"])
        self.assertIn(other.name, entry["reference"])

    def test_names_read_through_the_case_are_noted(self):
        path = {"survivor_id": {"fields": {"full_name": {}}}}
        for read in (
            lambda: self.case.web_read(path),
            lambda: self.case.web_search_read([("id", "=", self.case.id)], path),
        ):
            with audit.recording() as trail:
                read()
            self.assertIn(("read", "osc.survivor", self.survivor.id), trail.seen())

    def test_a_caller_can_not_switch_it_off(self):
        context = {
            "osc_audit_at_work": True,
            "tracking_disable": True,
            "bin_size": True,
        }
        with audit.recording() as trail:
            self.case.with_context(**context).web_read({"urgency": {}})
            self.case.web_save({}, {"urgency": {}})
        self.assertEqual(len(trail.entries), 2)

    def test_superuser_reads_are_no_openings(self):
        with audit.recording() as trail:
            self.case.sudo().read()
            self.case.sudo().web_read({"survivor_name": {}})
        self.assertFalse(trail.entries)

    def test_export(self):
        self.worker.group_ids += self.env.ref("base.group_allow_export")
        with audit.recording() as trail:
            self.case.export_data(["name", "survivor_id/full_name"])
        self.assertEqual(
            trail.seen(),
            [
                ("export", "osc.survivor", self.survivor.id),
                ("export", "osc.case", self.case.id),
            ],
        )

    def test_print(self):
        report = self.env["ir.actions.report"].create(
            {
                "name": "Test",
                "model": "osc.case",
                "report_type": "qweb-html",
                "report_name": "osc_cases.test_audit",
            }
        )
        self.env["ir.ui.view"].create(
            {
                "name": "osc_cases.test_audit",
                "key": "osc_cases.test_audit",
                "type": "qweb",
                "arch": "<t><p t-foreach='docs' t-as='o' t-out='o.urgency'/></t>",
            }
        )
        self.env["ir.model.data"].create(
            {
                "module": "osc_cases",
                "name": "test_audit",
                "model": "ir.ui.view",
                "res_id": self.env["ir.ui.view"]
                .search([("key", "=", "osc_cases.test_audit")])
                .id,
            }
        )
        with audit.recording() as trail:
            report.with_user(self.worker)._render_qweb_html(report.id, self.case.ids)
        self.assertEqual(trail.seen(), [("print", "osc.case", self.case.id)])

    def test_reading_the_content_of_a_file(self):
        file = (
            self.env["ir.attachment"]
            .with_user(self.worker)
            .create(
                {
                    "name": f"{NAME}.txt",
                    "raw": b"abc",
                    "res_model": "osc.case",
                    "res_id": self.case.id,
                }
            )
        )
        for read in (
            lambda: file.read(["datas"]),
            lambda: file.read(),
            lambda: file.web_read({"raw": {}}),
            lambda: file.search_read([("id", "=", file.id)], ["datas"]),
        ):
            with audit.recording() as trail:
                read()
            self.assertEqual(trail.seen(), [("download", "osc.case", self.case.id)])
            self.assertNotIn(NAME, json.dumps(trail.entries, default=str))
        with audit.recording() as trail:
            file.read(["name", "mimetype"])
            file.with_context(bin_size=True).read(["datas"])
        self.assertFalse(trail.entries)

    # ------------------------------------------------------------------
    # Changing
    # ------------------------------------------------------------------
    def test_changes_are_noted_without_values(self):
        self.survivor.write({"full_name": "Changed Testperson", "address": "Lane 5"})
        self.case.write({"urgency": "emergency"})
        entries = self._entries(self.survivor, "write")
        self.assertEqual(entries[0].details, "address, full_name")
        self.assertEqual(entries[0].reference, self.survivor.code)
        self.assertEqual(entries[0].center_id, self.center)
        self.assertTrue(self._entries(self.survivor, "create"))
        self.assertTrue(self._entries(self.case, "create"))
        self.assertTrue(self._entries(self.case.sudo().member_ids, "create"))
        self.env.cr.execute("SELECT * FROM osc_audit_entry")
        everything = str(self.env.cr.fetchall())
        for word in (NAME, "Testperson", PHONE, "5550199", "Lane 5", "emergency"):
            self.assertNotIn(word, everything)

    def test_actions_by_sudo_are_those_of_the_user(self):
        self.case.action_close()
        entry = self._entries(self.case, "write")[0]
        self.assertEqual(entry.user_id, self.worker)
        self.assertEqual(entry.details, "closed_at, state")

    def test_deleted_draft(self):
        draft = self._draft()
        name = draft.display_name
        draft.unlink()
        entry = self._entries(draft, "unlink")
        self.assertEqual((entry.reference, entry.center_id), (name, self.center))

    def test_a_change_that_is_rolled_back_is_not_noted(self):
        before = self.env["osc.audit.entry"].search_count([])
        with self.assertRaises(ZeroDivisionError):
            self.case.write({"urgency": "emergency"})
            raise ZeroDivisionError
        self.assertEqual(self.env["osc.audit.entry"].search_count([]), before)

    def test_many_changes_in_one_query(self):
        cases = self.case | self._report() | self._report()
        entries = self._entries(cases)
        cases.write({"no_safe_place": True})
        self.assertEqual(len(self._entries(cases) - entries), 3)

    # ------------------------------------------------------------------
    # Denied
    # ------------------------------------------------------------------
    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_each_denial_is_noted_once(self):
        for user in (self.other_worker, self.internal, self.administrator):
            case, survivor = self.case.with_user(user), self.survivor.with_user(user)
            for record, attempt in [
                (case, lambda case=case: case.read(["urgency"])),
                (case, lambda case=case: case.web_read({"urgency": {}})),
                (case, lambda case=case: case.check_access("read")),
                (survivor, lambda s=survivor: s.read(["full_name"])),
            ]:
                self.env.invalidate_all()
                with audit.recording() as trail, self.assertRaises(AccessError):
                    attempt()
                self.assertEqual(
                    trail.seen(), [("denied", record._name, record.id)], user.login
                )
                self.assertEqual(trail.entries[0]["user_id"], user.id)
                self.assertEqual(trail.entries[0]["center_id"], self.center.id)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_denied_changes_are_noted_once(self):
        for user in (self.other_worker, self.internal, self.administrator):
            case = self.case.with_user(user)
            for attempt in (
                lambda case=case: case.write({"urgency": "routine"}),
                lambda case=case: case.unlink(),
                lambda case=case: case.action_close(),
            ):
                self.env.invalidate_all()
                with audit.recording() as trail, self.assertRaises(AccessError):
                    attempt()
                self.assertEqual([e["action"] for e in trail.entries], ["denied"])

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.models")
    def test_a_field_that_is_denied(self):
        case = self.case.with_user(self.coordinator)
        with audit.recording() as trail, self.assertRaises(AccessError):
            case.read(["survivor_id"])
        self.assertEqual([entry["action"] for entry in trail.entries], ["denied"])
        self.assertIn("survivor_id", trail.entries[0]["details"])

    def test_asking_for_rights_is_no_attempt(self):
        with audit.recording() as trail:
            case = self.case.with_user(self.internal)
            self.assertFalse(case.has_access("read"))
            self.assertFalse(case._filtered_access("read"))
        self.assertFalse(trail.entries)


@tagged("post_install", "-at_install")
class TestAuditOverHttp(HttpCase):
    """Denials at the routes; what outlives a rollback is tried on a real server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = new_test_user(cls.env, "osc_test_stranger", "base.group_user")

    def setUp(self):
        super().setUp()
        self.authenticate("osc_test_stranger", "osc_test_stranger")

    def _assert_one(self, trail, **expected):
        self.assertEqual([entry["action"] for entry in trail.entries], ["denied"])
        found = {name: trail.entries[0][name] for name in expected}
        self.assertEqual(found, expected)
        self.assertEqual(trail.entries[0]["user_id"], self.stranger.id)
        self.assertEqual(trail.entries[0]["ip"], "127.0.0.1")

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_call_of_a_model_that_is_not_audited(self):
        with audit.recording() as trail:
            self.url_open(
                "/web/dataset/call_kw/ir.cron/write",
                json={
                    "params": {
                        "model": "ir.cron",
                        "method": "write",
                        "args": [[1], {"active": False}],
                        "kwargs": {},
                    }
                },
            )
        self._assert_one(trail, model="ir.cron", res_id=1, details="write")

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_call_of_an_audited_model(self):
        for method, args in (("web_read", [[7], {"urgency": {}}]), ("search", [[]])):
            with audit.recording() as trail:
                self.url_open(
                    f"/web/dataset/call_kw/osc.case/{method}",
                    json={
                        "params": {
                            "model": "osc.case",
                            "method": method,
                            "args": args,
                            "kwargs": {},
                        }
                    },
                )
            self._assert_one(trail, model="osc.case")

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_private_method(self):
        with audit.recording() as trail:
            self.url_open(
                "/web/dataset/call_kw/osc.audit.entry/_log",
                json={
                    "params": {
                        "model": "osc.audit.entry",
                        "method": "_log",
                        "args": [[], "read"],
                        "kwargs": {},
                    }
                },
            )
        self._assert_one(trail, model="osc.audit.entry", details="_log")

    @mute_logger("odoo.http", "odoo.addons.web.controllers.export")
    def test_export(self):
        self.stranger.group_ids += self.env.ref("base.group_allow_export")
        data = {
            "model": "ir.cron",
            "fields": [{"name": "name", "label": "Name"}],
            "ids": [1],
            "domain": [],
            "import_compat": False,
        }
        with audit.recording() as trail:
            self.url_open(
                "/web/export/csv",
                data={
                    "data": json.dumps(data),
                    "csrf_token": Request.csrf_token(self),
                },
            )
        self._assert_one(trail, model="ir.cron", res_id=1, details="/web/export")

    @mute_logger("odoo.http")
    def test_file(self):
        file = self.env["ir.attachment"].create(
            {"name": f"{NAME}.txt", "datas": base64.b64encode(b"abc")}
        )
        with audit.recording() as trail:
            self.url_open(f"/web/content/{file.id}/{NAME}.txt")
        self._assert_one(
            trail, model="ir.attachment", res_id=file.id, details="/web/content"
        )

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_json2(self):
        soon = fields.Datetime.now() + timedelta(hours=1)
        keys = self.env["res.users.apikeys"].with_user(self.stranger)
        key = keys._generate("rpc", "test", soon)
        with audit.recording() as trail:
            self.url_open(
                "/json/2/ir.cron/write",
                json={"ids": [1], "vals": {"active": False}},
                headers={"Authorization": f"bearer {key}"},
            )
        self._assert_one(trail, model="ir.cron", res_id=1, details="write")
