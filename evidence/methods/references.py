"""The publications that the methods are from.

An identifier (doi) is written only where it was read beside author and year; ``seen_at`` says
where. A publication without one is named by author, year and journal alone.
"""

from __future__ import annotations

from evidence.methods.model import Reference

PHE = "github.com/cran/PHEindicatormethods, DESCRIPTION"
HEALTHEQUAL = "github.com/WHOequity/healthequal, R/mdbu.R and R/bgv.R"
RATESCI = "github.com/PeteLaud/ratesci, R/rateci.R"

WILSON = Reference(
    "Wilson EB",
    1927,
    "Probable inference, the law of succession, and statistical inference",
    "Journal of the American Statistical Association 22:209-212",
    "10.1080/01621459.1927.10502953",
    PHE,
)
GARWOOD = Reference(
    "Garwood F",
    1936,
    "Fiducial limits for the Poisson distribution",
    "Biometrika 28:437-442",
    "10.1093/biomet/28.3-4.437",
    RATESCI,
)
BYAR = Reference(
    "Breslow NE, Day NE",
    1987,
    "Statistical methods in cancer research, volume II: the design and analysis of cohort studies "
    "(Byar's approximation)",
    "International Agency for Research on Cancer, Scientific Publications 82",
    seen_at="github.com/ukhsa-collaboration/PHEindicatormethods, references of its functions",
)
EAYRES = Reference(
    "Eayres D",
    2008,
    "Commonly used public health statistics and their confidence intervals",
    "Association of Public Health Observatories, Technical Briefing 3",
    seen_at="evidence/statistics/limits.py",
)
DOBSON = Reference(
    "Dobson AJ, Kuulasmaa K, Eberle E, Scherer J",
    1991,
    "Confidence intervals for weighted sums of Poisson parameters",
    "Statistics in Medicine 10:457-462",
    "10.1002/sim.4780100317",
    PHE,
)
STANDARD = Reference(
    "Eurostat",
    2013,
    "Revision of the European Standard Population",
    "Publications Office of the European Union",
    "10.2785/11470",
    "evidence/statistics/standardised.py",
)
STUDENT = Reference(
    "Student",
    1908,
    "The probable error of a mean",
    "Biometrika 6:1-25",
    "10.1093/biomet/6.1.1",
    "stored public file 8960776360 (documentation of an R package), and nine others",
)
MIETTINEN = Reference(
    "Miettinen O, Nurminen M",
    1985,
    "Comparative analysis of two rates",
    "Statistics in Medicine 4:213-226",
    "10.1002/sim.4780040211",
    "search.r-project.org/CRAN/packages/ratesci",
)
NAM = Reference(
    "Nam J",
    1995,
    "Confidence limits for the ratio of two binomial proportions based on likelihood scores: "
    "non-iterative method",
    "Biometrical Journal 37:375-379",
    "10.1002/bimj.4710370311",
    "stored public file 17075830782 (a bibliography)",
)
GRAHAM = Reference(
    "Graham PL, Mengersen K, Morton AP",
    2003,
    "Confidence limits for the ratio of two rates based on likelihood scores: non-iterative method",
    "Statistics in Medicine 22:2071-2083",
    seen_at="researchers.mq.edu.au, page of the publication",
)
GRAHAM_CORRECTED = Reference(
    "Graham PL, Mengersen K, Morton AP",
    2004,
    "Correction to: Confidence limits for the ratio of two rates based on likelihood scores",
    "Statistics in Medicine 23:3549",
    "10.1002/sim.2046",
    "researchers.mq.edu.au, note on the page of the publication of 2003",
)
MOVER = Reference(
    "Donner A, Zou GY",
    2012,
    "Closed-form confidence intervals for functions of the normal mean and standard deviation",
    "Statistical Methods in Medical Research 21:347-359",
    seen_at="github.com/PeteLaud/ratesci, references of its functions",
)
ARMITAGE = Reference(
    "Armitage P, Berry G, Matthews JNS",
    2002,
    "Statistical methods in medical research, 4th edition",
    "Blackwell",
    "10.1002/9780470773666",
    PHE,
)
ROTHMAN = Reference(
    "Rothman KJ, Greenland S, Lash TL",
    2008,
    "Modern epidemiology, 3rd edition",
    "Lippincott Williams & Wilkins",
    seen_at="stored public file 26475958635 (documentation of an R package), and others",
)
SCHLOTHEUBER = Reference(
    "Schlotheuber A, Hosseinpoor AR",
    2022,
    "Summary measures of health inequality: a review of existing measures and their application",
    "International Journal of Environmental Research and Public Health 19:3697",
    "10.3390/ijerph19063697",
    HEALTHEQUAL,
)
AHN = Reference(
    "Ahn J, Harper S, Yu M, Feuer EJ, Liu B, Luta G",
    2018,
    "Variance estimation and confidence intervals for 11 commonly used health disparity measures",
    "JCO Clinical Cancer Informatics 2:1-19",
    "10.1200/CCI.18.00031",
    HEALTHEQUAL,
)
LOUIS = Reference(
    "Louis TA",
    1984,
    "Estimating a population of parameter values using Bayes and empirical Bayes methods",
    "Journal of the American Statistical Association 79:393-398",
    "10.1080/01621459.1984.10478062",
    "stored public file 59928553892 (a bibliography)",
)
VIECHTBAUER = Reference(
    "Viechtbauer W",
    2007,
    "Confidence intervals for the amount of heterogeneity in meta-analysis",
    "Statistics in Medicine 26:37-52",
    "10.1002/sim.2514",
    "stored public file 54564033970 (documentation of an R package), and nine others",
)
THOMPSON = Reference(
    "Thompson SG, Sharp SJ",
    1999,
    "Explaining heterogeneity in meta-analysis: a comparison of methods",
    "Statistics in Medicine 18:2693-2708",
    "10.1002/(SICI)1097-0258(19991030)18:20<2693::AID-SIM235>3.0.CO;2-V",
    "github.com/remlapmot/mrrobust, mregger.sthlp",
)
KNAPP = Reference(
    "Knapp G, Hartung J",
    2003,
    "Improved tests for a random effects meta-regression with a single covariate",
    "Statistics in Medicine 22:2693-2710",
    "10.1002/sim.1482",
    "stored public file 4908293504 (news of the R package meta), and nine others",
)
MANN = Reference(
    "Mann HB",
    1945,
    "Nonparametric tests against trend",
    "Econometrica 13:245-259",
    "10.2307/1907187",
    "stored public file 16705305971 (documentation of an R package), and nine others",
)
KENDALL = Reference(
    "Kendall MG",
    1975,
    "Rank correlation methods, 4th edition",
    "Griffin",
    seen_at="rdrr.io/cran/emon/man/mannkendall.stat.html",
)
FISCHETTI = Reference(
    "Fischetti M, Salazar-González JJ",
    2001,
    "Solving the cell suppression problem on tabular data with linear constraints",
    "Management Science 47:1008-1027",
    "10.1287/mnsc.47.7.1008.9805",
    "stored public file 69253755768 (a bibliography)",
)
