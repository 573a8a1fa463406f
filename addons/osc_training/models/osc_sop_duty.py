from difflib import SequenceMatcher

from odoo import models


class OscSopDuty(models.Model):
    """Adds how the duties of one version differ from those of another."""

    _inherit = "osc.sop.duty"

    def _changes_since(self, before):
        """What is new, gone or changed, role by role.

        :param before: duties of the version before
        :return: list of dicts: ``kind`` (``added removed changed same``), ``discipline``,
            ``role``, ``parts`` (see ``_word_changes``), ``services_added`` and
            ``services_removed``
        """
        old = before.grouped(lambda duty: (duty.discipline_id, duty.role))
        new = self.grouped(lambda duty: (duty.discipline_id, duty.role))
        changes = []
        for key in [*new, *(key for key in old if key not in new)]:
            was, is_now = (found.get(key, self.browse()) for found in (old, new))
            old_text, new_text = (
                "\n".join(duties.mapped("duties")) for duties in (was, is_now)
            )
            added = is_now.service_ids - was.service_ids
            removed = was.service_ids - is_now.service_ids
            if not was:
                kind = "added"
            elif not is_now:
                kind = "removed"
            elif old_text != new_text or added or removed:
                kind = "changed"
            else:
                kind = "same"
            changes.append(
                {
                    "kind": kind,
                    "discipline": key[0],
                    "role": key[1],
                    "parts": _word_changes(old_text, new_text),
                    "services_added": added,
                    "services_removed": removed,
                }
            )
        return changes


def _word_changes(old, new):
    """How one text becomes the other, word by word.

    :return: list of (``same``, ``removed`` or ``added``; text)
    """
    old_words, new_words = old.split(" "), new.split(" ")
    parts = []
    matcher = SequenceMatcher(None, old_words, new_words, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            parts.append(("same", " ".join(new_words[j1:j2])))
            continue
        removed, added = " ".join(old_words[i1:i2]), " ".join(new_words[j1:j2])
        parts += [("removed", removed)] * bool(removed)
        parts += [("added", added)] * bool(added)
    return parts
