from datetime import timedelta, timezone

from odoo import api, fields, models
from odoo.fields import Domain

COVERAGE_DAYS = 7


class OscCenterCoverage(models.AbstractModel):
    """Part of ``osc.center``: who is on duty, and when nobody will be."""

    _name = "osc.center.coverage"
    _description = "Cover of a center"

    on_duty_ids = fields.Many2many(
        comodel_name="osc.representative",
        string="On duty now",
        compute="_compute_on_duty_ids",
    )
    uncovered_hours = fields.Float(
        string="Hours without cover",
        compute="_compute_uncovered_hours",
        compute_sudo=True,
        help="Hours of the next 7 days in which a discipline has nobody on duty, "
        "added up over the disciplines to cover.",
    )
    coverage = fields.Html(
        string="Cover of the next 7 days",
        compute="_compute_coverage",
        compute_sudo=True,
        sanitize=False,
    )

    @api.depends_context("uid")
    def _compute_on_duty_ids(self):
        on_duty = self.env["osc.representative"].search(
            [("center_id", "in", self.ids), ("on_duty", "=", True)]
        )
        by_center = on_duty.grouped("center_id")
        for center in self:
            center.on_duty_ids = by_center.get(center, False)

    def _compute_uncovered_hours(self):
        """As superuser: hours name nobody, and who can't see a roster would otherwise
        read that the center is never covered."""
        by_center = self._shifts_ahead()
        for center in self:
            uncovered = center._uncovered_ahead(by_center.get(center))
            center.uncovered_hours = sum(
                (stop - begin).total_seconds() / 3600
                for periods in uncovered.values()
                for begin, stop in periods
            )

    @api.depends_context("lang")
    def _compute_coverage(self):
        """As superuser, like the hours."""
        by_center = self._shifts_ahead()
        for center in self:
            uncovered = center._uncovered_ahead(by_center.get(center))
            days = center._days_ahead()
            center.coverage = self.env["ir.qweb"]._render(
                "osc_base.center_coverage",
                {
                    "days": days,
                    "rows": [
                        (discipline, center._periods_by_day(periods, days))
                        for discipline, periods in uncovered.items()
                    ],
                },
            )

    # ------------------------------------------------------------------
    # The next seven days
    # ------------------------------------------------------------------
    def _days_ahead(self):
        """Today and the days after it, in the center's time zone."""
        today = self._local_day()
        return [today + timedelta(days=n) for n in range(COVERAGE_DAYS)]

    def _shifts_ahead(self):
        """Shifts of several centers that reach into the next days.

        :return: ``{center: shifts}``
        """
        now = fields.Datetime.now()
        # one day more than looked at, whatever the time zone of a center
        shifts = self._shifts_between(now, now + timedelta(days=COVERAGE_DAYS + 1))
        return shifts.grouped("center_id")

    def _shifts_between(self, start, end):
        return self.env["osc.duty.shift"].search(
            Domain("center_id", "in", self.ids)
            & Domain("start", "<", end)
            & Domain("end", ">", start),
            order="start",
        )

    def _uncovered_ahead(self, shifts):
        """When nobody of a discipline is on duty, from now to the end of the days."""
        start = fields.Datetime.now().replace(second=0, microsecond=0)
        end = self._midnight(self._days_ahead()[-1] + timedelta(days=1))
        return self._uncovered_periods(
            start, end, shifts or self.env["osc.duty.shift"].browse()
        )

    def _uncovered_periods(self, start, end, shifts=None):
        """When nobody of a discipline is on duty.

        Only people who could be told count: representatives who can't be assigned
        do not cover anything.

        :param datetime start: naive UTC, begin of the time looked at
        :param datetime end: naive UTC, its end
        :param shifts: the shifts to look at; ``None`` reads them
        :return: ``{discipline: [(begin, end), …]}`` with every discipline to cover
        """
        self.ensure_one()
        if shifts is None:
            shifts = self._shifts_between(start, end)
        shifts = shifts.filtered("representative_id.assignable")
        by_discipline = shifts.grouped("discipline_id")
        result = {}
        for discipline in self.discipline_ids:
            covered_until = start
            gaps = []
            for shift in by_discipline.get(discipline, ()):
                if shift.start >= end:
                    break
                if shift.start > covered_until:
                    gaps.append((covered_until, shift.start))
                covered_until = max(covered_until, shift.end)
            if covered_until < end:
                gaps.append((covered_until, end))
            result[discipline] = gaps
        return result

    def _periods_by_day(self, periods, days):
        """Cut periods at the center's midnights and write them as local hours.

        :param list periods: ``[(begin, end), …]`` in naive UTC
        :param list days: days in the center's time zone
        :return: for each day a list of texts such as ``22:00–24:00``
        """
        cells = []
        for day in days:
            first = self._midnight(day)
            last = self._midnight(day + timedelta(days=1))
            cells.append(
                [
                    self._hours_text(max(begin, first), min(end, last), last)
                    for begin, end in periods
                    if max(begin, first) < min(end, last)
                ]
            )
        return cells

    def _hours_text(self, begin, end, midnight):
        """Hours of one day as they are read on the wall clock of the center.

        An hour that comes twice, when summer time ends, says the second time which
        time it is: ``02:30–02:15 CET``.
        """
        texts = []
        for moment in (begin, end):
            local = moment.replace(tzinfo=timezone.utc).astimezone(self._zone())
            text = "24:00" if moment == midnight else f"{local:%H:%M}"
            texts.append(f"{text} {local:%Z}" if local.fold else text)
        return "–".join(texts)
