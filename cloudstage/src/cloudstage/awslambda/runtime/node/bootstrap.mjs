// What a Node.js function's process runs: asks the Runtime API for events and hands them to the handler.
//
// Sources: the Lambda developer guide, "Using the Lambda runtime API" (version 2018-06-01), "Define Lambda function
// handler in Node.js" and "Using the Lambda context object to retrieve Node.js function information".

import { existsSync, readFileSync, writeSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { format, inspect } from "node:util";

const environment = process.env;
const [host, port] = environment.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const asJson = environment.AWS_LAMBDA_LOG_FORMAT === "JSON";
const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];
const lowest = LEVELS.indexOf(environment.AWS_LAMBDA_LOG_LEVEL ?? "TRACE");
let requestId;
let whenIdle; // what answers the invocation once the event loop has nothing left to do

// -- The Runtime API

function call(method, resource, body, headers = {}) {
  const options = { agent, host, port, method, path: `/2018-06-01/runtime${resource}`, headers };
  if (body !== undefined) options.headers = { ...headers, "Content-Length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const request = http.request(options, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() }));
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

function peakMemory() {
  // Linux counts the parent's memory in maxRSS, so the kernel's own file is asked where there is one.
  const status = existsSync("/proc/self/status") ? readFileSync("/proc/self/status", "utf8") : "";
  const kibibytes = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? process.resourceUsage().maxRSS);
  return { "Cloudstage-Peak-Memory-Mib": String(Math.ceil(kibibytes / 1024)) };
}

function sendError(resource, report) {
  const headers = { "Lambda-Runtime-Function-Error-Type": report.errorType, ...peakMemory() };
  return call("POST", resource, JSON.stringify(report), headers);
}

// -- Logging: a line of output is one event; line feeds within it are written as carriage returns

function write(level, text, extra) {
  if (LEVELS.indexOf(level) < lowest) return;
  const timestamp = new Date().toISOString();
  const line = asJson
    ? JSON.stringify({ timestamp, level, requestId, message: text, ...extra })
    : `${timestamp}\t${requestId ?? "undefined"}\t${level}\t${text.replaceAll("\n", "\r")}`;
  writeAll(`${line}\n`);
}

function writeAll(text) {
  let rest = Buffer.from(text);
  while (rest.length) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
  }
}

function replaceConsole() {
  const levels = { log: "INFO", info: "INFO", debug: "DEBUG", warn: "WARN", error: "ERROR", trace: "TRACE" };
  for (const [name, level] of Object.entries(levels)) {
    console[name] = (...values) => {
      const [first] = values;
      if (asJson && values.length === 1 && first !== null && typeof first === "object" && !(first instanceof Error))
        write(level, first);
      else write(level, format(...values));
    };
  }
}

// -- Errors in the shape in which Lambda reports them

function describe(error) {
  if (!(error instanceof Error)) {
    const message = typeof error === "string" ? error : inspect(error);
    return { errorType: typeof error, errorMessage: message, trace: [] };
  }
  const trace = (error.stack ?? `${error.name}: ${error.message}`).split("\n");
  return { errorType: error.name, errorMessage: error.message, trace };
}

function logError(title, error, report) {
  const { errorType, errorMessage, trace: stack } = report;
  const details = error instanceof Error ? { ...error, errorType, errorMessage, stack } : { errorType, errorMessage, stack };
  if (asJson) write("ERROR", title, details);
  else write("ERROR", `${title} \t${JSON.stringify(details)}`);
}

class RuntimeFault extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

// -- The handler

async function load(name) {
  const file = /^(.*\/)?([^/.]+)\.(.+)$/.exec(name);
  if (!file) throw new RuntimeFault("Runtime.MalformedHandlerName", `Bad handler: '${name}' has no module and function`);
  const [, directory = "", module, property] = file;
  const stem = path.resolve(environment.LAMBDA_TASK_ROOT, directory, module);
  const found = [".js", ".mjs", ".cjs"].map((ending) => stem + ending).find(existsSync);
  if (!found) throw new RuntimeFault("Runtime.ImportModuleError", `Error: Cannot find module '${module}' in ${path.dirname(stem)}`);
  const exported = await importFile(found);
  const handler = property.split(".").reduce((value, key) => value?.[key], exported);
  if (handler === undefined)
    throw new RuntimeFault("Runtime.HandlerNotFound", `${name} is undefined or not exported`);
  if (typeof handler !== "function")
    throw new RuntimeFault("Runtime.HandlerNotFound", `${name} is not a function`);
  return handler;
}

async function importFile(file) {
  try {
    return isModule(file) ? await import(pathToFileURL(file)) : createRequire(file)(file);
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeFault("Runtime.UserCodeSyntaxError", `SyntaxError: ${error.message}`);
    if (["MODULE_NOT_FOUND", "ERR_MODULE_NOT_FOUND"].includes(error?.code))
      throw new RuntimeFault("Runtime.ImportModuleError", `Error: ${error.message}${hint(error.message)}`);
    throw error;
  }
}

function hint(message) {
  if (!message.includes("@aws-sdk/")) return "";
  return (
    "\nLambda's Node.js runtimes contain the AWS SDK for JavaScript v3; cloudstage does not: " +
    "bundle it with the function, or add it as a layer under nodejs/node_modules."
  );
}

function isModule(file) {
  if (!file.endsWith(".js")) return file.endsWith(".mjs");
  for (let directory = path.dirname(file); ; directory = path.dirname(directory)) {
    const declaration = path.join(directory, "package.json");
    if (existsSync(declaration)) return JSON.parse(readFileSync(declaration, "utf8")).type === "module";
    if (directory === environment.LAMBDA_TASK_ROOT || directory === path.dirname(directory)) return false;
  }
}

// -- One event

function contextOf(headers, settle) {
  const deadline = Number(headers["lambda-runtime-deadline-ms"]);
  const client = headers["lambda-runtime-client-context"];
  const done = (error, result) => settle(error ?? null, result);
  return {
    callbackWaitsForEmptyEventLoop: true,
    awsRequestId: headers["lambda-runtime-aws-request-id"],
    invokedFunctionArn: headers["lambda-runtime-invoked-function-arn"],
    clientContext: client ? JSON.parse(client) : undefined,
    identity: undefined,
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    succeed: (result) => done(null, result),
    fail: (error) => done(error ?? "handled"),
    done,
  };
}

// Resolves with the handler's result, or rejects with its error: from its promise, or from its callback.
function run(handler, event, headers) {
  return new Promise((resolve, reject) => {
    const finish = (error, result) => (error === null ? resolve(result) : reject(error));
    const context = contextOf(headers, finishLater);
    let answered = false;
    function finishLater(error, result) {
      if (answered) return;
      answered = true;
      if (context.callbackWaitsForEmptyEventLoop) whenIdle = () => finish(error, result);
      else setImmediate(finish, error, result);
    }
    whenIdle = () => finish(null, null); // the handler has not answered, and there is nothing left to wait for
    const returned = handler(event, context, (error, result) => finishLater(error ?? null, result));
    if (typeof returned?.then === "function") {
      answered = true;
      Promise.resolve(returned).then(resolve, reject);
    }
  });
}

async function handleNext(handler) {
  const { headers, body } = await call("GET", "/invocation/next").catch(() => process.exit(0)); // shut down
  requestId = headers["lambda-runtime-aws-request-id"];
  try {
    const result = await run(handler, JSON.parse(body), headers);
    whenIdle = undefined;
    await call("POST", `/invocation/${requestId}/response`, stringify(result), peakMemory());
  } catch (error) {
    whenIdle = undefined;
    const report = describe(error);
    logError("Invoke Error", error, report);
    await sendError(`/invocation/${requestId}/error`, report);
  }
  setImmediate(handleNext, handler);
}

function stringify(result) {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? "null";
  } catch {
    throw new Error("Unable to stringify response body");
  }
}

// -- The process

async function fail(title, errorType, error, status) {
  const report = { ...describe(error), errorType };
  logError(title, error, report);
  await sendError(requestId ? `/invocation/${requestId}/error` : "/init/error", report);
  process.exit(status);
}

process.on("beforeExit", () => {
  const answer = whenIdle;
  whenIdle = undefined;
  answer?.();
});
process.on("uncaughtException", (error) => fail("Uncaught Exception", error?.name ?? typeof error, error, 129));
process.on("unhandledRejection", (reason) => {
  const error = new RuntimeFault("Runtime.UnhandledPromiseRejection", String(reason));
  fail("Unhandled Promise Rejection", error.name, error, 128);
});

replaceConsole();
try {
  const handler = await load(environment._HANDLER);
  setImmediate(handleNext, handler);
} catch (error) {
  const report = describe(error);
  logError("Uncaught Exception", error, report);
  await sendError("/init/error", report);
  process.exit(1);
}
