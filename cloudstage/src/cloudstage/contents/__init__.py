"""What is in a cloudstage: saved shortly after it changes, restored when the cloudstage starts."""
