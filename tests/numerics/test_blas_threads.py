"""Work shared among threads: the number of threads of a product, and the order of what is found."""

import numpy as np
import pytest
from threadpoolctl import ThreadpoolController, threadpool_limits

from deepview_lab.numerics import blas_threads
from deepview_lab.numerics.blas_threads import one_thread_per_product, processors, scatter_of, shared_among_threads

several = pytest.mark.skipif(processors() < 2, reason="one processor: nothing is shared")


def product_threads():
    np.ones((2, 2)) @ np.ones((2, 2))
    return [library.num_threads for library in ThreadpoolController().select(user_api="blas").lib_controllers]


@several
def test_products_have_one_thread_each_and_their_number_comes_back():
    before = product_threads()
    with shared_among_threads() as each:
        assert set(product_threads()) == {1}
        assert list(each(lambda number: number**2, range(100))) == [number**2 for number in range(100)]
    assert product_threads() == before
    with pytest.raises(ZeroDivisionError), shared_among_threads() as each:
        list(each(lambda number: 1 // number, [1, 0]))
    assert product_threads() == before


@pytest.mark.parametrize("limited", [one_thread_per_product, shared_among_threads])
@several
def test_what_overlaps_leaves_the_number_as_it_was(limited):
    before = product_threads()
    first, second = limited(), limited()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    second.__exit__(None, None, None)
    assert product_threads() == before


@several
def test_products_have_one_thread_until_the_end_or_an_error():
    before = product_threads()
    assert max(before) > 1
    with one_thread_per_product():
        assert set(product_threads()) == {1}
    assert product_threads() == before
    with pytest.raises(ZeroDivisionError), one_thread_per_product():
        assert 1 // 0
    assert product_threads() == before


def test_a_limit_of_the_users_stays():
    with threadpool_limits(1, user_api="blas"):
        with shared_among_threads() as each:
            assert list(each(abs, [-1])) == [1]
        assert set(product_threads()) == {1}


@pytest.mark.parametrize("length", [0, 1, 2, 7, 3000])
def test_the_scatter_is_the_product_with_itself_whatever_the_number_of_threads(length, monkeypatch):
    rows = np.random.default_rng(length).normal(loc=3, size=(length, 130))
    before = product_threads()
    found = {}
    for threads in (1, 2):
        monkeypatch.setattr(blas_threads, "processors", lambda threads=threads: threads)
        found[threads] = scatter_of(rows)
    assert found[1].tobytes() == found[2].tobytes()
    assert np.array_equal(found[1], found[1].T)
    np.testing.assert_allclose(found[1], np.einsum("ni,nj->ij", rows, rows), rtol=1e-12, atol=1e-9)
    assert product_threads() == before
