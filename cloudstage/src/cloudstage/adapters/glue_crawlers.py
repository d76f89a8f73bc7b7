"""A gap in moto's Glue crawlers that Terraform runs into."""

from __future__ import annotations

from moto.core.responses import EmptyResult
from moto.core.utils import utcnow
from moto.glue.responses import GlueResponse

from cloudstage.adapters.registry import adapter
from cloudstage.patching import Patch

# A field of UpdateCrawler, and where moto's crawler keeps it.
_FIELDS = {
    "Classifiers": "classifiers",
    "Configuration": "configuration",
    "CrawlerSecurityConfiguration": "crawler_security_configuration",
    "DatabaseName": "database_name",
    "Description": "description",
    "LineageConfiguration": "lineage_configuration",
    "RecrawlPolicy": "recrawl_policy",
    "Role": "role",
    "Schedule": "schedule",
    "SchemaChangePolicy": "schema_change_policy",
    "TablePrefix": "table_prefix",
    "Targets": "targets",
}


@adapter
def update_crawler(patch: Patch) -> None:
    """UpdateCrawler must change what it names and leave the rest.

    moto 5.2.5 has no UpdateCrawler: a crawler could be created but not changed.
    """

    def update_crawler(self: GlueResponse) -> EmptyResult:
        request = self.parameters
        crawler = self.glue_backend.get_crawler(request["Name"])
        for field in request.keys() & _FIELDS:
            setattr(crawler, _FIELDS[field], request[field])
        crawler.last_updated = utcnow()
        crawler.version += 1
        return EmptyResult()

    patch.replace(GlueResponse, "update_crawler", update_crawler)
