"""DeepView or DNIKit that is installed is left alone, unless forced aside."""

import pytest

from tests.compat.python import run


@pytest.fixture
def installed(tmp_path):
    """A folder to import from in which something like DeepView is installed."""
    package = tmp_path / "deepview"
    package.mkdir()
    (package / "__init__.py").write_text("ORIGINAL = True\n")
    (package / "base.py").write_text("ORIGINAL = True\n")
    return tmp_path


def test_it_is_left_alone_with_a_warning_that_points_at_the_import(installed):
    run(
        "with warnings.catch_warnings(record=True) as caught:\n"
        "    warnings.simplefilter('always')\n"
        "    import deepview_lab.compat\n"
        "(warning,) = caught\n"
        "assert 'install(force=True)' in str(warning.message) and warning.filename == '<string>', warning\n"
        "import deepview.base\n"
        "assert deepview.base.ORIGINAL and deepview.ORIGINAL\n"
        "try:\n    import deepview_tensorflow\nexcept ModuleNotFoundError:\n    pass\n"
        "else:\n    raise SystemExit('a family must not be mixed')\n"
        "import dnikit.base\n"
        "assert dnikit.base.Batch is deepview_lab.base.Batch\n",
        paths=[installed],
    )


@pytest.mark.parametrize("before", ["", "import deepview.base\n"])
def test_it_can_be_forced_aside_even_when_it_is_imported(installed, before):
    run(
        f"{before}warnings.simplefilter('ignore')\n"
        "import deepview_lab.compat\n"
        "warnings.simplefilter('error')\n"
        "deepview_lab.compat.install(force=True)\n"
        "import deepview.base, deepview_tensorflow\n"
        "assert deepview.base.Batch is deepview_lab.base.Batch\n"
        "assert not hasattr(deepview, 'ORIGINAL')\n",
        paths=[installed],
    )


def test_installing_twice_changes_nothing():
    run(
        "import sys\n"
        "import deepview_lab.compat, deepview.base\n"
        "before = list(sys.meta_path), deepview.base\n"
        "deepview_lab.compat.install()\n"
        "deepview_lab.compat.install(force=True)\n"
        "import deepview.base\n"
        "assert (list(sys.meta_path), deepview.base) == before\n"
    )


def test_a_folder_of_that_name_is_no_installation(tmp_path):
    (tmp_path / "deepview").mkdir()
    (tmp_path / "deepview" / "notes.txt").write_text("not a package")
    run("import deepview_lab.compat, deepview.base\nassert deepview.base.Batch", paths=[tmp_path])
