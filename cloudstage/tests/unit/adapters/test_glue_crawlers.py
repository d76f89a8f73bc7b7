"""Glue crawlers can be changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cloudstage.adapters import glue_crawlers

from .gaps import Adapted, with_and_without


@with_and_without(glue_crawlers.update_crawler)
def test_an_update_changes_what_it_names(client: Callable[[str], Any], adapted: Adapted) -> None:
    glue = client("glue")
    glue.create_crawler(
        Name="raw",
        Role="crawler",
        DatabaseName="lake",
        Description="Before",
        TablePrefix="crawled_",
        Targets={"S3Targets": [{"Path": "s3://raw/"}]},
    )
    with adapted:
        glue.update_crawler(
            Name="raw",
            Description="After",
            Targets={"S3Targets": [{"Path": "s3://raw/signals/"}]},
            RecrawlPolicy={"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"},
        )
    crawler = glue.get_crawler(Name="raw")["Crawler"]
    assert crawler["Description"] == "After"
    assert [target["Path"] for target in crawler["Targets"]["S3Targets"]] == ["s3://raw/signals/"]
    assert crawler["RecrawlPolicy"] == {"RecrawlBehavior": "CRAWL_NEW_FOLDERS_ONLY"}
    assert crawler["TablePrefix"] == "crawled_"
    assert crawler["Version"] == 2
