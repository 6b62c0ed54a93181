"""PDF, text, rich text and saved e-mails."""

from io import BytesIO

import pikepdf
import pytest

from media import samples
from media.mails import mail_text, words_of_html
from media.office import office_text
from media.pdfs import PAGES_DRAWN, pages_of
from media.texts import decode, from_rtf, text_of

from .conftest import TAKEN, look
from .containers import odf, pptx, repacked


def changed(data, change, **options):
    out = BytesIO()
    with pikepdf.open(BytesIO(data)) as pdf:
        change(pdf)
        pdf.save(out, **options)
    return out.getvalue()


def nothing(_pdf):
    return None


def test_pages_are_counted_and_read(shelf):
    assert shelf.finding("pdf").pages == 3
    pages = list(pages_of(shelf.path("pdf")))
    assert [page.number for page in pages] == [1, 2, 3]
    assert pages[0].image.width == 1400
    assert "How I handle a complaint" in pages[0].text
    assert "I listen first. (Always.)" in pages[0].text


def test_a_pdf_with_a_password_is_refused_and_one_that_only_forbids_printing_is_not(shelf, code_of):
    locked = pikepdf.Encryption(user="secret", owner="owner")
    assert code_of("x.pdf", changed(shelf.bytes("pdf"), nothing, encryption=locked)) == "password"
    open_to_all = pikepdf.Encryption(user="", owner="owner", allow=pikepdf.Permissions(print_highres=False))
    assert code_of("x.pdf", changed(shelf.bytes("pdf"), nothing, encryption=open_to_all)) == "ok"


@pytest.mark.parametrize(("change", "flags"), [
    (lambda pdf: pdf.Root.__setitem__("/OpenAction", pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")), {"open-action", "javascript"}),
    (lambda pdf: pdf.Root.__setitem__("/OpenAction", pdf.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe"))), {"open-action", "launch"}),
    (lambda pdf: pdf.attachments.__setitem__("x.exe", b"MZ"), {"attachments"}),
    (lambda pdf: pdf.Root.__setitem__("/AcroForm", pikepdf.Dictionary(Fields=pikepdf.Array())), {"form"}),
    (lambda pdf: pdf.Root.__setitem__("/AA", pikepdf.Dictionary()), {"open-action"}),
    (lambda pdf: pdf.pages[0].obj.__setitem__("/AA", pdf.make_indirect(pikepdf.Dictionary(JS="x"))), {"javascript"}),
    (nothing, set()),
])  # fmt: skip
def test_what_a_pdf_could_do_is_flagged_and_not_refused(shelf, put, change, flags):
    found = look(put("x.pdf", changed(shelf.bytes("pdf"), change)))
    assert found.ok
    assert set(found.active_content) == flags


def test_a_pdf_that_is_also_a_page_is_kept_as_a_pdf_and_drawn_as_a_picture(shelf, put):
    data = shelf.bytes("pdf").replace(b"%\xe2\xe3\xcf\xd3\n", b"%\xe2\xe3<script>alert(1)</script>\n", 1)
    path = put("x.pdf", data)
    assert look(path).code in {"ok", "damaged"}
    assert look(put("y.pdf", b"<html><script>alert(1)</script>" + shelf.bytes("pdf"))).code == "renamed"


def test_a_broken_list_of_places_is_repaired(shelf, put):
    data = shelf.bytes("pdf").replace(b"startxref\n", b"startxref\n9")
    found = look(put("x.pdf", data))
    assert found.ok
    assert found.pages == 3


def test_no_page_and_far_too_many_pages_are_refused(shelf, put):
    empty = look(put("x.pdf", changed(shelf.bytes("pdf"), lambda pdf: pdf.pages.__delitem__(slice(0, 3)))))
    assert empty.code == "damaged"

    def many(pdf):
        kid = pdf.pages[0].obj
        pdf.Root.Pages.Kids = pikepdf.Array([pdf.make_indirect(pikepdf.Dictionary(kid)) for _ in range(5001)])
        pdf.Root.Pages.Count = 5001

    found = look(put("y.pdf", changed(shelf.bytes("pdf"), many)))
    assert found.code == "too-many-pages"
    assert "5,001" in found.sentence


def test_only_fifty_pages_are_drawn_and_odd_sizes_stay_small(put):
    path = put("x.pdf", samples.pdf(title="Long", paragraphs=["x"], pages=PAGES_DRAWN + 3))
    huge = changed(
        path.read_bytes(),
        lambda pdf: [pdf.pages[0].obj.__setitem__("/MediaBox", box) for box in [pikepdf.Array([0, 0, 14400, 14400])]],
    )
    path.write_bytes(huge)
    pages = list(pages_of(path))
    assert len(pages) == PAGES_DRAWN
    assert pages[0].image.size == (1400, 1400)
    path.write_bytes(
        changed(huge, lambda pdf: pdf.pages[0].obj.__setitem__("/MediaBox", pikepdf.Array([0, 0, 3, 14400])))
    )
    assert max(next(pages_of(path)).image.size) < 300_000
    width, height = next(pages_of(path)).image.size
    assert width * height < 13_000_000


@pytest.mark.parametrize(("data", "text"), [
    ("Cwsmer ŵy".encode(), "Cwsmer ŵy"), (b"\xef\xbb\xbfMark", "Mark"), ("Wide é".encode("utf-16"), "Wide é"),
    ("Wide plain text".encode("utf-16-le"), "Wide plain text"), (b"caf\xe9 \x93quoted\x94", "café “quoted”"),
])  # fmt: skip
def test_text_is_read_in_the_usual_encodings(put, data, text):
    assert decode(data) == text
    path = put("x.txt", data)
    assert look(path).ok
    assert text_of(path, "txt") == text


@pytest.mark.parametrize(
    "data", [b"abc\0def" * 5, b"\x7fELF\x02\x01\x01" + b"\0" * 60, bytes(range(32)) * 4, b"\x81\x8d\x8f\x90\x9d" * 9]
)
def test_what_is_not_text_is_refused(code_of, data):
    assert code_of("x.txt", data) in {"not-text", "renamed"}
    assert code_of("x.csv", data) in {"not-text", "renamed"}


def test_a_page_or_script_under_a_text_name_is_only_text(put):
    path = put("x.txt", b"<html><script>alert(1)</script>")
    assert look(path).ok
    assert look(path).content_type == "text/plain"


def test_a_character_cut_by_the_megabyte_is_no_reason_to_refuse(code_of):
    assert code_of("x.txt", b"a" + "é".encode() * (1024 * 1024)) == "ok"


RTF = (
    r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\*\generator Word}{\info{\author Nobody}}\f0 I said \'93sorry\'94 \u8211? twice\par "
    r"{\b Bold} and \{braces\}\tab x{\pict 0102ff}{\field{\*\fldinst HYPERLINK http://x}{\fldrslt here}}}"
)


def test_rich_text_is_read_without_its_commands(put):
    assert from_rtf(RTF).strip() == "I said “sorry” – twice\nBold and {braces}\txhere"
    assert look(put("x.rtf", RTF.encode())).active_content == ()
    risky = RTF.replace(r"{\pict 0102ff}", r"{\object\objemb{\objdata 0102}}").encode()
    assert look(put("y.rtf", risky)).active_content == ("embedded-objects",)
    assert "0102" not in text_of(put("y.rtf", risky), "rtf")


def test_deep_and_unbalanced_rich_text_ends():
    assert from_rtf("{" * 5000 + "x" + "}" * 9000) == "x"
    assert len(from_rtf(r"{\rtf1 " + "word " * 100_000 + "}")) < 600_000


def test_mail_is_read_as_text_with_the_names_of_attachments(put):
    message = samples.eml(
        title="Late delivery",
        paragraphs=["Dear customer", "Sorry."],
        sent_at=TAKEN,
        sender="m@example.org",
        to="k@example.org",
    )
    text = mail_text(put("x.eml", message))
    assert "Subject: Late delivery" in text
    assert "From: m@example.org" in text
    assert text.endswith("Dear customer\n\nSorry.")
    html = (
        b"From: a@example.org\r\nSubject: =?utf-8?b?xbXF9w==?=\r\nDate: x\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset=nonsense\r\n\r\n'
        b"<style>p{}</style><p>Hello<script>alert(1)</script><br>you &amp; me</p>\r\n--b\r\nContent-Type: application/pdf\r\n"
        b'Content-Disposition: attachment; filename="in\xe2\x80\xaevoice.pdf"\r\n\r\nx\r\n--b--\r\n'
    )
    path = put("y.eml", html)
    found = look(path)
    assert found.ok
    assert found.active_content == ("attachments",)
    text = mail_text(path)
    assert "Hello\nyou & me" in text
    assert "alert" not in text
    assert "voice.pdf]" in text
    assert "\u202e" not in text


def test_what_is_no_mail_is_refused(code_of):
    assert code_of("x.eml", b"just some words\n" * 3) == "not-mail"
    assert code_of("x.eml", b"From: a@example.org\n\nno date, no subject") == "not-mail"


def test_words_of_a_page_leave_its_scripts_behind():
    assert words_of_html("<script>x</script><p>a<b>b</b></p>c</style>d") == "\nabcd"
    assert words_of_html("<title>x</title><style>x</style>ok<script>x") == "ok"


def test_office_words_are_read_in_order(shelf, put):
    assert office_text(shelf.path("docx"), "docx") == "Reflection\nI said <sorry> & meant it.\nSecond part."
    assert office_text(shelf.path("xlsx"), "xlsx") == "Day\tCalls\nMonday\t12\nTuesday\t9.5"
    slides = put("x.pptx", pptx([(10, "last"), (2, "second"), (1, "first")]))
    assert office_text(slides, "pptx").split() == ["first", "second", "last"]
    odt = put(
        "x.odt", odf(content="<text:h>Head</text:h><text:p>a<text:s/>b<text:span>c<text:tab/></text:span>d</text:p>")
    )
    assert office_text(odt, "odt") == "Head\na bc\td"
    row = "<table:table-row><table:table-cell><text:p>Mon</text:p></table:table-cell><table:table-cell><text:p>12</text:p></table:table-cell></table:table-row>"
    ods = put("x.ods", odf("spreadsheet", content=row + '<table:table-row table:number-rows-repeated="1048576"/>'))
    assert office_text(ods, "ods") == "Mon\t12"


def test_shared_words_of_sheets_are_looked_up_and_wrong_numbers_are_blank(shelf, put):
    strings = "<sst><si><t>One</t></si><si><r><t>Tw</t></r><r><t>o</t></r></si></sst>"
    sheet = '<worksheet><sheetData><row><c t="s"><v>1</v></c><c t="s"><v>0</v></c><c t="s"><v>99</v></c><c t="s"><v>x</v></c><c/></row></sheetData></worksheet>'
    data = repacked(
        shelf.bytes("xlsx"), change={"xl/worksheets/sheet1.xml": sheet}, add={"xl/sharedStrings.xml": strings}
    )
    assert office_text(put("x.xlsx", data), "xlsx") == "Two\tOne"


def test_text_is_bounded(put):
    long = put("x.docx", samples.docx(title="Long", paragraphs=["words " * 2000] * 60))
    assert len(office_text(long, "docx")) <= 200_000
