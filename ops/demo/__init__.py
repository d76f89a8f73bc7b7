"""The main job, from nothing to an answered query: what `dst demo` does."""
