"""The demonstration story: a few days' work of invented people at invented cases.

Played once after the demonstration data is installed, through the same form views and
methods that people use, each with the rights of the user who does it.
"""

from odoo.tests import Form


def play(env):
    """Play the story in a database with the demonstration data of the suite."""
    _young_woman_at_night(env)
    _mother_with_children(env)
    _girl_brought_by_a_neighbour(env)
    _money_kept_from_her(env)
    _abandoned_draft(env)


def _young_woman_at_night(env):
    """An emergency in Lahore: most acknowledge and act, legal aid falls to the backup."""
    case = _open(
        env,
        "lhr.casework",
        channel="walk_in",
        urgency="emergency",
        flags=["is_injured"],
        incidents=[("rape", "street")],
        survivor={"survivor_name": "Rubina Saleem", "survivor_age": 22},
    )
    _report(case)
    _answer(case, "lhr.medical", "First aid given, PEP and contraception offered")
    _answer(case, "lhr.forensic", "Examination agreed for 04:00, kit ready")
    _answer(case, "lhr.police", "Female officer on the way to the center")
    _acknowledge(case, "lhr.psychosocial")
    _of(case, "lhr.legal").action_decline("I represent the accused's employer", True)
    _answer(case, "lhr.legal2", "Called her back, meeting at 09:00")
    _treatment(case)
    _examined(case)
    _kit_to_the_police(case)


def _mother_with_children(env):
    """Domestic violence in Lahore: a mother who can't go home tonight."""
    case = _open(
        env,
        "lhr.casework",
        channel="phone",
        urgency="urgent",
        flags=["no_safe_place", "lives_with_accused", "in_danger"],
        incidents=[("physical_assault", "home"), ("psychological", "home")],
        survivor={"survivor_name": "Nasreen Akhtar", "survivor_age": 34},
    )
    _report(case)
    _answer(case, "lhr.shelter", "Family room prepared for her and three children")
    _answer(case, "lhr.police", "Patrol brings her and the children")
    _acknowledge(case, "lhr.legal")


def _girl_brought_by_a_neighbour(env):
    """A minor in Multan: child protection is told by legal duty."""
    case = _open(
        env,
        "mux.casework",
        channel="accompanied",
        urgency="urgent",
        incidents=[("forced_marriage", None)],
        survivor={"survivor_age": 14, "survivor_age_estimated": True},
    )
    _report(case)
    _answer(case, "mux.police", "Wedding stopped, report registered")


def _money_kept_from_her(env):
    """A routine case in Lahore that was closed, with a need nobody was there for."""
    case = _open(
        env,
        "lhr.casework",
        channel="helpline",
        urgency="routine",
        incidents=[("denial", "home")],
        survivor={"survivor_name": "Shazia Parveen", "survivor_age": 41},
    )
    _report(case)
    _answer(case, "lhr.legal", "Explained maintenance; application drafted")
    case.action_close()


def _abandoned_draft(env):
    """Somebody hung up: a draft without anything that is known."""
    _open(env, "lhr.casework", channel="phone", urgency="urgent")


def _treatment(case):
    """The doctor treats at once, whatever the police and the exam do."""
    Offer = _as(case.env, "lhr.medical")["osc.medical.offer"]
    for code in ("injury_care", "pep_start", "emergency_contraception"):
        form = Form(Offer.with_context(default_case_id=case.id))
        form.treatment_id = case.env.ref(f"osc_cases.osc_medical_treatment_{code}")
        form.save().action_give()


def _examined(case):
    """She agrees to the exam and to samples, not to photographs."""
    Exam = _as(case.env, "lhr.forensic")["osc.medical.exam"]
    form = Form(Exam.with_context(default_case_id=case.id))
    form.consent_exam = form.consent_samples = form.consent_police = "yes"
    form.consent_photographs = "no"
    form.examiner_wish = "female"
    form.mental_condition = "Calm and awake, tires quickly"
    for side, x, y, kind, law, text in (
        ("front", 27, 30, "bruise", "hurt_other", "Four round marks, as of fingers"),
        ("back", 58, 37, "abrasion", "jurh_damiyah", "Parallel lines, with sand"),
    ):
        with form.finding_ids.new() as finding:
            finding.side, finding.x, finding.y = side, x, y
            finding.kind_id = case.env.ref(f"osc_cases.osc_injury_kind_{kind}")
            finding.legal_kind_id = case.env.ref(f"osc_cases.osc_injury_kind_pk_{law}")
            finding.length_mm, finding.colour = 40, "red"
            finding.description = text
    form.conclusion = "Marks of force on arm and back, fresh"
    form.reasons = "Colour, shape and place of the marks"
    form.save()


def _kit_to_the_police(case):
    """Sealed, stored; by her consent it goes to the police, who confirm."""
    env = _as(case.env, "lhr.forensic")
    exam = env["osc.medical.exam"].search([("case_id", "=", case.id)], limit=1)
    place = _as(case.env, "lhr.manager")["osc.storage.place"].create(
        {"name": "Locker 2", "center_id": case.center_id.id}
    )
    form = Form(env["osc.evidence"].with_context(default_case_id=case.id))
    form.is_kit, form.kit_number, form.packaging = True, "PK-0417", "kit"
    form.exam_id = exam
    kit = form.save()
    for component, source in (("oral", "Mouth"), ("nails", "Both hands")):
        form = Form(
            env["osc.evidence"].with_context(
                default_case_id=case.id, default_parent_id=kit.id
            )
        )
        form.component_id = case.env.ref(
            f"osc_cases.osc_evidence_component_{component}"
        )
        form.exam_id, form.source = exam, source
        form.save()
    _step(kit, "lhr.forensic", "seal", new_seal="LHR-5531")
    _step(kit, "lhr.forensic", "store", place_id=place)
    form = Form(
        _as(case.env, "lhr.casework")["osc.consent"].with_context(
            default_case_id=case.id
        )
    )
    form.scope = "evidence"
    form.discipline_id = case.env.ref("osc_base.osc_discipline_police")
    form.save()
    police = case.env["res.users"].search([("login", "=", "lhr.police")])
    _step(kit, "lhr.forensic", "take")
    _step(
        kit,
        "lhr.forensic",
        "give",
        to_user_id=police,
        purpose="police",
        seal="LHR-5531",
    )
    _step(kit, "lhr.police", "receive", seal="LHR-5531")


def _step(exhibit, login, kind, **values):
    """A step of custody by its button and its form."""
    exhibit = exhibit.with_env(_as(exhibit.env, login))
    exhibit.env.flush_all()
    exhibit.env.invalidate_all()
    action = exhibit.with_context(custody_kind=kind).action_step()
    form = Form(exhibit.env[action["res_model"]].with_context(**action["context"]))
    for name, value in values.items():
        form[name] = value
    form.save().action_confirm()


def _open(env, login, *, channel, urgency, flags=(), incidents=(), survivor=None):
    """Fill in the intake form as a case worker."""
    form = Form(_as(env, login)["osc.case"], view="osc_cases.osc_case_view_form")
    form.channel = channel
    form.urgency = urgency
    for flag in flags:
        form[flag] = True
    for name, value in (survivor or {}).items():
        form[name] = value
    for code, place in incidents:
        with form.incident_ids.new() as incident:
            incident.type_id = env.ref(f"osc_cases.osc_incident_type_{code}")
            if place:
                incident.place = place
    return form.save()


def _report(case):
    case.action_report()
    case.env.flush_all()


def _of(case, login):
    """The intimation that somebody got of a case, as that person."""
    env = _as(case.env, login)
    return env["osc.intimation"].search(
        [("case_code", "=", case.name), ("user_id", "=", env.uid)], limit=1
    )


def _acknowledge(case, login):
    _of(case, login).action_acknowledge()


def _answer(case, login, text):
    intimation = _of(case, login)
    intimation.action_acknowledge()
    wizard = Form(
        intimation.env["osc.intimation.answer"].with_context(
            default_kind="act", default_intimation_id=intimation.id
        )
    )
    wizard.text = text
    wizard.save().action_confirm()


def _as(env, login):
    """The environment of a demonstration user."""
    user = env["res.users"].search([("login", "=", login)])
    return env(user=user.id, context={"lang": user.lang, "tz": user.tz})
