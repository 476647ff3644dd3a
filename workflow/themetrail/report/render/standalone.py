"""A page that needs nothing else: styles and fonts within, no script, no network."""

from __future__ import annotations

from html import escape

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; "
    "form-action 'none'"
)


def standalone(title: str, style: str, body: str, *, demonstration: bool) -> str:
    """The whole page around its text.

    Parameters
    ----------
    title : of the page, as text.
    style : the page's own style sheet, by its name among the assets.
    body : what stands in it, as HTML.
    demonstration : whether the page says that the data are fictional.
    """
    from themetrail.report.render.document import FICTIONAL
    from themetrail.report.render.html import stylesheet

    banner = (
        '<aside class="fictional" aria-label="About the data"><p><strong>Fictional data.</strong> '
        f"{escape(FICTIONAL)}</p></aside>\n"
        if demonstration
        else ""
    )
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)}</title>\n"
        f"<style>\n{stylesheet(style, body)}\n</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#text">Skip to the text</a>\n{banner}'
        f'<main id="text" tabindex="-1">\n{body}\n</main>\n</body>\n</html>\n'
    )
