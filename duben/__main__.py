"""`python -m duben`."""

import sys

from duben.cli import main

sys.exit(main())
