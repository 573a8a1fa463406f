import base64
import hashlib
import io
import os
from unittest.mock import patch

from PIL import Image

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, config, mute_logger
from odoo.tools.misc import limited_field_access_token

from odoo.addons.osc_base.tests import vault

from .common import NAME, CasesCommon

SECRET = b"Statement of Zarmina Testperson: it was her uncle.\n" * 20
FILE_NAME = "Zarmina Testperson statement.txt"
LOGGERS = ("odoo.http", "odoo.addons.base.models.ir_attachment")


def picture():
    """A PNG that no other test makes."""
    image = Image.frombytes("RGB", (64, 64), os.urandom(64 * 64 * 3))
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


class FilesCommon(CasesCommon):
    def setUp(self):
        super().setUp()
        self.Attachment = self.env["ir.attachment"]
        self.case = self._draft(survivor_name=NAME)
        self.partner = self.env["res.partner"].create({"name": "A town office"})

    def _file(self, content=SECRET, user=None, **vals):
        return self.Attachment.with_user(user or self.worker).create(
            {
                "name": FILE_NAME,
                "raw": content,
                "res_model": "osc.case",
                "res_id": self.case.id,
                **vals,
            }
        )

    def _row(self, attachment):
        self.env.flush_all()
        query = SQL(
            "SELECT ir_attachment::text FROM ir_attachment WHERE id = %s", attachment.id
        )
        return self.env.execute_query(query)[0][0]

    def _on_disk(self, attachment):
        attachment = attachment.sudo()
        with open(attachment._full_path(attachment.store_fname), "rb") as file:
            return file.read()

    def _assert_sealed(self, attachment, content=SECRET):
        row = self._row(attachment)
        self.assertNotIn("Zarmina", row)
        self.assertNotIn("uncle", row)
        self.assertNotIn(hashlib.sha1(content).hexdigest(), row)
        self.assertTrue(attachment.sudo().vault_key)
        self.assertNotIn(content[:30], self._on_disk(attachment))
        self.env.invalidate_all()
        self.assertEqual(attachment.raw, content)

    def _assert_plain(self, attachment, content=SECRET):
        self.env.flush_all()
        self.assertFalse(attachment.sudo().vault_key)
        self.assertEqual(self._on_disk(attachment), content)
        self.env.invalidate_all()
        self.assertEqual(attachment.raw, content)


@tagged("post_install", "-at_install")
class TestFiles(FilesCommon):
    """Files of cases, in the file store and in the database."""

    def test_content_name_checksum_and_index_tell_nothing(self):
        attachment = self._file(description=FILE_NAME, index_content="her uncle")
        self._assert_sealed(attachment)
        self.assertEqual(attachment.name, f"document-{attachment.id}.txt")
        self.assertEqual(attachment.vault_name, FILE_NAME)
        self.assertEqual(attachment.file_size, len(SECRET))
        self.assertEqual(base64.b64decode(attachment.datas), SECRET)
        self.assertFalse(attachment.index_content)
        twin = self._file()
        self.assertNotEqual(twin.checksum, attachment.checksum)
        self.assertNotEqual(twin.sudo().store_fname, attachment.sudo().store_fname)
        self.assertFalse(
            self.Attachment.search(
                [
                    ("res_model", "=", "osc.case"),
                    ("checksum", "=", hashlib.sha1(SECRET).hexdigest()),
                ]
            )
        )

    def test_however_it_is_written(self):
        datas = base64.b64encode(SECRET)
        for vals in (
            {"raw": False, "datas": datas},
            {"raw": False, "db_datas": SECRET},
            {"raw": SECRET.decode()},
        ):
            self._assert_sealed(self._file(**vals))
        attachment = self._file(b"first")
        for vals in ({"raw": SECRET}, {"datas": datas}, {"db_datas": SECRET}):
            attachment.write({"raw": b"other"})
            attachment.write({**vals, "index_content": "her uncle"})
            self._assert_sealed(attachment)
        attachment.write({"name": "Zarmina.txt"})
        self._assert_sealed(attachment)
        self.assertEqual(attachment.vault_name, "Zarmina.txt")
        self.assertFalse(self._file(b"").raw)
        link = self._file(b"", type="url", url="https://osc-test.example")
        self.assertEqual(
            (link.name, link.vault_name), (f"document-{link.id}.txt", FILE_NAME)
        )

    def test_in_the_database(self):
        self.env["ir.config_parameter"].set_param("ir_attachment.location", "db")
        attachment = self._file()
        row = self._row(attachment)
        self.assertFalse(attachment.sudo().store_fname)
        self.assertNotIn(SECRET.hex()[:60], row)
        self.env.invalidate_all()
        self.assertEqual(attachment.raw, SECRET)
        self.env["ir.config_parameter"].set_param("ir_attachment.location", "file")
        attachment.sudo()._migrate()
        self._assert_sealed(attachment)

    def test_files_of_whatever_belongs_to_a_case(self):
        names = self.Attachment._confidential_models()
        for name in ("osc.case", "osc.survivor", "osc.incident", "osc.intimation"):
            self.assertIn(name, names)
        for name in ("ir.attachment", "res.partner", "osc.center", False, "no.model"):
            self.assertFalse(self.Attachment._is_confidential_model(name))
        survivor = self._file(res_model="osc.survivor", res_id=self.case.survivor_id.id)
        self._assert_sealed(survivor)
        self._assert_plain(self._file(res_model="res.partner", res_id=False))

    def test_pictures_are_made_smaller_and_thumbnails_are_sealed(self):
        content = picture()
        attachment = self._file(content, name="her.png")
        self._assert_sealed(attachment, content)
        attachment.sudo().thumbnail = base64.b64encode(content)
        self.env.flush_all()
        thumbnail = self.Attachment.sudo().search(
            [("res_model", "=", "ir.attachment"), ("res_id", "=", attachment.id)]
            + [("res_field", "=", "thumbnail")]
        )
        self.assertTrue(thumbnail.vault_key)
        self.assertEqual(thumbnail.name, "thumbnail")
        self.env.invalidate_all()
        self.assertTrue(base64.b64decode(attachment.thumbnail).startswith(b"\x89PNG"))
        attachment.sudo().write({"res_model": "res.partner", "res_id": self.partner.id})
        self.env.flush_all()
        self.assertFalse(thumbnail.vault_key)
        self._assert_plain(attachment, content)

    def test_an_upload_waits_for_its_message(self):
        """As the chatter does it: without a record first, then linked to the case."""
        waiting = self._file(res_model="mail.compose.message", res_id=0)
        old = waiting.sudo().store_fname
        self._assert_plain(waiting)
        with_flag = self.Attachment.with_context(osc_vault_upload=True)
        sealed = (
            with_flag.with_user(self.worker)
            .create(
                {
                    "name": FILE_NAME,
                    "raw": SECRET,
                    "res_model": "mail.compose.message",
                    "res_id": 0,
                }
            )
            .with_context(osc_vault_upload=False)
        )
        self._assert_sealed(sealed)
        self.case.with_user(self.worker).message_post(
            body="See the file", attachment_ids=(waiting + sealed).ids
        )
        for attachment in waiting + sealed:
            self.assertEqual(attachment.res_model, "osc.case")
            self._assert_sealed(attachment)
            self.assertEqual(attachment.vault_name, FILE_NAME)
        self.assertNotEqual(waiting.sudo().store_fname, old)
        # Somewhere else it is an ordinary file again, with its name.
        sealed.sudo().write({"res_model": "res.partner", "res_id": self.partner.id})
        self._assert_plain(sealed)
        self.assertEqual(sealed.name, FILE_NAME)
        self.assertFalse(sealed.vault_name)

    def test_copies_are_sealed_anew(self):
        attachment = self._file()
        copied = attachment.copy({"res_id": self._draft().id})
        self._assert_sealed(copied)
        self.assertNotEqual(copied.checksum, attachment.checksum)
        elsewhere = attachment.sudo().copy(
            {"res_model": "res.partner", "res_id": self.partner.id}
        )
        self._assert_plain(elsewhere)

    def test_nobody_shares_it(self):
        attachment = self._file(access_token="guessed")
        self.assertFalse(attachment.sudo().access_token)
        self.assertEqual(attachment.generate_access_token(), [False])
        for token in (
            attachment._get_raw_access_token(),
            attachment._get_thumbnail_token(),
            attachment._get_ownership_token(),
        ):
            self.assertFalse(token)
        with self.assertRaises(UserError):
            attachment.write({"public": True})
        with self.assertRaises(UserError):
            self._file(public=True)
        shared = self._file(res_model="res.partner", res_id=False)
        shared.generate_access_token()
        self.assertTrue(shared.sudo()._get_ownership_token())
        shared.sudo().public = True
        shared.write({"res_model": "osc.case", "res_id": self.case.id})
        self.assertFalse(shared.sudo().access_token)
        self.assertFalse(shared.public)
        with self.assertRaises(AccessError):
            shared.with_user(self.internal).read(["raw"])

    def test_files_do_not_leave_by_mail(self):
        attachment = self._file()
        other = self._file(b"Menu", res_model="res.partner", res_id=False, name="m.txt")
        mail = self.env["mail.mail"].create(
            {
                "body_html": "<p>See</p>",
                "email_to": "a@osc-test.example",
                "attachment_ids": (attachment + other).ids,
            }
        )
        sent = mail._prepare_outgoing_list()
        self.assertEqual([file[0] for file in sent[0]["attachments"]], ["m.txt"])

    @mute_logger(*LOGGERS)
    def test_without_a_key(self):
        attachment = self._file()
        before = self._row(attachment)
        self.env.invalidate_all()
        with vault.using(vault.NO_RING):
            for refused in (
                lambda: attachment.raw,
                lambda: attachment.datas,
                lambda: attachment.copy(),
                lambda: attachment.write({"raw": b"new"}),
                lambda: self._file(),
                lambda: attachment.sudo().write({"res_model": "res.partner"}),
            ):
                with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
                    refused()
                self.assertIn("locked", str(refusal.exception))
                self.env.invalidate_all()
            self.assertEqual(
                attachment.read(["file_size"])[0]["file_size"], len(SECRET)
            )
            self._assert_plain(self._file(res_model="res.partner", res_id=False))
        self.assertEqual(self._row(attachment), before)
        self._assert_sealed(attachment)

    def test_an_altered_or_exchanged_file_does_not_open(self):
        one, other = self._file(), self._file(b"Other")
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE ir_attachment SET store_fname = %s WHERE id = %s",
                other.sudo().store_fname,
                one.id,
            )
        )
        self.env.invalidate_all()
        with (
            self.assertLogs("odoo.addons.osc_base.models.ir_attachment", "ERROR"),
            self.assertRaises(UserError),
        ):
            one.read(["raw"])

    def test_a_new_key_and_files_from_before_the_vault(self):
        attachment = self._file()
        old = self._file(res_model="res.partner", res_id=False)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE ir_attachment SET res_model = 'osc.case', res_id = %s "
                "WHERE id = %s",
                self.case.id,
                old.id,
            )
        )
        self.env.invalidate_all()
        Vault = self.env["osc.vault"]
        self.assertIn(old, self.Attachment.search(self.Attachment._plain_domain()))
        with vault.using(vault.NEXT_RING):
            self.assertGreaterEqual(Vault._count_stale_files(), 2)
            after = attachment.id - 1
            while after is not None:
                after, _number, _unopened = Vault._reencrypt_files(after, limit=1)
            self.assertEqual(Vault._count_stale_files(), 0)
            for file in (attachment, old):
                self.assertEqual(file.sudo().vault_key, "next")
                self._assert_sealed(file)


@tagged("post_install", "-at_install")
class TestDownload(FilesCommon, HttpCase):
    """What comes out of the server, and for whom."""

    def setUp(self):
        super().setUp()
        for user in (self.worker, self.other_worker, self.internal):
            user.password = user.login
        self.attachment = self._file()
        self.picture = self._file(picture(), name="her.png")

    def _get(self, path, user):
        self.authenticate(user and user.login, user and user.login)
        return self.url_open(path)

    def test_the_case_worker_gets_plain_bytes_and_no_copy_stays(self):
        for x_sendfile in (False, True):
            with patch.dict(config.options, {"x_sendfile": x_sendfile}):
                for path in (
                    f"/web/content/{self.attachment.id}",
                    f"/web/content/{self.attachment.id}?unique=1&download=1",
                    f"/web/content/ir.attachment/{self.attachment.id}/datas",
                ):
                    answer = self._get(path, self.worker)
                    self.assertEqual(answer.content, SECRET)
                    self.assertIn("no-store", answer.headers["Cache-Control"])
                    self.assertNotIn("X-Accel-Redirect", answer.headers)
                    self.assertNotIn(
                        "Zarmina", answer.headers.get("Content-Disposition", "")
                    )
        answer = self._get(
            f"/web/image/{self.picture.id}?width=16&height=16", self.worker
        )
        image = Image.open(io.BytesIO(answer.content))
        self.assertEqual(image.size, (16, 16))
        self.assertIn("no-store", answer.headers["Cache-Control"])

    @mute_logger("odoo.http")
    def test_nobody_else_gets_it_with_or_without_a_token(self):
        token = limited_field_access_token(
            self.attachment.sudo(), "raw", scope="binary"
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE ir_attachment SET access_token = 'set' WHERE id = %s",
                self.attachment.id,
            )
        )
        self.env.invalidate_all()
        for user in (self.internal, self.other_worker, None):
            for query in ("", f"?access_token={token}", "?access_token=set"):
                path = f"/web/content/{self.attachment.id}{query}"
                answer = self._get(path, user)
                self.assertNotIn(b"uncle", answer.content)
                self.assertGreaterEqual(answer.status_code, 400)
        answer = self._get(
            f"/web/content/{self.attachment.id}?access_token={token}", self.worker
        )
        self.assertEqual(answer.content, SECRET)

    @mute_logger("odoo.http")
    def test_locked(self):
        self.env.flush_all()
        with vault.using(vault.NO_RING):
            answer = self._get(f"/web/content/{self.attachment.id}", self.worker)
        self.assertGreaterEqual(answer.status_code, 400)
        self.assertIn("locked", answer.text)

    def test_upload_in_the_chatter(self):
        self.authenticate(self.worker.login, self.worker.login)
        answer = self.url_open(
            "/mail/attachment/upload",
            data={
                "csrf_token": http.Request.csrf_token(self),
                "thread_id": self.case.id,
                "thread_model": "osc.case",
                "is_pending": "true",
            },
            files={"ufile": (FILE_NAME, SECRET, "text/plain")},
        )
        attachment = self.Attachment.browse(answer.json()["data"]["attachment_id"])
        self.assertEqual(attachment.res_model, "mail.compose.message")
        self._assert_sealed(attachment)
        self.assertNotIn("Zarmina", answer.text)
