#!/usr/bin/env python3
"""`python build.py …` is duben's command line; without a command it builds content/ into site/."""

import sys

from duben.cli import COMMANDS, main

if __name__ == "__main__":
    arguments = sys.argv[1:]
    if not arguments or (arguments[0] not in COMMANDS and arguments[0] not in ("-h", "--help", "--version")):
        arguments.insert(0, "build")
    sys.exit(main(arguments))
