"""How the engine calls the subjects of a school's list. Plain Python, no Django."""

from __future__ import annotations

from types import MappingProxyType

# A subject that is not here has the same code in both.
ENGINE_CODES = MappingProxyType(
    {
        "lich_su_dia_li": "ls_dl",
        "tin_hoc": "tin",
        "lich_su": "su",
        "dia_li": "dia",
        "vat_li": "ly",
        "hoa_hoc": "hoa",
        "sinh_hoc": "sinh",
        "gdkt_pl": "gdktpl",
        "tnxh": "tn_xh",
    }
)


def engine_code(code: str) -> str:
    """The engine's code of a subject of a school."""
    return ENGINE_CODES.get(code, code)
