"""A pen that draws in units of a 1200 × 900 sheet, larger than needed, so that edges come out smooth."""

from __future__ import annotations

import random
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFilter, ImageFont

Colour = str | tuple[int, int, int]
SHEET = (1200, 900)
_LETTERS = str.maketrans({"£": "", "€": "", "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."})
# Pillow's own font, which needs nothing installed, lacks these


class Pen:
    """Shapes on a sheet of 1200 × 900 units; `finish` hands out the picture at its real size."""

    def __init__(self, size: tuple[int, int], ground: Colour, seed: int) -> None:
        self.size = size
        self.scale = size[0] / SHEET[0] * 2
        self.image = Image.new("RGB", (size[0] * 2, size[1] * 2), ground)
        self.draw = ImageDraw.Draw(self.image)
        self.chance = random.Random(seed)  # noqa: S311 - drawings, not secrets

    def at(self, *places: float) -> list[float]:
        """Units to dots."""
        return [place * self.scale for place in places]

    def box(self, x: float, y: float, width: float, height: float, fill: Colour, *, round_by: float = 0) -> None:
        """A rectangle by its corner and size."""
        self.draw.rounded_rectangle(self.at(x, y, x + width, y + height), self.scale * round_by, fill=fill)

    def disc(self, x: float, y: float, radius: float, fill: Colour) -> None:
        """A circle by its middle."""
        self.draw.ellipse(self.at(x - radius, y - radius, x + radius, y + radius), fill=fill)

    def shape(self, points: Sequence[float], fill: Colour) -> None:
        """A polygon: x, y, x, y …"""
        self.draw.polygon(self.at(*points), fill=fill)

    def line(self, points: Sequence[float], fill: Colour, width: float = 4) -> None:
        """A line through points: x, y, x, y …"""
        self.draw.line(self.at(*points), fill=fill, width=max(1, round(width * self.scale)), joint="curve")

    def words(
        self, x: float, y: float, text: str, size: float, fill: Colour = "#22313a", *, middle: bool = False
    ) -> None:
        """Text from its upper left corner, or from its upper middle."""
        font = ImageFont.load_default(size * self.scale)
        text = text.translate(_LETTERS)
        self.draw.text((x * self.scale, y * self.scale), text, fill=fill, font=font, anchor="ma" if middle else "la")

    def turned(self, x: float, y: float, size: tuple[float, float], degrees: float, fill: Colour) -> Pen:
        """A sheet of paper to draw on, to be laid down by `lay` with its shadow."""
        paper = Pen.__new__(Pen)
        paper.size, paper.scale, paper.chance = self.size, self.scale, self.chance
        paper.image = Image.new("RGBA", (round(size[0] * self.scale), round(size[1] * self.scale)), fill)
        paper.draw = ImageDraw.Draw(paper.image)
        paper.place = (x, y, degrees)
        return paper

    place: tuple[float, float, float] = (0, 0, 0)

    def lay(self, paper: Pen) -> None:
        """Lays a turned sheet down where it was said, its shadow beneath it."""
        x, y, degrees = paper.place
        sheet = paper.image.rotate(degrees, expand=True, resample=Image.Resampling.BICUBIC)
        dark = Image.new("RGBA", sheet.size, (20, 30, 40, 90))
        soft = sheet.getchannel("A").point(lambda value: value * 0.4).filter(ImageFilter.GaussianBlur(6 * self.scale))
        left, top = round(x * self.scale), round(y * self.scale)
        self.image.paste(dark, (left + round(8 * self.scale), top + round(10 * self.scale)), soft)
        self.image.paste(sheet, (left, top), sheet)

    def finish(self) -> Image.Image:
        """The picture at its size, with the light of a room: brightest left of the middle, darker to the corners."""
        picture = self.image.resize(self.size, Image.Resampling.LANCZOS)
        width, height = self.size
        glow = Image.radial_gradient("L").resize((width * 2, height * 2))
        corner = (width * 3 // 5, height * 3 // 5)
        light = glow.crop((*corner, corner[0] + width, corner[1] + height)).point(lambda value: 255 - value // 4)
        return Image.composite(picture, Image.new("RGB", self.size, "#101820"), light)
