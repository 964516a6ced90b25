"""Generated pairs that show the same thing: parts of photos, changed, and drawn logos pasted into photos."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFont

from photofinder.training.data import Box

_COLOURS = (
    (196, 30, 36), (18, 74, 156), (16, 122, 62), (240, 190, 20), (20, 20, 24), (245, 245, 240), (120, 40, 130),
    (235, 110, 20), (60, 170, 190), (110, 70, 40),
)  # fmt: skip
_LETTERS = "ABCDEFGHJKLMNPRSTUVXYZ"
_LOGO = 320


def changed_part(image: Image.Image, rng: np.random.Generator, side: int) -> Image.Image:
    """5 to 40 % of a photo's area, turned by up to 45 degrees, another size, lit differently and compressed again.

    ``side``: the long side of the result lies between half of it and all of it, and never above twice what there is.
    """
    width, height = image.size
    area, shape = rng.uniform(0.05, 0.4) * width * height, math.exp(rng.uniform(-0.3, 0.3))
    w, h = min(width, math.sqrt(area * shape)), min(height, math.sqrt(area / shape))
    left, top = rng.uniform(0, width - w), rng.uniform(0, height - h)
    angle = float(rng.uniform(-45, 45))
    centre = (left + w / 2, top + h / 2)
    # the photo around the part is turned with it, so that no black corners give it away
    turned = image.rotate(angle, Image.Resampling.BICUBIC, center=centre)
    part = turned.crop((round(left), round(top), round(left + w), round(top + h)))
    scale = min(2.0, side * float(rng.uniform(0.5, 1.0)) / max(part.size))
    part = part.resize(
        (max(24, round(part.width * scale)), max(24, round(part.height * scale))), Image.Resampling.LANCZOS
    )
    return _as_taken(part, rng)


def _as_taken(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Another light, another camera: brightness, contrast, colour and gamma, then JPEG at 40 to 85."""
    for enhance in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
        image = enhance(image).enhance(float(rng.uniform(0.65, 1.35)))
    gamma = float(rng.uniform(0.7, 1.4))
    image = image.point([round(255 * (value / 255) ** gamma) for value in range(256)] * 3)
    packed = io.BytesIO()
    image.save(packed, "JPEG", quality=int(rng.integers(40, 86)))
    return Image.open(packed).convert("RGB")


def logo(seed: int) -> Image.Image:
    """A drawn logo, RGBA, unlike that of any other seed: a plate with shapes and a made-up name."""
    rng = np.random.default_rng((77, seed))
    colours = [_COLOURS[index] for index in rng.permutation(len(_COLOURS))]
    image = Image.new("RGBA", (_LOGO, _LOGO), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    plate = rng.integers(3)
    if plate == 0:
        draw.ellipse((4, 4, _LOGO - 4, _LOGO - 4), fill=colours[0])
    else:
        draw.rounded_rectangle((4, 4, _LOGO - 4, _LOGO - 4), radius=int(rng.integers(4, 90)), fill=colours[0])
    for number in range(int(rng.integers(3, 7))):
        _shape(draw, rng, colours[1 + number % 4])
    name = "".join(rng.choice(list(_LETTERS), int(rng.integers(3, 6))))
    font = ImageFont.load_default(size=int(rng.integers(64, 92)))
    x = (_LOGO - draw.textlength(name, font)) / 2
    y = float(rng.uniform(150, 200))
    draw.text((x, y), name, fill=colours[5], font=font, stroke_width=3, stroke_fill=colours[0])
    return image


def _shape(draw: ImageDraw.ImageDraw, rng: np.random.Generator, colour: tuple[int, int, int]) -> None:
    x, y = (float(value) for value in rng.uniform(70, _LOGO - 70, 2))
    size = float(rng.uniform(24, 70))
    kind, corners = rng.integers(3), int(rng.integers(3, 8))
    turn = float(rng.uniform(0, 2 * math.pi))
    if kind == 0:
        draw.ellipse(
            (x - size, y - size * 0.7, x + size, y + size * 0.7), outline=colour, width=int(rng.integers(6, 18))
        )
        return
    points = []
    for corner in range(corners * 2):
        reach = size if corner % 2 == 0 or kind == 1 else size * 0.45
        angle = turn + math.pi * corner / corners
        points.append((x + reach * math.cos(angle), y + reach * math.sin(angle)))
    draw.polygon(points, fill=colour)


def pasted(
    photo: Image.Image, mark: Image.Image, rng: np.random.Generator, share: tuple[float, float] = (0.04, 0.2)
) -> tuple[Image.Image, Box]:
    """``mark`` in perspective on a ``share`` of a photo's area, lit like another photo; where it is, in fractions."""
    width, height = photo.size
    side = math.sqrt(rng.uniform(*share) * width * height)
    angle = rng.uniform(-0.5, 0.5)
    half = side / 2
    corners = np.array([(-half, -half), (half, -half), (half, half), (-half, half)])
    corners *= 1 + rng.uniform(-0.12, 0.12, (4, 2))  # a plate seen from the side
    corners[:, 0] *= rng.uniform(0.7, 1.0)
    turn = np.array([(math.cos(angle), -math.sin(angle)), (math.sin(angle), math.cos(angle))])
    corners = corners @ turn.T
    low, high = -corners.min(axis=0), np.array([width, height]) - corners.max(axis=0)
    corners += rng.uniform(np.minimum(low, high), np.maximum(low, high))
    big = mark.resize((min(_LOGO, max(8, round(side * 1.5))),) * 2, Image.Resampling.LANCZOS)
    size = big.width
    warp = _perspective(corners, np.array([(0, 0), (size, 0), (size, size), (0, size)], dtype=float))
    layer = big.transform(photo.size, Image.Transform.PERSPECTIVE, warp, Image.Resampling.BICUBIC)
    scene = photo.convert("RGB").copy()
    scene.paste(layer, mask=layer.getchannel("A"))
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    box = (
        max(0.0, float(left) / width),
        max(0.0, float(top) / height),
        min(1.0, float(right) / width),
        min(1.0, float(bottom) / height),
    )
    return _as_taken(scene, rng), box


def _perspective(to: np.ndarray, source: np.ndarray) -> Sequence[float]:
    """The eight numbers by which Pillow looks up, for a place of the result, the place in the source."""
    rows, values = [], []
    for (x, y), (u, v) in zip(to, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return [float(value) for value in np.linalg.solve(np.array(rows), np.array(values))]


def collage(
    images: Sequence[Image.Image], rng: np.random.Generator, width: int = 1600, height: int = 1200
) -> Image.Image:
    """A large picture with fine detail: photos side by side in slightly uneven rows, a little turned."""
    result = Image.new("RGB", (width, height), tuple(int(value) for value in rng.integers(40, 216, 3)))
    across = math.ceil(math.sqrt(len(images) * width / height))
    cell_w, cell_h = width / across, height / math.ceil(len(images) / across)
    for number, image in enumerate(images):
        scale = float(rng.uniform(0.9, 1.15)) * max(cell_w / image.width, cell_h / image.height)
        big = image.convert("RGBA").resize((round(image.width * scale), round(image.height * scale)))
        big = big.rotate(float(rng.uniform(-8, 8)), Image.Resampling.BICUBIC, expand=True)
        x, y = (number % across + 0.5) * cell_w - big.width / 2, (number // across + 0.5) * cell_h - big.height / 2
        result.paste(big, (round(x), round(y)), big.getchannel("A"))
    return result
