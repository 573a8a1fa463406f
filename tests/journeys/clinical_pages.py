"""The exam, the treatment and the marks on the body map, at a desk or on a phone."""

from playwright.sync_api import Page, expect

from . import forms

# A view of its own, not a list within a form.
RECORDS = ".o_view_controller:is(.o_list_view, .o_kanban_view)"


def open_of_case(page: Page, action: str) -> None:
    """Follow one of the buttons over the case to what belongs to it."""
    forms.press(page, action)
    expect(page.locator(RECORDS)).to_be_visible()


def new(page: Page, action: str, name: str) -> None:
    """Begin something of the case from the list behind one of its buttons."""
    open_of_case(page, action)
    bar = page.locator(".o_control_panel")
    bar.locator(".o_list_button_add:visible, .o-kanban-button-new:visible").click()
    expect(forms.field(page, name)).to_be_visible()


def exam(page: Page) -> None:
    """Ask her for each part by itself, and begin; the case is open."""
    new(page, "action_open_exams", "consent_exam")
    forms.radio(
        page,
        consent_exam="Agrees",
        consent_samples="Agrees",
        consent_photographs="Declines",
        consent_toxicology="Declines",
        consent_police="Agrees",
        consent_database="Declines",
    )
    forms.select(page, "examiner_wish", "A woman")
    forms.select(page, "requested_by", "Herself")
    forms.save(page)


def open_exam(page: Page, code: str) -> None:
    """Open the exam of a case that is open."""
    open_of_case(page, "action_open_exams")
    page.locator(".o_data_row, .o_kanban_record", has_text=code).first.click()
    expect(forms.field(page, "consent_exam")).to_be_visible()


def treat(page: Page, treatment: str, lot: str) -> None:
    """Offer a treatment in an exam, have it accepted and give it."""
    forms.tab(page, "treatment")
    form = forms.add(page, "offer_ids")
    forms.pick(form, "treatment_id", treatment)
    forms.radio(form, state="Accepted")
    forms.keep(form)
    forms.save(page)
    offers = page.locator(".o_field_widget[name=offer_ids]")
    offers.locator(".o_kanban_record", has_text=treatment).click()
    form = forms.dialog(page)
    form.locator("button[name=action_give]").click()
    expect(forms.field(form, "given_at")).to_be_visible()
    forms.write(form, lot=lot)
    forms.keep(form)
    forms.save(page)


def mark(page: Page, side: str, x: float, y: float, kind: str, **texts) -> None:
    """Touch the body map at a part of its width and height, and describe the mark."""
    forms.tab(page, "findings")
    outline = page.locator(f".o_osc_body_map_outline[data-side={side}]")
    outline.scroll_into_view_if_needed()
    box = outline.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
    form = forms.dialog(page)
    forms.pick(form, "kind_id", kind)
    forms.write(form, **texts)
    forms.keep(form)


def finish(page: Page, conclusion: str, reasons: str) -> None:
    """Write the conclusion and end the exam."""
    forms.tab(page, "conclusion")
    forms.write(page, conclusion=conclusion, reasons=reasons)
    forms.save(page)
    forms.press(page, "action_finish")
    forms.agree(page)
    expect(forms.state(page)).to_have_text("Finished")
