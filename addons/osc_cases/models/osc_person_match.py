from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.osc_base.key_ring import KeyRing

EXACT = ("national_id", "phone")


class OscPersonMatch(models.AbstractModel):
    """Part of ``osc.person.of.concern``: whether he is accused in other cases, too.

    For the police of the center only, see ``_user_may_match``. They learn codes of cases
    and what agrees, and nothing that is stored: no survivor, no relation, no name. By
    keyed tokens, and each look is an entry of the audit trail under each code.
    """

    _name = "osc.person.match"
    _description = "Persons of concern in other cases"

    user_may_match = fields.Boolean(compute="_compute_user_may_match")

    @api.depends("case_id")
    @api.depends_context("uid")
    def _compute_user_may_match(self):
        may = self.env["osc.person.of.concern"]._police_centers()
        for person in self:
            person.user_may_match = bool(person.case_id.center_id & may)

    @api.model
    def _police_centers(self):
        """Centers where the user is a representative of the police now."""
        # Where somebody works is no secret to herself.
        return (
            self.env["osc.representative"]
            .sudo()
            .search(
                Domain("user_id", "=", self.env.uid)
                & Domain("discipline_id.code", "=", "police")
            )
            .center_id
        )

    def _seen_in_other_cases(self):
        """Cases in which the same person seems to be accused.

        :return: list of dicts ``code``, ``center`` and ``matched`` (``national_id``,
            ``phone``, ``name``)
        :raise AccessError: the user may not read the person, or is no police officer of
            the center
        """
        self.ensure_one()
        self.check_access("read")
        if not self.user_may_match:
            raise AccessError(
                self.env._("Other cases are compared by the police of the center only.")
            )
        self.env["osc.audit.entry"]._log("read", self, "Seen in other cases")
        conditions = self._match_conditions()
        if not conditions:
            return []
        # That these cases exist is what the police learn; nothing else of them.
        others = Domain("case_id", "!=", self.case_id.id) & Domain(
            "case_id",
            "any",
            Domain("name", "!=", False)
            & Domain("excluded_user_ids", "not in", [self.env.uid])
            & Domain("company_id", "in", self.env.companies.ids),
        )
        found = {
            # Compared in all cases; what may be said of them is decided after.
            way: self.sudo().search(condition & others)
            for way, condition in conditions.items()
        }
        everybody = self.sudo().browse().union(*found.values())
        if everybody:
            self.env["osc.audit.entry"]._log("read", everybody, "Seen in other cases")
        return [
            {
                "code": case.name,
                "center": case.center_id.name,
                "matched": [way for way, persons in found.items() if persons & there],
            }
            for case, there in everybody.grouped("case_id").items()
        ]

    def _match_conditions(self):
        """A domain for each way in which somebody can be the same."""
        if KeyRing.load().locked:
            return {}
        conditions = {
            name: Domain(name, "=", self[name])
            for name in EXACT
            if self[name] and self._fields[name]._normalised(self[name])
        }
        parts = self._sound_tokens("full_name")
        father = self._sound_tokens("father_name")
        if parts and (len(parts) > 1 or father):
            conditions["name"] = self._sounds_alike(parts, father)
        return conditions

    def _sound_tokens(self, name):
        """For each part of a name, its tokens under every key."""
        index = self._fields[f"{name}_sounds"]
        return self[name] and index._tokens_of(
            KeyRing.load(), self._fields[name], self[name]
        )

    @api.model
    def _sounds_alike(self, parts, father):
        """Each part of the shorter name is in the longer one.

        One part alone needs the same father; and another father is another person, for
        many share two names.
        """

        def to_sql(model, alias, query):
            sounds = SQL.identifier(alias, "full_name_sounds")
            fathers = SQL.identifier(alias, "father_name_sounds")
            all_fathers = [token for tokens in father or () for token in tokens]
            no_father = SQL("(%s IS NULL OR %s)", fathers, not all_fathers)
            same_father = SQL("%s && %s::text[]", fathers, all_fathers)
            return SQL(
                "((%(all)s) OR (%(sounds)s <@ %(any)s AND cardinality(%(sounds)s) > 0))"
                " AND (%(same)s OR (%(no_father)s"
                " AND LEAST(cardinality(%(sounds)s), %(parts)s) > 1))",
                all=SQL(" AND ").join(
                    SQL("%s && %s::text[]", sounds, tokens) for tokens in parts
                ),
                any=[token for tokens in parts for token in tokens],
                sounds=sounds,
                same=same_father,
                no_father=no_father,
                parts=len(parts),
            )

        self.env["osc.person.of.concern"].flush_model()
        return Domain.custom(to_sql=to_sql)

    def action_seen_in_other_cases(self):
        """Show in which other cases the person seems to be accused."""
        matches = self._seen_in_other_cases()
        ways = {
            "national_id": self.env._("national ID"),
            "phone": self.env._("phone"),
            "name": self.env._("name"),
        }
        lines = [
            f"{match['code']} ({match['center']}): "
            + ", ".join(ways[way] for way in match["matched"])
            for match in matches
        ]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if lines else "info",
                "sticky": bool(lines),
                "title": self.env._("In other cases"),
                "message": "; ".join(lines)
                or self.env._("Nobody who seems to be the same."),
            },
        }
