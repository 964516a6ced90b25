"""Words of the person's own, shown as the words they are.

Qt takes a tool tip, and a label that was not told otherwise, for HTML when it looks like it: a photo called
``<img src=…>.jpg`` would be shown as a picture, fetched from where its name says. Labels get ``Qt.PlainText``; tips
know no such thing, so theirs go through ``plain_tip``.
"""

from __future__ import annotations

import html


def plain_tip(text: str) -> str:
    """A tool tip that shows ``text`` as it is, whatever is in it; lines stay lines."""
    if "<" not in text:  # Qt looks for a tag
        return text
    return "<span>" + html.escape(text).replace("\n", "<br>") + "</span>"
