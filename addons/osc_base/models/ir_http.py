import time

from odoo import models
from odoo.http import request

from .osc_audit_denial import note_denial

LOGIN_AT = "osc_base.login_at"
ANY_ROLE = "osc_base.group_any_role"


class IrHttp(models.AbstractModel):
    """Sessions end after some hours; what is denied is noted in the audit trail."""

    _inherit = "ir.http"

    @classmethod
    def _dispatch(cls, endpoint):
        try:
            return super()._dispatch(endpoint)
        except Exception as error:
            note_denial(error)
            raise

    @classmethod
    def _handle_error(cls, exception):
        note_denial(exception)
        return super()._handle_error(exception)

    def session_info(self):
        """The page knows whether its user has a role.

        A locked screen can't ask, and a page that asks while it starts stays empty.
        """
        info = super().session_info()
        info["groups"][ANY_ROLE] = self.env.user.has_group(ANY_ROLE)
        return info

    @classmethod
    def _must_check_identity(cls):
        """A session ends some hours after the login, however busy it is.

        Odoo counts from the session's creation, and creates it anew every three hours
        while somebody works: any longer limit would never be reached.
        """
        session = request.session
        if LOGIN_AT not in session:
            session[LOGIN_AT] = session["create_time"]
        must = super()._must_check_identity()
        if must and must.get("logout"):
            return must
        user = request.env(user=session.uid).user
        for seconds, mfa in user._get_lock_timeouts()["lock_timeout"]:
            if session[LOGIN_AT] <= time.time() - seconds:
                return {"logout": True, "mfa": mfa}
        return must
