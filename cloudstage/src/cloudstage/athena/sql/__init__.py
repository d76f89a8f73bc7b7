"""Athena's SQL: classified, bound to the catalog, translated for the engine, its errors explained."""
