"""Files of ours: no link is followed, nothing that is no plain file is taken for one."""

import pytest

from deepview_lab.base.own_files import open_own, read_own, remove_own, replace_own, size_of_own, write_all
from deepview_lab.exceptions import DeepViewException, ForeignFileError
from tests.foreign_files import KINDS, dangling_link, link, pipe, victim

__all__ = ["victim"]  # a fixture


@KINDS
def test_what_is_no_plain_file_is_refused_at_once_and_in_words(tmp_path, victim, make, called):
    path = tmp_path / "ours"
    make(path, victim)
    uses = (
        lambda: open_own(path),
        lambda: open_own(path, write=True),
        lambda: open_own(path, write=True, create=True),
        lambda: read_own(path),
        lambda: size_of_own(path),
    )
    for use in uses:
        with pytest.raises(ForeignFileError, match=rf"ours should be a file .*is {called}\. .*Remove it") as caught:
            use()
        assert isinstance(caught.value, OSError)
        assert isinstance(caught.value, DeepViewException)
    assert not (tmp_path / "not-there").exists()


@pytest.mark.parametrize("make", [link, dangling_link, pipe])
@pytest.mark.parametrize("name", ["ours", ".ours.partial"])
def test_replacing_a_file_replaces_a_link_in_its_place_and_not_what_it_points_to(tmp_path, victim, make, name):
    make(tmp_path / name, victim)
    with replace_own(tmp_path / "ours") as file:
        write_all(file, b"new")
    assert read_own(tmp_path / "ours") == b"new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ours", "victim"]


@pytest.mark.parametrize("name", ["ours", ".ours.partial"])
def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(ForeignFileError, match="a folder"), replace_own(tmp_path / "ours") as file:
        write_all(file, b"new")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_file_that_could_not_be_replaced_is_still_there(tmp_path):
    path = tmp_path / "ours"
    path.write_bytes(b"old")

    def fail():
        with replace_own(path) as file:
            write_all(file, b"ne")
            assert 1 // 0

    with pytest.raises(ZeroDivisionError):
        fail()
    assert [(item.name, item.read_bytes()) for item in tmp_path.iterdir()] == [("ours", b"old")]


@pytest.mark.parametrize("make", [link, dangling_link])
def test_removing_removes_the_link(tmp_path, victim, make):
    path = tmp_path / "ours"
    make(path, victim)
    remove_own(path)
    remove_own(path)  # it need not be there
    assert not path.is_symlink()


def test_a_plain_file_is_read_changed_and_measured(tmp_path):
    path = tmp_path / "ours"
    assert size_of_own(path) == 0
    with pytest.raises(FileNotFoundError):
        open_own(path)
    for text in (b"first", b"again"):
        with open_own(path, write=True, create=True) as file:
            write_all(file, text)
    assert (read_own(path), size_of_own(path)) == (b"again", 5)
