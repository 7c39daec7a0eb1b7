"""The seventeen summary measures of the World Health Organization, one method each."""

from __future__ import annotations

from evidence.methods import references as by
from evidence.methods import work_summary as work
from evidence.methods.model import Family, Method, Reference, Work

_Y = (r"y_i", "the figure of a group")
_P = (r"p_i", "its share of the people of all groups")
_S = (r"s_i", "its standard error: the width of its limits, u − l, divided by 3.92")
_MU = (r"\mu", "the average, weighted by people: Σ p y")
_K = (r"k", "how many groups there are")
_Z = (r"z", "1.96 for 95% limits")
_BEST = (r"y_{\text{best}}", "the best group's figure: the highest if more is better")
_REFERENCE = (r"y_{\text{ref}}", "the reference group's figure")
_E = (r"e_i", "1 for the best group, 0 for the others")

_NORMAL = r"\pm z \sqrt{\textstyle\sum g_i^2 s_i^2}"
_BGV = r"\mathrm{BGV} = \sum p_i (y_i - \mu)^2"
_VAR = (
    r"V_1 = 4 \sum p_i^2 s_i^2 (y_i - \mu)^2",
    r"V_2 = 2\left(\textstyle\sum p_i^2 s_i^2\right)^2 - 2 \sum p_i^4 s_i^4",
    r"V_3 = 2 \textstyle\sum p_i^2 (1 - p_i)^2 s_i^4",
)
_VAR_SYMBOL = (r"V_1 + V_2 + V_3", "the variance of the between-group variance")

_SET = "Sets of at least two groups that hold nobody twice"
_WHOLE = f"{_SET}, with the people of each."
_EXTREMES = "The best and worst group are taken as picked beforehand: limits are a little narrow."


def _measure(
    code: str,
    name: str,
    answers: str,
    formulas: tuple[str, ...],
    words: str,
    symbols: tuple[tuple[str, str], ...],
    example: Work,
    *,
    used: str = _WHOLE,
    limits_of_use: str = "Chance alone makes groups differ: even equal ones give some inequality.",
    references: tuple[Reference, ...] = (by.SCHLOTHEUBER, by.AHN),
) -> Method:
    return Method(
        key=code,
        name=name,
        family=Family.WHOLE_SET,
        answers=answers,
        formulas=formulas,
        words=words,
        symbols=symbols,
        used=used,
        limits_of_use=limits_of_use,
        references=references,
        function="evidence.inequality.inequality_of_set",
        work=example,
    )


_FORMULA = (
    _measure(
        "d",
        "Difference (D)",
        "How far apart are the highest and the lowest group?",
        (r"D = y_a - y_b", r"D \pm z \sqrt{s_a^2 + s_b^2}"),
        "The highest figure less the lowest; either side z times the root of their squared "
        "standard errors.",
        (
            (r"y_a,\; y_b", "the highest and the lowest figure, whatever the reference group is"),
            (r"s_a,\; s_b", "their standard errors: the width of each one's limits ÷ 3.92"),
            _Z,
        ),
        work.d,
        used=f"{_SET}.",
        limits_of_use=f"It leaves out every group between. {_EXTREMES}",
    ),
    _measure(
        "r",
        "Ratio (R)",
        "How many times as high is the highest group as the lowest?",
        (
            r"R = \frac{y_a}{y_b}",
            r"R \exp\left(\pm z \sqrt{\frac{s_a^2}{y_a^2} + \frac{s_b^2}{y_b^2}}\right)",
        ),
        "The highest figure divided by the lowest; limits on the scale of logarithms.",
        (
            (r"y_a,\; y_b", "the highest and the lowest figure, whatever the reference group is"),
            (r"s_a,\; s_b", "their standard errors: the width of each one's limits ÷ 3.92"),
            _Z,
        ),
        work.r,
        used=f"{_SET}, none with a figure of zero.",
        limits_of_use=f"It leaves out every group between. {_EXTREMES}",
    ),
    _measure(
        "bgv",
        "Between-group variance (BGV)",
        "How widely do groups scatter about the average, large gaps counting most?",
        (_BGV, *_VAR, r"\mathrm{BGV} \pm z \sqrt{V_1 + V_2 + V_3}"),
        "The squared distances of the groups from the average, weighted by people; either side z "
        "times the root of its variance, not below zero.",
        (_Y, _P, _S, _MU, _VAR_SYMBOL, _Z),
        work.bgv,
        limits_of_use="In squared units, which are hard to read; outlying groups weigh heavily.",
    ),
    _measure(
        "bgsd",
        "Between-group standard deviation (BGSD)",
        "How widely do groups scatter about the average, in the unit of the figures?",
        (
            r"\mathrm{BGSD} = \sqrt{\mathrm{BGV}}",
            _BGV,
            *_VAR,
            r"\sqrt{\mathrm{BGV} \pm z \sqrt{V_1 + V_2 + V_3}}",
        ),
        "The root of the between-group variance, and of its limits.",
        (_Y, _P, _S, _MU, _VAR_SYMBOL, _Z),
        work.bgsd,
    ),
    _measure(
        "cov",
        "Coefficient of variation (COV)",
        "How widely do groups scatter, as a part of the average?",
        (
            r"\mathrm{COV} = \frac{100}{\mu} \sqrt{\mathrm{BGV}}",
            r"g_i = 2 p_i (y_i - \mu), \quad h_i = -\frac{2\,\mathrm{BGV}\,p_i}{\mu}",
            r"V = V_1 + V_2 + V_3 + \sum \left[(g_i + h_i)^2 - g_i^2\right] s_i^2",
            r"\frac{100}{\mu} \sqrt{\mathrm{BGV} \pm z \sqrt{V}}",
        ),
        "The between-group standard deviation as a percentage of the average. The limits are roots "
        "of those of its square, whose variance also counts that of the average.",
        (
            _Y,
            _P,
            _S,
            _MU,
            (r"\mathrm{BGV}", "the between-group variance"),
            _VAR_SYMBOL,
            (r"g_i,\; h_i", "how it, and the average under it, change with a group's figure"),
            _Z,
        ),
        work.cov,
        limits_of_use="It has no meaning where every figure is zero.",
    ),
    _measure(
        "ti",
        "Theil index (TI)",
        "How uneven are groups as parts of the average, those above it counting most?",
        (
            r"T = \sum p_i \frac{y_i}{\mu} \ln \frac{y_i}{\mu}, \quad \mathrm{TI} = 1000\, T",
            r"g_i = 1000\, \frac{p_i}{\mu}\left(\ln \frac{y_i}{\mu} - T\right)",
            rf"\mathrm{{TI}} {_NORMAL}",
        ),
        "The share of people times the figure as a part of the average times its logarithm, added "
        "up, times 1,000. Zero where groups are equal.",
        (_Y, _P, _S, _MU, (r"g_i", "how the measure changes with a group's figure"), _Z),
        work.ti,
        limits_of_use="It has no unit that people know: compare it only with itself.",
    ),
    _measure(
        "mld",
        "Mean log deviation (MLD)",
        "How uneven are groups as parts of the average, those below it counting most?",
        (
            r"\mathrm{MLD} = -1000 \sum p_i \ln \frac{y_i}{\mu}",
            r"g_i = 1000\, \frac{p_i}{\mu}\left(1 - \frac{\mu}{y_i}\right)",
            rf"\mathrm{{MLD}} {_NORMAL}",
        ),
        "The share of people times the logarithm of the figure as a part of the average, added up, "
        "times minus 1,000. Zero where groups are equal.",
        (_Y, _P, _S, _MU, (r"g_i", "how the measure changes with a group's figure"), _Z),
        work.mld,
        limits_of_use="It has no value where a figure is zero, and no unit that people know.",
    ),
    _measure(
        "par",
        "Population attributable risk (PAR)",
        "How much would the average change if every group had the best group's figure?",
        (
            r"\mathrm{PAR} = y_{\text{best}} - \mu",
            rf"\mathrm{{PAR}} {_NORMAL}, \quad g_i = e_i - p_i",
        ),
        "The best group's figure less the average; the limits don't go past zero.",
        (_BEST, _MU, _P, _S, _E, _Z),
        work.par,
        limits_of_use=f"It says what the gap comes to, not what closes it. {_EXTREMES}",
    ),
    _measure(
        "paf",
        "Population attributable fraction (PAF)",
        "By what part would the average change if every group had the best group's figure?",
        (
            r"\mathrm{PAF} = 100\, \frac{y_{\text{best}} - \mu}{\mu}",
            rf"\mathrm{{PAF}} {_NORMAL}",
            r"g_i = \frac{100}{\mu}\left(e_i - \frac{y_{\text{best}}}{\mu}\, p_i\right)",
        ),
        "The best group's figure less the average, as a percentage of the average; the limits "
        "don't go past zero.",
        (_BEST, _MU, _P, _S, _E, _Z),
        work.paf,
        limits_of_use=f"It says what the gap comes to, not what closes it. {_EXTREMES}",
    ),
)

_POINTS = {
    "mdm": ("average", r"\mu", _MU),
    "mdb": ("best group", r"y_{\text{best}}", _BEST),
    "mdr": ("reference group", r"y_{\text{ref}}", _REFERENCE),
}


def _counting(code: str) -> tuple[str, str, str, tuple[str, str]]:
    """Who counts in an average (people or groups), how, the sign of it, and its symbol."""
    if code.endswith("w"):
        return "people", "weighted by people", r"\sum p_i", _P
    return "groups", "each group counted once", r"\frac{1}{k} \sum", _K


def _mean_difference(code: str, example: Work) -> Method:
    place, sign, symbol = _POINTS[code[:3]]
    who, how, total, counted = _counting(code)
    return _measure(
        code,
        f"Mean difference from the {place}, {how} ({code.upper()})",
        f"How far from the {place} are {who} on average?",
        (rf"\mathrm{{{code.upper()}}} = {total} \left|y_i - {sign}\right|",),
        f"The distances of the groups from the {place}, up or down, {how}, averaged.",
        tuple(dict.fromkeys((_Y, symbol, counted))),
        example,
        used=_WHOLE if code.endswith("w") or code == "mdmu" else f"{_SET}.",
        limits_of_use="Distances up and down count alike. Limits are simulated.",
        references=(by.SCHLOTHEUBER,),
    )


def _disparity(code: str, example: Work) -> Method:
    who, how, total, counted = _counting(code)
    return _measure(
        code,
        f"Index of disparity, {how} ({code.upper()})",
        f"How far from the average are {who}, as a part of the average?",
        (rf"\mathrm{{{code.upper()}}} = \frac{{100}}{{\mu}} \cdot {total} |y_i - \mu|",),
        f"The mean difference from the average, {how}, as a percentage of the average.",
        (_Y, _MU, counted),
        example,
        limits_of_use="It has no meaning where every figure is zero. Limits are simulated.",
        references=(by.SCHLOTHEUBER,),
    )


_SIMULATED = Method(
    key="simulated",
    name="Simulated limits",
    family=Family.WHOLE_SET,
    answers="How far could chance have moved a measure that no formula gives limits for?",
    formulas=(
        r"y_i^{*} = y_i + s_i \varepsilon_i",
        r"Q(\tau^2) = \sum \frac{(y_i - m)^2}{s_i^2 + \tau^2} = \chi^2_{q,\;k-1}",
        r"y_i^{**} = \lambda_i y_i + (1 - \lambda_i) m^{*} + s_i \sqrt{\lambda_i}\, \varepsilon_i",
        r"\lambda_i = \frac{\tau^2}{\tau^2 + s_i^2}",
        r"\text{lower} = \min\left(M^{*}_{2.5\%},\; M^{**}_{2.5\%}\right)",
        r"\text{upper} = M^{*}_{97.5\%}",
    ),
    words=(
        "The figures are drawn 10,000 times about themselves, by their standard errors, and the "
        "measure is worked out each time. They are drawn as often again pulled towards their "
        "common level, by as much as chance explains of their scatter. The upper limit leaves "
        "2.5% of the first draws above; the lower one leaves 2.5% below in both."
    ),
    symbols=(
        (r"y_i,\; s_i", "the figure of a group and its standard error"),
        (r"\varepsilon_i", "a random number of the normal curve, from a fixed seed"),
        (r"\tau^2", "the scatter between groups, at 100 equally likely values q of Q"),
        (r"m,\; m^{*}", "the groups' common level, and that level drawn with its own error"),
        (r"M^{*},\; M^{**}", "the measure in the first and the second kind of draw"),
        _K,
    ),
    used="The eight mean differences and indices of disparity, which add up distances.",
    limits_of_use=(
        "They are cautious. Where groups lie close together, about a standard error apart, they "
        "are too wide: they hold the true value 98 to 99 times in 100. Where groups lie well "
        "apart they do 95 to 97 times. Every group must have a standard error. Draws stay within "
        "what a figure can be."
    ),
    references=(by.LOUIS, by.VIECHTBAUER),
    function="evidence.statistics.summary_measures",
    work=work.simulation,
)

SUMMARIES = (
    *_FORMULA,
    *(
        _mean_difference(code, example)
        for code, example in (
            ("mdmu", work.mdmu),
            ("mdmw", work.mdmw),
            ("mdbu", work.mdbu),
            ("mdbw", work.mdbw),
            ("mdru", work.mdru),
            ("mdrw", work.mdrw),
        )
    ),
    _disparity("idisu", work.idisu),
    _disparity("idisw", work.idisw),
    _SIMULATED,
)
