"""How a query's answer looks to a person."""

from rich import box
from rich.table import Table

from ops.athena import Result

_NUMERIC = ("tinyint", "smallint", "integer", "bigint", "float", "double", "decimal")


def as_table(result: Result) -> Table:
    """The rows as a table, numbers to the right, nulls as empty cells."""
    count = len(result.rows)
    table = Table(
        box=box.SIMPLE_HEAD, caption=f"{count} row{'' if count == 1 else 's'}", caption_justify="left"
    )
    for name, kind in zip(result.columns, result.types, strict=True):
        table.add_column(name, justify="right" if kind in _NUMERIC else "left", overflow="fold")
    for row in result.rows:
        table.add_row(*("" if cell is None else cell for cell in row))
    return table
