"""Find the function's handler."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from .errors import RuntimeFaultError

Handler = Callable[[Any, Any], Any]


def load(name: str) -> Handler:
    """The callable that ``name`` means: ``path/to/module.attribute`` or ``package.module.attribute``.

    Raises RuntimeFaultError as Lambda's runtime reports it, with the cause attached. Other exceptions at
    import are the function's own and pass through.
    """
    module_name, dot, attribute = name.rpartition(".")
    if not dot:
        raise RuntimeFaultError(
            "Runtime.MalformedHandlerName",
            f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)",
        )
    module_name = module_name.replace("/", ".")
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise RuntimeFaultError(
            "Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}"
        ) from error
    except SyntaxError as error:
        raise RuntimeFaultError(
            "Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}"
        ) from error
    try:
        handler: Handler = getattr(module, attribute)
    except AttributeError:
        raise RuntimeFaultError(
            "Runtime.HandlerNotFound", f"Handler '{attribute}' missing on module '{module_name}'"
        ) from None
    return handler
