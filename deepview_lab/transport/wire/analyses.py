"""The rows of the catalogue as clients read them: what an analysis is called, and what the panel's form offers."""

from __future__ import annotations

from typing import Literal

import msgspec

from deepview_lab.analysis import catalog, faces

__all__ = ["AnalysisChoice", "AnalysisInfo", "AnalysisOption", "analysis_infos"]


class AnalysisChoice(msgspec.Struct, frozen=True, kw_only=True):
    """One value of an option, and what the form calls it."""

    value: str
    label: str


class AnalysisOption(msgspec.Struct, frozen=True, kw_only=True):
    """A setting that the form offers: an argument of `spec`. The value `none` is Python's None.

    `explicit`: code names it even where it has its default, since `spec` has another one.
    """

    name: str
    label: str
    title: str
    default: str
    explicit: bool
    choices: list[AnalysisChoice]


class AnalysisInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the catalogue. Code imports the class `face` from `module`; both are null where none can be asked for.

    `usual`: the form takes it when nothing is said.
    """

    kind: str
    about: Literal["layers", "samples"]
    label: str
    hint: str
    usual: bool
    face: str | None
    module: str | None
    options: list[AnalysisOption]


def analysis_infos() -> list[AnalysisInfo]:
    """Return the rows of the catalogue as it is now, in its order."""
    return [_info(row, faces.find_face(row.kind)) for row in catalog.rows()]


def _info(row: catalog.AnalysisInfo, face: faces.Face | None) -> AnalysisInfo:
    return AnalysisInfo(
        kind=row.kind,
        about=row.about,
        label=row.label,
        hint=row.hint,
        usual=row.usual,
        face=None if face is None else face.cls.__name__,
        module=None if face is None else face.module,
        options=[_option(option) for option in row.options if option.label],
    )


def _option(option: catalog.AnalysisOption) -> AnalysisOption:
    return AnalysisOption(
        name=option.name,
        label=option.label,
        title=option.title,
        default=str(option.default),
        explicit=option.explicit,
        choices=[AnalysisChoice(value=choice.value, label=choice.label) for choice in option.choices],
    )
