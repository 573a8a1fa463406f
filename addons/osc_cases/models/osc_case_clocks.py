from collections import namedtuple
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

ClockEvent = namedtuple("ClockEvent", ["moment", "name", "source"])


class OscCaseClocks(models.AbstractModel):
    """Part of ``osc.case``: the time limits that run in it.

    Clocks are worked out from when things happened, each time one of these is learnt or
    corrected, so the order in which they are noted down doesn't matter.
    """

    _name = "osc.case.clocks"
    _description = "Clocks of cases"

    clock_ids = fields.One2many(
        comodel_name="osc.clock",
        inverse_name="case_id",
        string="Time limits",
        readonly=True,
        copy=False,
    )
    next_due_at = fields.Datetime(
        string="Next limit",
        compute="_compute_clock_summary",
        help="The next time limit that passes unless something is done.",
    )
    missed_clock_count = fields.Integer(
        string="Missed limits", compute="_compute_clock_summary"
    )

    @api.depends("clock_ids.due_at", "clock_ids.met_at", "clock_ids.waived_at", "state")
    def _compute_clock_summary(self):
        # Times say nothing about the case that those who see it may not know.
        Clock = self.env["osc.clock"].sudo()
        unmet = Domain("met_at", "=", False) & Domain("waived_at", "=", False)
        limits = dict(
            Clock._read_group(
                unmet & Domain("case_id", "in", self.ids),
                ["case_id"],
                ["due_at:array_agg"],
            )
        )
        now = fields.Datetime.now()
        for case in self:
            # Found as superuser above: coordinators see that limits run, not which.
            times = limits.get(case.sudo(), [])
            coming = [due_at for due_at in times if due_at > now]
            # Of a closed case nobody works against time.
            case.next_due_at = case.state != "closed" and min(coming, default=False)
            case.missed_clock_count = len(times) - len(coming)

    def _clock_event(self, event, moment, source=None):
        """Note that something happened: it starts and meets clocks.

        :param str event: see ``EVENTS`` in ``osc_clock_type``
        :param datetime moment: naive UTC; empty: it didn't happen after all
        :param source: the record that says so. When it says another time later, that
            one holds. Without it each call is an event of its own.
        """
        self.ensure_one()
        # Whoever examines her, for instance, may not write what belongs to the case.
        case = self.sudo()
        case._one_teller()
        if event not in ("incident", "report"):
            case._note_clock_event(event, moment, source)
        case._run_clocks()

    def _note_clock_event(self, event, moment, source):
        known = self.env["osc.clock.event"].search(
            Domain("case_id", "=", self.id)
            & Domain("name", "=", event)
            & Domain("source_model", "=", source._name if source else False)
            & (
                Domain("source_id", "=", source.id)
                if source
                else Domain("moment", "=", moment)
            )
        )
        if known and not moment:
            known.unlink()
        elif known:
            known.moment = moment
        elif moment:
            known.create(
                {
                    "case_id": self.id,
                    "name": event,
                    "moment": moment,
                    "source_model": source._name if source else False,
                    "source_id": source.id if source else False,
                }
            )

    def _clock_events(self, kept):
        """All that happened in this case and counts for clocks, in order of time.

        Incidents and the report say themselves when they were.

        :param kept: this case's ``osc.clock.event`` records
        :return: list of ``ClockEvent``
        """
        self.ensure_one()
        events = [
            ClockEvent(incident.occurred_at, "incident", incident)
            for incident in self.incident_ids
            if incident.occurred_at
        ]
        events.append(ClockEvent(self.reported_at, "report", self.browse()))
        events += [ClockEvent(event.moment, event.name, event) for event in kept]
        return sorted(events, key=lambda event: (event.moment, event.source.id or 0))

    def _run_clocks(self):
        """Start, correct, meet and take away clocks as the events now say.

        Drafts have none: nobody but the case worker knows of them. Whoever calls this
        lets nobody else change the case meanwhile, see ``_one_teller``.
        """
        # Time limits hold whoever learns of the facts.
        cases = self.sudo().filtered("reported_at")
        Type, Event = cases.env["osc.clock.type"], cases.env["osc.clock.event"]
        limits = {center: Type._at(center) for center in cases.center_id}
        kept = Event.search([("case_id", "in", cases.ids)]).grouped("case_id")
        new = []
        for case in cases:
            events = case._clock_events(kept.get(case, Event))
            new += case._run_own_clocks(limits[case.center_id], events)
        cases.env["osc.clock"].create(new)

    def _run_own_clocks(self, limits, events):
        """Correct the clocks there are.

        :param limits: ``osc.clock.type`` records that hold at the center
        :param list events: see ``_clock_events``
        :return: list of values of the clocks that start
        """
        self.ensure_one()
        clocks = {clock._start_key(): clock for clock in self.clock_ids}
        new = []
        for clock_type in limits | self.clock_ids.type_id:
            for event in clock_type._starts(self, events):
                vals = clock_type._clock_vals(event, events)
                if clock := clocks.pop(clock_type._start_key(event.source), None):
                    clock._correct(vals)
                elif clock_type.active:
                    new.append({**vals, **self._first_clock_vals(clock_type, event)})
        # What she decided stays.
        groundless = [clock for clock in clocks.values() if not clock.waived_at]
        self.env["osc.clock"].union(*groundless).unlink()
        return new

    def _first_clock_vals(self, clock_type, event):
        """What a clock is given when it starts, and keeps."""
        due_at = event.moment + timedelta(hours=clock_type.limit_hours)
        return {
            "case_id": self.id,
            "type_id": clock_type.id,
            "limit_hours": clock_type.limit_hours,
            "warn_hours": clock_type.warn_hours,
            # Nobody at the center could have met what had passed before she came.
            "missed_told_at": due_at <= self.reported_at and fields.Datetime.now(),
        }
