"""Small files that stand for what people hand in: one-page PDFs, the same bytes on every run."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from sqlalchemy import Engine

from adapters.evidence import EvidenceStore
from domain.values import Evidence, Mandate

_FONT = (
    "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts"
    "[<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo"
    "<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/FontDescriptor<</Type/FontDescriptor"
    "/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880"
    "/Descent -120/CapHeight 880/StemV 93>>>>]>>"
)

_PAGE = (
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]/Contents 4 0 R"
    "/Resources<</Font<</F 5 0 R>>>>>>"
)


def page(lines: Sequence[str]) -> bytes:
    """A PDF of one A5 page with these lines; the reader's own Song font draws them."""
    rows = " T* ".join(f"<{line.encode('utf-16-be').hex()}> Tj" for line in lines)
    content = f"BT /F 12 Tf 20 TL 40 540 Td {rows} ET"
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        _PAGE,
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        _FONT,
    )
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start = len(out)
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


class Files:
    """Where the stories hand in their files."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._store = EvidenceStore(engine, folder)

    def hand_in(self, mandate: Mandate, name: str, lines: Sequence[str]) -> Evidence:
        """Keep a one-page document under a name, on behalf of who acts."""
        return self._store.put(
            BytesIO(page([*lines, "（演示材料，内容为虚构）"])),
            f"{name}.pdf",
            at=mandate.at,
            account=mandate.account,
            organisation=mandate.organisation,
        )
