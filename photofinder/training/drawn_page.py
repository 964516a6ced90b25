"""Something to draw pictures of screens and documents on: words, paragraphs, photos, in the colours of one theme."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
_WORDS = (
    "la", "que", "el", "en", "los", "de", "un", "una", "por", "con", "para", "del", "al", "lo", "como", "más", "pero",
    "sus", "le", "ya", "este", "sí", "porque", "esta", "entre", "cuando", "muy", "sin", "sobre", "también", "me",
    "hasta", "hay", "donde", "quien", "desde", "todo", "nos", "durante", "todos", "uno", "les", "ni", "contra",
    "otros", "ese", "eso", "ante", "ellos", "mensaje", "hola", "mañana", "reunión", "factura", "total", "importe",
    "fecha", "cliente", "pago", "teléfono", "dirección", "ciudad", "gracias", "saludos", "comprar", "archivo",
    "editar", "ver", "ventana", "ayuda", "nuevo", "guardar", "correo", "perfil", "ajustes", "buscar", "inicio",
    "noticias", "contraseña", "usuario", "pedido", "enviar",
)  # fmt: skip


class Page:
    """A screen to draw on."""

    def __init__(self, size: tuple[int, int], rng: np.random.Generator) -> None:
        self.rng = rng
        self.dark = bool(rng.random() < 0.35)
        grey = int(rng.integers(16, 45)) if self.dark else int(rng.integers(236, 256))
        tint = rng.integers(-6, 7, 3)
        self.back: Colour = self._colour(np.full(3, grey) + tint)
        self.ink: Colour = (225, 225, 228) if self.dark else (32, 33, 36)
        self.faint: Colour = self._colour(np.full(3, grey) + (22 if self.dark else -18))
        self.accent: Colour = self._colour(rng.integers(30, 230, 3))
        self.image = Image.new("RGB", size, self.back)
        self.draw = ImageDraw.Draw(self.image)
        self.width, self.height = size

    @staticmethod
    def _colour(levels: NDArray[np.int64]) -> Colour:
        red, green, blue = (int(level) for level in np.clip(levels, 0, 255))
        return red, green, blue

    def words(self, least: int, most: int) -> str:
        """Some of the most usual words."""
        return " ".join(self.rng.choice(_WORDS, int(self.rng.integers(least, most + 1)))).capitalize()

    def write(self, place: tuple[float, float], text: str, size: float, colour: Colour | None = None) -> None:
        """Words from this corner on, ``size`` pixels high."""
        self.draw.text(place, text, fill=colour or self.ink, font=ImageFont.load_default(size))

    def paragraph(self, left: float, top: float, right: float, lines: int, size: float) -> float:
        """Where it ends."""
        letters = max(3, int((right - left) / (0.55 * size)))
        for line in range(lines):
            text = self.words(12, 30)[: letters if line < lines - 1 else int(letters * self.rng.uniform(0.3, 1))]
            self.write((left, top), text, size)
            top += 1.5 * size
        return top

    def paste(self, photo: Image.Image, left: float, top: float, width: float, height: float) -> None:
        """A photo stretched over this rectangle."""
        self.image.paste(photo.resize((max(2, int(width)), max(2, int(height)))), (int(left), int(top)))

    def status_bar(self) -> float:
        """Clock and battery of a phone; where it ends."""
        self.write((24, 10), f"{self.rng.integers(24)}:{self.rng.integers(60):02d}", 22)
        self.draw.rectangle((self.width - 60, 14, self.width - 24, 30), outline=self.ink, width=2)
        return 48.0
