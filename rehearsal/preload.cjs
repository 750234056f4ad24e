// Loaded into the program's process before Pulumi's runner: makes errors readable and the start quick.
const Module = require("node:module");
const { fileURLToPath } = require("node:url");
const util = require("node:util");
const { keepCode } = require("../project/code-cache.cjs");

keepCode("program");
const { withoutGrpc } = require("./grpc.cjs");

/** Resolves as Pulumi's SDK does. */
const sdk = Module.createRequire(require.resolve("@pulumi/pulumi/package.json"));

const placeholders = new Map();

/** Puts something in the place of a module that is not loaded yet. */
function replace(name, exports) {
  const file = sdk.resolve(name);
  const placeholder = Object.assign(new Module(file), { loaded: true, exports });
  placeholders.set(file, placeholder);
  require.cache[file] = placeholder;
}

/** Loads what a module is when it is used. */
function later(name) {
  const file = sdk.resolve(name);
  return () => {
    if (require.cache[file] === placeholders.get(file)) delete require.cache[file];
    return require(file);
  };
}

/** Loads a module when something of it is used. */
function delay(name) {
  const whenUsed = later(name);
  replace(
    name,
    new Proxy(
      {},
      {
        get: (_, property) => (property === "__esModule" ? true : whenUsed()[property]),
        has: (_, property) => property in whenUsed(),
      },
    ),
  );
}

/** The same for one whose functions are handed on before they are called. */
function delayFunctions(name, ...functions) {
  const whenCalled = later(name);
  replace(
    name,
    Object.fromEntries(functions.map((each) => [each, (...given) => whenCalled()[each](...given)])),
  );
}

// What Pulumi's SDK needs for functions that become Lambdas, and a program without them does not.
delay("typescript");
delayFunctions("./runtime/closure/serializeClosure.js", "serializeFunction", "serializeFunctionAsync");
delayFunctions("./runtime/closure/codePaths.js", "computeCodePaths");
// For these the runner has V8's debugger look at each script from the start: it tells the name of a function's file.
delayFunctions("./runtime/closure/v8Hooks.js", "getSessionAsync", "getScriptUrl");
require(sdk.resolve("./runtime/closure/v8Hooks.js")).isInitializedAsync = async () => {};
// What runs other programs.
delay("./automation/index.js");
// What traces a program, which a rehearsal does not ask for.
delay("@opentelemetry/resources");
delay("@opentelemetry/sdk-trace-base");
delay("@opentelemetry/sdk-trace-node");
delay("@opentelemetry/exporter-zipkin");
delay("@opentelemetry/instrumentation");
delay("@opentelemetry/instrumentation-grpc");

withoutGrpc((load) => load("./index.js"));

// The SDK writes down where each of its promises was made, which takes far longer than the promise, for whoever debugs those
// that never end. That some never ended it tells as ever: its own function, which the first promise is given to, looks at
// the end at those that are left.
const debuggable = require("@pulumi/pulumi/runtime/debuggable.js");
const { getStore } = require("@pulumi/pulumi/runtime/state.js");
const { debuggablePromise, debugPromiseLeaks } = debuggable;
let looksAtTheEnd = false;
debuggable.debuggablePromise = (promise, context) => {
  if (debugPromiseLeaks || !looksAtTheEnd) {
    looksAtTheEnd = true;
    return debuggablePromise(promise, context);
  }
  const { leakCandidates } = getStore();
  leakCandidates.add(promise);
  return promise.then(
    (value) => {
      leakCandidates.delete(promise);
      return value;
    },
    (error) => {
      leakCandidates.delete(promise);
      error.promise = promise;
      throw error;
    },
  );
};

// The SDK tells the engine where each resource was made, from a stack of its own for each. A rehearsal does not ask.
require("@pulumi/pulumi/resource.js").Resource.stackTrace = () => [];

// The runner lets source maps be read for each stack that is looked at, and the SDK looks at that of each of its calls that
// is refused. Only what is printed needs them.
replace("source-map-support/register", {});

/** `file:line:column` as it was before it was compiled. */
function original(place) {
  const [, file, line, column] = /^(.*):(\d+):(\d+)$/.exec(place);
  const source = file.startsWith("file:") ? fileURLToPath(file) : file;
  const found = require("source-map-support").mapSourcePosition({
    source,
    line: Number(line),
    column: Number(column) - 1,
  });
  return `${found.source}:${found.line}:${found.column + 1}`;
}

// When the engine refuses something, the runner prints the error with util.inspect, which walks the whole gRPC client
// behind it for up to a minute: print the stack instead.
const { inspect } = util;
util.inspect = Object.assign(
  (value, ...rest) =>
    value instanceof Error
      ? (value.stack ?? String(value)).replaceAll(/(?<=at (?:.*\()?)(?:file:|\/)[^()\n]*:\d+:\d+/g, original)
      : inspect(value, ...rest),
  inspect,
);
