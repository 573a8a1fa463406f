from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.osc_base.key_ring import KeyRing

AGE_TOLERANCE = 5  # years
SHOWN = 10
EXACT = ("national_id", "phone")


class OscSurvivorMatch(models.AbstractModel):
    """Part of ``osc.survivor``: whether a woman who is entered is known already.

    By national id, phone number, or a name that sounds alike together with age and sex;
    all by keyed tokens. A user is told of survivors with a case at a center of her own,
    and of those whom she may read; never of one from a case of whom she is excluded.
    She learns code, center and what agrees, and nothing that is stored.
    """

    _name = "osc.survivor.match"
    _description = "Survivors known already"

    @api.model
    def _known_already(self, vals, other_than=None):
        """Survivors who may be the one who is entered.

        :param dict vals: values of fields of ``osc.survivor``
        :param other_than: survivors who are known to be her
        :return: list of dicts ``survivor_id`` (if the user may use her), ``code``,
            ``centers`` (names), ``matched`` (``national_id``, ``phone``, ``name``)
        """
        vals = {name: value for name, value in vals.items() if value}
        # Who may read no survivor at all asks for nobody; a locked vault is told of
        # when the case is saved.
        if not self.has_access("read") or KeyRing.load().locked:
            return []
        conditions = self._match_conditions(vals)
        if not conditions:
            return []
        centers = self._own_centers()
        found = self._may_be_told(centers, conditions, other_than)
        found._note_told()
        return self._describe(found, conditions, centers)

    # ------------------------------------------------------------------
    # What agrees
    # ------------------------------------------------------------------
    @api.model
    def _match_conditions(self, vals):
        """A domain for each way in which somebody can be the same."""
        conditions = {
            name: Domain(name, "=", vals[name])
            for name in EXACT
            if vals.get(name) and self._fields[name]._normalised(vals[name])
        }
        parts = self._sound_tokens(vals.get("full_name"))
        if parts:
            age = self.new(vals)._age_on(fields.Date.today())
            if len(parts) > 1 or age is not None:
                conditions["name"] = self._sounds_alike(parts, vals.get("sex"), age)
        return conditions

    @api.model
    def _sound_tokens(self, name):
        """For each part of a name, its tokens under every key."""
        index = self._fields["full_name_sounds"]
        field = self._fields[index.of]
        return name and index._tokens_of(KeyRing.load(), field, name)

    @api.model
    def _sounds_alike(self, parts, sex, age):
        """Each part of the shorter name is in the longer one; age and sex agree.

        One part alone is a weak sign: then both ages must be known.
        """
        today = fields.Date.today()

        def to_sql(model, alias, query):
            column = {
                name: SQL.identifier(alias, name)
                for name in ("full_name_sounds", "sex", "birth_date", "age_years")
            }
            sounds = column["full_name_sounds"]
            estimated = SQL.identifier(alias, "age_estimated")
            known = SQL(
                "(%(birth_date)s IS NOT NULL OR COALESCE(%(age_years)s, 0) > 0"
                " OR COALESCE(%(estimated)s, FALSE))",
                estimated=estimated,
                **column,
            )
            years = SQL(
                "date_part('year', age(%(today)s, COALESCE(%(birth_date)s, "
                "(COALESCE(%(noted)s, %(today)s) - make_interval(years => "
                "COALESCE(%(age_years)s, 0)))::date)))",
                today=today,
                noted=SQL.identifier(alias, "age_noted_on"),
                **column,
            )
            agrees = SQL(
                "(%s AND abs(%s - %s) <= %s)", known, years, age, AGE_TOLERANCE
            )
            if age is None:
                agrees = SQL("FALSE")
            return SQL(
                "((%(all)s) OR (%(sounds)s <@ %(any)s AND cardinality(%(sounds)s) > 0))"
                " AND (%(column_sex)s = %(sex)s OR %(column_sex)s IS NULL"
                " OR %(sex)s IS NULL)"
                " AND (%(agrees)s OR (LEAST(cardinality(%(sounds)s), %(parts)s) > 1"
                " AND (NOT %(known)s OR %(no_age)s)))",
                all=SQL(" AND ").join(
                    SQL("%s && %s", sounds, tokens) for tokens in parts
                ),
                any=[token for tokens in parts for token in tokens],
                sounds=sounds,
                column_sex=column["sex"],
                sex=sex or None,
                agrees=agrees,
                parts=len(parts),
                known=known,
                no_age=age is None,
            )

        self.env["osc.survivor"].flush_model()
        return Domain.custom(to_sql=to_sql)

    # ------------------------------------------------------------------
    # Who may be told what
    # ------------------------------------------------------------------
    @api.model
    def _own_centers(self):
        """Centers where the user works or that she manages."""
        user = self.env.user
        # Where somebody works is no secret to herself.
        return (
            self.env["osc.center"]
            .sudo()
            .search(
                Domain(
                    "representative_ids",
                    "any",
                    Domain("user_id", "=", user.id) & Domain("active", "=", True),
                )
                | Domain("manager_id", "=", user.id)
            )
        )

    @api.model
    def _may_be_told(self, centers, conditions, other_than):
        """Survivors who fit a condition and of whom the user may be told."""
        # Of the others she learns that they exist, which is the purpose. Those who
        # fit come first: they are few, and the rules are slow on all survivors.
        fitting = self.sudo().search(Domain.OR(conditions.values()))
        at_own_center = Domain("case_ids", "any", [("center_id", "in", centers.ids)])
        excluded = Domain(
            "case_ids", "any", [("excluded_user_ids", "in", [self.env.uid])]
        )
        ids = Domain("id", "in", (fitting - (other_than or fitting[:0])).ids)
        readable = Domain("id", "in", self._agreeing(ids, conditions).ids)
        # Compared in the vault; only those whom the user knows come back.
        return self.sudo().search(
            ids & (at_own_center | readable) & ~excluded, limit=SHOWN
        )

    @api.model
    def _agreeing(self, domain, conditions):
        """Survivors whom the user may read and in whom something agrees that is open.

        Elsewhere than at her centers nobody is told that a number is hers to whom the
        number isn't open.
        """
        # A search by an encrypted field asks that itself; how names sound doesn't.
        identity = Domain("identity_open", "=", True)
        return self.search(
            domain
            & Domain.OR(
                condition & identity if name == "name" else condition
                for name, condition in conditions.items()
            )
        )

    def _describe(self, found, conditions, centers):
        """What is shown of survivors whom a search found."""
        readable = found.sudo(False)._filtered_access("read")
        usable = readable._filtered_access("write")
        Case = self.env["osc.case"]
        # Only cases at her centers, and those that she may read.
        cases = Case.sudo().search(
            Domain("survivor_id", "in", found.ids)
            & (
                Domain("center_id", "in", centers.ids)
                | Domain(
                    "id", "in", Case.search([("survivor_id", "in", readable.ids)]).ids
                )
            )
        )
        names = defaultdict(set)
        for case in cases:
            names[case.survivor_id.id].add(case.center_id.name)
        at_own_center = cases.filtered(lambda case: case.center_id in centers)
        here = at_own_center.survivor_id
        elsewhere = Domain("id", "in", (found - here).ids)
        agreeing = {
            name: {
                *found.search(condition & Domain("id", "in", here.ids)).ids,
                *self._agreeing(elsewhere, {name: condition}).ids,
            }
            for name, condition in conditions.items()
        }
        return [
            {
                "survivor_id": survivor.id in usable.ids and survivor.id,
                "code": survivor.code,
                "centers": sorted(names[survivor.id]),
                "matched": [
                    name for name, ids in agreeing.items() if survivor.id in ids
                ],
            }
            for survivor in found
        ]

    def _note_told(self):
        """Being told of somebody is an entry of the audit trail."""
        if self:
            self.env["osc.audit.entry"]._log(
                "read", self, details="May be known already"
            )
