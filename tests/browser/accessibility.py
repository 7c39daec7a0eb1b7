"""What can be asked of a page that is open: axe's rules, lost words, the focus, the charts.

Each question returns what is wrong in words, so that an empty list is the answer wanted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from charts.palettes import palette
from tests.browser.conftest import settle


def paint(page: Page, scheme: str) -> None:
    """Have a page that is open drawn in the light or the dark theme."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.wait_for_function(_PAINTED, arg=palette(scheme).background)
    settle(page)


def resize(page: Page, width: int, height: int) -> None:
    """Give a page another size, and wait until its charts have taken it."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(300)
    page.wait_for_function(_FITTED)


_FITTED = """() => [...document.querySelectorAll('.js-plotly-plot')].every((plot) => {
  const drawn = plot.querySelector('.main-svg')?.getBoundingClientRect();
  return !plot.clientWidth || (drawn && Math.abs(drawn.width - plot.clientWidth) < 2
    && Math.abs(drawn.height - plot.clientHeight) < 2);
})"""

_PAINTED = """(background) => getComputedStyle(document.documentElement)
  .getPropertyValue('--background').trim() === background"""

_RULES = {
    # Off in axe unless it is asked for: WCAG 2.2, success criterion 2.5.8.
    "rules": {"target-size": {"enabled": True}},
}
_OF_COLOURS = ["color-contrast", "link-in-text-block"]
# The drawn half of a formula is hidden from screen readers, and takes axe most of its time.
_CONTEXT = {"exclude": [[".katex-html"]]}


def axe_faults(page: Page, *, colours_alone: bool = False) -> list[str]:
    """What axe-core finds wrong: WCAG 2.0 to 2.2, A and AA, and its good practice.

    ``colours_alone`` asks its rules on colours and no others: all that a theme can change.
    """
    rules: dict[str, object] = {"resultTypes": ["violations"], **_RULES}
    if colours_alone:
        rules = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": _OF_COLOURS}}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(
        "([where, rules]) => axe.run(where, rules).then((told) => told.violations)",
        [_CONTEXT, rules],
    )
    return [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for violation in found
        for node in violation["nodes"]
    ]


_FRAME = """() => {
  const shown = (e) => e.getClientRects().length > 0 && e.checkVisibility(
    {visibilityProperty: true, contentVisibilityAuto: true});
  const told = [];
  const headings = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter(shown);
  if (headings.filter((e) => e.tagName === 'H1').length !== 1) told.push('not one h1');
  let last = 0;
  for (const heading of headings) {
    const level = Number(heading.tagName[1]);
    if (level > last + 1) told.push(`h${level} after h${last}: ${heading.innerText}`);
    if (!heading.innerText.trim()) told.push(`an h${level} without words`);
    last = level;
  }
  if (document.documentElement.lang !== 'en') told.push('no language');
  for (const mark of ['main', 'nav', 'main footer.foot']) {
    const found = [...document.querySelectorAll(mark)].length;
    if (found !== 1) told.push(`${found} of ${mark}`);
  }
  const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
  const twice = ids.filter((id, n) => ids.indexOf(id) !== n);
  if (twice.length) told.push(`ids said twice: ${twice}`);
  return told;
}"""


def frame_faults(page: Page) -> list[str]:
    """What is wrong with the headings, the language, the landmarks and the title."""
    title = [] if re.fullmatch(r".+ - .+", page.title()) else [f"the title is {page.title()}"]
    return [*page.evaluate(_FRAME), *title]


_LOST = """() => {
  const told = new Set();
  const main = document.querySelector('[data-testid=stMain]');
  const view = document.querySelector('[data-testid=stAppViewContainer]');
  for (const [name, box] of [['the page', main], ['the window', view]]) {
    if (box.scrollWidth > box.clientWidth) told.add(`${name} is ${box.scrollWidth} wide`);
  }
  const aside = '.stPlotlyChart, .katex, .off-screen, .unseen, .skip, svg, script, style, '
    + '[aria-hidden=true] [data-testid=stIconMaterial], [data-testid=stIconMaterial], '
    + '.st-key-suggest_trap';
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest(aside)) continue;
    if (!parent.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true})) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      if (rect.width < 2) continue;
      // Of the height of a line, the letters take the middle.
      let across = {left: rect.left, right: rect.right};
      let down = {top: rect.top + rect.height / 4, bottom: rect.bottom - rect.height / 4};
      for (let box = parent; box && box !== main; box = box.parentElement) {
        const style = getComputedStyle(box), edge = box.getBoundingClientRect();
        if (style.clipPath !== 'none') { across = down = null; break; }
        const cut = (way) => way === 'hidden' || way === 'clip';
        if (across && cut(style.overflowX)
            && (across.left < edge.left - 2 || across.right > edge.right + 2)) {
          told.add(`cut at the side: ${node.data.trim().slice(0, 50)}`);
        }
        if (down && cut(style.overflowY)
            && (down.top < edge.top - 1 || down.bottom > edge.bottom + 1)) {
          told.add(`cut above or below: ${node.data.trim().slice(0, 50)}`);
        }
        // What scrolls within its own region is not lost.
        if (/auto|scroll/.test(style.overflowX)) across = null;
        if (/auto|scroll/.test(style.overflowY)) down = null;
      }
      if (across && (across.left < -1 || across.right > innerWidth + 1)) {
        told.add(`off the screen: ${node.data.trim().slice(0, 50)}`);
      }
    }
  }
  return [...told];
}"""


def lost_words(page: Page) -> list[str]:
    """Words that are cut or off the screen and that no scrolling brings back."""
    return list(page.evaluate(_LOST))


TEXT_SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important } p { margin-bottom: 2em !important }"""
"""The spacing that readers may set for themselves: WCAG 2.2, success criterion 1.4.12."""


_COVERED = """() => {
  const told = [];
  const main = document.querySelector('[data-testid=stMain]');
  for (const e of main.querySelectorAll('a[href], button, input, textarea, summary')) {
    if (e.closest('.st-key-suggest_trap, .stPlotlyChart') || e.disabled) continue;
    if (e.matches('.skip, [type=file]')) continue;
    if (!e.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true})) continue;
    // A choice's own button is hidden; its label is what one sees and presses.
    const pressed = e.type === 'radio' ? e.closest('label') : e;
    pressed.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
    const box = pressed.getClientRects()[0];
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (!top || !(pressed.contains(top) || top.contains(pressed))) {
      told.push(`${e.tagName} ${e.innerText || e.ariaLabel}: under ${top?.className}`);
    }
  }
  main.scrollTo(0, 0);
  return told;
}"""


def covered_controls(page: Page) -> list[str]:
    """Links, fields and buttons that can't be pressed, as something lies over them."""
    return list(page.evaluate(_COVERED))


_SMALL = """() => [...document.querySelectorAll(
    'button.download, .table td > a:only-of-type, .table th > a:only-of-type, a.known, .more a')]
  .filter((e) => e.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true}))
  .map((e) => [e, e.getBoundingClientRect()])
  .filter(([e, box]) => box.height < 24 || box.width < 24)
  .map(([e, box]) => `${e.innerText}: ${Math.round(box.width)} by ${Math.round(box.height)}`)"""


def small_targets(page: Page) -> list[str]:
    """Buttons, cells and links of ours that stand alone and are under 24 pixels."""
    return list(page.evaluate(_SMALL))


_MOVING = """() => [...document.querySelectorAll('*')].flatMap(
    (e) => ['', '::before', '::after'].map((part) => [e, getComputedStyle(e, part || null)]))
  .filter(([, style]) => style.animationName !== 'none' || style.scrollBehavior === 'smooth'
    || (style.transitionProperty !== 'none'
      && style.transitionDuration.split(', ').some((time) => parseFloat(time) > 0)))
  .map(([e]) => `${e.tagName} ${e.className}`)"""


def moving(page: Page) -> list[str]:
    """What moves by itself or when it is used, or scrolls as if by hand."""
    return list(page.evaluate(_MOVING))


_FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const name = `${e.tagName} ${e.ariaLabel || e.innerText || e.value || ''}`.slice(0, 80);
  // The ring is around it or, for fields and hidden buttons, around the box that holds it.
  const ringed = (box) => {
    const style = getComputedStyle(box);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
      && !/^rgba.*, 0\\)$/.test(style.outlineColor);
  };
  let ring = e.type === 'radio' ? e.closest('label') : e;
  for (let n = 0; n < 4 && ring && !ringed(ring); n++) ring = ring.parentElement;
  if (!ring || !ringed(ring)) return {name, fault: 'no ring'};
  const style = getComputedStyle(ring), room = parseFloat(style.outlineOffset)
    + parseFloat(style.outlineWidth) / 2, box = ring.getBoundingClientRect();
  const sides = {left: box.left - room, right: box.right + room,
    top: box.top - room, bottom: box.bottom + room};
  const cut = new Set();
  let across = true, down = true;
  for (let each = ring.parentElement; each; each = each.parentElement) {
    const s = getComputedStyle(each), edge = each.getBoundingClientRect();
    if (across && /hidden|clip/.test(s.overflowX)) {
      if (sides.left < edge.left) cut.add('left');
      if (sides.right > edge.right) cut.add('right');
    }
    if (down && /hidden|clip/.test(s.overflowY)) {
      if (sides.top < edge.top) cut.add('top');
      if (sides.bottom > edge.bottom) cut.add('bottom');
    }
    // What can be scrolled is not cut by what lies around that.
    across &&= !/auto|scroll/.test(s.overflowX);
    down &&= !/auto|scroll/.test(s.overflowY);
  }
  if (cut.size > 1) return {name, fault: `the ring is cut: ${[...cut]}`};
  // Of what is taller than the window, the part within it counts.
  const left = Math.max(box.left, 0), top = Math.max(box.top, 0);
  const wide = Math.min(box.right, innerWidth) - left;
  const high = Math.min(box.bottom, innerHeight) - top;
  const seen = [[.5, .5], [.1, .5], [.9, .5], [.5, .1], [.5, .9]].some(([across, down]) => {
    const x = left + wide * across, y = top + high * down;
    if (wide <= 0 || high <= 0) return false;
    const over = document.elementFromPoint(x, y);
    return over && (ring.contains(over) || over.contains(ring));
  });
  return {name, fault: seen ? '' : 'not in view, or covered'};
}"""


@dataclass(frozen=True)
class Focus:
    """Where the keyboard's focus is, and what is wrong with how it shows."""

    name: str
    fault: str


def focus(page: Page) -> Focus | None:
    """The focus; None where it is on nothing."""
    found = page.evaluate(_FOCUS)
    return None if found is None else Focus(found["name"], found["fault"])


_CHARTS = r"""() => [...document.querySelectorAll('.stPlotlyChart')].map((chart) => {
  const box = chart.getBoundingClientRect();
  const drawn = [...chart.querySelectorAll('text')].filter((text) => {
    let opacity = 1;
    for (let e = text; e !== chart; e = e.parentElement) opacity *= +getComputedStyle(e).opacity;
    return text.textContent.trim() && opacity > 0.05 && text.getBoundingClientRect().width;
  }).map((text) => ({words: text.textContent.trim(), at: text.getBoundingClientRect(),
    lines: text.querySelectorAll('.line').length || 1}));
  const faults = [];
  for (const {words, at} of drawn) {
    // The spaces that keep a number from its mark are no loss.
    const out = Math.max(box.left - at.left, at.right - box.right, box.top - at.top,
      at.bottom - box.bottom);
    if (out > 5) faults.push(`cut: ${words}`);
  }
  drawn.forEach((one, n) => drawn.slice(n + 1).forEach((other) => {
    const wide = Math.min(one.at.right, other.at.right) - Math.max(one.at.left, other.at.left);
    const high = Math.min(one.at.bottom, other.at.bottom) - Math.max(one.at.top, other.at.top);
    const line = Math.min(one.at.height / one.lines, other.at.height / other.lines);
    if (wide > 2 && high > line / 2) faults.push(`${one.words} over ${other.words}`);
  }));
  return {role: chart.getAttribute('role'), name: chart.getAttribute('aria-label') || '', faults};
})"""


@dataclass(frozen=True)
class DrawnChart:
    """A chart as it stands on the page: what it says instead, and words cut or laid over others."""

    role: str | None
    name: str
    faults: tuple[str, ...]


def charts(page: Page) -> list[DrawnChart]:
    """The charts and maps of a page."""
    found = page.evaluate(_CHARTS)
    return [DrawnChart(one["role"], one["name"], tuple(one["faults"])) for one in found]


def tabled_numbers(page: Page) -> set[float]:
    """Every number in the tables of a page, folded ones too."""
    texts = page.evaluate("[...document.querySelectorAll('th, td')].map((c) => c.textContent)")
    return {_number(found) for text in texts for found in re.findall(_NUMBER, text)}


def told_numbers(text: str) -> set[float]:
    """The percentages, the multiples and the limits that a text tells."""
    found = re.findall(rf"({_NUMBER})(?:%| times)", text)
    for between in re.findall(rf"95% limits ({_NUMBER})%? to ({_NUMBER})", text):
        found += between
    return {_number(one) for one in found if one != "95"}


_NUMBER = r"\d[\d,]*(?:\.\d+)?"


def _number(text: str) -> float:
    return float(text.replace(",", ""))
