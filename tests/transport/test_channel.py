"""The channel: numbered, one of a kind in flight, the newest wins, silence is survived."""

from __future__ import annotations

import threading
import time
from collections import Counter

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepview_lab.transport.delivery.channel import Channel, Envelope
from deepview_lab.transport.delivery.pace import LINE_BYTES_PER_SECOND, SharedBandwidth
from deepview_lab.transport.wire.messages import Layers, RunState, Snapshot

from .fake_client import FakeClient


class Clock:
    """A clock that the test turns; what was to happen later happens then."""

    def __init__(self):
        self.now = 0.0
        self.due = []

    def __call__(self):
        return self.now

    def later(self, seconds, do):
        timer = (self.now + seconds, do)
        self.due.append(timer)
        return lambda: self.due.remove(timer)

    def advance(self, seconds):
        self.now += seconds
        due = [do for when, do in self.due if when <= self.now]
        self.due = [(when, do) for when, do in self.due if when > self.now]
        for do in due:
            do()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def client():
    return FakeClient()


@pytest.fixture
def channel(client, clock):
    return Channel(client.send, clock, later=clock.later)


def snapshot(samples, run="r"):
    return Envelope(Snapshot(run=run, introspector="iua", analysis="iua", samples=samples, final=False))


def shown(client):
    return [message.samples for message in client.of(Snapshot)]


def test_while_one_is_under_way_the_newest_waits_and_older_ones_are_dropped(channel, client):
    for samples in (1, 2, 3, 4):
        channel.offer("iua", snapshot(samples))
    assert shown(client) == [1]
    channel.acknowledge(0)
    assert shown(client) == [1, 4]
    channel.acknowledge(1)
    channel.offer("iua", snapshot(5))
    assert shown(client) == [1, 4, 5]
    assert [message.seq for message in client.messages] == [0, 1, 2]


def test_what_is_urgent_is_sent_at_once_and_replaces_what_waits(channel, client):
    channel.offer("iua", snapshot(1))
    channel.offer("iua", snapshot(2))
    channel.offer("iua", snapshot(3), urgent=True)
    assert shown(client) == [1, 3]
    channel.acknowledge(1)
    assert shown(client) == [1, 3]


def test_kinds_do_not_wait_for_each_other(channel, client):
    channel.offer("iua", snapshot(1))
    channel.offer("pfa", snapshot(10))
    channel.push(Envelope(Layers(run="r", layers=[])))
    assert [type(message).__name__ for message in client.messages] == ["Snapshot", "Snapshot", "Layers"]


def test_an_acknowledgement_covers_what_was_sent_before(channel, client):
    channel.offer("iua", snapshot(1))
    channel.offer("pfa", snapshot(10))
    channel.offer("iua", snapshot(2))
    channel.offer("pfa", snapshot(20))
    channel.acknowledge(1)
    assert shown(client) == [1, 10, 2, 20]


def test_a_client_that_answers_while_it_is_being_sent_to_gets_everything(clock):
    seen = []

    def send(message, buffers):
        seen.append(message.samples)
        channel.acknowledge(message.seq)

    channel = Channel(send, clock, later=clock.later)
    for samples in range(5):
        channel.offer("iua", snapshot(samples))
    assert seen == [0, 1, 2, 3, 4]


def test_a_lost_acknowledgement_delays_but_does_not_end_the_stream(channel, client, clock):
    channel.offer("iua", snapshot(1))
    clock.now = 1.9
    channel.offer("iua", snapshot(2))
    assert shown(client) == [1]
    clock.now = 2.0
    channel.offer("iua", snapshot(3))
    assert shown(client) == [1, 3]


def test_what_waits_is_sent_although_nothing_newer_comes_and_no_acknowledgement(channel, client, clock):
    channel.offer("iua", snapshot(1))
    clock.advance(0.5)
    channel.offer("iua", snapshot(2))
    clock.advance(1.9)
    assert shown(client) == [1]
    clock.advance(0.1)
    assert shown(client) == [1, 2]
    assert clock.due == []


def test_a_client_that_never_answers_is_left_alone_until_it_is_heard(channel, client, clock):
    for second in range(0, 1000, 2):
        clock.now = second
        channel.offer("iua", snapshot(second))
    assert len(shown(client)) == 31
    channel.acknowledge(client.messages[-1].seq)
    assert shown(client)[-1] == 998


def test_a_fresh_start_forgets_what_was_under_way_and_keeps_counting(channel, client):
    channel.offer("iua", snapshot(1))
    channel.offer("iua", snapshot(2))
    channel.restart(lambda: [(None, Envelope(Layers(run="r", layers=[]))), ("iua", snapshot(3))])
    assert [message.seq for message in client.messages] == [0, 1, 2]
    assert shown(client) == [1, 3]
    channel.acknowledge(2)
    assert shown(client) == [1, 3]


def test_a_client_that_breaks_while_something_waits_is_left_alone(clock, caplog):
    tries = []

    def send(message, buffers):
        tries.append(message.samples)
        if len(tries) > 1:
            raise ConnectionError("gone")

    channel = Channel(send, clock, later=clock.later)
    channel.offer("iua", snapshot(1))
    channel.offer("iua", snapshot(2))
    clock.advance(2)
    channel.offer("iua", snapshot(3))
    clock.advance(100)
    assert tries == [1, 2]
    assert "left alone" in caplog.text


def test_a_closed_channel_sends_nothing_and_leaves_no_timer(channel, client, clock):
    channel.offer("iua", snapshot(1))
    channel.offer("iua", snapshot(2))
    channel.close()
    channel.offer("iua", snapshot(3), urgent=True)
    channel.push(snapshot(4))
    channel.acknowledge(0)
    assert clock.due == []
    assert shown(client) == [1]


def test_when_nothing_waits_there_is_no_timer(channel, client, clock):
    channel.offer("iua", snapshot(1))
    channel.offer("iua", snapshot(2))
    assert len(clock.due) == 1
    channel.acknowledge(0)
    channel.acknowledge(1)
    assert clock.due == []
    channel.offer("iua", snapshot(3))
    channel.offer("iua", snapshot(4))
    channel.restart(list)
    assert clock.due == []


def test_with_the_client_its_timer_goes_at_once(client):
    before = set(threading.enumerate())
    channel = Channel(client.send, time.monotonic, patience=3600)
    channel.offer("iua", snapshot(1))
    channel.offer("iua", snapshot(2))
    (timer,) = set(threading.enumerate()) - before
    channel.close()
    timer.join(300)
    assert not timer.is_alive()
    assert shown(client) == [1]


def test_a_client_that_goes_while_it_is_sent_to_is_no_trouble(clock, caplog):
    def send(message, buffers):
        if message.samples == 2:
            channel.close()
            raise ConnectionError("gone")

    channel = Channel(send, clock, later=clock.later)
    channel.offer("iua", snapshot(1))
    channel.offer("pfa", snapshot(1))
    channel.offer("iua", snapshot(2))
    channel.offer("pfa", snapshot(2))
    clock.advance(2)
    clock.advance(100)
    assert clock.due == []
    assert caplog.text == ""


def test_an_answer_in_the_midst_of_what_is_overdue_does_not_send_twice(clock, caplog):
    sent = []

    def send(message, buffers):
        sent.append(message.samples)
        if message.samples == 2:
            channel.acknowledge(message.seq)

    channel = Channel(send, clock, later=clock.later)
    for key in ("iua", "pfa"):
        channel.offer(key, snapshot(1))
        channel.offer(key, snapshot(2))
    clock.advance(2)
    assert (sent, caplog.text, clock.due) == ([1, 1, 2, 2], "", [])


def test_silence_counts_from_the_first_message_that_is_owed_an_answer(channel, client, clock):
    clock.now = 5
    assert channel.silence() == 0
    channel.offer("iua", snapshot(1))
    clock.now = 8
    channel.offer("pfa", snapshot(1))
    clock.now = 12
    channel.offer("iua", snapshot(2))  # sent again after the patience: that is no sign of life
    assert channel.silence() == 7
    channel.acknowledge(client.messages[-1].seq)
    assert channel.silence() == 0
    clock.now = 500
    assert channel.silence() == 0


def table(samples, size):
    return Envelope(Snapshot(run="r", introspector="iua", analysis="iua", samples=samples, final=False), (b"x" * size,))


def stream(seconds_to_answer, size, *, seconds=60):
    """Return how many tables a client gets that answers so fast, of those offered twice a second."""
    clock, sent = Clock(), []
    channel = Channel(lambda message, _: sent.append((clock.now, message.seq)), clock, later=clock.later)
    answered = 0
    for tick in range(20 * seconds):
        clock.advance(0.05)
        if tick % 10 == 0:
            channel.offer("iua", table(tick, size))
        while answered < len(sent) and sent[answered][0] + seconds_to_answer <= clock.now:
            channel.acknowledge(sent[answered][1])
            answered += 1
    return len(sent)


def test_a_near_client_gets_every_table_however_large():
    assert stream(0.1, 200_000) == 120


def test_a_far_client_gets_small_tables_all_the_same():
    assert stream(0.4, 4_000) == 120


def test_a_far_client_gets_large_tables_at_the_rate_of_its_line():
    fit = LINE_BYTES_PER_SECOND * 60 / (48_000 + 1024 + 150)
    assert fit - 1 <= stream(0.4, 48_000) <= fit + 3


class SlowLine:
    """200 ms and 1 Mbit/s between a kernel and the clients of one page, which acknowledge what has come through."""

    BYTES_PER_SECOND = 125_000
    LATENCY = 0.2

    def __init__(self, clients):
        self.clock = Clock()
        self.free = 0.0
        self.sent = []
        self.answers = []
        shared = SharedBandwidth()
        self.channels = [
            Channel(self._way(index), self.clock, later=self.clock.later, line=shared) for index in range(clients)
        ]

    def _way(self, index):
        def send(message, buffers):
            size = 1024 + len(msgspec.json.encode(message)) + sum(map(len, buffers))
            self.sent.append((self.clock.now, index, size, type(message)))
            self.free = max(self.free, self.clock.now) + size / self.BYTES_PER_SECOND
            self.answers.append((self.free + self.LATENCY, index, message.seq))

        return send

    def advance(self, seconds):
        self.clock.advance(seconds)
        arrived = [answer for answer in self.answers if answer[0] <= self.clock.now]
        self.answers = [answer for answer in self.answers if answer[0] > self.clock.now]
        for _, index, seq in arrived:
            self.channels[index].acknowledge(seq)

    def rates(self, since, window):
        """Return the bytes a second of each window."""
        spans = range(since, int(self.clock.now) - window, window)
        return [sum(size for when, _, size, _ in self.sent if a <= when < a + window) / window for a in spans]

    def tables(self, since):
        counts = Counter(index for when, index, _, kind in self.sent if kind is Snapshot and when >= since)
        return [counts[index] for index in range(len(self.channels))]


COUNTS = {"batch_size": 32, "batches": 1, "total_batches": 9, "samples": 32, "total_samples": 288}
TIMES = {"rate": 1.5, "eta": 1.5, "elapsed": 1.5, "created": 1.5}
STATE = Envelope(RunState(run="r", name="fifty", status="running", introspections=[], errors=[], **COUNTS, **TIMES))


@pytest.mark.parametrize("clients", [1, 2, 3, 5])
@pytest.mark.parametrize("size", [9_000, 48_000])
def test_all_far_clients_of_a_kernel_share_one_line_fairly(clients, size):
    line = SlowLine(clients)
    for tick in range(20 * 120):
        line.advance(0.05)
        if tick % 10 == 0:
            for channel in line.channels:
                channel.offer("run", STATE)
                channel.offer("iua", table(tick, size))
                channel.offer("pfa", table(tick, size))
    window = max(5, -(-3 * size // 20_000))
    assert max(line.rates(10, window)) < 64_000
    assert sum(line.rates(10, window)) / len(line.rates(10, window)) < 45_000
    counts = line.tables(since=10)
    assert min(counts) >= 1
    assert max(counts) - min(counts) <= 2
    if 2 * 2 * clients * size > LINE_BYTES_PER_SECOND:  # more is offered than fits: the line is used
        assert sum(counts) * size >= 0.5 * LINE_BYTES_PER_SECOND * 110


def test_a_far_client_that_goes_leaves_the_line_to_the_others():
    line = SlowLine(3)
    for tick in range(20 * 120):
        line.advance(0.05)
        if tick == 20 * 60:
            line.channels[0].close()
            line.channels[1].close()
        if tick % 10 == 0:
            for channel in line.channels:
                channel.offer("iua", table(tick, 48_000))
    alone = [when for when, index, _, _ in line.sent if index == 2 and when > 65]
    assert len(alone) >= 0.9 * LINE_BYTES_PER_SECOND * 55 / (48_000 + 1024 + 150)


@given(st.lists(st.sampled_from(["offer", "ack", "ack-old"]), max_size=60))
def test_whatever_happens_the_newest_is_never_lost_and_never_overtaken(steps):
    client = FakeClient()
    clock = Clock()
    channel = Channel(client.send, clock, later=clock.later)
    newest = 0
    for step in steps:
        if step == "offer":
            newest += 1
            channel.offer("iua", snapshot(newest))
        elif client.messages:
            channel.acknowledge(client.messages[-1 if step == "ack" else 0].seq)
    if newest:
        channel.acknowledge(client.messages[-1].seq)
        assert shown(client)[-1] == newest
    assert shown(client) == sorted(set(shown(client)))
    assert [message.seq for message in client.messages] == list(range(len(client.messages)))
