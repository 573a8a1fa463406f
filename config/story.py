"""The demonstration story: a few days' work of invented people at invented cases.

Played once after the demonstration data is installed, through the same form views and
methods that people use, each with the rights of the user who does it.
"""

from datetime import timedelta

from odoo import fields
from odoo.tests import Form


def play(env):
    """Play the story in a database with the demonstration data of the suite."""
    _young_woman_at_night(env)
    _mother_with_children(env)
    _girl_brought_by_a_neighbour(env)
    _money_kept_from_her(env)
    _abandoned_draft(env)
    _before_police_and_court(env)
    _counselling_money_and_conference(env)
    _referred_to_partners(env)
    _nights_in_the_shelter(env)


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
    _take_statement(
        case,
        "It was dark behind the bus stand. I want him to be stopped. I don't want my "
        "father to know tonight.",
    )
    _consent(case, "identity", "medical", how="signed")
    _consent(case, "identity", "police", how="signed")
    _consent(case, "statement", "forensic")
    # She thought about it: police may know who she is, and ask her themselves.
    _consent(case, "statement", "police").action_withdraw()
    _emergency(case, "lhr.shelter", "She left the center alone and is not reachable")
    case.incident_ids.occurred_at = fields.Datetime.now() - timedelta(hours=5)
    _deliver(case, "lhr.medical", "first_aid")
    _deliver(case, "lhr.medical", "pep")
    _appointment(case, "lhr.legal2", "legal_advice", hours=9)
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
    form = _new(case, "osc.disclosure")
    form.basis = "vital_interest"
    form.discipline_id = _discipline(case, "police")
    form.reason = "He searches for her with a weapon; the patrol must know her"
    form.expires_at = fields.Datetime.now() + timedelta(days=1)
    form.save()
    case.survivor_id.write(
        {
            "safe_contact_allowed": True,
            "safe_contact_channel": "call",
            "safe_contact_details": "0300 5550142",
            "safe_contact_hours": "10 to 12",
        }
    )
    followup = case.followup_ids[:1]
    wizard = Form(
        followup.env["osc.followup.outcome"].with_context(
            default_followup_id=followup.id
        )
    )
    wizard.still_safe = True
    wizard.note = "The children sleep through the night"
    wizard.save().action_confirm()
    _tell_once(case, "He locked us in. I left with the children through the roof.")
    _ask_about_danger(case, yes=[2, 6, 7])
    _plan_safety(
        case,
        concern="That he waits at the school",
        before_signal="“Is the tailor open?” to my sister",
        before_bag="Papers and school books are with my sister",
        during_places="My sister; from there the center",
    )


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
    form = Form(case, view="osc_cases.osc_case_view_form")
    for relation, name, is_accused in (
        ("father", "Bashir Ahmed", True),
        ("mother", "Kalsoom Bibi", False),
    ):
        with form.guardian_ids.new() as guardian:
            guardian.relation = relation
            guardian.full_name = name
            guardian.is_accused = is_accused
    form.save()
    _consent(
        case,
        "identity",
        "psychosocial",
        given_by="guardian",
        guardian_id=case.guardian_ids.filtered(
            lambda guardian: not guardian.is_accused
        ),
        child_agrees=True,
    )


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
    wizard = Form(
        case.env["osc.case.closing.request"].with_context(
            **case.action_ask_closing()["context"]
        )
    )
    wizard.reason_id = env.ref("osc_cases.osc_closure_reason_needs_met")
    wizard.agreed_with_her = True
    wizard.explanation = "She calls when the court has decided"
    wizard.save().action_confirm()


def _abandoned_draft(env):
    """Somebody hung up: a draft without anything that is known."""
    _open(env, "lhr.casework", channel="phone", urgency="urgent")


def _before_police_and_court(env):
    """Her husband is accused: the police register it, a lawyer applies for an order."""
    case = _case_of(env, "Nasreen Akhtar")
    accused = Form(
        _in_case(case, "lhr.casework")["osc.person.of.concern"],
        view="osc_cases.osc_person_of_concern_view_form",
    )
    accused.full_name = "Javed Iqbal"
    accused.relation_id = env.ref("osc_cases.osc_person_relation_partner")
    accused.threatens = True
    accused.save()
    now = fields.Datetime.now()
    police = Form(_in_case(case, "lhr.police")["osc.legal.proceeding"])
    police.fir_number = "FIR 418/26"
    for days, code in ((2, "complaint"), (1, "fir")):
        with police.step_ids.new() as step:
            step.happened_at = now - timedelta(days=days)
            step.stage_id = env.ref(f"osc_cases.osc_legal_stage_pk_{code}")
    police.save()
    form = Form(_in_case(case, "lhr.legal")["osc.legal.proceeding"])
    form.kind = "protection"
    proceeding = form.save()
    hearing = Form(
        proceeding.env["osc.legal.hearing"].with_context(
            default_proceeding_id=proceeding.id
        )
    )
    hearing.start = now + timedelta(days=6)
    hearing.she_attends = True
    hearing.save()
    order = Form(
        proceeding.env["osc.legal.order"].with_context(
            default_proceeding_id=proceeding.id
        )
    )
    order.is_interim = True
    order.valid_to = now.date() + timedelta(days=10)
    order.save().action_grant()


def _counselling_money_and_conference(env):
    """A counsellor sees her twice; a bus is paid for; those who help her meet."""
    case = _case_of(env, "Rubina Saleem")
    now = fields.Datetime.now()
    counsellor = _in_case(case, "lhr.psychosocial")
    Form(counsellor["osc.counselling.session"]).save()
    for days, total in ((14, 17), (1, 11)):
        score = Form(counsellor["osc.wellbeing.score"])
        score.scale_id = env.ref("osc_cases.osc_wellbeing_scale_phq9")
        score.measured_on = now.date() - timedelta(days=days)
        score.total = total
        score.save()
    aid = Form(_in_case(case, "lhr.casework")["osc.financial.aid"])
    aid.type_id = env.ref("osc_cases.osc_financial_aid_type_transport")
    aid.fund_id = env.ref("osc_cases.osc_financial_fund_center")
    aid.amount = 2500
    aid.save().action_request()
    conference = Form(_in_case(case, "lhr.casework")["osc.case.conference"])
    conference.start = now + timedelta(days=1)
    conference.participant_ids.add(counsellor.user)
    with conference.decision_ids.new() as decision:
        decision.name = "Ask the hospital for the report"
        decision.user_id = counsellor.user
    conference.save()


def _nights_in_the_shelter(env):
    """The mother of three sleeps at the center; her eldest son may not."""
    case = _case_of(env, "Nasreen Akhtar")
    shelter = _in_case(case, "lhr.shelter")
    beds = {
        name: env.ref(f"osc_shelter.shelter_bed_lhr_{name}")
        for name in ("family1_a", "family1_b", "family1_c", "single_a")
    }
    form = Form(shelter["osc.shelter.stay"])
    form.bed_id = beds["family1_a"]
    form.needs_longer = True
    for sex, age, bed in (("female", 9, "family1_b"), ("male", 11, "family1_c")):
        with form.companion_ids.new() as child:
            child.sex, child.age_years, child.bed_id = sex, age, beds[bed]
    stay = form.save()
    stay.action_check_in()
    in_stay = shelter(context={**shelter.context, "default_stay_id": stay.id})
    for model, values in (
        ("osc.shelter.belonging", {"name": "Gold ring, in an envelope"}),
        ("osc.shelter.need", {"kind": "diet", "note": "The boy can't eat nuts"}),
        ("osc.shelter.visit", {"visitor": "Her sister", "approval": "approved"}),
        ("osc.shelter.extension", {"days": 2, "reason": "The home has room on Monday"}),
    ):
        form = Form(in_stay[model])
        for name, value in values.items():
            form[name] = value
        form.save()
    form = Form(_in_case(case, "lhr.casework")["osc.shelter.turnaway"])
    form.reason, form.went_to = "son_age", "child_authority"
    form.destination = "Child protection bureau, with his uncle's number"
    form.save()
    form = Form(
        _in_case(_case_of(env, "Rubina Saleem"), "lhr.casework")["osc.shelter.stay"]
    )
    form.bed_id = beds["single_a"]
    form.save()
    Form(_as(env, "lhr.shelter")["osc.shelter.headcount"]).save()


def _case_of(env, name):
    """The case of an invented person."""
    survivor = env["osc.survivor"].search([("full_name", "=", name)], limit=1)
    return survivor.case_ids[:1]


def _in_case(case, login):
    """The environment of a demonstration user who has the case open."""
    env = _as(case.env, login)
    return env(context={**env.context, "default_case_id": case.id})


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


def _discipline(case, code):
    return case.env.ref(f"osc_base.osc_discipline_{code}")


def _new(case, model):
    """An empty form of something that belongs to a case, for its case worker."""
    return Form(case.env[model].with_context(default_case_id=case.id))


def _consent(case, scope, to, **values):
    """She agrees to one thing for one discipline."""
    form = _new(case, "osc.consent")
    form.scope = scope
    form.discipline_id = _discipline(case, to)
    for name, value in values.items():
        form[name] = value
    return form.save()


def _take_statement(case, narrative):
    form = _new(case, "osc.statement")
    form.narrative = narrative
    form.save()


def _emergency(case, login, reason):
    """Somebody opens a case in an emergency; the manager finds it justified."""
    form = Form(_as(case.env, login)["osc.break.glass.request"])
    form.case_code = case.name
    form.reason = reason
    form.save().action_confirm()
    manager = _as(case.env, case.center_id.manager_id.login)
    access = manager["osc.break.glass"].search([("case_code", "=", case.name)], limit=1)
    access.action_justified()


def _service(case, login, code):
    """A service of the catalog that somebody adds to a case, as that person."""
    env = _as(case.env, login)
    return env["osc.case.service"].create(
        {
            "case_id": case.id,
            "service_id": env.ref(f"osc_base.osc_service_{code}").id,
        }
    )


def _deliver(case, login, code):
    _service(case, login, code).action_deliver()


def _appointment(case, login, code, *, hours):
    start = fields.Datetime.now() + timedelta(hours=hours)
    _service(case, login, code).action_schedule(start)


def _tell_once(case, words):
    """Her statement, read back to her and confirmed."""
    form = Form(case.env["osc.statement"].with_context(default_case_id=case.id))
    form.narrative = words
    form.read_back = "read_to_her"
    form.save().action_confirm()


def _ask_about_danger(case, yes):
    """The screening, with a yes to some of its questions by number."""
    form = Form(case.env["osc.risk.assessment"].with_context(default_case_id=case.id))
    for number in range(len(form.answer_ids)):
        with form.answer_ids.edit(number) as answer:
            answer.answer = "yes" if number + 1 in yes else "no"
    form.save()


def _plan_safety(case, **sections):
    """Her safety plan, made with her."""
    form = Form(case.env["osc.safety.plan"].with_context(default_case_id=case.id))
    form.made_with_her = True
    for name, text in sections.items():
        form[name] = text
    form.save()


def _as(env, login):
    """The environment of a demonstration user."""
    user = env["res.users"].search([("login", "=", login)])
    return env(user=user.id, context={"lang": user.lang, "tz": user.tz})


def _referred_to_partners(env):
    """Counselling declined, then taken by another; a home that hasn't answered yet."""
    case = _as(env, "lhr.casework")["osc.case"].search(
        [("state", "in", ("reported", "active")), ("center_id.code", "=", "LHR")],
        order="id desc",
        limit=1,
    )
    declined = _refer(case, "mental_health_referral", "savera", ["identity"])
    _of_partner(declined, "savera.portal").action_decline("full", "Free from Monday on")
    following = declined.following_ids
    _agree(following, ["contact"])
    following.action_send()
    taken = _of_partner(following, "raahat.portal")
    taken.action_accept()
    taken.action_write("Does she need transport to Kasur?")
    following.action_write("Yes, the center pays for it")
    _refer(case, "long_term_home", "chhaon", [])
    # A legal aid clinic sends somebody to the center.
    helper = _as(env, "insaf.portal")
    helper["osc.referral.incoming"]._receive(
        env.ref("osc_base.center_lhr"),
        env.ref("osc_referral.partner_insaf"),
        {
            "urgency": "urgent",
            "no_safe_place": True,
            "survivor_name": "Kausar Parveen",
            "survivor_age": 29,
            "message": "She waits in our office until five; her brother is looking for her",
            "she_agrees": True,
        },
    )


def _refer(case, service, partner, scopes):
    """Find a partner and refer her, as the case worker does."""
    env = case.env
    form = Form(
        env["osc.referral.search"].with_context(
            default_case_id=case.id,
            default_service_id=env.ref(f"osc_base.osc_service_{service}").id,
        )
    )
    search = form.save()
    wanted = env.ref(f"osc_referral.partner_{partner}")
    line = search.line_ids.filtered(lambda line: line.partner_id == wanted)
    referral = env["osc.referral"].browse(line.action_refer()["res_id"])
    _agree(referral, scopes)
    referral.action_send()
    return referral


def _agree(referral, scopes):
    """She agrees to being referred, and to passing on these things."""
    wizard = Form(
        referral.env["osc.referral.agreement"].with_context(
            default_referral_id=referral.id
        )
    )
    for scope in scopes:
        wizard[f"with_{scope}"] = True
    wizard.save().action_confirm()


def _of_partner(referral, login):
    """A referral as somebody of the partner has it."""
    return referral.with_env(_as(referral.env, login))
