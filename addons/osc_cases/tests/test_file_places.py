from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.osc_base.tests import audit

from .test_files import FILE_NAME, SECRET, FilesCommon

NOWHERE = {"res_model": False, "res_id": False}
CHAT = {"res_model": "mail.compose.message", "res_id": 0}


@tagged("post_install", "-at_install")
class TestFilePlaces(FilesCommon):
    """Who may read a file of a case can't take it to where others could."""

    def setUp(self):
        super().setUp()
        self.case = self._report(survivor_name="Zarmina Testperson")
        self.file = self._file()
        self.other_case = self._draft()
        # Who could put files elsewhere, too.
        self.worker.group_ids += self.env.ref("base.group_partner_manager")
        self.partner_place = {"res_model": "res.partner", "res_id": self.partner.id}

    def _denied(self, call):
        with self.assertRaises(UserError), self.env.cr.savepoint():
            call()
        self.env.invalidate_all()

    def _form(self, **vals):
        """A photograph of a signed form, uploaded before the consent is saved."""
        return self._file(res_model="osc.consent", res_id=0, **vals)

    def _consent(self, form):
        return (
            self.env["osc.consent"]
            .with_user(self.worker)
            .create(
                {
                    "case_id": self.case.id,
                    "scope": "statement",
                    "discipline_id": self.disciplines["medical"].id,
                    "how": "signed",
                    "document_ids": [(4, form.id)],
                }
            )
        )

    # ------------------------------------------------------------------
    # Places
    # ------------------------------------------------------------------
    def test_it_is_not_copied_to_where_it_would_be_plain(self):
        files_before = self.Attachment.search_count([("id", "!=", False)])
        form = self._form()
        for file in (self.file, form):
            for place in (
                NOWHERE,
                {"res_model": False},
                {**NOWHERE, "public": True},
                {"public": True},
                self.partner_place,
                CHAT,
                {"res_model": "ir.attachment", "res_id": self.file.id},
                {"res_model": "ir.attachment", "res_id": 0},
            ):
                self._denied(lambda file=file, place=place: file.copy(place))
                upload = file.with_context(osc_vault_upload=True)
                self._denied(lambda upload=upload, place=place: upload.copy(place))
        for place in ({"res_id": False}, {"res_model": "osc.consent", "res_id": 0}):
            # It would be the copier's, whatever becomes of their rights.
            self._denied(lambda place=place: self.file.copy(place))
        self._denied(lambda: self.file.copy({"res_field": "note"}))
        self._denied(lambda: self.file.copy_data(NOWHERE))
        self.assertEqual(
            self.Attachment.search_count([("id", "!=", False)]), files_before + 1
        )

    def test_it_is_not_moved_either(self):
        form = self._form()
        for file in (self.file, form):
            for place in (
                NOWHERE,
                {"res_model": False},
                {"res_model": False, "public": True},
                self.partner_place,
                {"res_model": "res.partner"},
                CHAT,
                {"res_model": "mail.compose.message"},
                {"res_model": "ir.attachment", "res_id": self.file.id},
                {"res_field": "note"},
            ):
                self._denied(lambda file=file, place=place: file.write(place))
                upload = file.with_context(osc_vault_upload=True)
                self._denied(lambda upload=upload, place=place: upload.write(place))
        for place in ({"res_id": False}, {"res_id": 0}):
            self._denied(lambda place=place: self.file.write(place))
        both = self.file + self._file(**self.partner_place)
        self._denied(lambda: both.write(self.partner_place))
        self._assert_sealed(self.file)
        self.assertEqual(self.file.res_id, self.case.id)

    def test_what_is_needed_goes_on(self):
        same = {"res_model": "osc.case", "res_id": self.case.id, "res_field": False}
        self.file.write(same)
        copied = self.file.copy({"res_id": self.other_case.id})
        self._assert_sealed(copied)
        copied.write({"res_id": self.case.id})
        self._assert_sealed(copied)
        self._assert_sealed(self.file.copy())
        plain = self._file(b"Menu", name="menu.txt", **self.partner_place)
        self._assert_plain(plain.copy(NOWHERE), b"Menu")
        plain.write({"res_model": "osc.case", "res_id": self.case.id})
        self._assert_sealed(plain, b"Menu")
        # Programs that run as superuser may do what they have a reason for.
        self._assert_plain(self.file.sudo().copy(self.partner_place))

    def test_what_waits_for_a_message_becomes_no_file_of_others(self):
        upload = (
            self.Attachment.with_context(osc_vault_upload=True)
            .with_user(self.worker)
            .create({"name": FILE_NAME, "raw": SECRET, **CHAT})
            .with_context(osc_vault_upload=False)
        )
        Composer = self.env["mail.compose.message"].with_user(self.worker)
        for model, record in (("osc.case", self.case), ("res.partner", self.partner)):
            composer = Composer.create(
                {
                    "model": model,
                    "res_ids": str(record.ids),
                    "body": "She told me where he waits for her",
                    "template_name": "Note",
                    "attachment_ids": [(6, 0, upload.ids)],
                }
            )
            self._denied(composer.create_mail_template)
        partner = self.partner.with_user(self.worker)
        self._denied(lambda: partner.message_post(attachment_ids=upload.ids))
        self._assert_sealed(upload)
        self.assertFalse(self.env["mail.template"].search([("name", "=", "Note")]))

    def test_a_signed_form_comes_to_its_consent(self):
        form = self._form()
        self._assert_sealed(form)
        consent = self._consent(form)
        self.assertEqual((form.res_model, form.res_id), ("osc.consent", consent.id))
        self._assert_sealed(form)

    def test_an_upload_comes_to_its_message_sent_now_or_later(self):
        Attachment = self.Attachment.with_context(osc_vault_upload=True)
        waiting = (
            Attachment.with_user(self.worker)
            .create([{"name": FILE_NAME, "raw": SECRET, **CHAT} for _ in range(2)])
            .with_context(osc_vault_upload=False)
        )
        for place in (NOWHERE, self.partner_place, {"public": True}):
            self._denied(lambda place=place: waiting.write(place))
            self._denied(lambda place=place: waiting.copy(place))
        self._denied(lambda: waiting.copy())
        now, later = waiting
        self.case.with_user(self.worker).message_post(
            body="See the file", attachment_ids=now.ids
        )
        self.assertEqual((now.res_model, now.res_id), ("osc.case", self.case.id))
        scheduled = (
            self.env["mail.scheduled.message"]
            .with_user(self.worker)
            .create(
                {
                    "model": "osc.case",
                    "res_id": self.case.id,
                    "body": "See the other file",
                    "author_id": self.worker.partner_id.id,
                    "scheduled_date": "2026-03-12 09:00:00",
                    "attachment_ids": later.ids,
                }
            )
        )
        self.assertEqual(later.res_model, "mail.scheduled.message")
        self._assert_sealed(later)
        scheduled.post_message()
        self.assertEqual((later.res_model, later.res_id), ("osc.case", self.case.id))
        for file in waiting:
            self._assert_sealed(file)

    def test_a_place_given_as_a_default_is_a_place(self):
        file = self.Attachment.with_context(
            default_res_model="osc.case", default_res_id=self.case.id
        ).create({"name": FILE_NAME, "raw": SECRET})
        self.assertEqual(file.res_id, self.case.id)
        self._assert_sealed(file)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_an_upload_without_a_record_is_its_creators_only(self):
        system = new_test_user(
            self.env, "fileplaces_system", groups="base.group_system"
        )
        form = self._form()
        self.assertEqual(form.raw, SECRET)
        theirs = form.with_user(system)
        for refused in (
            lambda: theirs.read(["raw", "name"]),
            lambda: theirs.write({"name": "x"}),
            lambda: theirs.unlink(),
            lambda: theirs.copy(),
        ):
            self._denied(refused)
        self.assertNotIn(form, theirs.search([("id", "!=", False)]))
        plain = self._file(b"Menu", name="menu.txt", **NOWHERE)
        self.assertEqual(plain.with_user(system).raw, b"Menu")

    # ------------------------------------------------------------------
    # The trail
    # ------------------------------------------------------------------
    def _assert_noted(self, trail, *expected):
        """:param expected: action and details, of the case under its code"""
        noted = [
            entry
            for entry in trail.entries
            if entry["action"] in ("download", "write", "unlink", "denied")
            and "ir.attachment" in (entry["details"] or "")
        ]
        self.assertEqual(
            [(entry["action"], entry["details"]) for entry in noted], list(expected)
        )
        for entry in noted:
            self.assertEqual(entry["reference"], self.case.name)
            self.assertEqual(entry["center_id"], self.center.id)
            self.assertEqual(entry["user_id"], self.worker.id)

    def test_a_copy_is_noted_as_a_download(self):
        with audit.recording() as trail:
            self.file.copy()
        self._assert_noted(trail, ("download", f"ir.attachment {self.file.id}"))
        with audit.recording() as trail:
            self.file.with_context(bin_size=True).copy_data()
        self._assert_noted(trail, ("download", f"ir.attachment {self.file.id}"))

    def test_a_change_is_noted_without_its_words(self):
        with audit.recording() as trail:
            self.file.write({"raw": b"Another statement"})
        self._assert_noted(trail, ("write", f"ir.attachment {self.file.id}: raw"))
        with audit.recording() as trail:
            self.file.write({"name": "Zarmina.txt"})
        self._assert_noted(trail, ("write", f"ir.attachment {self.file.id}: name"))
        self.assertEqual(self.file.vault_name, "Zarmina.txt")

    def test_a_move_is_noted_at_both_ends(self):
        with audit.recording() as trail:
            self.file.write({"res_id": self.other_case.id})
        noted = [
            (entry["res_id"], entry["details"])
            for entry in trail.entries
            if entry["action"] == "write" and entry["model"] == "osc.case"
        ]
        details = f"ir.attachment {self.file.id}: res_id"
        self.assertEqual(
            noted, [(self.case.id, details), (self.other_case.id, details)]
        )

    def test_who_deletes_it_is_noted_also_in_the_chatter(self):
        self.case.with_user(self.worker).message_post(
            body="See the file", attachment_ids=self.file.ids
        )
        for delete in (
            lambda file: file.unlink(),
            lambda file: file.sudo()._delete_and_notify(),
        ):
            file = self._file()
            with audit.recording() as trail:
                delete(file)
            self.assertFalse(file.exists())
            self._assert_noted(trail, ("unlink", f"ir.attachment {file.id}"))

    def test_a_file_that_goes_with_its_record(self):
        incident = (
            self.env["osc.incident"]
            .with_user(self.worker)
            .create({"case_id": self.case.id, "type_id": self.types["rape"].id})
        )
        file = self._file(res_model="osc.incident", res_id=incident.id)
        incident.sudo().unlink()
        self.assertFalse(file.exists())
