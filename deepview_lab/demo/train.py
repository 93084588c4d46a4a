"""``python -m deepview_lab.demo.train [FILE]``: train the demo's network anew and save it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from deepview_lab.demo.data import read_digits
from deepview_lab.demo.source import MODEL_FILE
from deepview_lab.tensorflow.frameworks import require_keras

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> None:
    """Train, say how well it went, and write the model file (by default the one of the package)."""
    options = argparse.ArgumentParser(prog="python -m deepview_lab.demo.train", description=main.__doc__)
    options.add_argument("file", metavar="FILE", nargs="?", type=Path, default=MODEL_FILE, help="where to save it")
    file: Path = options.parse_args(arguments).file
    require_keras()
    from deepview_lab.demo.network import accuracy, train  # noqa: PLC0415 - imports Keras, which --help can do without

    digits = read_digits()
    network = train(digits)
    network.save(file)
    sys.stdout.write(f"Test accuracy {accuracy(network, digits):.1%}. Saved {file} ({file.stat().st_size:,} bytes).\n")


if __name__ == "__main__":
    main()
