# ruff: noqa
# mypy: ignore-errors

"""Keep each order of the files that have arrived. A file with a bad order fails, and only that file."""

import csv
import io
import json
import os
from decimal import Decimal
from urllib.parse import unquote_plus

import boto3

s3 = boto3.client("s3")
orders = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    failed = []
    for message in event["Records"]:
        try:
            for record in json.loads(message["body"]).get("Records", []):
                keep(record["s3"]["bucket"]["name"], unquote_plus(record["s3"]["object"]["key"]))
        except Exception as error:
            print(f"{message['messageId']} failed: {error!r}")
            failed.append({"itemIdentifier": message["messageId"]})
    return {"batchItemFailures": failed}


def keep(bucket, key):
    text = s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()
    for order in csv.DictReader(io.StringIO(text)):
        orders.put_item(Item={**order, "amount": Decimal(order["amount"])})
