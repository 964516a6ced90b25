"""Generated photos of the kinds that a library hides: blurred, dark, pictures of a screen, documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter

from photofinder.library.images import THUMBNAIL_SIDE
from photofinder.training.drawn_page import Page
from photofinder.training.odd_screens import dialog, sparse, viewer
from photofinder.training.variants import recompressed


def blurred(image: Image.Image, rng: np.random.Generator, strength: float | None = None) -> Image.Image:
    """Out of focus (a Gaussian or a disc) or moved (a line), by ``strength`` pixels, 1.2 to 4 unless given."""
    strength = float(rng.uniform(1.2, 4.0)) if strength is None else strength
    kind = int(rng.integers(3))
    if kind == 0:
        changed = image.filter(ImageFilter.GaussianBlur(strength))
    else:
        changed = _spread(image, _disc(1.8 * strength) if kind == 1 else _line(4.0 * strength, rng.uniform(0, np.pi)))
    return recompressed(_noisy(changed, rng, float(rng.uniform(0, 2))), int(rng.integers(70, 95)))


def dark(image: Image.Image, rng: np.random.Generator, strength: float | None = None) -> Image.Image:
    """Underexposed to ``strength`` of its light, 0.08 to 0.3 unless given, with the noise that comes of it."""
    strength = float(rng.uniform(0.08, 0.3)) if strength is None else strength
    return recompressed(
        _noisy(ImageEnhance.Brightness(image).enhance(strength), rng, float(rng.uniform(1, 6))),
        int(rng.integers(70, 95)),
    )


def screenshot(photos: Sequence[Image.Image], rng: np.random.Generator, style: str | None = None) -> Image.Image:
    """A picture of a screen: a chat, a list, a page with photos, windows on a photo, a gallery,
    one photo large, little at all, a dialog over any of them; light or dark.
    """
    styles: dict[str, Callable[[Page, Sequence[Image.Image]], None]] = {
        "chat": _chat,
        "list": _list,
        "page": _web_page,
        "windows": _windows,
        "gallery": _gallery,
        "viewer": viewer,
        "sparse": sparse,
        "dialog": lambda page, some: dialog(page, some, (_gallery, _windows, _web_page, viewer)),
    }
    name = str(rng.choice(list(styles))) if style is None else style
    phone = name in ("chat", "list") or (name == "page" and rng.random() < 0.5)
    sizes = [(720, 1560), (750, 1334), (720, 1280)] if phone else [(1366, 768), (1280, 800), (1440, 900)]
    page = Page(sizes[int(rng.integers(len(sizes)))], rng)
    styles[name](page, photos)
    return _as_kept(page.image, rng)


def document(photos: Sequence[Image.Image], rng: np.random.Generator, scanned: bool | None = None) -> Image.Image:
    """A page of text, a form or a receipt, scanned or photographed lying on something."""
    scanned = bool(rng.random() < 0.4) if scanned is None else scanned
    sheet = _sheet(rng)
    if scanned:
        paper = ImageEnhance.Brightness(sheet.rotate(rng.uniform(-1.5, 1.5), fillcolor="white")).enhance(
            rng.uniform(0.9, 1.0)
        )
        return _as_kept(_noisy(paper, rng, float(rng.uniform(0, 4))), rng)
    return _as_kept(_photographed(sheet, photos[int(rng.integers(len(photos)))], rng), rng)


def _as_kept(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """As the program decodes it: small, and compressed unless it was a PNG."""
    small = image.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.BICUBIC)
    return small if rng.random() < 0.5 else recompressed(small, int(rng.integers(70, 95)))


def _noisy(image: Image.Image, rng: np.random.Generator, spread: float) -> Image.Image:
    pixels = np.asarray(image, dtype=np.float32)
    return Image.fromarray((pixels + spread * rng.standard_normal(pixels.shape)).clip(0, 255).astype(np.uint8))


def _spread(image: Image.Image, kernel: Sequence[tuple[int, int]]) -> Image.Image:
    """The mean of the image moved by each (down, across)."""
    pixels = np.asarray(image, dtype=np.float32)
    total = np.zeros_like(pixels)
    for down, across in kernel:
        total += np.roll(pixels, (down, across), axis=(0, 1))
    return Image.fromarray((total / len(kernel)).astype(np.uint8))


def _disc(radius: float) -> list[tuple[int, int]]:
    reach = int(np.ceil(radius))
    places = range(-reach, reach + 1)
    return [(down, across) for down in places for across in places if np.hypot(down, across) <= radius]


def _line(length: float, angle: float) -> list[tuple[int, int]]:
    steps = np.linspace(-length / 2, length / 2, int(np.ceil(length)) + 1)
    return list(dict.fromkeys((round(step * np.sin(angle)), round(step * np.cos(angle))) for step in steps))


def _chat(page: Page, photos: Sequence[Image.Image]) -> None:
    rng = page.rng
    if rng.random() < 0.3:
        wallpaper = photos[int(rng.integers(len(photos)))].resize((page.width, page.height))
        page.image.paste(Image.blend(wallpaper, page.image, 0.7))
    top = page.status_bar()
    page.draw.rectangle((0, top, page.width, top + 90), fill=page.accent)
    page.draw.ellipse((20, top + 15, 80, top + 75), fill=page.faint)
    page.write((100, top + 25), page.words(1, 2), 30, (255, 255, 255))
    top += 110
    while top < page.height - 180:
        mine, lines = rng.random() < 0.5, int(rng.integers(1, 5))
        width = rng.uniform(0.35, 0.75) * page.width
        left = page.width - width - 20 if mine else 20.0
        height = 24 + lines * 36.0
        photo = rng.random() < 0.15
        if photo:
            height = 0.75 * width
        page.draw.rounded_rectangle((left, top, left + width, top + height), 22, fill=page.faint if mine else page.back)
        if photo:
            page.paste(photos[int(rng.integers(len(photos)))], left + 6, top + 6, width - 12, height - 12)
        else:
            page.paragraph(left + 18, top + 12, left + width - 18, lines, 24)
        top += height + rng.uniform(10, 40)
    page.draw.rounded_rectangle((20, page.height - 90, page.width - 100, page.height - 25), 30, fill=page.faint)
    page.draw.ellipse((page.width - 85, page.height - 90, page.width - 20, page.height - 25), fill=page.accent)


def _list(page: Page, photos: Sequence[Image.Image]) -> None:
    rng = page.rng
    top = page.status_bar() + 20
    page.write((30, top), page.words(1, 2), 44)
    top += 90
    row = rng.uniform(80, 130)
    pictures = rng.random() < 0.3
    while top < page.height - row:
        if pictures:
            page.paste(photos[int(rng.integers(len(photos)))], 30, top + 12, row - 24, row - 24)
        else:
            page.draw.rounded_rectangle((30, top + 18, row - 6, top + row - 18), 14, fill=page.accent)
        page.write((row + 20, top + 14), page.words(2, 4)[:30], 26)
        page.write((row + 20, top + 52), page.words(3, 7)[:44], 20, page.faint)
        if rng.random() < 0.3:
            page.draw.rounded_rectangle((page.width - 110, top + 28, page.width - 40, top + 62), 17, fill=page.accent)
        page.draw.line((row + 20, top + row, page.width, top + row), fill=page.faint, width=2)
        top += row


def _web_page(page: Page, photos: Sequence[Image.Image]) -> None:
    rng = page.rng
    page.draw.rectangle((0, 0, page.width, 70), fill=page.faint)
    page.draw.rounded_rectangle((0.15 * page.width, 15, 0.8 * page.width, 55), 20, fill=page.back)
    page.write(
        (0.18 * page.width, 24), "https://www." + page.words(1, 1).lower() + ".es/" + page.words(1, 1).lower(), 20
    )
    page.draw.rectangle((0, 70, page.width, 130), fill=page.accent)
    columns = 1 if page.width < 900 else int(rng.integers(1, 4))
    room = (page.width - 40 * (columns + 1)) / columns
    for column in range(columns):
        left, top = 40 + column * (room + 40), 170.0
        while top < page.height:
            page.write((left, top), page.words(3, 6)[: int(room / 20)], 34)
            top += 60
            if rng.random() < 0.5:
                page.paste(photos[int(rng.integers(len(photos)))], left, top, room, 0.5 * room)
                top += 0.5 * room + 20
            top = page.paragraph(left, top, left + room, int(rng.integers(3, 9)), float(rng.uniform(17, 24))) + 30


def _windows(page: Page, photos: Sequence[Image.Image]) -> None:
    rng = page.rng
    if rng.random() < 0.6:
        page.paste(photos[int(rng.integers(len(photos)))], 0, 0, page.width, page.height)
    for _ in range(int(rng.integers(1, 4))):
        width, height = rng.uniform(0.5, 0.95) * page.width, rng.uniform(0.5, 0.9) * page.height
        left, top = rng.uniform(0, page.width - width), rng.uniform(0, page.height - height - 40)
        page.draw.rectangle((left, top, left + width, top + height), fill=page.back, outline=page.faint, width=2)
        page.draw.rectangle((left, top, left + width, top + 34), fill=page.faint)
        page.write((left + 12, top + 7), page.words(1, 3), 18)
        side = rng.uniform(0.15, 0.3) * width
        page.draw.rectangle((left, top + 34, left + side, top + height), fill=page.faint)
        for row in range(int((height - 60) / 34)):
            y = top + 46 + 34 * row
            page.write((left + 14, y), page.words(1, 2)[: int(side / 11)], 17)
            page.write((left + side + 16, y), page.words(4, 12)[: int((width - side) / 11)], 17)
            if row % 4 == 3:
                page.draw.line((left + side, y + 28, left + width, y + 28), fill=page.faint)
    page.draw.rectangle((0, page.height - 40, page.width, page.height), fill=page.faint)
    for place in range(int(rng.integers(4, 12))):
        page.draw.rectangle((16 + 52 * place, page.height - 34, 48 + 52 * place, page.height - 6), fill=page.accent)


def _gallery(page: Page, photos: Sequence[Image.Image]) -> None:
    """Square pictures in rows, with a bar above and perhaps a list beside."""
    rng = page.rng
    page.draw.rectangle((0, 0, page.width, 64), fill=page.back)
    page.draw.rounded_rectangle((0.3 * page.width, 12, 0.75 * page.width, 52), 20, fill=page.faint)
    page.write((0.33 * page.width, 22), page.words(1, 3), 18)
    beside = 0.0
    if rng.random() < 0.5:
        beside = 0.18 * page.width
        page.draw.rectangle((0, 0, beside, page.height), fill=page.faint)
        for row in range(int(rng.integers(2, 12))):
            page.write((18, 80 + 40 * row), page.words(1, 2)[:16], 17)
    cell, gap = float(rng.uniform(110, 260)), float(rng.uniform(4, 16))
    top = 90.0
    while top < page.height:
        if rng.random() < 0.35:
            page.write((beside + gap + 6, top), page.words(1, 3), 22)
            top += 44
        left = beside + gap
        for _ in range(int(rng.integers(1, 1 + max(1, int((page.width - beside) / (cell + gap)))))):
            page.paste(photos[int(rng.integers(len(photos)))], left, top, cell, cell)
            left += cell + gap
        top += cell + gap


def _sheet(rng: np.random.Generator) -> Image.Image:
    """A page of paper, upright."""
    receipt = rng.random() < 0.25
    page = Page((520, int(rng.integers(900, 1500))) if receipt else (1000, 1414), rng)
    white = int(rng.integers(240, 256))
    page.ink, page.back = (20, 20, 25), (white, white, white)
    page.faint = (190, 190, 190)
    page.draw.rectangle((0, 0, page.width, page.height), fill=page.back)
    margin = 0.08 * page.width
    top = margin
    if rng.random() < 0.5:
        page.draw.rectangle((margin, top, margin + 160, top + 70), fill=page.accent)
        top += 100
    page.write((margin, top), page.words(2, 5)[:24], 38)
    top += 80
    size = float(rng.uniform(17, 26))
    while top < page.height - 160:
        if rng.random() < 0.25:
            for _ in range(int(rng.integers(3, 9))):
                page.draw.line((margin, top, page.width - margin, top), fill=(90, 90, 90), width=2)
                page.write((margin + 8, top + 8), page.words(2, 4)[:26], size)
                page.write((page.width - margin - 110, top + 8), f"{rng.uniform(1, 900):.2f}", size)
                top += 2 * size
        else:
            top = page.paragraph(margin, top, page.width - margin, int(rng.integers(2, 10)), size)
        top += rng.uniform(20, 60)
    return page.image


def _photographed(sheet: Image.Image, table: Image.Image, rng: np.random.Generator) -> Image.Image:
    """The sheet on a table, not quite from above, in uneven light."""
    size = (900, 1200) if rng.random() < 0.7 else (1200, 900)
    ground = ImageEnhance.Brightness(table.resize(size).filter(ImageFilter.GaussianBlur(3))).enhance(0.6)
    share = rng.uniform(0.72, 1.1)
    height = share * size[1]
    width = min(height * sheet.width / sheet.height, 1.1 * size[0])
    left, top = (size[0] - width) / 2, (size[1] - height) / 2
    corners = np.array([(left, top), (left + width, top), (left + width, top + height), (left, top + height)])
    corners += rng.uniform(-0.05, 0.05, (4, 2)) * size[0]
    source = np.array([(0, 0), (sheet.width, 0), (sheet.width, sheet.height), (0, sheet.height)], dtype=np.float64)
    warp = _perspective(corners, source)
    laid = sheet.transform(size, Image.Transform.PERSPECTIVE, warp, Image.Resampling.BICUBIC)
    mask = Image.new("L", sheet.size, 255).transform(size, Image.Transform.PERSPECTIVE, warp)
    ground.paste(laid, mask=mask)
    light = rng.uniform(0.55, 1.0, (2, 2)).astype(np.float32)
    shade = np.asarray(Image.fromarray(light).resize(size, Image.Resampling.BICUBIC))[..., None]
    cast = 1 + rng.uniform(-0.12, 0.05, 3) * np.array([0.3, 0.6, 1.0])
    lit = (np.asarray(ground, dtype=np.float32) * shade * cast).clip(0, 255).astype(np.uint8)
    return _noisy(Image.fromarray(lit).filter(ImageFilter.GaussianBlur(float(rng.uniform(0, 1.2)))), rng, 3.0)


def _perspective(shown: NDArray[np.float64], source: NDArray[np.float64]) -> list[float]:
    """Pillow's eight numbers, which lead from where something is shown to where it comes from."""
    rows = []
    for (x, y), (u, v) in zip(shown, source, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
    solved: list[float] = np.linalg.solve(np.array(rows), source.ravel()).tolist()
    return solved
