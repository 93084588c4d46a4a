"""DeepView's and DNIKit's names import from here, lazily, and what does not exist says so."""

import pytest

from deepview_lab.compat.counterparts import Counterpart
from deepview_lab.compat.standin import StandIn
from tests.compat.python import run

SAME = """
import importlib
import deepview_lab.compat

for there, here in PAIRS:
    there, here = importlib.import_module(there), importlib.import_module(here)
    for name in here.__all__:
        assert getattr(there, name) is getattr(here, name), name
    assert set(here.__all__) <= set(dir(there))
"""


def outcome(statement):
    """Return the error that a statement ends with."""
    return run(
        "import deepview_lab.compat\n"
        f"try:\n    {statement}\n"
        "except Exception as error:\n    print(type(error).__mro__, error, getattr(error, 'name', None))\n"
    )


def test_the_objects_are_the_same_not_copies():
    modules = ["base", "introspectors", "processors", "exceptions", "typing", "samples"]
    pairs = [(f"{family}.{name}", f"deepview_lab.{name}") for family in ("deepview", "dnikit") for name in modules]
    pairs += [("deepview_tensorflow", "deepview_lab.tensorflow"), ("dnikit_tensorflow", "deepview_lab.tensorflow")]
    run(SAME.replace("PAIRS", repr(pairs)))


def test_dnikit_s_own_names_are_mapped():
    run(
        "import deepview_lab.compat\n"
        "from deepview_lab.exceptions import DeepViewDeprecationWarning, DeepViewException\n"
        "from dnikit.exceptions import DNIKitDeprecationWarning, DNIKitException, enable_deprecation_warnings\n"
        "assert DNIKitException is DeepViewException\n"
        "assert DNIKitDeprecationWarning is DeepViewDeprecationWarning\n"
    )


# Modules whose counterparts do not exist yet.
MISSING = {"deepview_data"}


def test_every_public_name_of_the_originals_exists_but_those_of_modules_that_say_so():
    printed = run(
        "import importlib\n"
        "import deepview_lab.compat\n"
        "import deepview_lab.exceptions\n"
        "from deepview_lab.compat.counterparts import COUNTERPARTS\n"
        "for module, counterpart in COUNTERPARTS.items():\n"
        "    try:\n"
        "        there = importlib.import_module(module)\n"
        "    except ModuleNotFoundError as error:\n"
        "        assert isinstance(error, deepview_lab.compat.NotAvailableModuleError), error\n"
        "        print(module)\n"
        "        continue\n"
        "    for name in counterpart.names:\n"
        "        try:\n"
        "            print(module, name, getattr(there, name) is not None)\n"
        "        except deepview_lab.exceptions.MissingExtraError:\n"
        "            print(module, name, 'extra')\n"
    )
    lines = [tuple(line.split()) for line in printed.splitlines()]
    assert {line[0] for line in lines if len(line) == 1} == MISSING
    names = {line for line in lines if len(line) > 1}
    assert {("deepview.base", "multi_introspect", "True"), ("dnikit.introspectors", "PFARecipe", "True")} <= names
    assert len(names) == 156
    assert {line[:2] for line in names if line[2] == "extra"} <= {
        (module, "ProducerTorchDataset") for module in ("deepview_torch", "dnikit_torch")
    }


def test_what_does_not_exist_is_an_import_error_that_tells_what_does():
    standin = StandIn("deepview.typing", Counterpart("deepview_lab.typing", ("OneOrMany", "Unheard")))
    with pytest.raises(ImportError, match=r"Unheard of deepview\.typing is not available.*has: OneManyOrNone, OneOrM"):
        _ = standin.Unheard
    assert "Unheard" not in dir(standin)


def test_modules_that_do_not_exist_are_told():
    said = outcome(
        "deepview_lab.compat.finder.COUNTERPARTS['deepview.unheard'] = "
        "deepview_lab.compat.counterparts.Counterpart('deepview_lab.unheard'); import deepview.unheard"
    )
    assert "ModuleNotFoundError" in said
    assert "The module deepview.unheard is not available" in said
    assert "Available: deepview, deepview.base, " in said
    assert "dnikit" not in said
    assert "No module named 'deepview.base._batch'" in outcome("from deepview.base._batch import Batch")


def test_a_slip_is_an_attribute_error_with_a_near_match():
    assert "Did you mean 'Batch'?" in outcome("import deepview.base; deepview.base.Btach")
    assert outcome("import deepview.base; assert not hasattr(deepview.base, 'Btach')") == ""


@pytest.mark.parametrize("family", ["deepview", "dnikit"])
def test_everything_can_be_imported_by_star_and_versions_agree(family):
    run(
        "import deepview_lab.compat\n"
        f"from {family}.base import *\n"
        f"from {family}.processors import *\n"
        f"import {family}, {family}_tensorflow\n"
        "from deepview_lab import __version__, base\n"
        "assert pipeline is base.pipeline and Batch is base.Batch and multi_introspect is base.multi_introspect\n"
        f"assert {family}.__version__ == {family}_tensorflow.__version__ == __version__\n"
    )


def test_nothing_is_loaded_before_it_is_asked_for():
    run(
        "import sys\n"
        "import deepview_lab.compat, deepview, deepview.introspectors, dnikit.base, deepview_tensorflow\n"
        "import inspect\n"
        "inspect.getmodule(len), [hasattr(module, '__file__') for module in list(sys.modules.values())]\n"
        "assert 'numpy' not in sys.modules and 'deepview_lab.base' not in sys.modules\n"
        "deepview.introspectors.IUA\n"
        "assert 'deepview_lab.introspectors' in sys.modules and 'plotly' not in sys.modules\n"
    )


def test_modules_describe_themselves_and_survive_a_reload():
    said = run(
        "import importlib\n"
        "import deepview_lab.compat, deepview.base\n"
        "print(importlib.reload(deepview.base), deepview.base.__doc__)\n"
        "assert deepview.base.Batch is deepview_lab.base.Batch\n"
    )
    assert said.startswith("<module 'deepview.base' (deepview_lab.base)> Stands in for deepview.base")


def test_without_the_import_there_is_no_deepview():
    run(
        "import deepview_lab\n"
        "try:\n    import deepview\nexcept ModuleNotFoundError:\n    pass\n"
        "else:\n    raise SystemExit('deepview was importable')\n"
    )
