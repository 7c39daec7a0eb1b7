"""The privacy note of suggestions: what is kept, where, who sees it, for how long, and rights."""

from __future__ import annotations

CONTACT_DAYS = 180
"""After how many days contact details are to be deleted. Whoever runs the dashboard does so with
``python -m loaders reviews delete-contacts --older-than 180``, best every night."""

_NOTE = f"""<div class="suggest-note">
<h2>What we keep</h2>
<ul><li>Your answers and files, when they came, and each step that we take with them. We keep
these for good, so that everyone can see how suggestions were answered.</li>
<li>Your email or phone number, if you give one. It is kept apart from the rest.</li>
<li>We do not ask who you are. This form does not keep the internet address that you write
from.</li>
<li>While you write, this browser tab keeps your answers (not your email, phone or files), so that
you don't lose them if the page reloads. They go when you send them or close the tab.</li></ul>
<h2>Where, and who sees it</h2>
<ul><li>It is kept in the database of this dashboard, run by the organisation that runs the
dashboard.</li>
<li>Reviewers see everything. Everyone else sees what you suggest and where it is from, after a
reviewer has looked at it, and what became of it.</li>
<li>Nobody but reviewers sees your contact details, your files and what you write under
“Anything else?”.</li>
<li>What looks private is held back until a reviewer has looked at it.</li></ul>
<h2>How long we keep your email or phone number</h2>
<p>For at most {CONTACT_DAYS} days. The people who run this dashboard then delete it. We use it only
to ask you about this suggestion, or to tell you what became of it.</p>
<h2>Your rights</h2>
<p>You can withdraw a suggestion until it is decided, with its reference number. You can ask the
organisation that runs this dashboard to show you what it keeps about you, to put it right or to
delete it. If you are not happy with what they do, you can complain to the Information
Commissioner's Office.</p></div>"""


def privacy_note() -> str:
    """The note, as HTML."""
    return _NOTE
