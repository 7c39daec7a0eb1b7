"""The closed lists of words that the tables use, each with the words that people read."""

from __future__ import annotations

from enum import StrEnum


class DiseaseArea(StrEnum):
    """The areas of the founding page, and what stands around them."""

    MATERNITY = "maternity"
    INFECTIOUS_DISEASE = "infectious-disease"
    DIABETES = "diabetes"
    CARDIOVASCULAR = "cardiovascular"
    RESPIRATORY = "respiratory"
    OBESITY = "obesity"
    MENTAL_HEALTH = "mental-health"
    CANCER = "cancer"
    WIDER_DETERMINANTS = "wider-determinants"
    ACCESS_AND_EXPERIENCE = "access-and-experience"
    CROSS_CUTTING = "cross-cutting"

    @property
    def label(self) -> str:
        """The area's name as a heading."""
        return _AREA_LABELS[self]


_AREA_LABELS = {
    DiseaseArea.MATERNITY: "Maternity and early childhood",
    DiseaseArea.INFECTIOUS_DISEASE: "Infectious disease",
    DiseaseArea.DIABETES: "Diabetes",
    DiseaseArea.CARDIOVASCULAR: "Cardiovascular disease",
    DiseaseArea.RESPIRATORY: "Respiratory disease",
    DiseaseArea.OBESITY: "Obesity",
    DiseaseArea.MENTAL_HEALTH: "Mental health",
    DiseaseArea.CANCER: "Cancer",
    DiseaseArea.WIDER_DETERMINANTS: "Wider determinants of health",
    DiseaseArea.ACCESS_AND_EXPERIENCE: "Access and experience",
    DiseaseArea.CROSS_CUTTING: "General health and length of life",
}


class LifeStage(StrEnum):
    """The stage of life at which an indicator matters most."""

    STARTING_WELL = "starting-well"
    LIVING_WELL = "living-well"
    RECOVERING_WELL = "recovering-well"
    AGEING_WELL = "ageing-well"

    @property
    def label(self) -> str:
        """The stage in words."""
        return self.value.replace("-", " ").capitalize()


class Direction(StrEnum):
    """Whether a higher value is worse for people, better, or neither."""

    HIGHER_IS_WORSE = "higher-is-worse"
    HIGHER_IS_BETTER = "higher-is-better"
    NEITHER = "neither"

    @property
    def label(self) -> str:
        """The direction in words."""
        return {
            Direction.HIGHER_IS_WORSE: "Higher is worse",
            Direction.HIGHER_IS_BETTER: "Higher is better",
            Direction.NEITHER: "Neither higher nor lower is better in itself",
        }[self]


class GeographyLevel(StrEnum):
    """The kind of area a figure describes, from the nearest to the farthest."""

    BOROUGH = "borough"
    ICB = "icb"
    SUBREGION = "subregion"
    LONDON = "london"
    REGION = "region"
    ENGLAND = "england"
    ENGLAND_AND_WALES = "england-and-wales"
    UK = "uk"

    @property
    def label(self) -> str:
        """The level in words, for a filter or a label."""
        return {
            GeographyLevel.BOROUGH: "Borough",
            GeographyLevel.ICB: "NHS area (Integrated Care Board)",
            GeographyLevel.SUBREGION: "Part of London",
            GeographyLevel.LONDON: "London",
            GeographyLevel.REGION: "Region outside London",
            GeographyLevel.ENGLAND: "England",
            GeographyLevel.ENGLAND_AND_WALES: "England and Wales",
            GeographyLevel.UK: "United Kingdom",
        }[self]

    @property
    def distance(self) -> int:
        """How far from a borough's own evidence: 0 for the borough, larger for larger areas."""
        return list(GeographyLevel).index(self)


class Measure(StrEnum):
    """What kind of number a figure is."""

    RATE = "rate"
    PERCENTAGE = "percentage"
    SHARE = "share"
    COUNT = "count"
    MEAN = "mean"
    MEDIAN = "median"
    DIFFERENCE = "difference"
    PERCENTAGE_DIFFERENCE = "percentage_difference"
    THRESHOLD = "threshold"
    RATE_RATIO = "rate_ratio"
    RISK_RATIO = "risk_ratio"
    ODDS_RATIO = "odds_ratio"
    HAZARD_RATIO = "hazard_ratio"

    @property
    def label(self) -> str:
        """The measure in words."""
        return {
            Measure.SHARE: "share of everyone counted who are in the group",
            Measure.PERCENTAGE_DIFFERENCE: "difference as a percentage",
        }.get(self, self.value.replace("_", " "))

    @property
    def is_published_ratio(self) -> bool:
        """True where the source itself compares a group with a comparator, as a ratio."""
        return self in {
            Measure.RATE_RATIO,
            Measure.RISK_RATIO,
            Measure.ODDS_RATIO,
            Measure.HAZARD_RATIO,
        }

    @property
    def is_published_comparison(self) -> bool:
        """True where the source itself compares, as a ratio or as a difference."""
        return self.is_published_ratio or self in {
            Measure.DIFFERENCE,
            Measure.PERCENTAGE_DIFFERENCE,
        }

    @property
    def has_ratio(self) -> bool:
        """True where one group's value divided by another's means something.

        Shares of all cases and counts follow from how many people a group has, so neither
        is divided; means and medians are compared by their difference alone.
        """
        return self in {Measure.RATE, Measure.PERCENTAGE}

    @property
    def has_difference(self) -> bool:
        """True where one group's value less another's means something."""
        return self.has_ratio or self in {Measure.MEAN, Measure.MEDIAN}


class Standardisation(StrEnum):
    """Whether and how a figure allows for differences between groups."""

    CRUDE = "crude"
    AGE = "age-standardised"
    AGE_SEX = "age-sex-standardised"
    ADJUSTED = "adjusted"
    NOT_STATED = "not-stated"

    @property
    def label(self) -> str:
        """The standardisation in words."""
        return {
            Standardisation.CRUDE: "not adjusted (crude)",
            Standardisation.AGE: "age standardised",
            Standardisation.AGE_SEX: "age and sex standardised",
            Standardisation.ADJUSTED: "adjusted (the source seen does not say for what)",
            Standardisation.NOT_STATED: "adjustment not stated",
        }[self]


class Qualifier(StrEnum):
    """The softening word that the source puts before its number."""

    ABOUT = "about"
    ALMOST = "almost"
    MORE_THAN = "more than"
    UNDER = "under"
    UP_TO = "up to"
    AT_LEAST = "at least"


class Confidence(StrEnum):
    """How near to its publisher a figure was seen."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    SEED = "seed"

    @property
    def label(self) -> str:
        """The confidence in words."""
        return {
            Confidence.PRIMARY: "Seen at the publisher",
            Confidence.SECONDARY: "Seen quoted or copied elsewhere",
            Confidence.SEED: "Printed in a founding document, source not given",
        }[self]


class BlankReason(StrEnum):
    """Why there is no number. Four kinds, never mixed."""

    SUPPRESSED = "suppressed"
    NOT_COLLECTED = "not-collected"
    NOT_PUBLISHED = "not-published"
    NOT_APPLICABLE = "not-applicable"

    @property
    def label(self) -> str:
        """The reason in words, as printed in a table cell."""
        return {
            BlankReason.SUPPRESSED: "suppressed (small numbers)",
            BlankReason.NOT_COLLECTED: "not collected",
            BlankReason.NOT_PUBLISHED: "not published",
            BlankReason.NOT_APPLICABLE: "not applicable",
        }[self]


class SourceKind(StrEnum):
    """What kind of publication a source is."""

    OFFICIAL_STATISTICS = "official-statistics"
    NATIONAL_AUDIT = "national-audit"
    PEER_REVIEWED = "peer-reviewed"
    PREPRINT = "preprint"
    NHS_REPORT = "nhs-report"
    GOVERNMENT_REPORT = "government-report"
    COUNCIL_REPORT = "council-report"
    CHARITY_REPORT = "charity-report"
    COMMUNITY_RESEARCH = "community-research"
    NEWS = "news"

    @property
    def label(self) -> str:
        """The kind in words."""
        return {
            SourceKind.PEER_REVIEWED: "Peer-reviewed paper",
            SourceKind.PREPRINT: "Preprint (not yet peer reviewed)",
            SourceKind.NHS_REPORT: "NHS report",
            SourceKind.NEWS: "News report",
        }.get(self, self.value.replace("-", " ").capitalize())


class ExclusionReason(StrEnum):
    """Why a record that was gathered is not published."""

    DUPLICATE = "duplicate of another record"
    NO_COMPARISON = "no ethnic comparison"
    AMBIGUOUS = "ambiguous"
    CONTRADICTED = "contradicts itself or a better source"
    NOT_CHECKED = "not checked"
    OUT_OF_SCOPE = "out of scope"
