"""What only the browser can do for *Suggest evidence*: focus, a draft in the tab, a trap.

The scripts are ours, hold nothing that anyone typed, and never write HTML. What they send back is
read as what a stranger typed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import streamlit as st

from evidence.submissions import HONEYPOT

_FOCUS = """<script data-attempt="%d">setTimeout(() => {
  const wrong = %s;
  document.querySelectorAll('[class*="st-key-suggest_"] [aria-invalid]').forEach(
    field => field.removeAttribute('aria-invalid'));
  const input = field => document.querySelector(['textarea', 'input'].map(
    tag => '.st-key-' + field + ' ' + tag).join(','));
  wrong.forEach(field => input(field)?.setAttribute('aria-invalid', 'true'));
  const notice = document.querySelector('.st-key-suggest_notice');
  const told = notice?.textContent.trim() ? notice : null;
  const target = %s ? input(%s) : told ?? document.querySelector('h1');
  if (!target) return;
  if (!['INPUT', 'TEXTAREA'].includes(target.tagName)) target.tabIndex = -1;
  target.focus();
  target.scrollIntoView({block: 'center'});
  notice?.querySelectorAll('a[href^="#suggest_"]').forEach(link => { link.onclick = () => {
    input(link.getAttribute('href').slice(1))?.focus();
    return false;
  }; });
}, 150)</script>"""

_TRAP = st.components.v2.component(
    "suggestion_trap",
    html=f"""<div class="suggest-{HONEYPOT}" aria-hidden="true"><label>Company fax
<input name="{HONEYPOT}" type="text" tabindex="-1" autocomplete="off"></label></div>""",
    css=f"""[class*="suggest-{HONEYPOT}"] {{ position: absolute; left: -200vw; width: 1px;
height: 1px; overflow: hidden; }}""",
    js="""export default function({parentElement, setStateValue}) {
  parentElement.querySelector('input').onchange = event =>
    setStateValue('answer', event.target.value);
}""",
    isolate_styles=False,
)

_DRAFT = st.components.v2.component(
    "suggestion_draft",
    js="""const NAME = 'suggestion-draft';
export default function({data, setTriggerValue}) {
  try {
    if (data.ask) {
      const kept = sessionStorage.getItem(NAME);
      if (kept) setTriggerValue('kept', kept);
    } else if (data.draft) sessionStorage.setItem(NAME, data.draft);
    else if (data.forget) sessionStorage.removeItem(NAME);
  } catch { /* A browser that keeps nothing: the form works as well without. */ }
}""",
)

_CHANGE = st.components.v2.component(
    "suggestion_change",
    js="""export default function({setTriggerValue}) {
  const act = event => {
    const link = event.target.closest?.('.suggest-summary a[href^="#change-"]');
    if (!link) return;
    event.preventDefault();
    setTriggerValue('field', link.getAttribute('href').slice('#change-'.length));
  };
  document.addEventListener('click', act);
  return () => document.removeEventListener('click', act);
}""",
)


_UPLOADER = st.components.v2.component(
    "suggestion_uploader",
    js="""export default function() {
  const name = () => document.querySelectorAll(
    '[data-testid="stFileUploaderDropzone"][role="presentation"]').forEach(
    zone => zone.setAttribute('role', 'group'));
  const watch = new MutationObserver(name);
  watch.observe(document.body, {childList: true, subtree: true});
  name();
  return () => watch.disconnect();
}""",
)


def move_focus(attempt: int, wrong: Sequence[str] = (), to: str | None = None) -> None:
    """After a press of a button, bring the reader to the notice, to a field or to the heading.

    Parameters
    ----------
    attempt
        Grows with each press, which makes the script run anew.
    wrong
        The names of the widgets whose answers are wrong, which are marked as invalid.
    to
        The name of the widget to go to; the notice where there is none, else the heading. Links
        in the notice lead to their fields.
    """
    name = json.dumps(to)
    script = _FOCUS % (attempt, json.dumps(list(wrong)), name, name)
    st.html(script, unsafe_allow_javascript=True)


def trap() -> str:
    """A field that people neither see nor reach; returns what a program wrote into it."""
    found = _TRAP(key="suggest_trap", default={"answer": ""}, on_answer_change=_nothing, height=1)
    return str(found.get("answer") or "")


def draft_in_tab(
    draft: str | None, *, ask: bool, forget: bool, on_kept: Callable[[], None]
) -> None:
    """Keep a draft in the browser's tab, which loses it when it is closed.

    Parameters
    ----------
    draft
        The draft as text; nothing is written where there is none.
    ask
        Whether the tab is asked for a draft of an earlier connection.
    forget
        Whether the draft that the tab keeps is deleted.
    on_kept
        Called where there is one; it is then in ``st.session_state.suggest_draft["kept"]``.
    """
    data = {"ask": ask, "draft": draft, "forget": forget}
    _DRAFT(key="suggest_draft", data=data, on_kept_change=on_kept, height=1)


def change_links(on_field: Callable[[], None]) -> None:
    """Let the change links of the summary tell which answer, in ``suggest_change["field"]``."""
    _CHANGE(key="suggest_change", on_field_change=on_field, height=1)


def name_uploader() -> None:
    """Make the field for files a group: Streamlit gives it a name and the role of having none."""
    _UPLOADER(key="suggest_uploader", height=1)


def _nothing() -> None:
    """Components that tell their state need someone to tell it to."""
