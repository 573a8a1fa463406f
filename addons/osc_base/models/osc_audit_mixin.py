from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from odoo import api, models
from odoo.exceptions import AccessError

from ..fields import _EncryptedMixin

# Shown wherever a record is mentioned: reading these is not opening it.
CODE_FIELDS = {
    "active",
    "create_date",
    "create_uid",
    "display_name",
    "id",
    "write_date",
    "write_uid",
}
# Records that the methods at work have noted, while there are any. Not in the context of
# the environment, which whoever calls may set.
_at_work = ContextVar("osc_audit_at_work", default=None)


@contextmanager
def noting(of=None):
    """Around a method that reads: what it calls is a part of the same reading.

    Yields whether it is the outermost of such methods.

    :param str of: name of the model that the outermost one reads
    """
    if _at_work.get() is not None:
        yield False
        return
    token = _at_work.set({of})
    try:
        yield True
    finally:
        _at_work.reset(token)


def read_with(model):
    """Whether what is read now is shown together with records of another model."""
    return model in (_at_work.get() or ())


class OscAuditMixin(models.AbstractModel):
    """A model whose records are audited: who opens, changes, exports, prints them.

    A model that inherits it says how its records are called and to which center they
    belong (``_audit_reference``, ``_audit_center``), and what more than its encrypted
    and long texts is noted even when a list shows it (``_audit_content_fields``).
    """

    _name = "osc.audit.mixin"
    _description = "Audited"
    _inherit = "osc.given.mixin"

    # ------------------------------------------------------------------
    # Hooks
    # ------------------------------------------------------------------
    def _audit_reference(self):
        """Code of one record, never a name. Called with superuser rights."""
        return ""

    def _audit_center(self):
        """Center of one record. Called with superuser rights."""
        return self["center_id"] if "center_id" in self else self.env["osc.center"]

    @api.model
    def _audit_content_fields(self):
        """Names of the fields that nobody reads without an entry, not even in a list."""
        return {
            name
            for name, field in self._fields.items()
            if isinstance(field, _EncryptedMixin)
            or field.type in ("text", "html", "binary")
        }

    # ------------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------------
    @api.readonly
    def read(self, fields=None, load="_classic_read"):
        with noting(self._name) as outermost:
            result = super().read(fields, load)
            self._audit_read(fields, outermost)
        return result

    @api.readonly
    def web_read(self, specification):
        with noting(self._name) as outermost:
            result = super().web_read(specification)
            # An empty one asks for nothing but the ids.
            self._audit_read(specification or ["id"], outermost)
        return result

    @api.model
    @api.readonly
    def search_read(
        self, domain=None, fields=None, offset=0, limit=None, order=None, **read_kwargs
    ):
        with noting(self._name) as outermost:
            result = super().search_read(
                domain, fields, offset, limit, order, **read_kwargs
            )
            self.browse(row["id"] for row in result)._audit_read(fields, outermost)
        return result

    @api.model
    @api.readonly
    def web_search_read(self, *args, **kwargs):
        with noting(self._name):
            return super().web_search_read(*args, **kwargs)

    @api.model
    @api.readonly
    def web_read_group(self, *args, **kwargs):
        with noting(self._name):
            return super().web_read_group(*args, **kwargs)

    def web_save(self, vals, specification, next_id=None):
        """What comes back after saving was seen before; another record was not."""
        if next_id or not vals:
            return super().web_save(vals, specification, next_id=next_id)
        with noting(self._name):
            return super().web_save(vals, specification, next_id=next_id)

    @api.model
    @api.readonly
    def formatted_read_group(self, domain, groupby=(), aggregates=(), *args, **kwargs):
        """Groups by what stands in records say as much as a list of it."""
        with noting(self._name):
            result = super().formatted_read_group(
                domain, groupby, aggregates, *args, **kwargs
            )
        asked = {spec.split(":")[0].split(".")[0] for spec in (*groupby, *aggregates)}
        content = asked & self._audit_content_fields()
        if content and not self.env.su:
            self.env["osc.audit.entry"]._log_list(
                "read", self.search(domain), ", ".join(sorted(content))
            )
        return result

    def onchange(self, values, field_names, fields_spec):
        given = dict(values)  # Odoo adds to it
        with noting(self._name):
            result = super().onchange(values, field_names, fields_spec)
        self._audit_onchange(given, result.get("value", {}))
        return result

    def _audit_onchange(self, given, shown):
        """Note content that a form shows because of records that were given to it.

        What it shows of the record that it is about is noted when that is read.

        :param dict given: values that came from the form
        :param dict shown: values that go back to it
        """
        content = {
            name
            for name in self._audit_content_fields() & set(shown)
            if shown[name] and shown[name] != given.get(name)
        }
        if not content or self.env.su:
            return
        for model, ids in self._ids_given(given).items():
            if hasattr(self.env[model], "_audit_reference"):
                self.env["osc.audit.entry"]._log_list(
                    "read", self.env[model].browse(ids), ", ".join(sorted(content))
                )

    def copy_data(self, default=None):
        with noting(self._name) as outermost:
            result = super().copy_data(default)
            self._audit_read(None, outermost)
        return result

    def _audit_read(self, names, outermost):
        """Note that a user read fields of these records.

        :param names: names of fields; empty means all
        :param bool outermost: not as part of a list or another record
        """
        if self.env.su:
            return
        seen = _at_work.get()
        records = self._origin.filtered(lambda r: (r._name, r.id) not in seen)
        names = set(names or self._fields)
        content = names & self._audit_content_fields()
        opened = outermost and len(self) == 1 and records == self
        if records and (content or (opened and names - CODE_FIELDS - {self._rec_name})):
            seen.update((record._name, record.id) for record in records)
            self.env["osc.audit.entry"]._log_list(
                "read", records, ", ".join(sorted(content))
            )

    def export_data(self, fields_to_export):
        with noting(self._name):
            result = super().export_data(fields_to_export)
        if self:
            self.env["osc.audit.entry"]._log(
                "export", self, ", ".join(sorted(fields_to_export))
            )
        return result

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        rows = super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        if self and not _is_toplevel_call and not self.env.su:
            # From the export of something else, by a path to this model.
            content = {
                path[0] for path in fields if path
            } & self._audit_content_fields()
            if content:
                self.env["osc.audit.entry"]._log_list(
                    "export", self, ", ".join(sorted(content))
                )
        return rows

    # ------------------------------------------------------------------
    # Changing
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if records:
            names = {name for vals in vals_list for name in vals}
            self.env["osc.audit.entry"]._log(
                "create", records, ", ".join(sorted(names))
            )
        return records

    def write(self, vals):
        result = super().write(vals)
        if self and vals:
            self.env["osc.audit.entry"]._log("write", self, ", ".join(sorted(vals)))
        return result

    def unlink(self):
        Entry = self.env["osc.audit.entry"]
        rows = Entry._rows("unlink", self, "") if self else []
        result = super().unlink()
        if rows:
            Entry._add("unlink", rows)
        return result

    # ------------------------------------------------------------------
    # Denied
    # ------------------------------------------------------------------
    @api.private
    def fetch(self, field_names=None):
        """Who may read no record at all is told so with the ids that were asked for."""
        if self and not self.env.su:
            access = self.env["ir.model.access"]
            if not access.check(self._name, "read", raise_exception=False):
                self.check_access("read")
        return super().fetch(field_names)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if result:
            forbidden, make_error = result
            return forbidden, partial(forbidden._audit_denial, operation, make_error)
        return result

    def _audit_denial(self, operation, make_error):
        """Make the error that tells the user, and note that it was made."""
        error = make_error()
        self.env["osc.audit.entry"]._log_denied(error, self, operation)
        return error

    def _check_field_access(self, field, operation):
        try:
            return super()._check_field_access(field, operation)
        except AccessError as error:
            self.env["osc.audit.entry"]._log_denied(
                error, self, f"{operation} {field.name}"
            )
            raise
