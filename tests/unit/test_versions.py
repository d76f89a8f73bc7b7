"""The versions in project.json are those of its Glue version, as cloudstage runs it."""

from __future__ import annotations

import dataclasses

from cloudstage.runtimes.versions import GLUE_VERSIONS
from ops.project import load


def test_the_project_names_the_versions_of_its_glue() -> None:
    versions = load().versions
    glue = dataclasses.asdict(GLUE_VERSIONS[versions["glue"]])
    del glue["name"]

    assert glue == {name: versions[name] for name in glue}
