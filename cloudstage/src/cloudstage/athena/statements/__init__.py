"""How each kind of statement runs."""
