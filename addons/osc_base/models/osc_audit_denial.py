"""Each denial that reaches a user over HTTP is in the audit trail, of whatever model."""

import json
import re
from contextlib import suppress

from odoo.exceptions import AccessError
from odoo.http import request

WORD = re.compile(r"[a-z_][a-z0-9_]{0,62}", re.IGNORECASE)


def note_denial(exception):
    """Note the denial that an exception is or was caused by, unless it is noted."""
    error = exception
    while error is not None and not isinstance(error, AccessError):
        error = error.__cause__ or error.__context__
    if error is None:
        return
    model, ids, what = _asked_for()
    env = request.env
    records = env[model].browse(ids) if model in env else env["base"]
    env["osc.audit.entry"]._log_denied(error, records, what)


def _asked_for():
    """Model, ids and method or place of the request, as far as it names them.

    Only words and numbers: a file name at the end of a path may be anybody's.
    """
    params = dict(request.params or {})
    if isinstance(params.get("data"), str):  # an export
        with suppress(ValueError):
            data = json.loads(params["data"])
            params = data if isinstance(data, dict) else params
    model = next(
        (params[n] for n in ("__model__", "model", "res_model") if params.get(n)), ""
    )
    args = params.get("args") if isinstance(params.get("args"), list) else []
    ids = params.get("ids") or params.get("res_id") or params.get("id")
    if not ids and args:
        ids = args[0]
    ids = ids if isinstance(ids, list) else [ids]
    ids = [int(i) for i in ids if isinstance(i, int | str) and str(i).isdigit()]
    method = params.get("__method__") or params.get("method")
    if isinstance(method, str) and WORD.fullmatch(method):
        what = method
    else:
        parts = request.httprequest.path.split("/")[1:3]
        what = "/".join(["", *(part for part in parts if WORD.fullmatch(part))])
        if what.startswith("/web") and not model and ids:
            model = "ir.attachment"  # as /web/content and /web/image take it
    return (model if isinstance(model, str) else ""), ids, what
