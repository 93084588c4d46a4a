"""No name becomes code: what DeepView writes as Python gives each name back after IPython has read it.

``protocol/generated_code.json`` is what the panel writes (``js/tests/python.test.ts`` compares); this is Python's half.
"""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

WRITTEN = json.loads((Path(__file__).parents[2] / "protocol" / "generated_code.json").read_text(encoding="ascii"))

# Every letter at which Python's str.splitlines, and so IPython, ends a line.
ENDS = [chr(point) for point in range(sys.maxunicode + 1) if len(f"a{chr(point)}b".splitlines()) == 2]
PREFIXES = ["!", "!!", "%", "%%", ",", ";", "/", "?", "??", ">>> ", "In [1]: ", "@", "..."]
CALLS = [
    "deepview_lab.start",
    "pipeline",
    "FieldRemover",
    "deepview_lab.as_model",
    "deepview_lab.as_model(net)",
    "deepview_lab.as_producer",
    "IUA.spec",
    "PFA.spec",
    "PFA.show",
    "PFA.Strategy.KL",
    "next",
    "deepview_lab.runs",
    "deepview_lab.open_report",
]
CALLS_OF_EXPRESSIONS = {
    "__import__",
    "__import__('deepview_lab.lab.reports', fromlist=['*']).open_for_panel",
    "__import__('deepview_lab.lab.reports', fromlist=['*']).save_for_panel",
}
CELLS = [
    "model({0})",
    "run = start(\n    pipeline(\n        data,\n        model([\n            {0}, {0},\n        ]),\n    ),\n)\nrun",
    "[\n{0},\n{0}]",
    "x = {0}\nx",
]

hostile = st.lists(st.sampled_from([*ENDS, *PREFIXES]) | st.text(max_size=3), max_size=6).map("".join)


def literal(text: str) -> str:
    """Return what the panel writes (``pythonText`` in js/src/store/shared/python.ts)."""
    short = {9: "\\t", 10: "\\n", 13: "\\r", 34: '\\"', 92: "\\\\"}
    return f'"{"".join(short.get(ord(c)) or _escaped(ord(c)) for c in text)}"'


def _escaped(point: int) -> str:
    if 0x20 <= point < 0x7F:
        return chr(point)
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def read_by_ipython(code: str) -> ast.Module:
    return ast.parse(TransformerManager().transform_cell(code))


def texts(tree: ast.AST) -> list[str]:
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def calls(tree: ast.AST) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def test_the_hostile_names_hold_all_of_unicodes_line_separators():
    assert len(ENDS) == 10
    names = "".join(name for name, _ in WRITTEN["literals"])
    assert [end for end in ENDS if end not in names] == []


def test_literals_of_the_panel_are_printable_ascii_and_read_back():
    for text, written in WRITTEN["literals"]:
        assert written.isascii()
        assert written.isprintable()
        assert ast.literal_eval(TransformerManager().transform_cell(written).rstrip("\n")) == text
        assert literal(text) == written


def test_cells_of_the_panel_hold_the_names_and_call_nothing_else():
    for cell in WRITTEN["cells"]:
        tree = read_by_ipython(cell["code"])
        assert set(cell["names"]) <= set(texts(tree))
        others = [call for call in calls(tree) - set(CALLS) if not call.endswith("].get_recipe")]
        assert others == []
        assert ast.dump(tree) == ast.dump(ast.parse(cell["code"]))


def test_expressions_of_the_panel_hold_the_names_and_call_nothing_else():
    for expression in WRITTEN["expressions"]:
        tree = ast.parse(expression["code"], mode="eval")
        assert set(expression["names"]) <= set(texts(tree))
        assert calls(tree) <= CALLS_OF_EXPRESSIONS


@given(hostile)
def test_ipython_reads_any_name_back_from_what_is_written(text):
    for written in (literal(text), ascii(text), repr(text)):
        assert ast.literal_eval(TransformerManager().transform_cell(written).rstrip("\n")) == text
    for cell in CELLS:
        for written in (literal(text), ascii(text)):
            tree = read_by_ipython(cell.format(written))
            assert [found for found in texts(tree) if found != text] == []
            assert ast.dump(tree) == ast.dump(ast.parse(cell.format(written)))
