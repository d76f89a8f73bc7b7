"""The ways in which a request can carry a signature, each in a module of its own."""
