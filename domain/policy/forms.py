"""The official form as data: sections, fields, tables by year, opinion boxes, how it is printed."""

from __future__ import annotations

from domain.policy.model import key, model
from domain.policy.terms import REVIEWERS

TYPES = (
    "text",
    "long_text",
    "date",
    "month",
    "year",
    "whole",
    "money",
    "foreign_money",
    "choice",
    "yes_no",
    "table",
)


COLUMN_TYPES = (
    "text",
    "date",
    "month",
    "year",
    "whole",
    "money",
    "foreign_money",
    "sources",
    "total",
)


@model
class Column:
    """A column of a table. A `total` is the sum of the columns it names, in fen.

    `sources` holds who paid and how much: a list of {funder, amount}.
    """

    id: str = key("name of the column")
    label: str = key("the form's heading")
    type: str = key("type of its cells", default="text", choices=COLUMN_TYPES)
    of: tuple[str, ...] = key("columns that a total adds up", default=())
    currency: str = key("ISO 4217 code of foreign money", default="")
    required: bool = key("every row must have it", default=True)
    personal: bool = key("sealed per person", default=False)


@model
class Field:
    """A field of the form. One bound to a `fact` is stored as that fact and shown here."""

    id: str = key("name of the field")
    label: str = key("the form's words")
    type: str = key("type of the value", default="text", choices=TYPES)
    fact: str = key("fact of the vocabulary that the field shows", default="")
    required: bool = key("must be filled", default=True)
    star: bool = key("marked `*`: copies of proof are required", default=False)
    original_with_finance_seal: bool = key("proof is an original sealed by finance", default=False)
    personal: bool = key("sealed per person", default=False)
    unit: str = key("unit printed on the form, such as 万元", default="")
    options: tuple[str, ...] = key("the boxes to tick", default=())
    many: bool = key("more than one box may be ticked", default=False)
    least_characters: int | None = key("fewest characters without spaces", default=None, least=1)
    years: tuple[int, ...] = key("years of a table with one row a year", default=())
    columns: tuple[Column, ...] = key("columns of a table", default=())
    currency: str = key("ISO 4217 code of foreign money", default="")
    note: str = key("what the form's instructions say about it", default="")

    @property
    def totals(self) -> tuple[Column, ...]:
        """The columns that are computed."""
        return tuple(column for column in self.columns if column.type == "total")

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies that need a stated rate before this field can be added up."""
        if not self.totals:
            return ()
        return tuple(column.currency for column in self.columns if column.currency)


@model
class Section:
    """A part of the form, in printed order. A starred section is proved as a whole."""

    id: str = key("name of the section")
    title: str = key("the form's words")
    star: bool = key("marked `*`: copies of proof are required", default=False)
    original_with_finance_seal: bool = key("proof is an original sealed by finance", default=False)
    fields: tuple[Field, ...] = key("fields in printed order")


@model
class Opinion:
    """An opinion box. Boxes of one `group` are alternatives: one of them is enough."""

    id: str = key("name of the box")
    label: str = key("the form's words")
    by: str = key("whose box it is; `unit`: its management or party", choices=("unit", *REVIEWERS))
    signature: bool = key("the person in charge signs", default=False)
    seal: bool = key("the seal is put", default=True)
    group: str = key("alternatives share a group", default="")
    at_filing: bool = key("must be complete when the dossier is filed", default=True)


@model
class Layout:
    """How the form is to be printed and handed in."""

    font: str = key("font and size", default="")
    numerals: str = key("which numerals", default="", choices=("", "arabic"))
    paper: str = key("paper size", default="")
    double_sided: bool = key("printed on both sides", default=False)
    bound: bool = key("bound", default=False)
    locked: bool = key("font size, layout and page settings must not be changed", default=False)
    copies: int | None = key("paper copies", default=None, least=1, most=99)
    electronic: bool = key("an electronic copy too", default=False)


@model
class Form:
    """One official form, for the categories it names."""

    id: str = key("name of the form")
    title: str = key("the form's title")
    annex: str = key("where the notice prints it")
    categories: tuple[str, ...] = key("categories it is for; none: all", default=())
    sections: tuple[Section, ...] = key("sections in printed order", default=())
    opinions: tuple[Opinion, ...] = key("opinion boxes in printed order", default=())
    layout: Layout = key("how it is printed", default=Layout())
    body_shown: bool = key("the notice prints the body, not only the cover", default=True)

    def starred(self) -> list[tuple[str, str, bool, tuple[str, ...]]]:
        """What needs proof: its path, label, whether an original is asked, the fields it covers."""
        sections = [
            (
                each.id,
                each.title,
                each.original_with_finance_seal,
                tuple(f"{each.id}.{field.id}" for field in each.fields),
            )
            for each in self.sections
            if each.star
        ]
        fields = [
            (path, field.label, field.original_with_finance_seal, (path,))
            for path, field in self.fields()
            if field.star
        ]
        return [*sections, *fields]

    def field(self, path: str) -> Field | None:
        """The field at `section.field`, or None."""
        return next((field for at, field in self.fields() if at == path), None)

    def fields(self) -> list[tuple[str, Field]]:
        """Every field with its path `section.field`, in printed order."""
        return [
            (f"{section.id}.{field.id}", field)
            for section in self.sections
            for field in section.fields
        ]
