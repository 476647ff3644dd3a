"""What a run would do, and why, in words: ``themetrail run --dry`` and ``themetrail status``."""
