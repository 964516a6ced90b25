"""Screens that show one photo large, hardly anything, or a dialog: what looks least like other pictures of a screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image, ImageEnhance

from photofinder.training.drawn_page import Page

Style = Callable[[Page, Sequence[Image.Image]], None]


def viewer(page: Page, photos: Sequence[Image.Image]) -> None:
    """One photo as large as fits between bars, beside a panel or above a strip of others: a viewer, a film, a map."""
    rng = page.rng
    shown = photos[int(rng.integers(len(photos)))]
    bar = float(rng.uniform(36, 72))
    beside = rng.uniform(0.18, 0.3) * page.width if rng.random() < 0.5 else 0.0
    strip = rng.uniform(70, 130) if rng.random() < 0.3 else 0.0
    page.draw.rectangle((0, 0, page.width, bar), fill=page.faint)
    page.write((16, 0.3 * bar), page.words(1, 4)[:30], 0.4 * bar)
    for place in range(int(rng.integers(2, 8))):
        left = page.width - beside - (place + 1) * 1.2 * bar
        page.draw.rounded_rectangle((left, 0.3 * bar, left + 0.4 * bar, 0.7 * bar), 4, outline=page.ink, width=2)
    wide, high = page.width - beside, page.height - bar - strip
    scale = min(wide / shown.width, high / shown.height) * float(rng.uniform(0.85, 1.0))
    width, height = shown.width * scale, shown.height * scale
    page.paste(shown, (wide - width) / 2, bar + (high - height) / 2, width, height)
    if beside:
        page.draw.rectangle((wide, bar, page.width, page.height), fill=page.faint)
        top = bar + 20
        while top < page.height - 120:
            page.write((wide + 18, top), page.words(1, 2)[:22], 17)
            top = page.paragraph(wide + 18, top + 26, page.width - 18, int(rng.integers(1, 4)), 15) + rng.uniform(8, 40)
            if rng.random() < 0.2:
                break
    left = 8.0
    while strip and left < wide:
        page.paste(photos[int(rng.integers(len(photos)))], left, page.height - strip + 8, strip - 16, strip - 16)
        left += strip


def sparse(page: Page, photos: Sequence[Image.Image]) -> None:
    """A welcome, an error, a form or a diagram: few words and shapes on one colour."""
    rng = page.rng
    middle, top = page.width / 2, rng.uniform(0.1, 0.35) * page.height
    if rng.random() < 0.5:
        page.draw.rectangle((0, 0, page.width, rng.uniform(30, 70)), fill=page.faint)
    if rng.random() < 0.4:
        page.draw.rectangle((0, 0, rng.uniform(0.12, 0.25) * page.width, page.height), fill=page.faint)
    if rng.random() < 0.6:
        side = rng.uniform(30, 90)
        page.draw.ellipse((middle - side, top - side, middle + side, top + side), fill=page.accent)
        top += 1.4 * side
    page.write((middle - 160, top), page.words(2, 5)[:28], 34)
    top = page.paragraph(middle - 220, top + 60, middle + 220, int(rng.integers(1, 5)), 19) + 20
    for _ in range(int(rng.integers(0, 4))):
        page.draw.rounded_rectangle((middle - 200, top, middle + 200, top + 40), 8, outline=page.faint, width=2)
        page.write((middle - 188, top + 10), page.words(1, 3)[:24], 17, page.faint)
        top += 58
    if rng.random() < 0.7:
        page.draw.rounded_rectangle((middle - 90, top, middle + 90, top + 44), 10, fill=page.accent)
        page.write((middle - 60, top + 11), page.words(1, 2)[:14], 18, (255, 255, 255))
    if rng.random() < 0.25:
        points = np.stack([np.linspace(80, page.width - 80, 9), rng.uniform(0.6, 0.95, 9) * page.height], axis=1)
        page.draw.line([(float(x), float(y)) for x, y in points], fill=page.accent, width=3)
        for line in range(5):
            height = (0.6 + 0.08 * line) * page.height
            page.draw.line((80, height, page.width - 80, height), fill=page.faint)


def dialog(page: Page, photos: Sequence[Image.Image], below: Sequence[Style]) -> None:
    """A dialog with options over another screen, which is often darkened."""
    rng = page.rng
    below[int(rng.integers(len(below)))](page, photos)
    if rng.random() < 0.6:
        page.image.paste(ImageEnhance.Brightness(page.image).enhance(float(rng.uniform(0.3, 0.8))))
    width, height = rng.uniform(0.35, 0.7) * page.width, rng.uniform(0.4, 0.8) * page.height
    left, top = (page.width - width) / 2, (page.height - height) / 2
    page.draw.rounded_rectangle(
        (left, top, left + width, top + height), 10, fill=page.back, outline=page.faint, width=2
    )
    page.write((left + 22, top + 18), page.words(1, 4)[: int(width / 16)], 24)
    row = top + 70
    while row < top + height - 90:
        if rng.random() < 0.6:
            page.draw.rectangle((left + 24, row, left + 42, row + 18), outline=page.ink, width=2)
        page.write((left + 56, row), page.words(2, 6)[: int((width - 80) / 10)], 17)
        if rng.random() < 0.3:
            page.draw.rounded_rectangle((left + 0.6 * width, row, left + width - 22, row + 24), 6, fill=page.faint)
        row += rng.uniform(30, 60)
    page.draw.rounded_rectangle(
        (left + width - 130, top + height - 58, left + width - 22, top + height - 20), 8, fill=page.accent
    )
