"""The people of the denial matrix: members of one case, and everybody else.

Keys are the columns of the tables. All are told of, or kept from, the same case at the
same center; who works elsewhere works at the other center.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """Somebody who tries to do things.

    :param group: the role: XML id of a group
    :param discipline: the one for which the person is a representative, if any
    :param elsewhere: works at the other center
    """

    what: str
    group: str = "osc_base.group_representative"
    discipline: str = ""
    elsewhere: bool = False


_WORKER = "osc_base.group_case_worker"
_MANAGER = "osc_base.group_center_manager"
_PARTNER = "osc_referral.group_partner"

PERSONS = {
    "work": Person("case worker to whom the case is assigned", _WORKER, "casework"),
    "mngr": Person("manager of the center: supervises the case", _MANAGER),
    "glas": Person("case worker who broke the glass", _WORKER, "casework"),
    "plce": Person("police: acknowledged, no consent", discipline="police"),
    "name": Person("doctor: consent to identity", discipline="medical"),
    "call": Person(
        "child protection: consent to contact", discipline="child_protection"
    ),
    "hear": Person("psychologist: consent to her statement", discipline="psychosocial"),
    "lawy": Person("lawyer: consent to medical, evidence, legal", discipline="legal"),
    "wdrw": Person(
        "forensic doctor: consent to everything, withdrawn", discipline="forensic"
    ),
    "told": Person("shelter: told, has not acknowledged", discipline="shelter"),
    "hous": Person("shelter: in charge, she stays there", discipline="shelter"),
    "gone": Person(
        "financial: acknowledged, then declared a conflict of interest",
        discipline="financial",
    ),
    "late": Person(
        "child protection: broke the glass, the hours are over",
        discipline="child_protection",
    ),
    "past": Person("case worker who had the case before", _WORKER, "casework"),
    "peer": Person("case worker of the center, no member", _WORKER, "casework"),
    "excl": Person("case worker who is excluded from the case", _WORKER, "casework"),
    "coor": Person("coordinator of the center", "osc_base.group_coordinator"),
    "audi": Person("auditor", "osc_base.group_auditor"),
    "admi": Person("administrator of the suite", "osc_base.group_administrator"),
    "awrk": Person("case worker elsewhere", _WORKER, "casework", True),
    "arep": Person("police elsewhere", discipline="police", elsewhere=True),
    "amgr": Person("manager elsewhere", _MANAGER, elsewhere=True),
    "acoo": Person(
        "coordinator of the other center", "osc_base.group_coordinator", "", True
    ),
    "staf": Person("HR, who keeps the training", "osc_training.group_hr"),
    "user": Person("internal user without a role", "base.group_user"),
    "part": Person("person of the partner to whom she is referred", _PARTNER),
    "othr": Person("person of another partner", _PARTNER),
    "port": Person("portal user", "base.group_portal"),
    "publ": Person("the public", "base.group_public"),
}
