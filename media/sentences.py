"""Why a file was refused, in words: what happened, what is safe, what to do. Codes are kept, words are made late."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from common.text import _

_SAFE = _("Nothing else you added was changed.")

_WHAT: Final = {
    "empty": _("This file has nothing in it (0 bytes)."),
    "too-small": _("This file has almost nothing in it, so it cannot be what its name says."),
    "too-big": _("This file is %(size)s. The most we can take for this kind of file is %(limit)s."),
    "incomplete": _("Only a part of this file reached us."),
    "damaged": _("This file is damaged or incomplete, so nobody could open it."),
    "renamed": _("The name of this file ends in %(said)s, but inside it is %(found)s."),
    "password": _("This file has a password, so your assessor could not open it."),
    "no-ending": _("The name of this file has no ending such as .jpg or .pdf, so we cannot tell what it is."),
    "unknown-kind": _("We cannot take files that end in %(said)s."),
    "web-page": _("Files that end in %(said)s are web pages or drawings that can run things, so we do not take them."),
    "archive": _("This is a folder packed into one file (%(said)s), and we do not take those."),
    "program": _("Files that end in %(said)s are programs or settings, so we do not take them."),
    "macro": _("This document has macros (small programs) in it, so we do not take it."),
    "other-document": _("We cannot show documents that end in %(said)s."),
    "other-picture": _("We cannot show pictures that end in %(said)s."),
    "other-sound": _("We cannot play sound that ends in %(said)s."),
    "other-video": _("We cannot play video that ends in %(said)s."),
    "too-many-pixels": _("This picture is %(pixels)s million dots large. The most we can take is %(limit)s million."),
    "too-many-pages": _("This document has %(pages)s pages. The most we can take is %(limit)s."),
    "unpacks-too-big": _("This document unpacks to far more than its size, so we did not open it."),
    "unsafe-inside": _("This document is put together in a way that is not safe to open."),
    "reaches-out": _("This document asks the computer that opens it to fetch other things, so we did not open it."),
    "not-text": _("This file is meant to be text, but there are things in it that are not letters."),
    "not-mail": _("This file does not read as a saved e-mail."),
    "no-sound-or-picture": _("There is no sound or picture in this recording that we can play."),
    "too-slow": _("This file took too long to open, so we stopped."),
    "too-heavy": _("This file needs more memory to open than we allow."),
}

_AGAIN = _("Check that it opens on your own device, save a fresh copy and add that.")
_PDF = _("Open it, save it as a PDF and add the PDF.")
_NEXT: Final = {
    "empty": _("Check the file on your device, or make the photo or recording again."),
    "too-small": _AGAIN,
    "too-big": _("Save it smaller or cut it into parts, and add those."),
    "incomplete": _("Add it again; a steady connection helps."),
    "damaged": _AGAIN,
    "renamed": _("Open it in the app that made it, save it as the kind you want, and add that."),
    "password": _("Remove the password and add the file again."),
    "no-ending": _("Open it in the app that made it, save it as a PDF or a picture, and add that."),
    "unknown-kind": _("Save it as a PDF, a picture or a recording, and add that."),
    "web-page": _("Take a picture of the screen, or print the page to a PDF, and add that."),
    "archive": _("Open the folder and choose the files inside; you can choose several at once."),
    "program": _("Take a picture of what it shows, and add that."),
    "macro": _("Save it without macros (.docx, .xlsx or .pptx) or as a PDF, and add that."),
    "other-document": _PDF,
    "other-picture": _("Save it as JPG or PNG, and add that."),
    "other-sound": _("Save it as MP3 or M4A, and add that."),
    "other-video": _("Save it as MP4, and add that."),
    "too-many-pixels": _("Save it smaller, and add that."),
    "too-many-pages": _("Save the pages that matter as a shorter PDF, and add that."),
    "unpacks-too-big": _PDF,
    "unsafe-inside": _PDF,
    "reaches-out": _PDF,
    "not-text": _("Save it as plain text or as a PDF, and add that."),
    "not-mail": _("Save the e-mail again from your mail app, or print it to a PDF, and add that."),
    "no-sound-or-picture": _AGAIN,
    "too-slow": _("Save it smaller or shorter, and add that."),
    "too-heavy": _("Save it smaller, and add that."),
}

FOUND: Final = MappingProxyType({
    "image/jpeg": _("a JPG picture"),
    "image/png": _("a PNG picture"),
    "image/gif": _("a GIF picture"),
    "image/webp": _("a WebP picture"),
    "image/tiff": _("a TIFF picture"),
    "image/heic": _("a HEIC picture"),
    "image/avif": _("an AVIF picture"),
    "image/svg+xml": _("a drawing that can run things (SVG)"),
    "text/html": _("a web page"),
    "text/plain": _("plain text"),
    "application/pdf": _("a PDF"),
    "application/zip": _("a packed folder (zip) or an Office document"),
    "application/x-ole-storage": _("an older Office document"),
    "application/x-dosexec": _("a program"),
    "application/x-executable": _("a program"),
    "text/x-php": _("a program"),
    "video/mp4": _("a video"),
    "audio/mpeg": _("sound"),
})  # fmt: skip
_SOMETHING_ELSE = _("something else")

CODES: Final = frozenset(_WHAT)


def sentence_for(code: str, detail: Mapping[str, str]) -> str:
    """The three sentences of a refusal in the reader's language. Unknown codes and gaps still give a plain answer."""
    known = code if code in _WHAT else "damaged"
    gaps = _Gaps(detail)
    if "found" in gaps:
        gaps["found"] = str(FOUND.get(gaps["found"], _SOMETHING_ELSE))
    return f"{_WHAT[known] % gaps} {_SAFE} {_NEXT[known]}"


class _Gaps(dict[str, str]):
    """Details from an older version of the code may lack a gap: an ellipsis is better than an error page."""

    def __missing__(self, key: str) -> str:
        return "…"
