"""The expressions of the dataset page, such as ``familiarity < q(0.05) and not duplicate``.

One grammar has two evaluators: this one and ``js/src/store/dataset/expression``. ``protocol/expressions.json``
holds them together.
"""

from deepview_lab.analysis.expression.error import ExpressionError
from deepview_lab.analysis.expression.evaluate import evaluate
from deepview_lab.analysis.expression.parse import names_in, parse
from deepview_lab.analysis.expression.patterns import MatchTexts
from deepview_lab.analysis.expression.table import (
    ExpressionColumn,
    ExpressionTable,
    MediaColumn,
    NumberColumn,
    SetColumn,
    TextColumn,
    TruthColumn,
)

__all__ = [
    "ExpressionColumn",
    "ExpressionError",
    "ExpressionTable",
    "MatchTexts",
    "MediaColumn",
    "NumberColumn",
    "SetColumn",
    "TextColumn",
    "TruthColumn",
    "evaluate",
    "names_in",
    "parse",
]
