from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class OscShelterAdmission(models.AbstractModel):
    """Part of ``osc.shelter.stay``: who is admitted, and who gets which bed."""

    _name = "osc.shelter.admission"
    _description = "Admission to the shelter"

    is_pregnant = fields.Boolean(string="Pregnant")
    needs_accessible = fields.Boolean(
        string="Needs an accessible room", help="A disability, an injury, old age."
    )
    is_unaccompanied = fields.Boolean(
        string="Minor without a parent",
        compute="_compute_is_unaccompanied",
        store=True,
        readonly=False,
        help="The child authority is told at once. She is admitted all the same.",
    )
    advice = fields.Text(compute="_compute_advice")

    @api.depends("case_id")
    def _compute_is_unaccompanied(self):
        for stay in self:
            # Shelter people needn't be able to open who she is.
            stay.is_unaccompanied = stay.case_id.sudo().is_minor

    @api.depends(
        "is_pregnant", "needs_accessible", "is_unaccompanied", "bed_id.room_kind"
    )
    def _compute_advice(self):
        """What to think of first. Nothing of it keeps her out."""
        for stay in self:
            lines = []
            if stay.is_unaccompanied:
                lines.append(
                    self.env._(
                        "A minor without a parent: the child authority comes first. It "
                        "is told when the bed is reserved; ask where she is to stay."
                    )
                )
            if stay.is_pregnant:
                lines.append(
                    self.env._(
                        "Pregnant: have the doctor see her first; a lower bed near the "
                        "washroom."
                    )
                )
            if stay.needs_accessible and stay.bed_id.room_kind != "accessible":
                lines.append(
                    self.env._("This room isn't accessible. Is an accessible one free?")
                )
            stay.advice = "\n".join(lines) or False

    # ------------------------------------------------------------------
    # Who may come in
    # ------------------------------------------------------------------
    def _check_admission(self, children, day=None):
        """What the policy of the day says about whom the case is of, and the children.

        :param date day: day at the center; empty: today
        :raise UserError: which rule refuses whom, and what else there is
        """
        self.ensure_one()
        day = day or self.center_id._local_day()
        policy = self.center_id._policy_on(day)
        refusals = [self._own_refusal(policy, day)]
        refusals += [child._refusal(policy, day) for child in children]
        refusals.append(self._sharing_refusal(children, policy, day))
        refusals = dict.fromkeys(filter(None, refusals))
        if refusals:
            raise UserError("\n".join(refusals))

    def _own_refusal(self, policy, day):
        """Why a boy or a man can't have a bed among women; empty when he can.

        A boy who comes himself is as old as a son may be who comes with his mother. A
        child whose age isn't known yet is not sent away for that.
        """
        # Age and sex, for whoever may handle the stay; not who it is.
        survivor = self._case_itself().survivor_id
        age = survivor._age_on(day) if survivor.sex == "male" else None
        limit = policy._limit("shelter_son_age")
        if age is None or age <= limit:
            return ""
        # Not how old: whoever reserves a bed need not know that.
        return self.env._(
            "Boys are admitted until their birthday of %(years)s years (%(policy)s), and "
            "he is older. Tell the child authority if he is a minor, and find him a place "
            "with Refer in the case.",
            years=limit + 1,
            policy=policy.name or self.env._("standard limit"),
        )

    def _sharing_refusal(self, children, policy, day):
        """Why a policy lets one of these children sleep in no bed of its mother's."""
        infant_age = policy._limit("shelter_infant_age")
        for child in children.filtered("shares_bed"):
            age = child._age_on(day)
            if age is None or age > infant_age:
                return self.env._(
                    "Choose a bed for each child: those up to %s years may sleep in "
                    "their mother's.",
                    infant_age,
                )
        return ""

    def _check_sharing(self, children):
        """:raise UserError: too old to be moved into the mother's bed today"""
        day = self.center_id._local_day()
        policy = self.center_id._policy_on(day)
        if refusal := self._sharing_refusal(children, policy, day):
            raise UserError(refusal)

    def _check_corrected(self, child):
        """An age was corrected. Who is in the shelter isn't put out by that."""
        if self.state == "reserved":
            self._check_admission(child)

    def _tell_child_authority(self):
        """A minor without a parent: the child authority is told, if it wasn't."""
        for stay in self.filtered("is_unaccompanied"):
            # Whom a case concerns must not depend on who finds a bed.
            case = stay._case_itself()
            discipline = self.env.ref(
                "osc_base.osc_discipline_child_protection", raise_if_not_found=False
            )
            case._one_teller()
            if not discipline or discipline in case._told_disciplines():
                continue
            # Rules of intimation are read by the case only.
            Rule = self.env["osc.intimation.rule"].sudo()
            rule = Rule.search([("discipline_id", "=", discipline.id)], limit=1)
            case._tell_disciplines({discipline: (rule, case.urgency)})

    # ------------------------------------------------------------------
    # Beds
    # ------------------------------------------------------------------
    def _check_beds(self, beds):
        """Say which bed can't be had and which are free; the database refuses races.

        :raise UserError: a bed is taken, broken, or of another center
        """
        self.ensure_one()
        if not beds:
            return
        # One at a time: whoever waits here is then told by the database.
        self.env.cr.execute(
            SQL(
                "SELECT id FROM osc_shelter_bed WHERE id = ANY(%s) ORDER BY id "
                "FOR NO KEY UPDATE",
                beds.ids,
            )
        )
        for bed in beds:
            if bed.center_id != self.case_id.center_id:
                raise UserError(
                    self.env._(
                        "%s is at another center. Refer her there instead.",
                        bed.display_name,
                    )
                )
            if not bed.is_usable:
                raise UserError(self.env._("%s is out of service.", bed.display_name))
        taken = self._others_rows(beds).bed_id
        if taken:
            free = self.env["osc.shelter.bed"].search(
                Domain("center_id", "=", self.case_id.center_id.id)
                & Domain("board_state", "=", "free")
                & Domain("id", "not in", beds.ids),
                limit=6,
            )
            raise UserError(
                self.env._(
                    "%(taken)s is taken. Free now: %(free)s.",
                    taken=", ".join(taken.mapped("display_name")),
                    free=", ".join(free.mapped("display_name"))
                    or self.env._("none; record it under Turned away"),
                )
            )

    def _others_rows(self, beds):
        """Who has these beds now, other than the people of this stay."""
        # Also those of women whose stay the user can't see.
        Row = self.env["osc.shelter.occupancy"].sudo()
        return Row.search(
            Row._now_domain()
            & Domain("bed_id", "in", beds.ids)
            & Domain("shares_bed", "=", False)
            & Domain("stay_id", "!=", self.id)
        )

    def _take_beds(self, people):
        """From now on these people have their beds.

        :param people: this stay (she herself) or companions
        """
        self.ensure_one()
        reserved = self.state == "reserved"
        now = fields.Datetime.now()
        if reserved and self.reserved_until <= now:
            self._renew_reservation(now)
        # Occupancies are written by these methods only, which checked who may.
        self.env["osc.shelter.occupancy"].sudo().create(
            [
                {
                    "stay_id": self.id,
                    "companion_id": person.id if person._name != self._name else False,
                    "bed_id": (person.bed_id or self.bed_id).id,
                    "shares_bed": not person.bed_id,
                    "is_reservation": reserved,
                    "start": now,
                    "end": reserved and self.reserved_until,
                }
                for person in people
            ]
        )

    def _renew_reservation(self, now):
        """Who gets another bed after the reservation expired has it for as long."""
        hours = self._reservation_hours(self.center_id)
        # Written by methods only.
        self.sudo().reserved_until = now + timedelta(hours=hours)

    def _rows_of(self, people):
        """The occupancies of some people of this stay that haven't ended."""
        now = fields.Datetime.now()
        ids = {person.id for person in people if person._name != self._name}
        herself = any(person._name == self._name for person in people)
        # As above.
        rows = self.sudo().occupancy_ids
        if self.state == "reserved":
            current = rows.filtered("is_reservation")
            last = {row.companion_id: row for row in current.sorted("id")}
            current = rows.browse([row.id for row in last.values()])
        else:
            current = rows.filtered(lambda row: not row.end or row.end > now)
        return current.filtered(
            lambda row: row.companion_id.id in ids or (herself and not row.companion_id)
        )

    def _free_beds(self, people, moment):
        """These people leave their beds."""
        rows = self._rows_of(people)
        for row in rows:
            if not row.end or row.end > moment:
                row.end = max(moment, row.start)
        rows.flush_recordset()

    def _move_person(self, person):
        """Into the bed that was written on her or the child; small children follow."""
        self.ensure_one()
        people = [person]
        if person._name == self._name:
            people += self.companion_ids.filtered(
                lambda child: child.shares_bed and not child.left_at
            )
        self._free_beds(people, fields.Datetime.now())
        self._take_beds(people)
        self.env["osc.shelter.occupancy"].flush_model()
