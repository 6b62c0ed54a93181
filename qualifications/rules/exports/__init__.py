"""Published files in other formats: rows of a workbook, a CASE package. Pure."""

from qualifications.rules.exports.case import CaseSource, Identifiers, case_package, document_only
from qualifications.rules.exports.sheets import guarded, workbook_rows

__all__ = ["CaseSource", "Identifiers", "case_package", "document_only", "guarded", "workbook_rows"]
