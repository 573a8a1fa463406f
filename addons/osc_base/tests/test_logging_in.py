import json
import time
from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.http import Request, root
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase
from odoo.addons.osc_base.models.ir_http import LOGIN_AT

from .common import BaseCommon

PASSWORD = "a long enough password"


@tagged("post_install", "-at_install")
class TestLoggingIn(BaseCommon, MailCase, HttpCase):
    """Over HTTP, as browsers and other programs do it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.settings = cls.env.ref("osc_base.osc_account_settings")
        cls.settings.two_factor_required = True
        # Mails need a sender, which a new database doesn't have.
        cls.env.company.email = "center@osc-base-test.example"
        cls.env.user.company_id.email = cls.env.company.email
        for user in cls.worker | cls.internal:
            user.password = PASSWORD

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def _json(self, path, **params):
        answer = self.url_open(
            path,
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        return answer.json()

    def _log_in(self, user):
        """Login and password; whether that is enough for a session."""
        answer = self._json(
            "/web/session/authenticate",
            db=self.env.cr.dbname,
            login=user.login,
            password=PASSWORD,
        )
        return bool(answer["result"]["uid"])

    def _refusal(self, **options):
        """Call the server; the name of its error, if any."""
        answer = self._json(
            "/web/dataset/call_kw/res.users/context_get",
            model="res.users",
            method="context_get",
            args=[],
            kwargs={},
            **options,
        )
        return answer["error"]["data"]["name"] if "error" in answer else None

    # ------------------------------------------------------------------
    # The second factor
    # ------------------------------------------------------------------
    def test_a_role_asks_for_the_mailed_code(self):
        self.assertFalse(self._log_in(self.worker))
        self.assertEqual(self._refusal(), "odoo.http.SessionExpiredException")
        with self.mock_mail_gateway():
            page = self.url_open("/web/login/totp").text
        self.assertIn("sent via email", page)
        self.assertIn('name="totp_token"', page)
        [mail] = self._mails
        self.assertIn(self.worker.email, mail["email_to"][0])
        wrong = self._enter("000000", page)
        self.assertIn("Verification failed", wrong.text)
        self.assertTrue(self._refusal())
        self._enter(self.worker._get_totp_mail_code()[0], page)
        self.assertFalse(self._refusal())

    def _enter(self, code, page):
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        with self.mock_mail_gateway():
            return self.url_open(
                "/web/login/totp", data={"totp_token": code, "csrf_token": token}
            )

    def test_no_mail_address_is_said_on_the_page(self):
        self.worker.email = False
        self.assertFalse(self._log_in(self.worker))
        page = self.url_open("/web/login/totp").text
        self.assertIn("Ask your administrator to enter one", page)
        self.assertNotIn('name="totp_token"', page)
        self.assertTrue(self._refusal())

    def test_other_employees_need_no_code(self):
        self.assertTrue(self._log_in(self.internal))
        self.assertFalse(self._refusal())

    def test_switched_off_a_password_is_enough(self):
        self.settings.two_factor_required = False
        self.assertTrue(self._log_in(self.worker))

    @mute_logger("odoo.http")
    def test_programs_use_a_key_and_no_password(self):
        key = (
            self.env["res.users.apikeys"]
            .with_user(self.worker)
            ._generate("rpc", "program", datetime.now() + timedelta(days=1))
        )
        for secret, expected in ((key, 200), (PASSWORD, 401)):
            answer = self.url_open(
                "/json/2/osc.center/search_read",
                data=json.dumps({"domain": [], "fields": ["code"]}),
                headers={
                    "Authorization": f"bearer {secret}",
                    "Content-Type": "application/json",
                    "X-Odoo-Database": self.env.cr.dbname,
                },
            )
            self.assertEqual(answer.status_code, expected)
        self.assertEqual(self._old_rpc(key), self.worker.id)
        self.assertFalse(self._old_rpc(PASSWORD))

    @mute_logger("odoo.addons.rpc.controllers.jsonrpc")
    def _old_rpc(self, secret):
        answer = self._json(
            "/jsonrpc",
            service="common",
            method="login",
            args=[self.env.cr.dbname, self.worker.login, secret],
        )
        return answer.get("result")

    # ------------------------------------------------------------------
    # Sessions
    # ------------------------------------------------------------------
    def test_a_busy_session_ends_all_the_same(self):
        self.authenticate(self.worker.login, PASSWORD)
        self.assertFalse(self._refusal())
        self._change_session(**{LOGIN_AT: time.time() - 11 * 3600})
        self.assertFalse(self._refusal())
        # As after three hours of work: Odoo renewed the session a moment ago.
        self._change_session(
            **{LOGIN_AT: time.time() - 13 * 3600, "create_time": time.time()}
        )
        self.assertEqual(self._refusal(), "odoo.http.SessionExpiredException")

    def test_renewing_a_session_keeps_when_it_began(self):
        self.authenticate(self.worker.login, PASSWORD)
        began = time.time() - 4 * 3600
        self._change_session(create_time=began)
        self.assertFalse(self._refusal())
        session = root.session_store.get(self.opener.cookies["session_id"])
        self.assertGreater(session["create_time"], began + 3600, "renewed")
        self.assertAlmostEqual(session[LOGIN_AT], began)

    def test_other_employees_have_no_such_limit(self):
        self.authenticate(self.internal.login, PASSWORD)
        self._change_session(**{LOGIN_AT: time.time() - 100 * 3600})
        self.assertFalse(self._refusal())

    def _change_session(self, **values):
        session = root.session_store.get(self.opener.cookies["session_id"])
        session.update(values)
        root.session_store.save(session)

    def test_inactivity_locks(self):
        self.authenticate(self.worker.login, PASSWORD)
        self._change_session(**{"identity-check-next": time.time() - 1})
        error = self._refusal()
        self.assertTrue(error.endswith("CheckIdentityException"), error)
        methods = self._json("/auth-timeout/session/check-identity")["result"]
        self.assertEqual(methods["auth_methods"], ["password", "totp_mail"])

    def test_sessions_of_a_stolen_laptop_end_at_once(self):
        self.settings.two_factor_required = False
        # Sessions of tests leave no trace otherwise.
        self._change_session(_trace_disable=False)
        self.assertTrue(self._log_in(self.worker))
        self.assertFalse(self._refusal())
        self.env.invalidate_all()
        self.assertTrue(self.worker.sudo().device_ids)
        self.worker.with_user(self.administrator).action_osc_end_sessions()
        self.assertEqual(self._refusal(), "odoo.http.SessionExpiredException")
        self.assertFalse(self.worker.device_ids)

    def test_an_archived_user_is_out_and_a_lost_role_counts_at_once(self):
        self.authenticate(self.worker.login, PASSWORD)
        self.assertEqual(self._centers(), 200)
        self.worker.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        self.assertEqual(self._centers(), "odoo.exceptions.AccessError")
        self.worker.action_archive()
        self.assertEqual(self._refusal(), "odoo.http.SessionExpiredException")

    @mute_logger("odoo.http")
    def _centers(self):
        answer = self._json(
            "/web/dataset/call_kw/osc.center/search_count",
            model="osc.center",
            method="search_count",
            args=[[]],
            kwargs={},
        )
        return answer["error"]["data"]["name"] if "error" in answer else 200

    # ------------------------------------------------------------------
    # Export
    # ------------------------------------------------------------------
    @mute_logger("odoo.http", "odoo.addons.web.controllers.export")
    def test_lists_leave_only_with_who_may_export(self):
        self.authenticate(self.worker.login, PASSWORD)
        for kind in ("csv", "xlsx"):
            self.assertNotEqual(self._export(kind).status_code, 200, kind)
        self.settings.export_user_ids = self.worker
        for kind in ("csv", "xlsx"):
            answer = self._export(kind)
            self.assertEqual(answer.status_code, 200, kind)
        self.assertIn("TQA", self._export("csv").text)

    def _export(self, kind):
        data = {
            "model": "osc.center",
            "fields": [{"name": "code", "label": "Code", "type": "char"}],
            "ids": self.center.ids,
            "domain": [],
            "import_compat": False,
            "context": {},
            "groupby": [],
        }
        return self.url_open(
            f"/web/export/{kind}",
            data={
                "data": json.dumps(data),
                "csrf_token": Request.csrf_token(self),
            },
        )
