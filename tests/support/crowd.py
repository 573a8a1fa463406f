"""Many requests at the same time."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass


@dataclass
class Outcome:
    """What became of one request."""

    value: object = None
    error: Exception | None = None
    began: float = 0
    ended: float = 0

    @property
    def answered(self) -> bool:
        """Whether it was answered with success."""
        return self.error is None


def at_once(calls, threads: int = 32, on_answer=None) -> list[Outcome]:
    """Make calls at the same time; they begin together, once all threads are there.

    :param calls: functions without arguments
    :param threads: how many at a time
    :param on_answer: is called with the number of each successful answer, from 1
    """
    calls = list(calls)
    threads = min(threads, len(calls))
    gate = threading.Barrier(threads)
    lock = threading.Lock()
    answers = 0

    def one(position: int) -> Outcome:
        nonlocal answers
        if position < threads:
            gate.wait(60)
        outcome = Outcome(began=time.monotonic())
        try:
            outcome.value = calls[position]()
        except Exception as error:  # whatever a dying server makes of it
            outcome.error = error
        outcome.ended = time.monotonic()
        if outcome.answered and on_answer:
            with lock:
                answers += 1
                on_answer(answers)
        return outcome

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(len(calls))))


def assert_all_answered(outcomes: list[Outcome]) -> None:
    errors = [str(outcome.error)[:300] for outcome in outcomes if outcome.error]
    assert not errors, f"{len(errors)} failed: " + "; ".join(errors[:5])


def wait_until(condition, seconds: float, what: str):
    """Poll until a condition is true; its value."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.2)
    return value
