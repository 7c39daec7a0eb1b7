"""Suggest evidence: a form in plain words, checked by its sender, kept, and answered.

A kind is chosen, its questions are answered, the answers are looked over, and a reference number
comes back. What people type is shown back to them as text alone.
"""

from __future__ import annotations

import secrets

import streamlit as st

from evidence.submissions import FORMS, Suggestion
from pages.shared.data import evidence_base
from pages.shared.html import link
from pages.shared.layout import page_header
from pages.shared.suggestion_browser import move_focus, trap
from pages.shared.suggestion_check import private_parts, show_private_notice, show_summary
from pages.shared.suggestion_draft import bring_back, keep_draft, offer_draft
from pages.shared.suggestion_files import ask_files
from pages.shared.suggestion_form import ask, ask_kind, chosen_kind, fill_from_address, key
from pages.shared.suggestion_privacy import asks_contact, privacy_note
from pages.shared.suggestion_questions import answer_words, choices, question
from pages.shared.suggestion_sending import change, look_over, send, start_again

NEXT = f"""<ul><li>A person reads every suggestion and looks up where it came from.</li>
<li>They decide whether to add it. Nothing is added before it is checked.</li>
<li>If they have a question, it stands on the page {link("Follow a suggestion", "follow")}.</li>
<li>We publish {link("what became of every suggestion", "answers")}, without names.</li></ul>"""


def show_receipt(reference: str) -> None:
    page_header("Thank you. We have your suggestion", "It is saved. Keep your reference number.")
    st.html(f"<p>Your reference number</p><p class='suggest-reference'>{reference}</p>")
    hidden = ", but not your email or phone number" if asks_contact() else ""
    st.html(
        "<p>Write it down or save it: it is the only way to follow your suggestion. Do not share "
        f"it. Who has it can see what you wrote{hidden}.</p>"
    )
    note = f"My suggestion has the reference number {reference}."
    st.download_button("Save the number", note, f"{reference}.txt", on_click="ignore")
    st.html(f"<h2>What happens next</h2>{NEXT}")
    st.button("Suggest something else", on_click=start_again, type="primary")


def show_check(checked: Suggestion) -> None:
    page_header("Check your answers", "Nothing is sent yet.")
    private = private_parts(checked)
    with st.container(key="suggest_notice"):
        if trouble := st.session_state.get("suggest_trouble"):
            st.error(trouble[1], title=trouble[0])
            asked = [field for field in FORMS[checked.kind].fields if getattr(checked, field)]
            told = {field: answer_words(field, getattr(checked, field), lists) for field in asked}
            copy = "\n\n".join(f"{question(checked.kind, f)[0]}\n{told[f]}" for f in asked)
            st.download_button(
                "Keep a copy", copy, "my-suggestion.txt", "text/plain", on_click="ignore"
            )
        if private:
            show_private_notice(private)
    show_summary(checked, lists)
    filled = trap()
    label = "Send all the same" if private else "Send suggestion"
    st.button(label, on_click=send, args=(filled,), type="primary")
    st.button("Change my answers", on_click=change)


def show_form() -> None:
    problems = st.session_state.get("suggest_problems", [])
    page_header(
        "Suggest evidence",
        "Tell us what you know about racial inequalities in health in London. You need no account.",
    )
    for notice in unknown:
        st.warning(notice)
    offer_draft()
    with st.container(key="suggest_notice"):
        if problems:
            lines = [f"- [{problem.message}](#{key(problem.field)})" for problem in problems]
            st.error("\n".join(lines), title="There is a problem")
        elif brought_back:
            st.info("We brought back what you wrote here before. Files have to be added again.")
    st.html(f"<p>Not sure? {link('Look first whether we have it', 'library')}.</p>")
    errors = {problem.field: problem.message for problem in problems}
    with st.container(key="suggest_form"):
        ask_kind(errors.get("kind"))
        if kind := chosen_kind():
            st.html(
                "<p><strong>Keep people safe.</strong> Please do not write about a patient or "
                "anyone else who could be recognised. Do not give names or NHS numbers.</p>"
            )
            for field in FORMS[kind].fields[:-1]:
                ask(kind, field, lists, errors.get(field))
            ask_files()
            if asks_contact():
                ask(kind, "contact", lists, errors.get("contact"))
                st.html(
                    "<p>Only our reviewers see it. You can follow your suggestion without it.</p>"
                )
    trap()
    if kind:
        st.button("Check your answers", on_click=look_over, type="primary")
    with st.expander("Privacy: what we keep, who sees it, and your rights"):
        st.html(privacy_note())
    st.html(f"<h2>What happens next</h2><p>We give you a reference number at once.</p>{NEXT}")


st.session_state.setdefault("suggest_form_id", secrets.token_hex(16))
base = evidence_base()
lists = choices(base, st.session_state.get(key("ethnic_group")))
unknown = fill_from_address(base, lists)
brought_back = bring_back(lists)
if "suggest_receipt" in st.session_state:
    show_receipt(st.session_state.suggest_receipt.reference)
elif "suggest_checked" in st.session_state:
    show_check(st.session_state.suggest_checked)
else:
    show_form()
keep_draft()
if attempt := st.session_state.get("suggest_attempt"):
    wrong = [key(problem.field) for problem in st.session_state.get("suggest_problems", [])]
    move_focus(attempt, wrong, st.session_state.get("suggest_focus"))
