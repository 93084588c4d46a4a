"""Pages taken apart again, by other means than the page's own script."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode
from html.parser import HTMLParser

from deepview_lab.transport.wire.arrow import decode_columns


class Taken(HTMLParser):
    """The elements of a page, as a browser sees them."""

    def __init__(self, path):
        super().__init__()
        self.elements = []
        self._open = None
        self.texts = {}
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self._open = dict(attributes).get("id", tag)

    def handle_endtag(self, tag):
        self._open = None

    def handle_data(self, data):
        if self._open is not None:
            self.texts[self._open] = self.texts.get(self._open, "") + data

    def of(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def shared_of(path):
    return json.loads(Taken(path).texts["dv-run"])


def tables_of(shared):
    """Return each message that has buffers with its columns, by kind, introspector, and layer or column."""
    buffers = [zlib.decompress(b64decode(buffer)) for buffer in shared["buffers"]]
    assert [len(buffer) for buffer in buffers] == shared["sizes"]
    tables = {}
    for message, places in zip(shared["messages"], shared["places"], strict=True):
        key = tuple(message.get(name) for name in ("kind", "introspector", "layer", "column", "start"))
        if places:
            assert key not in tables
            tables[key] = (message, [decode_columns(buffers[place]) for place in places])
    return tables
