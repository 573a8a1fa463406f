"""A sister of hers, and somebody who was entered twice."""

from .teller import Teller


class Survivors(Teller):
    def _find_relatives(self):
        survivor = self.case.survivor_id
        self._add(
            "work",
            "osc.survivor.relation",
            {
                "survivor_id": survivor.id,
                "related_id": self["osc.survivor:draft"].id,
                "kind": "sibling",
            },
        )
        self.cousin, twice = (
            self._as("work", "osc.case").create(self._case_values()).sudo().survivor_id
            for _case in range(2)
        )
        self._merge(self.cousin, twice).action_merge()
        self.records["osc.survivor.merge"] = self.env["osc.survivor.merge"].search(
            [("kept_id", "=", self.cousin.id)]
        )
        self["osc.survivor:draft"].address = "Behind the mill"
        request = self._merge(survivor, self["osc.survivor:draft"])
        self.records |= {
            "osc.survivor.merge.request": request,
            "osc.survivor.merge.request.line": request.line_ids[:1],
        }

    def _merge(self, kept, merged):
        request = self._as("work", "osc.survivor.merge.request").create(
            {"kept_id": kept.id, "merged_id": merged.id}
        )
        request.env.flush_all()  # the lines are whose it is
        self._settle()
        return request
