"""Files as centres have them, and as nobody should."""

import io

from openpyxl import Workbook

HEAD = [
    "Unit reference",
    "Unit title",
    "Level",
    "Credits",
    "Outcome number",
    "Learning outcome",
    "AC number",
    "Assessment criterion",
]
ROWS = [
    ["Y/100/0001", "Deal with refunds", 2, 3, 1, "Understand refunds", "1.1", "Explain when a refund is due"],
    ["Y/100/0001", "Deal with refunds", 2, 3, 1, "Understand refunds", "1.2", "Describe the procedure"],
    ["Y/100/0001", "Deal with refunds", 2, 3, 2, "Be able to refund", "2.1", "Refund a customer"],
    ["D/100/0002", "Greet visitors", 1, 2, 1, "Be able to greet", "1.1", "Greet a visitor"],
]


def xlsx(rows=None, change=None, head=HEAD):
    """A workbook with one sheet; `change(sheet)` may spoil it."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Units"
    for row in [head, *(ROWS if rows is None else rows)]:
        sheet.append(row)
    if change:
        change(sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def csv(rows=None, delimiter=",", head=HEAD):
    lines = [head, *(ROWS if rows is None else rows)]
    return "\n".join(delimiter.join(str(cell) for cell in line) for line in lines) + "\n"


def link(identifier, title="x"):
    return {"title": title, "identifier": identifier, "uri": f"https://bakery.example/{identifier}"}


def node(identifier, statement, **more):
    base = {"identifier": identifier, "uri": f"https://bakery.example/ims/case/v1p0/CFItems/{identifier}"}
    return {**base, "fullStatement": statement, "lastChangeDateTime": "2026-01-01T00:00:00Z", **more}


def child(origin, destination, sequence=1):
    identifier = f"a-{origin}-{destination}"
    return {
        "identifier": identifier,
        "uri": f"https://bakery.example/{identifier}",
        "associationType": "isChildOf",
        "originNodeURI": link(origin),
        "destinationNodeURI": link(destination),
        "sequenceNumber": sequence,
        "lastChangeDateTime": "2026-01-01T00:00:00Z",
    }


def bakery(typed=True):
    """A CASE package about baking, made from the public schema: two units, three outcomes, four criteria."""
    kinds = {"u": "Unit", "o": "Learning Outcome", "c": "Assessment Criterion"}
    said = [
        ("u1", "Make bread by hand", "doc", 1),
        ("u2", "Keep a bakery clean", "doc", 2),
        ("o1", "Understand flour and yeast", "u1", 1),
        ("o2", "Be able to shape a loaf", "u1", 2),
        ("o3", "Be able to clean as you go", "u2", 1),
        ("c1", "Explain what yeast needs", "o1", 1),
        ("c2", "Describe three kinds of flour", "o1", 2),
        ("c3", "Shape a loaf without tearing it", "o2", 1),
        ("c4", "Clean a bench between batches", "o3", 1),
    ]
    items = [node(i, text, **({"CFItemType": kinds[i[0]]} if typed else {})) for i, text, _p, _n in said]
    return {
        "CFDocument": {
            "identifier": "doc",
            "uri": "https://bakery.example/ims/case/v1p0/CFDocuments/doc",
            "creator": "Guild of Bakers",
            "title": "Certificate in Craft Baking",
            "lastChangeDateTime": "2026-01-01T00:00:00Z",
        },
        "CFItems": items,
        "CFAssociations": [child(i, parent, n) for i, _t, parent, n in said],
    }


PASTED = """Unit 14: Deal with refunds
Level: 2
Page 3 of 40

Learning outcomes          Assessment criteria
The learner will:          The learner can:
1. Understand how refunds
are made
1.1 Explain when a refund
is due to a customer
1.2 Describe the procedure for:
• cash
• cards and other means
of payment
© Guild 2014
Page 4 of 40
The learner will:
2 Be able to refund
2.1 Refund a customer within 2 days 2.2 Record the refund
"""
