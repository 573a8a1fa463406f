"""De-identified statistics: bands that leave no gap, and small numbers that stay hidden.

Pure functions. Bands follow domain.md sections 8 and 12; every age and every interval is
in exactly one band, and what isn't known is in a band of its own.
"""

from collections import Counter, defaultdict

UNKNOWN = "unknown"
HIDDEN = "*"
WHO = "who"  # in a row: whose it is; several of one woman single her out
AGE_BANDS = ((11, "0-11"), (17, "12-17"), (None, "18+"))
INTERVAL_BANDS = (  # hours since the incident, the upper end included
    (72, "0-72 h"),
    (120, "73-120 h"),
    (14 * 24, "6-14 days"),
    (30 * 24, "15-30 days"),
    (None, "over 30 days"),
)


def band(value, bands):
    """The band of a number; ``unknown`` when it isn't known or can't be.

    :param value: a number, or None
    :param bands: pairs of upper end (included) and name; the last has no end
    """
    if value is None or value < 0:
        return UNKNOWN
    return next(name for end, name in bands if end is None or value <= end)


def names(bands):
    """Names of bands in their order, with that of what isn't known."""
    return [*(name for _end, name in bands), UNKNOWN]


def hide_small_groups(rows, keys, smallest):
    """Blank out what makes a row stand out.

    Rows that agree in ``keys`` get ``*`` for these keys when they are those of fewer
    than ``smallest`` women. If the rows with ``*`` are themselves of few, the smallest
    of the other groups is hidden as well: else one could tell by subtraction whom the
    few are.

    :param list rows: dicts, with ``WHO`` when a woman has several; not changed
    :param keys: names of values that can single somebody out together
    :param int smallest: size of the smallest group that may be seen
    :return: new dicts in the same order
    """

    def group(row):
        return tuple(row[key] for key in keys)

    people = defaultdict(set)
    for number, row in enumerate(rows):
        people[group(row)].add(row.get(WHO, -number))
    hidden = {key for key, women in people.items() if len(women) < smallest}
    shown = sorted((len(people[key]), key) for key in people.keys() - hidden)
    while hidden and shown and len(set().union(*map(people.get, hidden))) < smallest:
        hidden.add(shown.pop(0)[1])
    return [
        {**row, **dict.fromkeys(keys, HIDDEN)} if group(row) in hidden else dict(row)
        for row in rows
    ]


def hide_by_tiers(rows, tiers, smallest):
    """Blank out what makes a row stand out, and no more of it than that takes.

    Of rows that agree in the first tier, those that stand out by the second get ``*``
    for its keys only, and so on. See ``hide_small_groups`` for how a tier is hidden.

    :param tiers: lists of keys, what is the most useful first
    :return: new dicts, in another order
    """
    if not tiers:
        return rows
    keys, *others = tiers
    groups = defaultdict(list)
    for row in hide_small_groups(rows, keys, smallest):
        groups[tuple(row[key] for key in keys)].append(row)
    return [
        row
        for group in groups.values()
        for row in hide_by_tiers(group, others, smallest)
    ]


def table(pairs, lines, columns, smallest):
    """Count pairs in a table with totals, without small numbers.

    A number from 1 to ``smallest`` - 1 is hidden, and so is another one in the same
    line and column, so that nobody finds it by subtracting from the totals. What counts
    is of how many women a number is. Nothing is as good as everything: 0 is shown,
    unless the whole table is of so few that a 0 elsewhere would tell what they are.

    :param pairs: (line, column) of each thing that is counted, and whose it is when a
        woman has several
    :param list lines: names of the lines, in order; likewise ``columns``
    :return: ``{(line, column): number or "*"}``, with ``"total"`` as a further line and
        column; a total of a small number is hidden as well
    """
    counts = Counter(pair[:2] for pair in pairs)
    people = defaultdict(set)
    for number, (line, column, *who) in enumerate(pairs):
        people[line, column].add(who[0] if who else -number)

    def few(cells):
        return 0 < len(set().union(*(people[cell] for cell in cells))) < smallest

    cells = {
        (line, column): counts[line, column] for line in lines for column in columns
    }
    hidden = {cell for cell in cells if few([cell])}
    runs = [[(line, column) for column in columns] for line in lines]
    runs += [[(line, column) for line in lines] for column in columns]
    changed = True
    while changed:
        changed = False
        for run in runs:
            blank = [cell for cell in run if cell in hidden]
            if len(blank) == 1 or few(blank):
                others = [cell for cell in run if cells[cell] and cell not in hidden]
                if others:
                    hidden.add(min(others, key=cells.get))
                    changed = True
    totals = {
        **{(line, "total"): [(line, c) for c in columns] for line in lines},
        **{("total", c): [(line, c) for line in lines] for c in columns},
        ("total", "total"): list(cells),
    }
    if few(cells):
        return dict.fromkeys([*cells, *totals], HIDDEN)
    result = {
        cell: HIDDEN if cell in hidden else count for cell, count in cells.items()
    }
    for total, of in totals.items():
        result[total] = HIDDEN if few(of) else sum(cells[cell] for cell in of)
    return result
