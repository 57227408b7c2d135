"""Run by ``make docs``; a test compares what is committed with what this would write."""

import sys

from scripts.docs.pages import main

sys.exit(main())
