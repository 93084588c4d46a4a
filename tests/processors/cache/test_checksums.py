"""A cache never gives other numbers than those that were stored."""

import json
import os
import shutil
import subprocess
import sys
import zlib
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deepview_lab.base import Batch, pipeline
from deepview_lab.base.cache.checksum import checksum
from deepview_lab.exceptions import CacheError, DeepViewException, DeepViewWarning
from deepview_lab.processors import CachedProducer, Cacher
from deepview_lab.samples import StubProducer
from tests.processors.cache.sources import Rows, assert_same

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "cache"


def fill(folder, count=20):
    list(pipeline(Rows(count), Cacher(folder))(8))


def test_every_flipped_bit_of_a_field_is_found(folder):
    fill(folder)
    path = folder / "field-0000.bin"
    whole = path.read_bytes()
    for position in range(0, len(whole) * 8, 3):  # each of a byte's bits, of all bytes
        raw = bytearray(whole)
        raw[position // 8] ^= 1 << position % 8
        path.write_bytes(raw)
        batches = CachedProducer(folder)(5)
        with pytest.raises(
            CacheError, match=r"the samples \d+ to \d+ of field-0000\.bin, which holds field 'x', are not"
        ):
            list(batches)
    path.write_bytes(whole)
    assert_same(CachedProducer(folder)(5), Rows(20)(8))


def test_batches_before_the_damage_are_served(folder):
    fill(folder)
    path = folder / "field-0000.bin"
    raw = bytearray(path.read_bytes())
    raw[17 * 12] ^= 1  # row 17
    path.write_bytes(raw)
    served = []
    with pytest.raises(CacheError, match="the samples 16 to 19"):
        served.extend(batch.batch_size for batch in CachedProducer(folder)(8))
    assert served == [8, 8]


def test_damage_of_an_interrupted_cache_is_found_when_it_is_resumed(folder):
    batches = iter(pipeline(Rows(20), Cacher(folder))(8))
    next(batches)
    next(batches)
    batches.close()
    path = folder / "field-0000.bin"
    path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:])
    with pytest.raises(CacheError, match="the samples 0 to 7"):
        fill(folder)


@given(st.integers(0, 3 * 4096), st.integers(0, 2**32 - 1))
def test_a_flipped_bit_changes_the_checksum_at_any_length(length, seed):
    rng = np.random.default_rng(seed)
    raw = rng.integers(0, 256, length, dtype=np.uint8)
    before = checksum(raw)
    assert before == checksum(raw.copy())
    if length:
        raw[rng.integers(length)] ^= 1 << rng.integers(8)
        assert checksum(raw) != before


def test_pages_that_changed_places_and_pages_of_zeros_are_found():
    raw = np.random.default_rng(0).integers(0, 256, 4 * 4096, dtype=np.uint8)
    swapped = np.concatenate([raw[4096:8192], raw[:4096], raw[8192:]])
    zeroed = raw.copy()
    zeroed[4096:8192] = 0
    assert len({checksum(raw), checksum(swapped), checksum(zeroed)}) == 3


def test_the_checksum_is_of_the_bytes_whatever_their_place_in_memory():
    raw = np.random.default_rng(1).integers(0, 256, 9001, dtype=np.uint8)
    shifted = np.empty(9002, np.uint8)[1:]
    shifted[:] = raw
    pages = raw[:8192].view("<u8").reshape(2, 512)
    sums = b"".join(int(sum(map(int, page)) % 2**64).to_bytes(8, "little") for page in pages)
    assert checksum(raw) == checksum(shifted) == zlib.crc32(raw[8192:].tobytes(), zlib.crc32(sums))


def test_a_finished_cache_of_format_1_is_read_and_its_lack_of_checksums_told(folder):
    shutil.copytree(FIXTURES / "v1-finished", folder)
    with pytest.warns(DeepViewWarning, match="older version: damage of its arrays cannot be found"):
        assert_same(CachedProducer(folder)(8), Rows(20)(8))


def test_an_interrupted_cache_of_format_1_is_refused_with_what_to_do(folder):
    shutil.copytree(FIXTURES / "v1-interrupted", folder)
    with pytest.raises(CacheError, match=r"not complete, and was begun by an older version\. Remove it with"):
        fill(folder)
    Cacher.clear(folder)
    fill(folder)
    assert_same(CachedProducer(folder)(8), Rows(20)(8))


TEMPORARY = """
import os
from deepview_lab.base import pipeline
from deepview_lab.processors import Cacher
from deepview_lab.samples import StubProducer
import numpy as np
cacher = Cacher()
list(pipeline(StubProducer({"x": np.zeros((3, 2))}), cacher)(2))
child = os.fork()
if child == 0:
    import sys
    sys.exit(0)  # an orderly end, with what is registered for it
os.waitpid(child, 0)
assert cacher.cached
print(cacher.storage_path)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_a_cache_without_a_path_is_removed_when_the_process_that_made_it_ends(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", TEMPORARY],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert Path(done.stdout.strip()).parent == tmp_path
    assert list(tmp_path.iterdir()) == []


def resigned(folder, change_index=None, change_journal=None):
    """Change an index and a journal and make their checksums right, as an attacker would."""
    path, journal = folder / "index.json", folder / "batches.jsonl"
    file = json.loads(path.read_text())
    index = file["index"]
    if change_journal is not None:
        lines = [change_journal(line[9:]) for line in journal.read_bytes().splitlines()]
        journal.write_bytes(b"".join(b"%08x %s\n" % (zlib.crc32(line), line) for line in lines))
        raw = journal.read_bytes()
        index |= {"journal_bytes": len(raw), "journal_crc": zlib.crc32(raw)}
    text = json.dumps(index, separators=(",", ":")) if change_index is None else change_index(index)
    digest = blake2b(text.encode(), digest_size=16).hexdigest()
    path.write_text(f'{{"magic":"deepview-cache","version":{file["version"]},"checksum":"{digest}","index":{text}}}')


def with_field(**changes):
    def change(index):
        index["sections"][0]["fields"][0] |= changes
        return json.dumps(index, separators=(",", ":"))

    return change


HOSTILE = {
    "a dtype that is evaluated": with_field(dtype="(1 2)f8,f4"),
    "objects": with_field(dtype="|O"),
    "a dtype of a gigabyte": with_field(dtype="<U999999999", shape=[9999]),
    "a negative length": with_field(shape=[-3]),
    "lengths that overflow": with_field(shape=[2**62, 2**62, 0]),
    "no sample and a huge one": with_field(shape=[0, 2**61]),
    "too many dimensions": with_field(shape=[1] * 70),
    "another field's number": with_field(number=7),
    "a number that is a path": with_field(number="../7"),
    "nesting": lambda index: "[" * 100_000 + "]" * 100_000,
    "samples without end": lambda index: json.dumps({**index, "samples": 2**62}),
    "negative samples": lambda index: json.dumps({**index, "samples": -1}),
    "a response that is none": lambda index: json.dumps(
        {
            **index,
            "responses": {
                "x": {"dtype": "(1 2)f8", "shape": [1], "layer": "", "kind": "", "typename": "", "unit_axis": 9}
            },
        }
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_an_index_of_an_attacker_is_refused(folder, what):
    fill(folder)
    resigned(folder, HOSTILE[what])

    def use():
        return list(CachedProducer(folder)(8))

    with pytest.raises(CacheError):
        use()


LINES = {
    "no line": b"[]",
    "a number": b"7",
    "other parts": b"[8]",
    "negative samples": b'[-8,[[["int",[]]]],[0]]',
    "no checksums": b"[8,[]]",
    "nesting": b"[8," + b"[" * 50_000 + b"]" * 50_000 + b",[0]]",
    "an unknown tag": b'[8,[[["no tag",[1]]]],[0]]',
    "a time that is evaluated": b'[8,[[["numpy time",[["(1 2)M8",1]]]]],[0]]',
    "text in place of values": b'[8,[[["str","abcdefgh"]]],[0]]',
    "half of the columns": b'[8,[[["str",["a","b"]]]],[0]]',
}


@pytest.mark.parametrize("what", LINES)
def test_a_journal_of_an_attacker_is_refused(folder, what):
    fill(folder)
    resigned(folder, change_journal=lambda _: LINES[what])
    with pytest.raises(CacheError, match="is damaged"):
        list(CachedProducer(folder)(8))


def test_only_documented_errors_come_out_of_mutated_caches(tmp_path):
    """A small fuzz: bytes of the index and the journal are replaced, and all checksums made right."""
    rng = np.random.default_rng(0)
    whole = tmp_path / "whole"
    list(
        pipeline(
            StubProducer({"x": np.arange(60.0).reshape(20, 3)}, {Batch.StdKeys.IDENTIFIER: range(20)}), Cacher(whole)
        )(8)
    )
    pieces = [
        b"[",
        b"]",
        b"{",
        b'"',
        b"0",
        b"-1",
        b"1e400",
        b"null",
        b"true",
        b"9" * 30,
        b'"<U9"',
        b"\\ud800",
        b",",
        b"",
    ]

    def mutated(text):
        raw = bytearray(text)
        for _ in range(rng.integers(1, 4)):
            start = rng.integers(len(raw) + 1)
            raw[start : start + rng.integers(4)] = pieces[rng.integers(len(pieces))]
        return bytes(raw).replace(b"\n", b" ")

    ends = {"served": 0, "refused": 0}
    for number in range(300):
        folder = tmp_path / str(number)
        shutil.copytree(whole, folder)
        if number % 2:
            resigned(folder, change_journal=mutated)
        else:
            resigned(
                folder,
                lambda index: (
                    mutated(json.dumps(index, separators=(",", ":")).encode())
                    .decode(errors="surrogateescape")
                    .encode(errors="replace")
                    .decode()
                ),
            )
        try:
            list(CachedProducer(folder)(7))
        except DeepViewException:
            ends["refused"] += 1
        else:
            ends["served"] += 1
        shutil.rmtree(folder)
    assert ends["refused"] > 150


def begun(folder):
    """Store two batches of 8, and stop; the first is known to be on the disk."""
    batches = iter(pipeline(Rows(20), Cacher(folder))(8))
    for _ in range(2):
        next(batches)
    batches.close()


def changed_journal(folder, change):
    path = folder / "batches.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    lines[-1] = change(lines[-1])
    path.write_bytes(b"".join(lines))


def identifiers(folder):
    batches = pipeline(Rows(20), Cacher(folder))(8)
    return [identifier for batch in batches for identifier in batch.metadata[Batch.StdKeys.IDENTIFIER]]


def test_a_line_of_an_interrupted_journal_that_is_not_what_was_written_does_not_count(folder):
    begun(folder)
    changed_journal(folder, lambda line: line.replace(b"row 9", b"row 7"))
    assert identifiers(folder) == [f"row {number}" for number in range(20)]


def test_a_journal_whose_lines_are_whole_but_others_is_refused(folder):
    fill(folder)

    def other(line):
        text = line[9:-1].replace(b"19", b"18")
        return b"%08x %s\n" % (zlib.crc32(text), text)

    changed_journal(folder, other)
    with pytest.raises(CacheError, match=r"batches\.jsonl is not what was written"):
        CachedProducer(folder)


def test_a_field_that_is_shorter_than_its_journal_gives_up_the_last_batch_when_resumed(folder):
    begun(folder)
    path = folder / "field-0000.bin"
    path.write_bytes(path.read_bytes()[:-1])  # of the second batch, which was not forced to the disk
    assert identifiers(folder) == [f"row {number}" for number in range(20)]
    assert_same(CachedProducer(folder)(8), Rows(20)(8))
