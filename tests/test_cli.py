"""The commands as people and programs use them: real processes, pipes and terminals, and four exit codes."""

import json
import os
import pty
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from groups import READING, TODAY, built, command, files, read, run, stamps, write
from strategies import LINES  # noqa: F401 -- keeps the strategies importable from here

OK, TO_MEND, NOT_DONE, FAULT = 0, 1, 2, 3
DAY = ("--today", str(TODAY))
BERT = {"01-bert": {"title": "Bert", "date": "2024-01-08", "material": READING}}
PAGE = "sessions/01-bert/README.md"
SCRIPT = Path(sys.executable).with_name("readingroom")
COMMANDS = ["build", "check", "new", "show", "completion"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write(tmp_path, files(BERT))
