"""The body map under a finger, with the keyboard, and for who may only read it."""

import pytest

from config import paths
from tests.support.browser import PHONE

STORY = f"""
import sys
sys.path.insert(0, {str(paths.CONFIG.parent)!r})
from config import story
story.play(env)
env.cr.commit()
"""
EXAMS = "/odoo/action-osc_cases.osc_medical_exam_action"
MARKS = ".o_osc_body_map_mark"


@pytest.fixture(scope="module")
def server(module_odoo_server):
    """A server on which the demonstration story was played: an exam with two marks."""
    server = module_odoo_server()
    server.database.shell(STORY)
    return server


def _findings(visit):
    page = visit.open(EXAMS)
    # A phone shows cards.
    page.locator(".o_data_row, .o_kanban_record").first.click()
    page.click("a[name=findings]")
    page.wait_for_selector(MARKS)
    return page


def _outline(page, side):
    outline = page.locator(f".o_osc_body_map_outline[data-side={side}]")
    outline.scroll_into_view_if_needed()
    return outline


def _save_and_close(page):
    page.click(".modal button.o_form_button_save")
    page.wait_for_selector(".modal", state="detached")


def test_a_finger_marks_changes_and_removes(server, browser):
    visit = browser.login(server, "lhr.forensic", viewport=PHONE)
    page = _findings(visit)
    assert page.locator(MARKS).count() == 2
    box = _outline(page, "back").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.6)
    page.wait_for_selector(".modal .o_form_view")
    assert abs(float(page.input_value(".modal div[name=x] input")) - 50) < 1
    assert abs(float(page.input_value(".modal div[name=y] input")) - 60) < 1
    _save_and_close(page)
    # The list has the number of the mark before it is saved.
    cards = page.locator(".o_field_widget[name=finding_ids] .o_kanban_record b")
    assert [text.strip() for text in cards.all_inner_texts()] == ["1", "2", "3"]
    third = page.locator(f"{MARKS}:text-is('3')")
    third.tap()
    page.wait_for_selector(".modal .o_form_view")
    page.click(".modal .o_btn_remove")
    page.wait_for_selector(".modal", state="detached")
    assert page.locator(MARKS).count() == 2
    visit.assert_quiet()


def test_the_keyboard_is_enough(server, browser):
    visit = browser.login(server, "lhr.forensic")
    page = _findings(visit)
    _outline(page, "front").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    page.wait_for_selector(".modal .o_form_view")
    assert page.input_value(".modal div[name=x] input") == "54.0"
    assert page.input_value(".modal div[name=y] input") == "32.0"
    _save_and_close(page)
    page.click(".o_form_button_save")
    page.wait_for_selector(".o_form_saved")
    page.reload()
    page.click("a[name=findings]")
    page.wait_for_selector(f"{MARKS}:text-is('3')")
    page.focus(f"{MARKS}:text-is('3')")
    page.keyboard.press("Enter")
    page.wait_for_selector(".modal .o_form_view")
    visit.assert_quiet()
