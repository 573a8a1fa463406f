import tempfile
from pathlib import Path
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .. import audit_proof
from ..audit_proof import time_of
from ..models import osc_audit_verification
from ..models.osc_audit_entry import OscAuditEntry, _process_number
from ..models.osc_audit_tables import GUARDED
from . import audit, vault
from .common import BaseCommon


class AuditCommon(BaseCommon):
    """A trail that begins with the test, as far as the test can see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(vault.using(vault.RING))
        cls.Entry = cls.env["osc.audit.entry"]
        for table in ("entry", "pending", "seal", "mark"):
            cls._sql(f"DELETE FROM osc_audit_{table}")

    def _write(self, number=3, action="write"):
        """Some entries about centers."""
        before = self.Entry.search([])
        for _n in range(number):
            self.Entry.with_user(self.manager)._log(action, self.center, "name")
        return (self.Entry.search([]) - before).sorted("id")

    @classmethod
    def _sql(cls, query, *parameters):
        """Past the triggers, as the owner of the database can."""
        for table in GUARDED:
            cls.env.cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cls.env.cr.execute(query, parameters)
        for table in GUARDED:
            cls.env.cr.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cls.env.invalidate_all()

    def _assert_found(self, problem, entry=None):
        result = self.Entry.verify()
        self.assertFalse(result["ok"])
        self.assertEqual(result["problem"], problem, result)
        if entry:
            self.assertEqual(result["entry_id"], entry.id)
            self.assertIn(str(entry.id), result["message"])


@tagged("post_install", "-at_install")
class TestAuditEntry(AuditCommon):
    # ------------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------------
    def test_entry_says_who_did_what(self):
        [entry] = self._write(1)
        self.assertEqual(entry.user_id, self.manager)
        self.assertEqual(entry.login, self.manager.login)
        self.assertEqual(entry.action, "write")
        self.assertEqual(entry.model, "osc.center")
        self.assertEqual(entry.kind, "One-Stop Center")
        self.assertEqual(entry.res_id, self.center.id)
        self.assertEqual(entry.details, "name")

    def test_sudo_keeps_the_real_user(self):
        self.Entry.with_user(self.manager).sudo()._log("grant", self.center)
        self.assertEqual(self.Entry.search([], limit=1).user_id, self.manager)

    def test_entry_without_record(self):
        for nothing in (self.env["osc.center"], self.env["base"]):
            self.Entry._log("break_glass", nothing, "a\0b")
            entry = self.Entry.search([], limit=1)
            self.assertFalse(entry.res_id)
            self.assertEqual(entry.details, "ab")
        self.assertFalse(entry.model)

    def test_many_records_in_one_query(self):
        centers = self.center | self.other_center
        entry = self.Entry.with_user(self.manager)
        entry._log("write", centers)
        with self.assertQueryCount(1):
            entry._log("write", centers)
        self.assertEqual(self.Entry.search_count([]), 4)

    def test_ids_grow_also_when_the_clock_stands_still(self):
        with patch("time.time", return_value=1_800_000_000):
            ids = self._write(50).ids
        self.assertEqual(ids, sorted(set(ids)))
        self.assertLess(max(ids), 2**53)

    def test_processes_never_choose_the_same_id(self):
        """Who did would have to repeat what it does: a report would come later."""
        ids = []
        for process in (4_000, 4_001):  # as if this one had been forked
            with (
                patch("os.getpid", return_value=process),
                patch.object(audit_proof, "_last", 0),
                patch("time.time", return_value=1_800_000_000),
            ):
                number = _process_number(self.env.cr)
                self.assertEqual(_process_number(self.env.cr), number)
                ids += [audit_proof.next_id(number) for _n in range(5_000)]
        self.assertEqual(len(set(ids)), 10_000)
        self.assertLess(max(ids), 2**53)
        self.assertAlmostEqual(time_of(min(ids)), 1_800_000_000)

    def test_an_id_that_is_taken_is_not_lost(self):
        [entry] = self._write(1)
        ids = iter([entry.id, entry.id + 1])
        target = "odoo.addons.osc_base.models.osc_audit_entry.next_id"
        with patch(target, side_effect=lambda process: next(ids)):
            [second] = self._write(1)
        self.assertEqual(second.id, entry.id + 1)
        self.assertTrue(self.Entry.verify()["ok"])

    # ------------------------------------------------------------------
    # Append-only
    # ------------------------------------------------------------------
    def test_superuser_can_not_change_entries(self):
        entry = self._write(1)
        with self.assertRaises(AccessError):
            entry.write({"login": "somebody"})
        with self.assertRaises(AccessError):
            entry.unlink()
        with self.assertRaises(AccessError):
            self.Entry.create({"action": "read"})

    def test_database_refuses_to_change_the_trail(self):
        self._write(2)
        self.Entry._seal()
        for table in ("entry", "seal", "mark"):
            for query in (
                f"UPDATE osc_audit_{table} SET at = now()",
                f"DELETE FROM osc_audit_{table}",
                f"TRUNCATE osc_audit_{table}",
            ):
                if (table, query[:6]) == ("mark", "DELETE"):
                    continue  # of an empty table: nothing to refuse
                with (
                    self.subTest(query),
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(psycopg2.errors.RaiseException),
                ):
                    self.env.cr.execute(query)

    # ------------------------------------------------------------------
    # Who reads
    # ------------------------------------------------------------------
    def test_auditors_read_all_and_others_nothing(self):
        entry = self._write(1)
        self.assertEqual(
            entry.with_user(self.auditor).read(["reference"])[0]["id"], entry.id
        )
        self.assertTrue(self.Entry.with_user(self.auditor).verify()["ok"])
        for login in (
            "worker",
            "case_worker",
            "coordinator",
            "administrator",
            "internal",
            "portal",
        ):
            user = getattr(self, login)
            with self.subTest(login), self.assertRaises(AccessError):
                entry.with_user(user).read(["reference"])
            with self.subTest(login), self.assertRaises(AccessError):
                self.Entry.with_user(user).verify()
            with self.subTest(login), self.assertRaises(AccessError):
                self.env["osc.audit.opening"].with_user(user).search([])

    def test_nobody_changes_entries(self):
        entry = self._write(1)
        for login in ("auditor", "manager", "administrator"):
            own = entry.with_user(getattr(self, login))
            for change in (
                lambda own=own: own.write({"login": "x"}),
                lambda own=own: own.unlink(),
                lambda own=own: own.create({"action": "read"}),
            ):
                with self.subTest(login), self.assertRaises(AccessError):
                    change()

    def test_managers_see_their_center_without_details(self):
        entries = self.Entry
        for center in (self.center, self.other_center):
            row = self.Entry._row("read", "osc.center", "secret detail")
            self.Entry._add("read", [{**row, "center_id": center.id}])
        entries = self.Entry.search([])
        seen = self.Entry.with_user(self.manager).search([])
        self.assertEqual(seen.center_id, self.center)
        self.assertEqual(len(entries), 2)
        for name in ("details", "ip"):
            with self.assertRaises(AccessError):
                seen.read([name])

    # ------------------------------------------------------------------
    # Denied
    # ------------------------------------------------------------------
    def test_a_trail_that_fails_leaves_the_denial(self):
        with (
            patch.object(
                OscAuditEntry, "_insert", side_effect=psycopg2.OperationalError
            ),
            mute_logger("odoo.addons.osc_base.models.osc_audit_entry"),
        ):
            error = AccessError("no")
            self.Entry._log_denied(error, self.center, "read")
        self.assertTrue(error.osc_noted)

    def test_a_denial_is_noted_once(self):
        error = AccessError("no")
        with audit.recording() as trail:
            self.Entry._log_denied(error, self.center, "read")
            self.Entry._log_denied(error, self.center, "read")
        self.assertEqual(trail.seen(), [("denied", "osc.center", self.center.id)])

    def test_denial_of_many_is_one_entry(self):
        centers = self.center | self.other_center
        with audit.recording() as trail:
            self.Entry._log_denied(AccessError("no"), centers, "read")
        [entry] = trail.entries
        self.assertFalse(entry["res_id"])
        self.assertIn(str(self.other_center.id), entry["details"])


@tagged("post_install", "-at_install")
class TestAuditVerification(AuditCommon):
    def setUp(self):
        super().setUp()
        self.entries = self._write(4)
        self.Entry._seal()
        self.entries += self._write(2)
        self.Entry._seal()
        self.waiting = self._write(1)

    def test_intact(self):
        result = self.Entry.verify()
        self.assertTrue(result["ok"], result)
        self.assertEqual(
            (result["entries"], result["seals"], result["waiting"]), (7, 2, 1)
        )
        self.assertFalse(result["entry_id"])
        action = self.Entry.with_user(self.auditor).action_verify()
        self.assertEqual(action["params"]["type"], "success")

    def test_it_says_when_nothing_is_sealed_any_more(self):
        self.env.cr.execute("SELECT min(id) FROM osc_audit_pending")
        later = time_of(self.env.cr.fetchone()[0]) + 7 * 60 + 1
        with patch.object(osc_audit_verification.time, "time", return_value=later):
            result = self.Entry.verify()
            action = self.Entry.with_user(self.auditor).action_verify()
        self.assertTrue(result["ok"], result)
        self.assertEqual(result["waiting_minutes"], 7)
        self.assertIn("7 minutes", result["message"])
        self.assertEqual(action["params"]["type"], "warning")

    def test_altered(self):
        for name, value in [
            ("at", "2001-01-01"),
            ("user_id", 1),
            ("login", "x"),
            ("action", "read"),
            ("res_id", None),
            ("reference", "x"),
            ("details", None),
            ("mac", "test.00"),
            ("mac", "test.é"),
            ("mac", None),
        ]:
            with self.subTest(name):
                for entry in (self.entries[2], self.waiting):
                    savepoint = self.env.cr.savepoint()
                    self._sql(
                        f"UPDATE osc_audit_entry SET {name} = %s WHERE id = %s",
                        value,
                        entry.id,
                    )
                    self._assert_found("altered", entry)
                    savepoint.close(rollback=True)
        self.assertTrue(self.Entry.verify()["ok"])

    def test_missing(self):
        self._sql("DELETE FROM osc_audit_entry WHERE id = %s", self.entries[1].id)
        self._assert_found("missing", self.entries[1])

    def test_missing_before_it_was_sealed(self):
        self._sql("DELETE FROM osc_audit_entry WHERE id = %s", self.waiting.id)
        self._assert_found("missing", self.waiting)
        self.Entry._seal()
        self._assert_found("missing", self.waiting)

    def test_inserted(self):
        self._sql(
            "INSERT INTO osc_audit_entry SELECT id - 1, at, user_id, login, action, model, "
            "res_id, reference, center_id, ip, details, mac FROM osc_audit_entry WHERE id = %s",
            self.entries[0].id,
        )
        self._assert_found("inserted", self.Entry.browse(self.entries[0].id - 1))
        self._sql("INSERT INTO osc_audit_pending VALUES (%s)", self.entries[0].id - 1)
        self._assert_found("altered", self.Entry.browse(self.entries[0].id - 1))
        self.Entry._seal()
        self._assert_found("altered", self.Entry.browse(self.entries[0].id - 1))

    def test_swapped(self):
        first, second = self.entries[0].id, self.entries[3].id
        self._sql("UPDATE osc_audit_entry SET id = -1 WHERE id = %s", first)
        self._sql("UPDATE osc_audit_entry SET id = %s WHERE id = %s", first, second)
        self._sql("UPDATE osc_audit_entry SET id = %s WHERE id = -1", second)
        self._assert_found("altered", self.entries[0])

    def test_seal_altered(self):
        for change in (
            "hash = 'x'",
            "previous = 'x'",
            "mac = 'test.0'",
            "at = now()",
            "entry_ids = entry_ids[2:]",
        ):
            with self.subTest(change):
                savepoint = self.env.cr.savepoint()
                self._sql(f"UPDATE osc_audit_seal SET {change} WHERE number = 2")
                result = self.Entry.verify()
                self.assertFalse(result["ok"])
                self.assertIn(2, (result["seal"], 2 if result["entry_id"] else None))
                savepoint.close(rollback=True)

    def test_seal_removed(self):
        self._sql("DELETE FROM osc_audit_seal WHERE number = 1")
        self._assert_found("inserted", self.entries[0])

    def test_end_removed(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = Path(folder.name) / "anchor.json"
        with patch.object(type(self.Entry), "_anchor_path", lambda self: path):
            self.Entry._seal()
            self.assertTrue(self.Entry.verify()["ok"])
            self.assertTrue(self.Entry.verify()["anchored"])
            self._sql("DELETE FROM osc_audit_seal WHERE number = 3")
            self._sql("DELETE FROM osc_audit_entry WHERE id = %s", self.waiting.id)
            self._assert_found("end")
            # Going on doesn't cover it up.
            self._write(1)
            with mute_logger("odoo.addons.osc_base.models.osc_audit_sealing"):
                self.Entry._seal()
            self._assert_found("end")
            self.assertIn("backup", self.Entry.verify()["message"])
            path.unlink()
            self.assertTrue(self.Entry.verify()["ok"])

    def test_triggers_removed(self):
        self.env.cr.execute("DROP TRIGGER osc_audit_fixed ON osc_audit_entry")
        self._assert_found("guards")
        self.Entry.init()
        self.assertTrue(self.Entry.verify()["ok"])

    def test_new_key(self):
        with vault.using(vault.NEXT_RING):
            self._write(1)
            self.Entry._seal()
            self.assertTrue(self.Entry.verify()["ok"])
        self._assert_found("unknown_key")

    def test_without_key_nothing_is_lost(self):
        with vault.using(vault.NO_RING):
            entry = self._write(1)
            self.assertIsNone(self.Entry._seal())
        self._assert_found("unsigned", entry)
        self.Entry._seal()
        self._assert_found("unsigned", entry)
        self._sql("UPDATE osc_audit_entry SET login = 'x' WHERE id = %s", entry.id)
        self._assert_found("altered", entry)
