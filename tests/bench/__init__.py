"""Benchmarks: how long things take, and how many queries.

``./osc bench`` takes full sizes, and nothing runs beside it. Among all other tests it is
a fraction of them, and what depends on the clock is printed only.
"""

import os

FULL = os.environ.get("OSC_BENCH") == "full"


def size(full: int, fraction: int) -> int:
    """How many of something a benchmark takes."""
    return full if FULL else fraction
