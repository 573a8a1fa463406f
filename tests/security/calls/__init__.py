"""What people try: values to write and to create, and arguments of methods.

``s`` is the ``Story``, ``user`` who tries. A model that isn't named is written and
created with values like those that its record has. Each file has some of these:

``WRITE``
    values that differ from what is there
``CREATE``
    values besides those of a copy of the record: what must be unique, what isn't copied
``LEAVE_OUT``
    fields of a copy that nobody would give
``CALLS``
    for each public method that the suite defines, and those named action_, message_ and
    activity_ that its models inherit: (positional arguments after the record, keywords).
    Names with a model go before names without one. ``model.method:how`` is another try.
``ROWS``
    on which record a method is tried, where it isn't the first one of its model
``BEFORE``
    what must be so before: done by the superuser, and undone afterwards
``OWN``
    wizards that people fill in themselves: each acts with the person's own rights
"""

from . import (
    cases,
    casework,
    clinic,
    house,
    justice,
    referral,
    shelter,
    threads,
    training,
)

TOPICS = (
    house,
    cases,
    threads,
    casework,
    clinic,
    justice,
    training,
    referral,
    shelter,
)


def _together(name):
    found = {}
    for topic in TOPICS:
        found |= getattr(topic, name, {})
    return found


WRITE = _together("WRITE")
CREATE = _together("CREATE")
LEAVE_OUT = _together("LEAVE_OUT")
CALLS = _together("CALLS")
ROWS = _together("ROWS")
BEFORE = _together("BEFORE")
OWN = _together("OWN")
