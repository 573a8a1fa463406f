"""A shelter of a center, made through public methods."""

import itertools

_numbers = itertools.count(1)


class Shelter:
    """A shelter with one room.

    :param center: ``tests.support.center.Center``
    :param beds: how many
    """

    def __init__(self, center, beds: int = 1):
        admin = center.admin
        self.center = center
        [self.id] = admin.call(
            "osc.shelter",
            "create",
            [{"name": f"House {next(_numbers)}", "center_id": center.id}],
        )
        [self.room] = admin.call(
            "osc.shelter.room", "create", [{"name": "Room", "shelter_id": self.id}]
        )
        self.beds = admin.call(
            "osc.shelter.bed",
            "create",
            [{"name": f"Bed {n}", "room_id": self.room} for n in range(beds)],
        )
