"""Programmes are found by topic and place, those for all of London everywhere; their CSV."""

import csv
import io
from datetime import date

from evidence.programmes import COLUMNS, programmes_csv, that_act
from evidence.publication import PublishedProgramme
from evidence.vocabulary import DiseaseArea


def programme(name: str, **cells: object) -> PublishedProgramme:
    told = {"run_by": "A group", "does": "Visits", "url": "https://www.example.org/"}
    told |= {"number": 3, "checked": date(2026, 11, 3)}
    return PublishedProgramme(**told | {"name": name} | cells)


HEARTS = programme("Hearts", disease_area="cardiovascular", areas=("Lambeth",))
EVERYWHERE = programme("Births", disease_area="maternity")
NEITHER = programme("Advice")
ALL = (HEARTS, EVERYWHERE, NEITHER)


def names(found):
    return [each.name for each in found]


def test_every_programme_is_found_by_name_where_nothing_is_asked():
    assert names(that_act(ALL)) == ["Advice", "Births", "Hearts"]


def test_a_programme_for_all_of_london_acts_in_each_borough():
    assert names(that_act(ALL, place="Lambeth")) == ["Advice", "Births", "Hearts"]
    assert names(that_act(ALL, place="Barnet")) == ["Advice", "Births"]


def test_a_topic_has_its_own_programmes_alone():
    assert names(that_act(ALL, DiseaseArea.MATERNITY)) == ["Births"]
    assert names(that_act(ALL, DiseaseArea.CARDIOVASCULAR, "Barnet")) == []


def test_the_download_says_who_suggested_it_and_runs_nothing():
    bad = programme("=1+1", areas=("Lambeth", "Barnet"), outcomes='He said "yes", twice')
    (row,) = csv.DictReader(io.StringIO(programmes_csv([bad]).decode("utf-8-sig")))
    assert list(row) == [*COLUMNS, "dashboard"]
    assert row["name"] == "'=1+1"
    assert row["areas"] == "Lambeth | Barnet"
    assert row["outcomes"] == 'He said "yes", twice'
    assert (row["disease_area"], row["number"], row["checked"]) == ("", "3", "2026-11-03")
    assert row["note"] == "Suggested by the community, checked on 3 November 2026."
