"""The pages of an import: forms keep what was typed, lists are paged, queries are few, other centres see nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from common import clock
from qualifications.models import Draft
from qualifications.rules.references import LETTERS, reference_is_plausible
from tests.factories.world import A
from tests.qualifications.imports import files


def fitting(digits):
    """Return a unit reference with these digits: the letter follows from them."""
    return next(f"{x}/{digits}" for x in LETTERS if reference_is_plausible(f"{x}/{digits}"))


URL = f"/c/{A}/centre/import/"


@pytest.fixture
def client(world, as_client):
    return as_client("CA")


def upload(client, content, name="units.csv", url=URL, **more):
    data = content.encode() if isinstance(content, str) else content
    typed = {"way": "file", "wording": "official", "file": SimpleUploadedFile(name, data), **more}
    return client.post(url, typed)


def the_draft():
    return Draft.objects.across_centres(reason="a test looks").latest("pk")


def at(name, draft):
    return reverse(f"centre:{name}", args=[A, draft.public_id])


def brought(client, run_jobs, content, name="units.csv"):
    upload(client, content, name)
    run_jobs()
    return the_draft()


def matched(client, run_jobs, draft, **changed):
    columns = {f"c_{letter}": meaning for letter, meaning in draft.columns["match"].items()}
    typed = {"header": 1, "sheet": draft.columns["sheet"], "sector": "generic", "generation": "2014", **columns}
    answer = client.post(at("import_match", draft), {**typed, "revision": draft.revision, **changed})
    run_jobs()
    return answer


def text(answer):
    return answer.content.decode()


def test_a_file_goes_all_the_way(client, run_jobs):
    draft = brought(client, run_jobs, files.csv())
    page = client.get(at("import_preview", draft))
    assert page.url == at("import_match", draft)
    assert "Explain when a refund is due" in text(client.get(page.url))
    assert matched(client, run_jobs, draft).status_code == 303
    page = text(client.get(at("import_preview", draft)))
    assert "Deal with refunds" in page
    assert "a second person has to let it through" in page
    assert client.get(at("import_match", draft)).status_code == 303  # there is nothing to match any more


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("units.docx", b"x", "We read .xlsx"), ("units.csv", b"", "There is nothing in this file")],
)
def test_what_is_not_taken_says_what_is(client, name, content, words):
    answer = upload(client, content, name)
    assert answer.status_code == 422
    assert words in text(answer)


def test_pasted_text_is_kept_when_something_is_missing(client, run_jobs):
    typed = {"way": "paste", "p-title": "Refunds", "p-level": "9", "p-credit": "3", "p-text": files.PASTED}
    typed |= {"p-sector": "generic", "p-generation": "2014"}
    answer = client.post(URL, typed)
    assert answer.status_code == 422
    assert "from 1 to 8" in text(answer)
    assert "Say whose words they are." in text(answer)
    assert "1.1 Explain when a refund" in text(answer)
    answer = client.post(URL, {**typed, "p-level": "2", "p-wording": "recalled", "p-text": "1 Know\n1.2 Say so\n"})
    run_jobs()
    page = text(client.get(answer.url))
    assert "Criterion 1.1 is missing" in page
    assert "1.2 Say so" in page  # in the box to be mended
    draft = the_draft()
    mended = {**typed, "p-level": "2", "p-wording": "recalled", "p-text": "1 Know\n1.1 Say so\n"}
    assert client.post(at("import_mend", draft), {**mended, "revision": draft.revision}).status_code == 303
    run_jobs()
    assert the_draft().state == "draft"


def test_columns_are_matched_with_care(client, run_jobs):
    draft = brought(client, run_jobs, files.csv())
    twice = matched(client, run_jobs, draft, c_A="unit_title")
    assert twice.status_code == 422
    assert "Another column is this too" in text(twice)
    none = matched(client, run_jobs, draft, c_H="")
    assert "Say which column holds the criteria" in text(none)
    stale = matched(client, run_jobs, draft, revision="77")
    assert stale.status_code == 409
    assert "Somebody changed this import" in text(stale)
    crooked = matched(client, run_jobs, draft, header="a", c_A="nonsense", revision="x" * 50)
    assert crooked.status_code == 422


def test_the_row_of_the_headings_can_be_another(client, run_jobs):
    content = "Our units\n\n" + files.csv()
    draft = brought(client, run_jobs, content)
    assert draft.columns["header"] == 3
    assert matched(client, run_jobs, draft, header="").status_code == 422
    matched(client, run_jobs, draft, header="4")  # it has no headings: what is said of row 3 does not hold there
    assert the_draft().columns["shown"][1] == 4
    assert the_draft().state == "matching"
    matched(client, run_jobs, the_draft(), header="3", c_A="unit_reference")
    assert the_draft().state == "matching"
    matched(client, run_jobs, the_draft(), header="3")
    assert the_draft().state == "draft"


def test_put_aside(client, run_jobs):
    draft = brought(client, run_jobs, files.csv())
    assert client.post(at("import_withdraw", draft), {"revision": "99"}).url == at("import_preview", draft)
    assert the_draft().state == "matching"
    assert client.post(at("import_withdraw", draft), {"revision": draft.revision}).url == URL
    assert "It was put aside" in text(client.get(at("import_preview", draft)))


def test_the_poll_is_answered_without_a_redirect(client, run_jobs):
    draft = brought(client, run_jobs, files.csv())
    answer = client.get(at("import_preview", draft), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert at("import_match", draft) in text(answer)


def many(rows):
    return [["Y/100/0001", "Deal with refunds", 2, 3, 1, "Understand", "x.y", "Explain"] for _ in range(rows)]


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        page = client.get(url)
    assert page.status_code == 200, url
    return len(seen), text(page)


def test_problems_are_paged_and_cost_the_same(client, run_jobs):
    counts = []
    for n in (1, 30):
        draft = brought(client, run_jobs, files.csv(many(n)), f"{n}.csv")
        matched(client, run_jobs, draft)
        count, page = queries(client, at("import_preview", draft))
        counts.append(count)
        assert page.count('class="is-bad"') == min(n + 1, 25)
    assert "1 to 25 of 31" in page  # one a row, and that the outcome has no criteria
    assert counts == [4, 4]


def test_units_and_what_waits_cost_the_same(world, client, run_jobs):
    counts = []
    for n in (1, 30):
        rows = [[fitting(f"100/{i:04}"), f"Unit {i}", 2, 3, 1, "Be able", "1.1", "Do"] for i in range(n)]
        draft = brought(client, run_jobs, files.csv(rows), f"{n}.csv")
        matched(client, run_jobs, draft)
        count, page = queries(client, at("import_preview", draft))
        counts.append(count)
        assert page.count("Competence") == min(n, 25)
    assert counts == [4, 4]
    lists = []
    for n in (1, 29):
        facts = {"source": "sheet", "author": world.people["CA"], "created_at": clock.now(), "changed_at": clock.now()}
        Draft.objects.bulk_create(
            Draft(centre=world.centres[A], title=f"file {i}", state="broken", **facts) for i in range(n)
        )
        count, page = queries(client, URL)
        lists.append(count)
    assert lists == [5, 5]
    assert "1 to 20 of 30" in page


def test_a_qualification_is_handed_out_to_staff(world, as_client):
    url = reverse("catalogue:export", args=[A, world.diploma.public_id, "xlsx"])
    answer = as_client("AA1").get(url)
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    assert answer.content[:2] == b"PK"
    assert as_client("LA1").get(url).status_code == 403
    assert as_client("AA1").get(url.replace("xlsx", "pdf")).status_code == 404
    page = reverse("catalogue:qualification", args=[A, world.diploma.public_id])
    assert url in text(as_client("AA1").get(page))
    assert url not in text(as_client("LA1").get(page))
