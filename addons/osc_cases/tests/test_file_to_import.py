from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import NAME, PHONE, CasesCommon

LIST = f"channel,survivor_name,survivor_phone\nCame by herself,{NAME},{PHONE}\n"
OPTIONS = {
    "quoting": '"',
    "separator": ",",
    "has_headers": True,
    "encoding": "utf-8",
    "date_format": "",
    "datetime_format": "",
    "float_thousand_separator": ",",
    "float_decimal_separator": ".",
}
CONFIDENTIAL = (
    "osc.case",
    "osc.survivor",
    "osc.guardian",
    "osc.incident",
    "osc.consent",
    "osc.statement",
    "osc.person.of.concern",
)


@tagged("post_install", "-at_install")
class TestFileToImport(CasesCommon, HttpCase):
    """Odoo's own import keeps its file in plain text: none of it is for cases."""

    def setUp(self):
        super().setUp()
        self.Import = self.env["base_import.import"].with_user(self.worker)

    def _stored(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT count(*) FROM base_import_import WHERE file IS NOT NULL"
        )
        return self.env.cr.fetchone()[0]

    def _set_file(self, upload, user):
        self.authenticate(user.login, user.login)
        return self.url_open(
            "/base_import/set_file",
            data={"csrf_token": http.Request.csrf_token(self), "id": upload.id},
            files={"ufile": ("women.csv", LIST.encode(), "text/csv")},
        )

    def test_refused_for_everything_confidential(self):
        before = self._stored()
        for model in CONFIDENTIAL:
            plain = self.Import.create({"res_model": "res.partner"})
            for refused in (
                lambda model=model: self.Import.create({"res_model": model}),
                lambda model=model: self.Import.create(
                    {"res_model": model, "file": LIST.encode()}
                ),
                lambda model=model, plain=plain: plain.write({"res_model": model}),
                lambda model=model, plain=plain: plain.write(
                    {"res_model": model, "file": LIST.encode()}
                ),
            ):
                with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
                    refused()
                self.assertNotIn("Zarmina", str(refusal.exception))
        self.assertEqual(self._stored(), before)

    def test_neither_shown_nor_imported_when_it_is_there(self):
        """As it may be from before this was refused."""
        upload = self.Import.create({"res_model": "res.partner", "file": LIST.encode()})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE base_import_import SET res_model = 'osc.case' WHERE id = %s",
            [upload.id],
        )
        self.env.invalidate_all()
        columns = LIST.splitlines()[0].split(",")
        for refused in (
            lambda: upload.parse_preview(OPTIONS),
            lambda: upload.execute_import(columns, columns, OPTIONS),
            lambda: upload.write({"file": b"x"}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                refused()

    def test_cases_are_not_imported_through_what_they_belong_to(self):
        content = {"file": b"Name,Case\nTQX,Zarmina\n", "file_type": "text/csv"}
        Import, columns = self.env["base_import.import"], ["Name", "Case"]
        center = Import.create({"res_model": "osc.center", **content})
        user = Import.create({"res_model": "res.users", **content})
        Users = self.env["res.users"]
        self.patch(Users._fields["log_ids"], "comodel_name", "osc.case")
        for upload, path in (
            (center, "manager_id/log_ids/survivor_name"),
            (user, "log_ids/survivor_name"),
        ):
            with self.assertRaises(UserError):
                upload.execute_import(["name", path], columns, OPTIONS)
        office = Import.create({"res_model": "res.partner", **content})
        done = office.execute_import(["name", False], columns, OPTIONS, True)
        self.assertEqual(len(done["ids"]), 1, done)

    @mute_logger("odoo.http")
    def test_the_upload_of_the_page_stores_nothing(self):
        self.worker.password = self.worker.login
        upload = self.Import.create({"res_model": "res.partner"})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE base_import_import SET res_model = 'osc.case' WHERE id = %s",
            [upload.id],
        )
        self.env.invalidate_all()
        before = self._stored()
        answer = self._set_file(upload, self.worker)
        self.assertGreaterEqual(answer.status_code, 400)
        self.assertNotIn("Zarmina", answer.text)
        self.assertEqual(self._stored(), before)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_what_somebody_uploads_is_nobody_elses(self):
        for user in (self.worker, self.internal):
            user.password = user.login
        upload = self.Import.create({"res_model": "res.partner", "file": b"Name\nA\n"})
        self.assertEqual(upload.file, b"Name\nA\n")
        for user in (self.internal, self.manager, self.env.ref("base.user_admin")):
            theirs = upload.with_user(user)
            self.assertFalse(theirs.search([("id", "=", upload.id)]))
            for refused in (
                lambda theirs=theirs: theirs.read(["file"]),
                lambda theirs=theirs: theirs.write({"file": b"x"}),
                lambda theirs=theirs: theirs.parse_preview(OPTIONS),
                lambda theirs=theirs: theirs.unlink(),
            ):
                with self.assertRaises(AccessError):
                    refused()
        self.assertGreaterEqual(self._set_file(upload, self.internal).status_code, 400)
        self.env.invalidate_all()
        self.assertEqual(upload.file, b"Name\nA\n")
        self.assertEqual(self._set_file(upload, self.worker).json(), {"result": True})
