resource "aws_ecr_repository" "main" {
  name                 = "etl/job"
  image_tag_mutability = "IMMUTABLE"
  force_delete         = true
  image_scanning_configuration { scan_on_push = true }
  encryption_configuration { encryption_type = "KMS" }
}

resource "aws_ecr_lifecycle_policy" "main" {
  repository = aws_ecr_repository.main.name
  policy     = jsonencode({ rules = [{ rulePriority = 1, description = "release ${var.release}", selection = { tagStatus = "untagged", countType = "imageCountMoreThan", countNumber = 5 }, action = { type = "expire" } }] })
}

resource "aws_ecs_cluster" "main" {
  name = "etl"
  setting {
    name  = "containerInsights"
    value = var.release == 1 ? "enabled" : "disabled"
  }
}

resource "aws_ecs_task_definition" "main" {
  family                   = "dbt"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.service.arn
  task_role_arn            = aws_iam_role.service.arn
  container_definitions    = jsonencode([{ name = "dbt", image = "${aws_ecr_repository.main.repository_url}:1", essential = true, environment = [{ name = "V", value = "v${var.release}" }], logConfiguration = { logDriver = "awslogs", options = { awslogs-group = aws_cloudwatch_log_group.function.name, awslogs-region = local.region, awslogs-stream-prefix = "dbt" } } }])
  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }
  ephemeral_storage { size_in_gib = 30 }
  volume { name = "tmp" }
}

resource "aws_route53_zone" "main" {
  name    = "data.example.com"
  comment = "v${var.release}"
}

resource "aws_acm_certificate" "main" {
  domain_name               = "data.example.com"
  subject_alternative_names = ["*.data.example.com"]
  validation_method         = "DNS"
  lifecycle { create_before_destroy = true }
}

resource "aws_apigatewayv2_api" "main" {
  name          = "http"
  description   = "release ${var.release}"
  protocol_type = "HTTP"
  cors_configuration {
    allow_origins = ["https://a.example"]
    allow_methods = ["GET"]
  }
}

resource "aws_apigatewayv2_integration" "main" {
  api_id                 = aws_apigatewayv2_api.main.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.main.invoke_arn
  payload_format_version = "2.0"
  timeout_milliseconds   = 5000 * var.release
}

resource "aws_apigatewayv2_route" "main" {
  api_id    = aws_apigatewayv2_api.main.id
  route_key = "GET /orders/{id}"
  target    = "integrations/${aws_apigatewayv2_integration.main.id}"
}

resource "aws_sagemaker_notebook_instance_lifecycle_configuration" "main" {
  name     = "start"
  on_start = base64encode("echo ${var.release}")
}

resource "aws_sagemaker_model" "main" {
  name               = "model"
  execution_role_arn = aws_iam_role.service.arn
  primary_container {
    image          = "${aws_ecr_repository.main.repository_url}:1"
    model_data_url = "s3://${aws_s3_bucket.logs.id}/model.tar.gz"
    environment    = { A = "b" }
  }
}
