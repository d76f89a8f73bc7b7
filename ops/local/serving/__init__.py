"""How the server of a local stage takes requests, before and around moto."""
