"""A query that the engine refused, and where in it the reason lies."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from sqlglot import exp

from cloudstage.athena.sql import parsing
from cloudstage.athena.sql.statement import location

_OPERATORS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.Between: "BETWEEN",
    exp.In: "IN",
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
    exp.Div: "/",
    exp.Mod: "%",
}
# A column, maybe with its table, maybe in brackets or in a function.
_REFERENCE = re.compile(r'(?:\w*\()*"?(?:\w+"?\."?)?(\w+)')


@dataclass(frozen=True)
class FailedQuery:
    """A query that the engine refused: its text and tree, and all names of columns that it reads."""

    sql: str
    tree: exp.Expr | None
    columns: Collection[str]
    message: str

    def at_column(self, name: str, table: str | None = None) -> str:
        """Where a column stands in the query, as ``line 1:15``."""
        for column in self.tree.find_all(exp.Column) if self.tree else []:
            if column.name.lower() == name.lower() and table in (None, column.table.lower()):
                return parsing.position(self.sql, column)
        return "line 1:1"

    def at_function(self, name: str) -> str:
        """Where a function stands in the query."""
        for function in self.tree.find_all(exp.Func) if self.tree else []:
            names = {
                function.name.lower(),
                function.sql_name().lower(),
                *map(str.lower, function.sql_names()),
            }
            if name.lower() in names:
                return parsing.position(self.sql, function)
        return "line 1:1"

    @property
    def culprit(self) -> str:
        """The engine's SQL from where it points to."""
        match = re.search(r"\n\n(LINE \d+: )(.*)\n( *)\^", self.message)
        return match[2][max(0, len(match[3]) - len(match[1])) :] if match else ""

    def operator(self) -> tuple[str, str]:
        """Place and sign of the operator whose operands the engine points to."""
        match = _REFERENCE.match(self.culprit.lstrip("+-*/%<>=! "))
        for node in self.tree.find_all(*_OPERATORS) if self.tree and match else []:
            operands = (node.this, node.args.get("expression"))
            names = [each.name.lower() for each in operands if isinstance(each, exp.Column)]
            if match and match[1].lower() in names:
                return self._behind(node.this), _OPERATORS[type(node)]
        return "line 1:1", "="

    def _behind(self, operand: exp.Expr) -> str:
        """The place of what follows an operand."""
        name = operand.find(exp.Identifier)
        end = name.meta.get("end", -1) + 1 if name else 0
        behind = self.sql[end:]
        return location(self.sql, end + len(behind) - len(behind.lstrip()))

    def at_culprit(self) -> str:
        """Where the column stands that the engine points to."""
        match = _REFERENCE.match(self.culprit)
        return self.at_column(match[1]) if match else "line 1:1"
