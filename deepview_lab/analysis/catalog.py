"""The catalogue of analyses: one row for each kind. Rows are pure: words, what it looks at, options.

The magic, the side panel, report files and the canvas read the rows. A kind without a row runs and is shown too, under
its own name and with a plain table. An analysis of your own gets words and options with one call::

    from deepview_lab.analysis import catalog

    catalog.register(
        catalog.AnalysisInfo(kind="activation_range", about="layers", label="Activation range", hint="range per unit")
    )

and ``register_face`` (:mod:`deepview_lab.analysis.faces`) adds the class that makes its settings, so that the magic and
the panel can start it. ``examples/own_analysis.py`` is a whole analysis in one file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from deepview_lab.exceptions import AnalysisConflictError

__all__ = [
    "EVIDENCE",
    "POOL",
    "RESERVED_COMMANDS",
    "About",
    "AnalysisInfo",
    "AnalysisOption",
    "Choice",
    "find",
    "register",
    "rows",
]

About: TypeAlias = Literal["layers", "samples"]

# Commands of %deepview that are no analysis.
RESERVED_COMMANDS: Final = frozenset({"live", "layers", "runs", "cancel", "pause", "resume", "save", "open"})
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True)
class Choice:
    """One value of an option.

    Attributes
    ----------
    value : str
        In Python and on the command line; ``none`` stands for None.
    label : str
        In the panel.
    """

    value: str
    label: str


@dataclass(frozen=True, kw_only=True)
class AnalysisOption:
    """A setting that the magic and the panel offer. It means the same in every analysis that has it.

    Attributes
    ----------
    name : str
        The argument of the face's ``spec``, and the option of ``%deepview``, without dashes.
    help : str
        What it is, in a few words.
    reads : {'choice', 'count', 'amount', 'share'}
        One of ``choices``, a whole number of at least 1, a number of at least 0, or a number from 0 to 1.
    default : str, int, float or None
        What the magic and the panel take when nothing is said.
    choices : tuple of Choice
        The values of a choice.
    label, title : str
        Its name and its explanation in the panel's form, which shows choices that have a label.
    explicit : bool
        The panel's code names it even where it has its default, since ``spec`` has another one.
    """

    name: str
    help: str
    reads: Literal["choice", "count", "amount", "share"] = "choice"
    default: str | int | float | None = None
    choices: tuple[Choice, ...] = ()
    label: str = ""
    title: str = ""
    explicit: bool = False

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"An option's name has small letters, digits and '_', but is {self.name!r}.")
        values = [choice.value for choice in self.choices]
        if (self.reads == "choice") != bool(values) or (values and self.default not in values):
            raise ValueError(
                f"Option {self.name!r} reads a {self.reads}, with the choices {values} and the default "
                f"{self.default!r}. A choice has choices, and its default is one of them; others have none."
            )
        if self.label and not values:
            raise ValueError(f"Option {self.name!r} has a label, but the panel's form shows choices only.")


@dataclass(frozen=True, kw_only=True)
class AnalysisInfo:
    """A row of the catalogue.

    Attributes
    ----------
    kind : str
        The ``kind`` of its spec: small letters, digits and ``_``.
    about : {'layers', 'samples'}
        What it looks at: its table has a row per layer, or is one of findings.
    label : str
        What it is called: "Inactive units".
    hint : str
        What it tells, in a few words: "dead and idle units".
    help : str
        What it does, as a command of ``%deepview``: "find inactive units"; the hint when left out.
    command : str
        Its command of ``%deepview``; the kind when left out.
    options : tuple of AnalysisOption
        Arguments of its face's ``spec``.
    usual : bool
        Whether the panel and ``%deepview live`` take it when nothing is said.

    Examples
    --------
    >>> row = AnalysisInfo(kind="norms", about="layers", label="Norms", hint="length of the responses")
    >>> row.word, row.does
    ('norms', 'length of the responses')
    """

    kind: str
    about: About
    label: str
    hint: str
    help: str = ""
    command: str = ""
    options: tuple[AnalysisOption, ...] = ()
    usual: bool = False

    def __post_init__(self) -> None:
        for what, name in (("kind", self.kind), ("command", self.command or self.kind)):
            if not _NAME.fullmatch(name):
                raise ValueError(f"The {what} of an analysis has small letters, digits and '_', but is {name!r}.")
        if self.about not in {"layers", "samples"}:
            raise ValueError(f"An analysis is about 'layers' or 'samples', but {self.kind!r} is about {self.about!r}.")

    @property
    def word(self) -> str:
        """Its command of ``%deepview``."""
        return self.command or self.kind

    @property
    def does(self) -> str:
        """What the command does."""
        return self.help or self.hint


POOL: Final = AnalysisOption(
    name="pool",
    help="how feature maps are pooled",
    default="average",
    choices=(
        Choice("average", "average over positions"),
        Choice("max", "largest position"),
        Choice("none", "none, vectors only"),
    ),
    label="Pool",
    title="How one number is made of each feature map",
    explicit=True,
)
EVIDENCE: Final = AnalysisOption(
    name="evidence",
    help="what may speak against a label",
    default="both",
    choices=(
        Choice("both", "neighbours and likeness"),
        Choice("neighbours", "neighbours only"),
        Choice("familiarity", "likeness only"),
    ),
    label="Labels",
    title=(
        "What speaks against a label: its neighbours, the most similar samples, have another one, or the sample is "
        "more like those of another label"
    ),
)
_ATOL: Final = AnalysisOption(name="atol", help="inactive means |x| <= X", reads="amount", default=1e-8)
_GAUSSIANS: Final = AnalysisOption(name="gaussians", help="Gaussians of the mixture", reads="count", default=5)
_SIMILARITY: Final = AnalysisOption(
    name="similarity",
    help="duplicates have at least this cosine similarity (0 to 1); by default the data decides",
    reads="share",
)
_METHOD: Final = AnalysisOption(
    name="method",
    help="how the map is made",
    default="umap",
    choices=tuple(Choice(value, value) for value in ("umap", "pca", "pacmap", "tsne")),
)

_rows: dict[str, AnalysisInfo] = {}


def rows() -> tuple[AnalysisInfo, ...]:
    """Return all rows, in the order in which they are offered."""
    return tuple(_rows.values())


def find(kind: str) -> AnalysisInfo | None:
    """Return the row of a kind, None where there is none: a kind may come from a file of somebody else."""
    return _rows.get(kind)


def register(info: AnalysisInfo, *, replace: bool = False) -> None:
    """Add a row. The same row again changes nothing.

    Parameters
    ----------
    info : AnalysisInfo
        The row.
    replace : bool
        Take it instead of another row of its kind, while you work on an analysis of your own.

    Raises
    ------
    AnalysisConflictError
        (a ValueError) when its kind has another row, its command is taken, or an option of one of its names means
        something else in another analysis.
    """
    known = _rows.get(info.kind)
    if known is not None and known != info and not replace:
        raise AnalysisConflictError(
            info.kind, "its kind has another row. Pass replace=True to take the new one, or choose another kind"
        )
    others = [row for row in _rows.values() if row.kind != info.kind]
    if info.word in RESERVED_COMMANDS | {row.word for row in others}:
        raise AnalysisConflictError(info.kind, f"%deepview {info.word} is something else. Choose another command")
    taken = {option.name: option for row in others for option in row.options}
    for option in info.options:
        if taken.get(option.name, option) != option:
            raise AnalysisConflictError(
                info.kind,
                f"its option {option.name!r} means something else in another analysis, and the panel and %deepview "
                "live show each option once. Choose another name, or use that very option",
            )
    _rows[info.kind] = info


for _built_in in (
    AnalysisInfo(
        kind="iua",
        about="layers",
        label="Inactive units",
        hint="dead and idle units",
        help="find inactive units",
        options=(_ATOL,),
        usual=True,
    ),
    AnalysisInfo(
        kind="pfa",
        about="layers",
        label="Principal filters",
        hint="units to keep",
        help="find principal filters",
        options=(POOL,),
        usual=True,
    ),
    AnalysisInfo(
        kind="familiarity",
        about="samples",
        label="Familiarity",
        hint="rare samples",
        help="find rare samples",
        options=(POOL, _GAUSSIANS),
    ),
    AnalysisInfo(
        kind="duplicates",
        about="samples",
        label="Duplicates",
        hint="repeated samples",
        help="find samples that are there twice",
        options=(POOL, _SIMILARITY),
    ),
    AnalysisInfo(
        kind="labels",
        about="samples",
        label="Label problems",
        hint="suspect labels",
        help="find labels that look wrong",
        options=(POOL, EVIDENCE),
    ),
    AnalysisInfo(
        kind="projection",
        about="samples",
        label="Projection",
        hint="a map of the samples",
        help="put the samples on a map",
        command="project",
        options=(POOL, _METHOD),
    ),
    AnalysisInfo(
        kind="report",
        about="samples",
        label="Dataset report",
        hint="one row per sample",
        help="duplicates, rare samples and a map in one table",
        options=(POOL,),
    ),
):
    register(_built_in)
