-- Functions and operators of Trino (Athena engine version 3) that the engine lacks or gives another meaning.
-- https://docs.aws.amazon.com/athena/latest/ug/functions-env3.html lists them, https://trino.io/docs defines them.
-- Overloads keep the precision of a timestamp: its type is what the result shows (TIMESTAMP_S no fraction,
-- TIMESTAMP_MS three digits, TIMESTAMP six).

-- Numbers. The engine fails for a division of floating point numbers by zero, Trino gives Infinity or NaN.
CREATE MACRO trino_float_divide(a, b) AS
  CASE WHEN b = 0 THEN CASE WHEN a > 0 THEN 'Infinity'::DOUBLE WHEN a < 0 THEN '-Infinity'::DOUBLE
       WHEN a IS NULL THEN NULL ELSE 'NaN'::DOUBLE END ELSE a / b END;
CREATE MACRO trino_divide
  (a INTEGER, b INTEGER) AS a // b,
  (a BIGINT, b BIGINT) AS a // b,
  (a HUGEINT, b HUGEINT) AS a // b,
  (a FLOAT, b FLOAT) AS trino_float_divide(a, b)::FLOAT,
  (a DOUBLE, b DOUBLE) AS trino_float_divide(a, b);
CREATE MACRO infinity() AS 'Infinity'::DOUBLE;
CREATE MACRO nan() AS 'NaN'::DOUBLE;
CREATE MACRO is_finite(x) AS isfinite(x);
CREATE MACRO is_infinite(x) AS isinf(x);
CREATE MACRO e() AS 2.718281828459045::DOUBLE;
CREATE MACRO bitwise_not(x) AS ~x;
CREATE MACRO bitwise_left_shift(x, n) AS x << n;
CREATE MACRO bitwise_right_shift(x, n) AS x >> n;
CREATE MACRO from_base(digits, radix) AS
  list_reduce(
    list_prepend(0::BIGINT, list_transform(string_split(lower(digits), ''),
      LAMBDA digit : (strpos('0123456789abcdefghijklmnopqrstuvwxyz', digit) - 1)::BIGINT)),
    LAMBDA total, digit : total * radix + digit);
CREATE MACRO trino_to_base(x, radix) AS lower(to_base(x, radix));
CREATE MACRO width_bucket(x, low, high, buckets) AS
  CASE WHEN x < low THEN 0 WHEN x >= high THEN buckets + 1
       ELSE floor((x - low)::DOUBLE * buckets / (high - low)::DOUBLE)::BIGINT + 1 END;

-- Java's text of a floating point number: 1.0E10, not 10000000000.0. ``digits`` are those of the engine's
-- shortest text, which has either an exponent or a point.
CREATE MACRO trino_scientific(sign, digits, exponent) AS
  sign || digits[1] || '.' || CASE WHEN length(digits) > 1 THEN digits[2:] ELSE '0' END || 'E' || exponent;
CREATE MACRO trino_float_text(x, shortest) AS
  CASE WHEN isnan(x) THEN 'NaN'
       WHEN isinf(x) THEN CASE WHEN x > 0 THEN 'Infinity' ELSE '-Infinity' END
       WHEN x = 0 OR abs(x) BETWEEN 1e-3 AND 9999999.999999999 THEN shortest
       WHEN contains(shortest, 'e') THEN trino_scientific(
         CASE WHEN x < 0 THEN '-' ELSE '' END,
         rtrim(replace(ltrim(string_split(shortest, 'e')[1], '-'), '.', ''), '0'),
         string_split(shortest, 'e')[2]::INTEGER)
       WHEN abs(x) >= 1 THEN trino_scientific(
         CASE WHEN x < 0 THEN '-' ELSE '' END,
         rtrim(replace(ltrim(shortest, '-'), '.', ''), '0'),
         strpos(ltrim(shortest, '-'), '.') - 2)
       ELSE trino_scientific(
         CASE WHEN x < 0 THEN '-' ELSE '' END,
         ltrim(replace(ltrim(shortest, '-'), '.', ''), '0'),
         length(ltrim(replace(ltrim(shortest, '-'), '.', ''), '0')) - length(replace(ltrim(shortest, '-'), '.', '')))
       END;
-- A cast to text. Every branch is text, whatever the type of x: only one of them is taken.
CREATE MACRO trino_varchar(x) AS
  CASE typeof(x)
       WHEN 'DOUBLE' THEN trino_float_text(TRY_CAST(x::VARCHAR AS DOUBLE), x::VARCHAR)
       WHEN 'FLOAT' THEN trino_float_text(TRY_CAST(x::VARCHAR AS DOUBLE), x::VARCHAR)
       WHEN 'TIMESTAMP' THEN strftime(TRY_CAST(x::VARCHAR AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%f')
       WHEN 'TIMESTAMP_MS' THEN strftime(TRY_CAST(x::VARCHAR AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%g')
       WHEN 'TIMESTAMP WITH TIME ZONE' THEN
         strftime(TRY_CAST(x::VARCHAR AS TIMESTAMPTZ), '%Y-%m-%d %H:%M:%S.%g') || ' UTC'
       ELSE x::VARCHAR END;

-- Time.
CREATE MACRO trino_date_trunc
  (unit, x DATE) AS date_trunc(unit, x)::DATE,
  (unit, x TIMESTAMP) AS date_trunc(unit, x),
  (unit, x TIMESTAMP_MS) AS date_trunc(unit, x::TIMESTAMP)::TIMESTAMP_MS,
  (unit, x TIMESTAMP_S) AS date_trunc(unit, x::TIMESTAMP)::TIMESTAMP_S,
  (unit, x TIMESTAMPTZ) AS date_trunc(unit, x);
CREATE MACRO trino_plus
  (x DATE, span INTERVAL) AS (x + span)::DATE,
  (x TIMESTAMP, span INTERVAL) AS x + span,
  (x TIMESTAMP_MS, span INTERVAL) AS (x::TIMESTAMP + span)::TIMESTAMP_MS,
  (x TIMESTAMP_S, span INTERVAL) AS (x::TIMESTAMP + span)::TIMESTAMP_S,
  (x TIMESTAMPTZ, span INTERVAL) AS x + span,
  (x TIME, span INTERVAL) AS x + span,
  (x INTERVAL, span INTERVAL) AS x + span;
CREATE MACRO trino_minus
  (x DATE, span INTERVAL) AS (x - span)::DATE,
  (x TIMESTAMP, span INTERVAL) AS x - span,
  (x TIMESTAMP_MS, span INTERVAL) AS (x::TIMESTAMP - span)::TIMESTAMP_MS,
  (x TIMESTAMP_S, span INTERVAL) AS (x::TIMESTAMP - span)::TIMESTAMP_S,
  (x TIMESTAMPTZ, span INTERVAL) AS x - span,
  (x TIME, span INTERVAL) AS x - span,
  (x INTERVAL, span INTERVAL) AS x - span;
CREATE MACRO trino_date_diff
  (unit, a DATE, b DATE) AS date_sub(unit, a, b),
  (unit, a TIMESTAMP, b TIMESTAMP) AS date_sub(unit, a, b),
  (unit, a TIMESTAMPTZ, b TIMESTAMPTZ) AS date_sub(unit, a, b);
-- The time in a zone is a timestamp without one: what follows (hour, date, cast) reads it as the zone's.
CREATE MACRO at_timezone
  (x DATE, zone) AS timezone(zone, x::TIMESTAMP::TIMESTAMPTZ)::TIMESTAMP_MS,
  (x TIMESTAMP, zone) AS timezone(zone, x::TIMESTAMPTZ),
  (x TIMESTAMP_MS, zone) AS timezone(zone, x::TIMESTAMP::TIMESTAMPTZ)::TIMESTAMP_MS,
  (x TIMESTAMP_S, zone) AS timezone(zone, x::TIMESTAMP::TIMESTAMPTZ)::TIMESTAMP_S,
  (x TIMESTAMPTZ, zone) AS timezone(zone, x);
CREATE MACRO with_timezone(x, zone) AS timezone(zone, x::TIMESTAMP);
CREATE MACRO current_timezone() AS 'UTC';
CREATE MACRO millisecond(x) AS date_part('millisecond', x) % 1000;
CREATE MACRO to_iso8601
  (x DATE) AS x::VARCHAR,
  (x TIMESTAMP) AS strftime(x, '%Y-%m-%dT%H:%M:%S.%f'),
  (x TIMESTAMP_MS) AS strftime(x, '%Y-%m-%dT%H:%M:%S.%g'),
  (x TIMESTAMP_S) AS strftime(x, '%Y-%m-%dT%H:%M:%S'),
  (x TIMESTAMPTZ) AS strftime(x, '%Y-%m-%dT%H:%M:%S.%gZ');
CREATE MACRO trino_sequence
  (a BIGINT, b BIGINT) AS generate_series(a, b, CASE WHEN b < a THEN -1 ELSE 1 END),
  (a BIGINT, b BIGINT, step BIGINT) AS generate_series(a, b, step),
  (a DATE, b DATE) AS generate_series(a::TIMESTAMP, b::TIMESTAMP, INTERVAL 1 DAY)::DATE[],
  (a DATE, b DATE, step INTERVAL) AS generate_series(a::TIMESTAMP, b::TIMESTAMP, step)::DATE[],
  (a TIMESTAMP, b TIMESTAMP, step INTERVAL) AS generate_series(a, b, step),
  (a TIMESTAMP_MS, b TIMESTAMP_MS, step INTERVAL) AS
    generate_series(a::TIMESTAMP, b::TIMESTAMP, step)::TIMESTAMP_MS[],
  (a TIMESTAMP_S, b TIMESTAMP_S, step INTERVAL) AS
    generate_series(a::TIMESTAMP, b::TIMESTAMP, step)::TIMESTAMP_S[];

-- Text.
CREATE MACRO trino_regexp_extract(x, pattern, part) AS
  CASE WHEN regexp_matches(x, pattern) THEN regexp_extract(x, pattern, part) END;
CREATE MACRO trino_split(x, separator, parts) AS
  CASE WHEN len(string_split(x, separator)) <= parts THEN string_split(x, separator)
       ELSE list_append(string_split(x, separator)[1:parts - 1],
                        array_to_string(string_split(x, separator)[parts:], separator)) END;
CREATE MACRO split_to_map(x, entries, pair) AS
  map_from_entries(list_transform(string_split(x, entries),
    LAMBDA entry : {'key': string_split(entry, pair)[1], 'value': string_split(entry, pair)[2]}));
CREATE MACRO codepoint(x) AS unicode(x);
CREATE MACRO hamming_distance(a, b) AS hamming(a, b);
CREATE MACRO normalize(x) AS nfc_normalize(x);
CREATE MACRO strrpos(x, part) AS
  CASE WHEN contains(x, part)
       THEN length(x) - strpos(reverse(x), reverse(part)) - length(part) + 2 ELSE 0 END;
CREATE MACRO url_extract_protocol(x) AS nullif(regexp_extract(x, '^([^:/?#]+):', 1), '');
CREATE MACRO url_extract_host(x) AS nullif(regexp_extract(x, '^[^:/?#]+://(?:[^@/?#]*@)?([^:/?#]*)', 1), '');
CREATE MACRO url_extract_port(x) AS
  nullif(regexp_extract(x, '^[^:/?#]+://(?:[^@/?#]*@)?[^:/?#]*:(\d+)', 1), '')::BIGINT;
CREATE MACRO url_extract_path(x) AS regexp_extract(x, '^(?:[^:/?#]+:)?(?://[^/?#]*)?([^?#]*)', 1);
CREATE MACRO url_extract_query(x) AS regexp_extract(x, '\?([^#]*)', 1);
CREATE MACRO url_extract_fragment(x) AS regexp_extract(x, '#(.*)', 1);
CREATE MACRO url_extract_parameter(x, name) AS
  CASE WHEN regexp_matches(x, '[?&]' || name || '=')
       THEN url_decode(regexp_extract(x, '[?&]' || name || '=([^&#]*)', 1)) END;

-- JSON. What is no JSON, and what is no scalar, gives null.
CREATE MACRO trino_json_extract(document, path) AS
  CASE WHEN json_valid(document::VARCHAR) THEN json_extract(document, path) END;
CREATE MACRO trino_json_scalar(document, path) AS
  CASE WHEN json_valid(document::VARCHAR) AND json_type(document::JSON, path) NOT IN ('OBJECT', 'ARRAY')
       THEN json_extract_string(document, path) END;
CREATE MACRO json_array_get(document, position) AS json_extract(document, position::INTEGER);
CREATE MACRO json_array_contains(document, x) AS
  list_contains(json_extract_string(document, '$[*]'), x::VARCHAR);
CREATE MACRO json_size(document, path) AS
  CASE json_type(document, path)
       WHEN 'OBJECT' THEN len(json_keys(document, path)) WHEN 'ARRAY' THEN json_array_length(document, path)
       ELSE 0 END;
CREATE MACRO is_json_scalar(document) AS json_type(document) NOT IN ('OBJECT', 'ARRAY');

-- Arrays and maps.
CREATE MACRO trino_array_position(items, x) AS
  CASE WHEN items IS NULL THEN NULL ELSE coalesce(list_position(items, x), 0) END::BIGINT;
CREATE MACRO arrays_overlap(a, b) AS list_has_any(a, b);
CREATE MACRO array_union(a, b) AS list_distinct(list_concat(a, b));
CREATE MACRO trino_array_intersect(a, b) AS list_distinct(list_intersect(a, b));
CREATE MACRO array_first(items) AS items[1];
CREATE MACRO array_last(items) AS items[-1];
CREATE MACRO array_average(items) AS list_avg(items);
CREATE MACRO trim_array(items, count) AS items[1:len(items) - count];
CREATE MACRO zip(a, b) AS list_zip(a, b);
CREATE MACRO trino_repeat(x, times) AS list_transform(range(times), LAMBDA position : x);
CREATE MACRO array_frequency(items) AS
  map_from_entries(list_transform(list_distinct(items),
    LAMBDA item : {'key': item, 'value': len(list_filter(items, LAMBDA other : other = item))}));
