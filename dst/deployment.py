"""What a job is told of the deployment it runs in: Terraform hands it over as arguments or environment."""

from dataclasses import dataclass

from dst.s3_uri import S3Uri


@dataclass(frozen=True)
class Deployment:
    """One stage and workspace, as a job sees it.

    Attributes:
        stage: local, dev, int or prd; for logs and tags only, no code may branch on it.
        workspace: Terraform workspace, ``default`` for the stage's shared deployment.
        project: the project's name.
        region: AWS region.
        database: Glue database that holds the tables.
        raw_uri: bucket of the raw zone; so for the other zones.
        git_commit: commit the job was built from.
    """

    stage: str
    workspace: str
    project: str
    region: str
    database: str
    raw_uri: S3Uri
    curated_uri: S3Uri
    quarantine_uri: S3Uri
    artifacts_uri: S3Uri
    git_commit: str = "unknown"

    def zone(self, name: str) -> S3Uri:
        """The bucket of a zone.

        Raises:
            KeyError: there is no such zone.
        """
        return {
            "raw": self.raw_uri,
            "curated": self.curated_uri,
            "quarantine": self.quarantine_uri,
            "artifacts": self.artifacts_uri,
        }[name]
