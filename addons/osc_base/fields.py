"""Fields of the vault: what they hold is never in plain text outside this process.

The database, its dumps and its logs hold AES-GCM ciphertext that opens only with the
key ring (see ``key_ring``) and only at the model, record and field where it was written.
Models that have such fields inherit ``osc.vault.mixin``.

    class Person(models.Model):
        _inherit = "osc.vault.mixin"

        phone = EncryptedChar(search_as="phone", token_field="phone_token")
        phone_token = BlindIndex("phone")

A value can be searched for as a whole, and only with a blind index: a keyed token of
the normalised value in a column of its own. Any other search, sorting and grouping is
refused with an error; an empty answer would look like "there is nobody". Names that
sound alike are found through a ``SoundIndex``, which is no field to search by.

Not everybody who may read a record may read each of its texts: with ``open_if`` a value
is empty for those for whom that boolean field of the record is false.
"""

import logging

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .key_ring import KeyRing, VaultLocked, VaultTampered
from .normalise import NORMALISERS
from .phonetic import sounds

_logger = logging.getLogger(__name__)


class _Unreadable(str):
    """Shown instead of a value that can't be opened; never written back."""

    __slots__ = ()


LOCKED = _Unreadable("🔒")
TAMPERED = _Unreadable("⚠")


class _EncryptedMixin:
    """What ``EncryptedChar`` and ``EncryptedText`` share."""

    search_as = None  # key of NORMALISERS
    token_field = None  # name of the BlindIndex of this field
    open_if = None  # name of a boolean field: empty for those for whom it is false
    copy = False
    # Opening costs time and is a fact of its own: only when asked for, not because
    # another field of the record is read.
    prefetch = "osc_vault"

    def _setup_attrs__(self, model_class, name):
        result = super()._setup_attrs__(model_class, name)
        forbidden = ["translate", "company_dependent", "index", "tracking", "size"]
        for attribute in forbidden:
            if getattr(self, attribute, None):
                raise TypeError(f"{self}: a vault field can't have {attribute}")
        return result

    def setup_nonrelated(self, model):
        result = super().setup_nonrelated(model)
        if self.store and not hasattr(model, "_vault_fields"):
            raise TypeError(f"{self}: its model must inherit osc.vault.mixin")
        return result

    # ------------------------------------------------------------------
    # Write
    # ------------------------------------------------------------------
    def _place(self, record):
        return f"{record._name}|{record.id}|{self.name}"

    def convert_to_column_insert(self, value, record, values=None, validate=True):
        """Lock the value to its record.

        A row that is inserted has no id yet, so it gets the value in a second step of
        the same transaction, see ``osc.vault.mixin``.
        """
        plain = self.convert_to_cache(value, record, validate)
        if plain is None:
            return None
        if isinstance(plain, _Unreadable):
            raise UserError(
                record.env._("A value that can't be opened can't be saved.")
            )
        try:
            ring = KeyRing.load()
            if not record.id:
                ring.encrypt(b"", "")  # say at once that it is locked
                return None
            return ring.encrypt(plain.encode(), self._place(record))
        except VaultLocked as error:
            raise UserError(_locked_text(record.env)) from error

    # ------------------------------------------------------------------
    # Read
    # ------------------------------------------------------------------
    def _insert_cache(self, records, values):
        ring = KeyRing.load()
        plain = [
            stored and self._open(ring, record, stored)
            for record, stored in zip(records, values, strict=True)
        ]
        return super()._insert_cache(records, plain)

    def _open(self, ring, record, stored):
        try:
            return ring.decrypt(stored, self._place(record)).decode()
        except VaultLocked:
            return LOCKED
        except (VaultTampered, UnicodeDecodeError):
            _logger.error(
                "The vault field %s of record %s was altered", self, record.id
            )
            return TAMPERED

    def convert_to_cache(self, value, record, validate=True):
        if isinstance(value, _Unreadable):
            return value
        return super().convert_to_cache(value, record, validate)

    def __get__(self, record, owner=None):
        value = super().__get__(record, owner)
        if record is None or not (self.open_if and value) or record.env.su:
            return value
        return value if not record._origin or record[self.open_if] else False

    # ------------------------------------------------------------------
    # Search
    # ------------------------------------------------------------------
    def _normalised(self, value):
        return NORMALISERS[self.search_as](str(value))

    def _condition_to_sql(self, field_expr, operator, value, model, alias, query):
        if operator not in ("in", "not in") or not self.store:
            raise UserError(_search_text(self, model.env))
        wanted = [item for item in value if item]
        column = SQL.identifier(alias, self.name)
        empty = SQL("%s IS NULL", column)
        is_open = self._open_condition(model, alias, query)
        conditions = [SQL("FALSE")]
        if len(wanted) < len(value):
            conditions += [empty, SQL("(%s) IS NOT TRUE", is_open)]
        if wanted:
            found = self._token_condition(wanted, model, alias)
            conditions.append(SQL("(%s AND %s)", found, is_open))
        condition = SQL("(%s)", SQL(" OR ").join(conditions))
        if operator == "in":
            return condition
        return SQL("(%s) IS NOT TRUE", condition)

    def _open_condition(self, model, alias, query):
        """Whether the value may be read: who can't read it must not find it either."""
        open_if = self.open_if and model._fields[self.open_if]
        if not open_if or not open_if.search or model.env.su:
            return SQL("TRUE")
        is_open = Domain(self.open_if, "=", True).optimize_full(model)
        return SQL("(%s)", is_open._to_sql(model, alias, query))

    def _token_condition(self, wanted, model, alias):
        if not self.token_field:
            raise UserError(_search_text(self, model.env))
        ring = KeyRing.load()
        if ring.locked:
            raise UserError(_locked_text(model.env))
        model.flush_model([self.name, self.token_field])
        tokens = self._tokens(ring, wanted)
        if not tokens:
            return SQL("FALSE")
        return SQL("%s IN %s", SQL.identifier(alias, self.token_field), tuple(tokens))

    def _tokens(self, ring, values):
        """Tokens of values under every key; none for values without substance."""
        normalised = filter(None, map(self._normalised, values))
        return [
            token
            for value in normalised
            for token in ring.tokens(value, _purpose(self))
        ]

    def filter_function(self, records, field_expr, operator, value):
        """The same equality in Python, on what was opened."""
        if operator != "in" or (any(value) and not self.token_field):
            raise UserError(_search_text(self, records.env))
        wanted = {self._normalised(item) for item in value if item} - {""}
        empty = len([item for item in value if item]) < len(value)

        def matches(record):
            plain = self.__get__(record)
            return self._normalised(plain) in wanted if plain else empty

        return matches

    # The client offers no sorting and grouping; the mixin refuses it on the server.
    def _description_sortable(self, env):
        return False

    def _description_groupable(self, env):
        return False

    def _description_aggregator(self, env):
        return None


class EncryptedChar(_EncryptedMixin, fields.Char):
    """A line of text in the vault.

    :param str search_as: how values are made equal before they are compared, see
        ``normalise.NORMALISERS``
    :param str token_field: the ``BlindIndex`` of this field; without it the field
        can't be searched
    """

    _column_type = ("text", "text")

    def update_db_column(self, model, column):
        """Text, not varchar: ciphertext is longer than what it hides."""
        fields.Field.update_db_column(self, model, column)


class EncryptedText(_EncryptedMixin, fields.Text):
    """A longer text in the vault."""


class _Index(fields.Char):
    """A column of keyed tokens of an encrypted field.

    Nobody can read it: who could guess values could try them.

    :param str of: name of the encrypted field
    """

    of = None

    def __init__(self, of=None, **kwargs):
        if of:
            kwargs = {
                "compute": self._compute_token,
                "depends": (of,),
                "store": True,
                "copy": False,
                "groups": fields.NO_ACCESS,
                "exportable": False,
                "export_string_translation": False,
                **self._defaults,
                **kwargs,
                "of": of,
            }
            self.of = of
        super().__init__(**kwargs)

    _defaults = {}

    def _compute_token(self, records):
        ring = KeyRing.load()
        for record in records:
            plain = record[self.of]
            if isinstance(plain, _Unreadable):
                continue
            try:
                record[self.name] = plain and self._of_plain(
                    ring, record._fields[self.of], plain
                )
            except VaultLocked as error:
                raise UserError(_locked_text(records.env)) from error

    def _of_plain(self, ring, field, plain):
        """What the column holds for a value.

        :raise VaultLocked: there is no current key
        """
        raise NotImplementedError


class BlindIndex(_Index):
    """A token of an encrypted field, for searching whole values."""

    _defaults = {"index": True}

    def _of_plain(self, ring, field, plain):
        normalised = field._normalised(plain)
        return bool(normalised) and ring.token(normalised, _purpose(field))


class SoundIndex(_Index):
    """Tokens of how a name sounds, one for each part, for finding namesakes.

    Its model should have an index ``USING gin`` on it.
    """

    _column_type = ("_text", "text[]")

    def update_db_column(self, model, column):
        fields.Field.update_db_column(self, model, column)

    def _of_plain(self, ring, field, plain):
        purpose = self._purpose_of(field)
        return [ring.token(sound, purpose) for sound in sorted(sounds(plain))]

    def _tokens_of(self, ring, field, plain):
        """For each part of a name, its tokens under every key."""
        purpose = self._purpose_of(field)
        return [ring.tokens(sound, purpose) for sound in sounds(plain)]

    def _purpose_of(self, field):
        return f"{_purpose(field)}|sound"

    def convert_to_cache(self, value, record, validate=True):
        return tuple(value) if value else None

    def convert_to_record(self, value, record):
        return value or ()

    def convert_to_column_insert(self, value, record, values=None, validate=True):
        return list(value) if value else None

    def _condition_to_sql(self, field_expr, operator, value, model, alias, query):
        raise UserError(_search_text(model._fields[self.of], model.env))


def _purpose(field):
    """Tokens of different fields can't be compared with each other."""
    return f"{field.model_name}|{field.name}"


def _locked_text(env):
    return env._(
        "The vault is locked: the server has no key. Nothing is lost. Ask the system "
        "administrator to put the key ring in its place, then try again."
    )


def _search_text(field, env):
    if field.token_field:
        return env._(
            "“%s” is encrypted: search for the whole value, without placeholders.",
            field._description_string(env),
        )
    return env._(
        "“%s” is encrypted and can't be searched.", field._description_string(env)
    )
