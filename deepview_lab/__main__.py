"""``python -m deepview_lab``: the same as the command ``deepview-lab``."""

import sys

from deepview_lab.cli import main

if __name__ == "__main__":
    sys.exit(main())
