# A table of JSON files is made from its contract; an Iceberg table is left to the job that writes it.
mock_provider "aws" {
  source          = "../../tests/mocks"
  override_during = plan
}

variables {
  buckets = {
    curated    = "default-dst-curated-123456789012"
    quarantine = "default-dst-quarantine-123456789012"
    raw        = "default-dst-raw-123456789012"
  }
  database    = "default_dst"
  kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/1"
  name        = "default-dst"

  contracts = {
    raw_files = {
      description      = { purpose = "What has arrived" }
      customProperties = [{ property = "zone", value = "curated" }, { property = "format", value = "json" }]
      schema = [{
        properties = [
          { name = "key", physicalType = "string", description = "Key of the object" },
          {
            name                 = "arrived_on"
            physicalType         = "string"
            description          = "Day of arrival"
            partitioned          = true
            partitionKeyPosition = 1
            customProperties = [
              { property = "projectionType", value = "date" },
              { property = "projectionFormat", value = "yyyy-MM-dd" },
            ]
          },
        ]
      }]
    }
    observations = {
      description      = { purpose = "Measurements" }
      customProperties = [{ property = "zone", value = "quarantine" }, { property = "format", value = "iceberg" }]
      schema           = [{ properties = [] }]
    }
  }
}

run "json_tables_follow_their_contract" {
  command = plan

  assert {
    condition     = keys(aws_glue_catalog_table.plain) == ["raw_files"]
    error_message = "Exactly the tables in JSON are Terraform's to create."
  }

  assert {
    condition = (
      aws_glue_catalog_table.plain["raw_files"].storage_descriptor[0].location
      == "s3://default-dst-curated-123456789012/raw_files/"
    )
    error_message = "The table does not lie under its name in its zone."
  }

  assert {
    condition     = aws_glue_catalog_table.plain["raw_files"].storage_descriptor[0].columns[*].name == tolist(["key"])
    error_message = "The table's columns are not the contract's, less the partitions."
  }

  assert {
    condition     = aws_glue_catalog_table.plain["raw_files"].partition_keys[*].name == tolist(["arrived_on"])
    error_message = "The table's partitions are not the contract's."
  }

  assert {
    condition = aws_glue_catalog_table.plain["raw_files"].parameters == tomap({
      "EXTERNAL"                     = "TRUE"
      "classification"               = "json"
      "projection.arrived_on.format" = "yyyy-MM-dd"
      "projection.arrived_on.type"   = "date"
      "projection.enabled"           = "true"
    })
    error_message = "The rule by which Athena finds partitions is not the contract's."
  }

  assert {
    condition     = output.tables == { observations = "quarantine", raw_files = "curated" }
    error_message = "A table's zone is not the contract's."
  }
}
