"""Start readingroom on a bare runner, or say which Python it needs: every Python, however old, can read this file."""

import os
import sys

if sys.version_info < (3, 11):
    found = "%d.%d" % tuple(sys.version_info[:2])
    sys.exit("readingroom needs Python 3.11 or newer as python3 on the runner, and found Python " + found + ".")

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import bootstrap

bootstrap.main()
