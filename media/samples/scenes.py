"""Drawn scenes of a shop floor that stand in for learners' photos in the demo centre and the tests."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from typing import Final

from PIL import Image

from media.samples.pen import Colour, Pen

_PALETTES: Final = (
    ("#c9dcdc", "#0f4c5c", "#e0a458", "#a63d40", "#f3ecdc", "#5c7c6f"),
    ("#d9d4e4", "#3d3a5c", "#e2b13c", "#3f7d6e", "#f6f0e6", "#9a6a8a"),
    ("#e8ddcb", "#5a3e36", "#d98e4a", "#2f6f7e", "#fbf5ea", "#7d8f58"),
    ("#cfe0ee", "#1f3f66", "#f0b84a", "#b5523b", "#f4f1e8", "#4f8fa8"),
    ("#dbe5cf", "#2f5233", "#e8b04b", "#9c4a55", "#f7f3e3", "#6b8f9c"),
)
_SKIN: Final = ("#f1c9a5", "#c98d63", "#8d5a3b", "#e5b08a", "#6b4430")
_HAIR: Final = ("#2b2320", "#5b3a24", "#8a8f96", "#b0713a", "#1d1d26")


def draw_scene(name: str, *, title: str, seed: int, size: tuple[int, int]) -> Image.Image:
    """One scene of `SCENES` (any other name picks one by `seed`), the same for the same arguments.

    `title` is written where the scene has something to read. `size` is in pixels, landscape 4:3.
    """
    chosen = name if name in _SCENES else sorted(_SCENES)[seed % len(_SCENES)]
    palette = _PALETTES[seed % len(_PALETTES)]
    pen = Pen(size, palette[0], seed)
    _SCENES[chosen](pen, palette, title)
    return pen.finish()


def _counter(pen: Pen, colours: tuple[str, ...], title: str) -> None:
    """Two people at a till."""
    wall, dark, warm, red, paper, cool = colours
    pen.box(0, 0, 1200, 60, dark)
    _goods(pen, 150, 70, 1060, (warm, red, cool, paper, dark))
    _goods(pen, 330, 70, 1060, (cool, paper, red, warm, dark))
    pen.box(400, 70, 400, 84, dark, round_by=10)
    pen.words(600, 90, textwrap.shorten(title, 22, placeholder="…"), 34, paper, middle=True)
    _person(pen, 760, 300, shirt=cool, facing=-1)
    pen.box(0, 620, 1200, 40, "#b98c5a")
    pen.box(0, 660, 1200, 240, dark)
    for x in range(40, 1200, 230):
        pen.box(x, 700, 190, 160, _mix(dark, wall), round_by=8)
    pen.box(900, 520, 190, 104, "#2a333b", round_by=12)
    pen.box(915, 534, 160, 66, "#9fd3df", round_by=4)
    for row in range(3):
        pen.box(925, 544 + row * 18, 90 + pen.chance.randint(0, 40), 8, "#eef7f9", round_by=3)
    _person(pen, 330, 380, shirt=red, facing=1)
    pen.box(520, 560, 110, 64, warm, round_by=6)
    pen.box(520, 580, 110, 10, paper)


def _shelf(pen: Pen, colours: tuple[str, ...], title: str) -> None:
    """A shelf with goods and price labels, one of them new."""
    wall, dark, warm, red, paper, cool = colours
    pen.box(60, 0, 1080, 900, _mix(wall, paper))
    for top in (60, 320, 580):
        _goods(pen, top + 190, 90, 1110, (warm, red, cool, dark, paper), tall=180)
        pen.box(60, top + 190, 1080, 22, "#8a6a48")
        pen.box(60, top + 212, 1080, 30, _mix("#8a6a48", "#ffffff"))
        for x in range(110, 1100, 165):
            pen.box(x, top + 206, 96, 38, paper, round_by=4)
            pen.words(
                x + 48,
                top + 210,
                f"{pen.chance.randint(1, 24)}.{pen.chance.choice(('00', '49', '99'))}",
                22,
                middle=True,
            )
    card = pen.turned(420, 400, (380, 130), 3, paper)
    card.box(0, 0, 380, 18, red)
    for row, words in enumerate(textwrap.wrap(title, 24)[:2]):
        card.words(190, 34 + row * 42, words, 32, dark, middle=True)
    pen.lay(card)


def _receipt(pen: Pen, colours: tuple[str, ...], title: str) -> None:
    """A till receipt and the count of a drawer."""
    _, dark, warm, _, _, _ = colours
    pen.box(0, 0, 1200, 900, _mix(dark, "#26323a"))
    slip = pen.turned(360, -20, (430, 960), pen.chance.uniform(-7, 7), "#fbfaf6")
    slip.words(215, 70, "EXAMPLE STORES", 36, middle=True)
    for row, words in enumerate(textwrap.wrap(title, 26)[:2]):
        slip.words(215, 122 + row * 32, words, 26, "#56636b", middle=True)
    total = 0
    for row in range(8):
        pence = pen.chance.randint(75, 4200)
        total += pence
        slip.box(50, 222 + row * 44, 120 + pen.chance.randint(0, 90), 12, "#45525a", round_by=4)
        slip.words(330, 214 + row * 44, f"{pence / 100:.2f}", 26)
    slip.line([50, 590, 380, 590], "#9aa5ab", 2)
    slip.words(50, 610, "TOTAL", 40)
    slip.words(285, 610, f"{total / 100:.2f}", 40)
    for bar in range(46):
        slip.box(70 + bar * 6.4, 720, pen.chance.choice((2, 3, 5)), 90, "#22313a")
    pen.lay(slip)
    for _ in range(9):
        x = pen.chance.choice((pen.chance.randint(70, 280), pen.chance.randint(920, 1130)))
        y, radius = pen.chance.randint(80, 830), pen.chance.choice((38, 46, 56))
        metal = pen.chance.choice((warm, "#c9ced2", "#b87a4b"))
        pen.disc(x, y, radius, _mix(metal, "#40342a"))
        pen.disc(x, y, radius - 7, metal)


def _board(pen: Pen, colours: tuple[str, ...], title: str) -> None:
    """A cork board with the notes of a team."""
    _, dark, warm, red, paper, cool = colours
    pen.box(0, 0, 1200, 900, "#c79a63")
    for _ in range(500):
        pen.disc(
            pen.chance.randint(0, 1200), pen.chance.randint(0, 900), 2.4, pen.chance.choice(("#b5854f", "#d8b07c"))
        )
    note = pen.turned(110, 70, (520, 700), pen.chance.uniform(-4, 4), "#fff6cf")
    for row, words in enumerate(textwrap.wrap(title, 22)[:3]):
        note.words(50, 70 + row * 56, words, 44, dark)
    for row in range(8):
        _scribble(note, 50, 270 + row * 50, 300 + pen.chance.randint(0, 120), cool)
    pen.lay(note)
    rota = pen.turned(720, 90, (380, 320), pen.chance.uniform(-6, 6), "#fdfdfb")
    for row in range(5):
        for column in range(6):
            fill = pen.chance.choice(("#e8eef0", "#e8eef0", warm, cool, red))
            rota.box(24 + column * 56, 30 + row * 54, 50, 46, fill, round_by=4)
    pen.lay(rota)
    thanks = pen.turned(740, 520, (330, 220), pen.chance.uniform(-8, 8), _mix(cool, paper))
    thanks.words(165, 40, "Thank you!", 50, dark, middle=True)
    for row in range(3):
        _scribble(thanks, 50, 118 + row * 30, 220, dark)
    pen.lay(thanks)
    for x, y in ((380, 92), (915, 110), (905, 545)):
        pen.disc(x + 3, y + 5, 15, "#7a5632")
        pen.disc(x, y, 14, red)


def _screen(pen: Pen, colours: tuple[str, ...], title: str) -> None:
    """A screen with a reply to a customer, whose name is painted over."""
    wall, dark, warm, _, _, cool = colours
    pen.box(0, 700, 1200, 200, "#b98c5a")
    pen.box(160, 60, 880, 620, "#20282e", round_by=24)
    pen.box(540, 680, 120, 70, "#39444c")
    pen.box(430, 744, 340, 24, "#39444c", round_by=10)
    pen.box(190, 90, 820, 560, "#ffffff")
    pen.box(190, 90, 820, 54, dark)
    lights: tuple[Colour, ...] = (warm, _mix(warm, "#ffffff"), cool)
    for number, light in enumerate(lights):
        pen.disc(226 + number * 34, 117, 10, light)
    pen.box(190, 144, 190, 506, _mix(wall, "#ffffff"))
    for row in range(7):
        pen.box(210, 170 + row * 64, 120 + pen.chance.randint(0, 30), 12, _mix(cool, "#ffffff"), round_by=5)
        pen.box(210, 190 + row * 64, 90 + pen.chance.randint(0, 50), 9, "#c5d0d4", round_by=4)
    for row, words in enumerate(textwrap.wrap(title, 32)[:2]):
        pen.words(410, 166 + row * 44, words, 36, dark)
    pen.disc(434, 292, 24, warm)
    pen.box(474, 276, 170, 30, "#111111")
    for row in range(8):
        pen.box(410, 346 + row * 32, pen.chance.randint(380, 560), 11, "#9fb0b7", round_by=5)
    pen.box(410, 606, 130, 30, dark, round_by=8)
    pen.box(120, 790, 560, 60, "#e9ecee", round_by=14)
    for key in range(17):
        pen.box(140 + key * 31, 802, 24, 16, "#c7ced2", round_by=4)


def _parcels(pen: Pen, colours: tuple[str, ...], title: str) -> None:
    """Parcels to send back, with a form."""
    wall, dark, warm, red, paper, _ = colours
    pen.box(0, 560, 1200, 340, _mix(dark, wall))
    for x, y, width, height in ((90, 330, 330, 280), (380, 420, 260, 200), (180, 170, 220, 165)):
        card = pen.chance.choice(("#c89b6a", "#d3aa7a", "#b98a58"))
        pen.box(x, y, width, height, card, round_by=6)
        pen.box(x + width * 0.44, y, width * 0.12, height, _mix(card, "#ffffff"))
        pen.box(x + 24, y + height - 84, 104, 60, paper)
        for row in range(3):
            pen.box(x + 32, y + height - 74 + row * 15, 50 + pen.chance.randint(0, 30), 6, dark)
    form = pen.turned(700, 190, (400, 540), pen.chance.uniform(-5, 5), "#fdfdfb")
    form.box(0, 0, 400, 70, red)
    form.words(200, 18, "RETURNS", 38, paper, middle=True)
    for row, words in enumerate(textwrap.wrap(title, 24)[:2]):
        form.words(36, 96 + row * 36, words, 28, dark)
    for row in range(6):
        form.box(36, 196 + row * 50, 28, 28, "#dfe6e8", round_by=4)
        if pen.chance.random() < 0.6:  # noqa: PLR2004 - more ticks than not
            form.line([41, 210 + row * 50, 48, 218 + row * 50, 60, 200 + row * 50], dark, 5)
        form.box(84, 204 + row * 50, pen.chance.randint(150, 270), 11, "#9fb0b7", round_by=5)
    pen.lay(form)
    pen.line([960, 760, 1110, 640], warm, 16)


_SCENES: Final[Mapping[str, Callable[[Pen, tuple[str, ...], str], None]]] = {
    "counter": _counter, "shelf": _shelf, "receipt": _receipt, "noticeboard": _board, "screen": _screen,
    "parcels": _parcels,
}  # fmt: skip
SCENES: Final = tuple(_SCENES)


def _goods(pen: Pen, floor: float, left: float, right: float, colours: tuple[str, ...], *, tall: float = 110) -> None:
    """A row of things on a board at the height `floor`."""
    x = left + 14
    while x < right - 60:
        width, height = pen.chance.randint(24, 62), pen.chance.uniform(0.45, 0.95) * tall
        if pen.chance.random() < 0.86:  # noqa: PLR2004 - some gaps look lived in
            fill = pen.chance.choice(colours)
            pen.box(x, floor - height, width, height, fill, round_by=5)
            pen.box(x + 5, floor - height * 0.62, width - 10, height * 0.22, _mix(fill, "#ffffff"), round_by=3)
        x += width + pen.chance.randint(3, 12)
    pen.box(left, floor, right - left, 12, "#8a6a48")


def _person(pen: Pen, x: float, y: float, *, shirt: Colour, facing: int) -> None:
    """Head and shoulders of somebody; `facing` 1 is seen from behind."""
    skin, hair = pen.chance.choice(_SKIN), pen.chance.choice(_HAIR)
    pen.shape(
        [x - 130, y + 330, x - 96, y + 150, x - 50, y + 116, x + 50, y + 116, x + 96, y + 150, x + 130, y + 330], shirt
    )
    pen.box(x - 22, y + 76, 44, 60, _mix(skin, "#5a4030"), round_by=16)
    pen.disc(x, y + 40, 62, skin)
    if facing > 0:
        pen.disc(x, y + 26, 66, hair)
        return
    pen.draw.pieslice(pen.at(x - 66, y - 32, x + 66, y + 88), 180, 360, fill=hair)
    pen.disc(x - 22, y + 44, 6, "#22262a")
    pen.disc(x + 22, y + 44, 6, "#22262a")
    pen.draw.arc(pen.at(x - 24, y + 44, x + 24, y + 80), 25, 155, fill="#7a3b32", width=round(5 * pen.scale))
    pen.box(x + 34, y + 176, 40, 24, "#ffffff", round_by=4)


def _scribble(pen: Pen, x: float, y: float, length: float, fill: Colour) -> None:
    """A line of handwriting nobody can read."""
    points: list[float] = []
    for step in range(int(length // 12)):
        points += [x + step * 12, y + pen.chance.uniform(-9, 9)]
    pen.line(points, fill, 4)


def _mix(first: str, second: str) -> tuple[int, int, int]:
    pairs = zip(bytes.fromhex(first[1:]), bytes.fromhex(second[1:]), strict=True)
    red, green, blue = ((a + b) // 2 for a, b in pairs)
    return red, green, blue
