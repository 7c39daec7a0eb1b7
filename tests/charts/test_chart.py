"""No text of a chart can become a link or a style, but those that charts write themselves."""

import numpy as np
import plotly.graph_objects as go
import pytest

from charts.chart import Chart, without_tags

LINK = '<a href="https://evil.example">per 1,000</a>'
SHOWN = '&lt;a href="https://evil.example">per 1,000&lt;/a>'


def chart(figure: go.Figure) -> go.Figure:
    return Chart(figure, "A finding", "", "").figure


@pytest.mark.parametrize("kind", [list, tuple, np.array])
def test_a_tag_in_a_text_of_a_chart_is_shown_as_it_was_written(kind):
    made = go.Figure(go.Scatter(x=[1, 2], y=[0.5, 1.5], text=kind([LINK, "White"]), name=LINK))
    made.update_xaxes(title_text=LINK, ticktext=[LINK], tickvals=[1])
    made.add_annotation(text=LINK)
    kept = chart(made)
    trace = kept.data[0]
    assert list(trace.text) == [SHOWN, "White"]
    axis = kept.layout.xaxis
    assert (trace.name, axis.title.text, axis.ticktext[0]) == (SHOWN, SHOWN, SHOWN)
    assert kept.layout.annotations[0].text == SHOWN
    assert list(trace.y) == [0.5, 1.5]


def test_what_charts_write_themselves_stays():
    ours = '<b>Black</b><br><span style="color:#007A99">1.5</span><extra></extra> < 2'
    made = go.Figure(go.Scatter(x=[1], y=[2], text=[ours], hovertemplate="%{x}<extra></extra>"))
    assert without_tags(made) is made


@pytest.mark.parametrize(
    "text", ['<span style="font-size:99px">', "<BR/>", "<script>", "<b onclick=x>", "</a>", "<!--"]
)
def test_nothing_that_only_looks_like_it_stays(text):
    kept = without_tags(go.Figure(go.Scatter(x=[1], y=[2], text=[text])))
    assert "<" not in kept.data[0].text[0]
