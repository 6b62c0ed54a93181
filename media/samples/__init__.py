"""Real files, generated: for the demo centre and the tests. The same arguments give the same scene and text."""

from media.samples.documents import csv_table, docx, eml, package, pdf, txt, xlsx
from media.samples.pictures import heic_photo, phone_photo, plain_picture
from media.samples.recordings import m4a, mp3, mp4, wav
from media.samples.scenes import SCENES, draw_scene

__all__ = [
    "SCENES", "csv_table", "docx", "draw_scene", "eml", "heic_photo", "m4a", "mp3", "mp4", "package", "pdf",
    "phone_photo", "plain_picture", "txt", "wav", "xlsx",
]  # fmt: skip
