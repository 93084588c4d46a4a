"""A run knows the code that started it, in a real kernel and out of one."""

from __future__ import annotations

import ast

import pytest
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.manager import start_new_kernel

from deepview_lab.base import pipeline
from deepview_lab.engine import start
from deepview_lab.engine.origin import Origin, running_code
from deepview_lab.introspectors import IUA
from deepview_lab.processors import Processor
from tests.engine.counting import Numbers
from tests.shells import interactive_shell

SOURCE = """
import numpy as np, threading, deepview_lab
from deepview_lab.introspectors import IUA
from deepview_lab.processors import Processor
from deepview_lab.samples import StubProducer
source = StubProducer({"x": np.ones((4, 2))})
"""
START = "run = deepview_lab.start(source, IUA.spec())"
ORIGIN = "(run.origin.code, run.origin.variable, run.origin.checkpoint) if run.origin else None"


@pytest.fixture(scope="module")
def kernel():
    manager, client = start_new_kernel()
    Kernel(client).execute(SOURCE)
    yield Kernel(client)
    client.stop_channels()
    manager.shutdown_kernel(now=True)


class Kernel:
    def __init__(self, client):
        self._client = client

    def execute(self, code, **metadata):
        """Carry out code and return the origin of the run that is in ``run`` then."""
        content = {
            "code": code,
            "silent": False,
            "store_history": False,
            "user_expressions": {"origin": ORIGIN},
            "allow_stdin": False,
        }
        request = self._client.session.msg("execute_request", content, metadata=metadata)
        self._client.shell_channel.send(request)
        while True:
            reply = self._client.get_shell_msg(timeout=300)
            if reply["parent_header"].get("msg_id") == request["header"]["msg_id"]:
                assert reply["content"]["status"] == "ok", reply["content"]
                told = reply["content"]["user_expressions"]["origin"]
                return ast.literal_eval(told["data"]["text/plain"]) if told["status"] == "ok" else None


@pytest.mark.parametrize(
    "code",
    [
        START,
        f"# by hand\n{START}\nrun.wait()",
        "%load_ext deepview_lab\nrun = get_ipython().run_line_magic('deepview', 'iua source')",
        "IUA.introspect(source); run = deepview_lab.runs()[-1]",
    ],
)
def test_of_a_cell_it_is_the_whole_cell(kernel, code):
    assert kernel.execute(code) == (code, None, None)


def test_of_the_panel_it_is_what_the_panel_wrote_and_says_of_it(kernel):
    about = {"variable": "run", "checkpoint": "kept/a"}
    assert kernel.execute(START, deepview_lab=about) == (START, "run", "kept/a")
    assert kernel.execute(START, deepview_lab={"variable": "run", "checkpoint": None}) == (START, "run", None)


@pytest.mark.parametrize("about", [None, "run", [], {}, {"variable": 1}, {"checkpoint": "kept"}])
def test_what_the_panel_would_not_say_counts_as_a_cell(kernel, about):
    assert kernel.execute(START, deepview_lab=about) == (START, None, None)


def test_what_is_too_long_is_not_kept(kernel):
    assert kernel.execute(START + " " * (65_536 - len(START)))[0].strip() == START
    assert kernel.execute(START + " " * (65_537 - len(START))) is None


def test_a_thread_outlives_its_cell_and_tells_none(kernel):
    code = f"def work():\n    global run\n    {START}\nthread = threading.Thread(target=work); thread.start()"
    assert kernel.execute(f"{code}; thread.join()") is None


def test_without_a_kernel_there_is_none():
    assert running_code() is None
    assert start(Numbers(4), IUA.spec()).origin is None


@pytest.mark.parametrize(
    "request_",
    [
        None,
        "text",
        {},
        {"content": {"code": "a = 1"}},
        {"header": {"msg_type": "complete_request"}, "content": {"code": "run."}},
        {"header": {"msg_type": "execute_request"}, "content": {"code": "  "}},
        {"header": {"msg_type": "execute_request"}, "content": {"code": 3}},
        {"header": {"msg_type": "execute_request"}, "content": None},
        {"header": "execute_request", "content": {"code": "a = 1"}},
    ],
)
def test_a_request_that_is_no_cell_has_none(shell_of, request_):
    shell_of(request_)
    assert running_code() is None


def test_a_request_of_any_kernel_that_tells_it_counts(shell_of):
    shell_of({"header": {"msg_type": "execute_request"}, "content": {"code": "a = 1"}})
    assert running_code() == Origin("a = 1")


@pytest.fixture
def shell_of():
    with interactive_shell() as shell:

        def tell(request):
            shell.get_parent = lambda: request

        yield tell


def test_a_run_is_called_by_the_variable_of_its_data(shell_of):
    shell_of(None)
    namespace = InteractiveShell.instance().user_ns
    digits = namespace["digits"] = namespace["_4"] = Numbers(4)
    audit = pipeline(digits, Processor(lambda values: values))
    assert start(digits, IUA.spec()).name == "iua · digits"
    assert start(audit, IUA.spec()).name == "iua · digits"
    namespace["audit"] = audit
    assert start(audit, IUA.spec()).name == "iua · audit"
    assert start(Numbers(4), IUA.spec()).name == "iua · Numbers"
    namespace["_5"] = hidden = Numbers(4)
    assert start(hidden, IUA.spec()).name == "iua · Numbers"
    assert start(digits, IUA.spec(), name="mine").name == "mine"
