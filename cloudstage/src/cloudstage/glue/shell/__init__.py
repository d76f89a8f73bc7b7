"""What a Python shell job can import besides its packages: the part of ``awsglue`` that needs no Spark.

AWS's own package of that name needs the Python of Glue's Spark, not 3.9.
"""

from pathlib import Path

IMPORT_PATH = Path(__file__).resolve().parent
"""The directory from which a Python shell job imports ``awsglue``."""
