"""The catalogue of analyses: rows of the built-in ones, rows of the user's own, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

import deepview_lab.introspectors
from deepview_lab.analysis import catalog
from deepview_lab.analysis.catalog import POOL, AnalysisInfo, AnalysisOption, Choice
from deepview_lab.analysis.faces import faces, find_face, register_face
from deepview_lab.exceptions import AnalysisConflictError, DeepViewException, UnknownNameError
from deepview_lab.lab.magics.commands import OWN_COMMANDS
from deepview_lab.report.codecs.kinds import OWN_CODECS

OWN = AnalysisInfo(kind="norms", about="layers", label="Norms", hint="length of the responses")


@pytest.fixture(autouse=True)
def as_before(monkeypatch):
    monkeypatch.setattr(catalog, "_rows", dict(catalog._rows))
    monkeypatch.setattr("deepview_lab.analysis.faces._faces", faces())


class Norms:
    @staticmethod
    def spec():
        raise NotImplementedError


def test_every_introspector_is_the_face_of_a_row_whose_kind_its_settings_have():
    introspectors = deepview_lab.introspectors
    found = [
        value for value in vars(introspectors).values() if isinstance(value, type) and hasattr(value, "introspect")
    ]
    assert {face.cls for face in faces().values()} == set(found)
    for kind, face in faces().items():
        assert (face.cls.spec().kind, face.module) == (kind, "deepview_lab.introspectors")
        assert getattr(introspectors, face.cls.__name__) is face.cls
    assert OWN_CODECS.keys() <= faces().keys()


def test_the_reserved_commands_are_the_magics_own():
    assert set(OWN_COMMANDS) == catalog.RESERVED_COMMANDS


def test_a_row_may_be_registered_again_but_not_another_of_its_kind_unless_asked_for():
    for _ in range(2):
        catalog.register(OWN)
    other = replace(OWN, label="Lengths")
    with pytest.raises(
        AnalysisConflictError, match=r"'norms' cannot be registered: its kind has another row\. Pass repl"
    ):
        catalog.register(other)
    assert catalog.find("norms") == OWN
    catalog.register(other, replace=True)
    assert [row for row in catalog.rows() if row.kind == "norms"] == [other]


@pytest.mark.parametrize("command", ["live", "project"])
def test_a_command_means_one_thing(command):
    with pytest.raises(AnalysisConflictError, match=f"%deepview {command} is something else"):
        catalog.register(replace(OWN, command=command))
    assert catalog.find("norms") is None


def test_an_option_means_the_same_in_all_analyses():
    catalog.register(replace(OWN, options=(POOL,)))
    other = replace(POOL, default="max")
    with pytest.raises(AnalysisConflictError, match="its option 'pool' means something else in another analysis"):
        catalog.register(replace(OWN, kind="others", options=(other,)))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: replace(OWN, kind="My norms"), "has small letters, digits and '_', but is 'My norms'"),
        (lambda: replace(OWN, command="--x"), "The command of an analysis"),
        (lambda: replace(OWN, about="units"), "about 'layers' or 'samples', but 'norms' is about 'units'"),
        (lambda: AnalysisOption(name="a-b", help=""), "An option's name"),
        (lambda: AnalysisOption(name="p", help="", default=2), "A choice has choices"),
        (lambda: AnalysisOption(name="p", help="", choices=(Choice("1", ""),), default="2"), "its default is one"),
        (lambda: AnalysisOption(name="p", help="", reads="count", choices=(Choice("1", ""),)), "others have none"),
        (lambda: AnalysisOption(name="p", help="", reads="count", label="P"), "form shows choices only"),
    ],
)
def test_rows_that_mean_nothing_are_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def test_a_face_needs_a_row_and_settings_and_there_is_one_of_each_kind():
    with pytest.raises(UnknownNameError, match="Unknown kind of analysis 'norms'"):
        register_face("norms", Norms)
    catalog.register(OWN)
    with pytest.raises(DeepViewException, match=r"needs a static method spec\(\.\.\.\).*, but int has none"):
        register_face("norms", int)
    register_face("norms", Norms)
    again = type("Norms", (Norms,), {"__module__": __name__})  # its cell ran again
    register_face("norms", again)
    assert (find_face("norms").cls, find_face("norms").module) == (again, __name__)
    with pytest.raises(AnalysisConflictError, match=r"its face is .*test_catalog\.Norms"):
        register_face("norms", type("Others", (Norms,), {}))
