"""``python -m themetrail``."""

import sys

from themetrail.cli import main

sys.exit(main())
