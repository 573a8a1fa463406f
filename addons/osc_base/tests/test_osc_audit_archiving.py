import base64

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .. import audit_archive
from . import vault
from .test_osc_audit_entry import AuditCommon


@tagged("post_install", "-at_install")
class TestAuditArchiving(AuditCommon):
    def setUp(self):
        super().setUp()
        with freeze_time("2025-06-01 10:00:00"):
            self.old = self._write(3)
            self.Entry._seal()
        with freeze_time("2025-07-01 10:00:00"):
            self.old += self._write(2)
            self.Entry._seal()
        self.young = self._write(2)
        self.Entry._seal()
        self.wizard = (
            self.env["osc.audit.archiving"]
            .with_user(self.auditor)
            .create({"months": 1})
        )

    def _content(self):
        self.wizard.action_make_file()
        return base64.b64decode(self.wizard.file)

    def _hand_back(self, content):
        wizard = self.wizard.create(
            {"returned": base64.b64encode(content), "confirmed": True}
        )
        wizard.action_take_out()

    def test_archive_and_take_out(self):
        content = self._content()
        found = audit_archive.verify(content, vault.RING)
        self.assertEqual(
            (found["first_seal"], found["last_seal"], found["entries"]), (1, 2, 5)
        )
        self.assertEqual(len(self.Entry.search([])), 7)
        self._hand_back(content)
        left = self.Entry.search([])
        self.assertFalse(self.old & left)
        self.assertLess(self.young, left)
        self.assertIn("archive 1-2", left[0].details)
        self.assertTrue(self.Entry.verify()["ok"], self.Entry.verify())
        # What is young stays, and is found when it goes.
        self._sql("DELETE FROM osc_audit_entry WHERE id = %s", self.young[0].id)
        self._assert_found("missing", self.young[0])

    def test_what_was_archived_does_not_come_back(self):
        content = self._content()
        self._hand_back(content)
        with self.assertRaises(UserError):
            self._hand_back(content)
        self._sql(
            "INSERT INTO osc_audit_entry (id, at, action) VALUES (%s, now(), 'read')",
            self.old[0].id,
        )
        self._assert_found("inserted", self.old[0])

    def test_mark_without_key_takes_nothing_out(self):
        self._sql(
            "INSERT INTO osc_audit_mark VALUES (1, now(), 1, 1, 2, 5, 'x', 'test.0')"
        )
        self.env.cr.execute(
            "DELETE FROM osc_audit_entry WHERE id = %s", [self.old[0].id]
        )
        self._assert_found("missing", self.old[0])

    def test_altered_file(self):
        content = self._content()
        lines = content.splitlines(keepends=True)
        login = self.manager.login.encode()
        for altered in (
            content.replace(login, b"somebody", 1),
            b"".join(lines[:-1]),
            b"".join(lines[:1] + lines[5:]),
            b"".join(lines[:2] + lines[3:]),
            b"".join(lines[:2] + [lines[3], lines[2]] + lines[4:]) + lines[2],
            content.replace(b'"osc-audit-archive/1"', b'"osc-audit-archive/2"'),
            b"".join([lines[0].replace(b",1,2,", b",1,1,"), *lines[1:5]]),
            b"",
            b"{}",
        ):
            with self.assertRaises(audit_archive.ArchiveAltered):
                audit_archive.verify(altered, vault.RING)
            with self.assertRaises(UserError):
                self._hand_back(altered)
        self.assertEqual(len(self.Entry.search([])), 7)

    def test_needs_the_key(self):
        content = self._content()
        with self.assertRaises(audit_archive.ArchiveAltered):
            audit_archive.verify(content, vault.NO_RING)

    def test_nothing_old(self):
        self.wizard.months = 1000
        with self.assertRaises(UserError):
            self.wizard.action_make_file()

    def test_nothing_is_archived_of_a_trail_that_is_not_intact(self):
        self._sql("DELETE FROM osc_audit_entry WHERE id = %s", self.old[1].id)
        with self.assertRaises(UserError):
            self.wizard.action_make_file()

    def test_needs_the_confirmation(self):
        wizard = self.wizard.create({"returned": base64.b64encode(self._content())})
        with self.assertRaises(UserError):
            wizard.action_take_out()

    def test_auditors_only(self):
        for login in ("administrator", "manager", "worker"):
            with self.subTest(login), self.assertRaises(AccessError):
                self.wizard.with_user(getattr(self, login)).action_make_file()
            with self.subTest(login), self.assertRaises(AccessError):
                self.env["osc.audit.archiving"].with_user(getattr(self, login)).create(
                    {}
                )
