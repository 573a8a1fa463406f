from collections import defaultdict

from odoo import SUPERUSER_ID, api, models
from odoo.fields import Command


class OscGivenMixin(models.AbstractModel):
    """Whoever makes or changes a record gives only what is theirs to give.

    Odoo fills every field that is left out from the context of the call and from the
    users' own defaults, also those that only the code writes: who confirmed, paid,
    sealed it. And it takes the id of any record as the value of a field, then computes
    from that record, and shows its name, whether or not the user may read it.
    """

    _name = "osc.given.mixin"
    _description = "Values that a user gives"

    # Fields that are read-only in the form, with the value that a button gave to it.
    _given_fields = frozenset()

    # ------------------------------------------------------------------
    # Defaults
    # ------------------------------------------------------------------
    @api.model
    def default_get(self, fields):
        """Fields that the code writes have the default that the code gives them.

        What a method makes with more rights than the user has comes from that method,
        and nothing of it from the user's context.
        """
        of_code = [name for name in fields if self._is_written_by_code(name)]
        others = [name for name in fields if name not in set(of_code)]
        defaults = super().default_get(others) | self._defaults_of_code(of_code)
        if self.env.su:
            return defaults
        for name, value in list(defaults.items()):
            given = self._ids_given({name: value})
            if any(
                self.env[model].browse(ids)._filtered_access("read").ids != list(ids)
                for model, ids in given.items()
            ):
                del defaults[name]
        return defaults

    @api.model
    def _is_written_by_code(self, name):
        """Whether nobody but the code gives a value to a field of a new record."""
        field = self._fields.get(name)
        if not field or name in self._given_fields:
            return False
        for_user = self.env.su and self.env.uid != SUPERUSER_ID
        return for_user or (field.store and field.readonly)

    @api.model
    def _defaults_of_code(self, names):
        """As Odoo makes the defaults of fields, without context and ``ir.default``."""
        defaults = {}
        for name in names:
            field = self._fields[name]
            if field.default:
                value = field.convert_to_cache(field.default(self), self, False)
                defaults[name] = field.convert_to_write(value, self)
        return defaults

    # ------------------------------------------------------------------
    # Ids
    # ------------------------------------------------------------------
    def onchange(self, values, field_names, fields_spec):
        """:raise AccessError: about a record that the user may not read"""
        self._check_given(values)
        return super().onchange(values, field_names, fields_spec)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self.browse()._check_given(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_given(vals)
        return super().write(vals)

    def _check_given(self, vals):
        """:raise AccessError: a value is a record that the user may not read"""
        if self.env.su:
            return
        for model, ids in self._ids_given(vals).items():
            self.env[model].browse(ids).check_access("read")

    def _ids_given(self, vals):
        """Ids of guarded records among values, but for those that are in these already.

        :return: dict of sets of ids by the names of models, as ordered as they came
        """
        given = defaultdict(dict)
        for name, value in vals.items():
            field = self._fields.get(name)
            if not field or not field.relational or not value:
                continue
            Comodel = self.env[field.comodel_name]
            if not isinstance(Comodel, self.pool["osc.given.mixin"]):
                continue
            # What the record has is no secret of the record; reading it asks anew.
            known = self.sudo()[name] if len(self) == 1 else Comodel
            ids, nested = (
                ([value], [])
                if field.type == "many2one"
                else self._ids_of_commands(value)
            )
            for one in ids:
                if (record_id := _id_of(one)) and record_id not in known._ids:
                    given[Comodel._name][record_id] = True
            for line_id, line_vals in nested:
                line = Comodel.browse(_id_of(line_id))
                for model, line_ids in line._ids_given(line_vals).items():
                    given[model].update(line_ids)
        return given

    @api.model
    def _ids_of_commands(self, commands):
        """:return: ids in commands of an x2many field; (id, values) of lines"""
        ids, nested = [], []
        for command in commands:
            if not isinstance(command, list | tuple):
                ids.append(command)
            elif command[0] == Command.SET:
                ids += command[2]
            else:
                ids.append(command[1])
                if command[0] in (Command.CREATE, Command.UPDATE):
                    nested.append((command[1], command[2] or {}))
        return ids, nested


def _id_of(value):
    """The id in a value of a field; nothing for a record that doesn't exist yet."""
    if isinstance(value, dict):
        value = value.get("id")
    elif isinstance(value, list | tuple):
        value = value[0] if value else None
    elif isinstance(value, models.BaseModel):
        value = value.id
    return value if isinstance(value, int) and not isinstance(value, bool) else None
