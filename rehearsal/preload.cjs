// Loaded into the program's process before Pulumi's runner: makes errors readable and the start quick.
const Module = require("node:module");
const { fileURLToPath } = require("node:url");
const util = require("node:util");
const { keepCode } = require("../project/code-cache.cjs");

keepCode("program");

/** Puts something in the place of a module that is not loaded yet. */
function replace(name, exports) {
  const file = require.resolve(name);
  require.cache[file] = Object.assign(new Module(file), { loaded: true, exports });
}

/** Loads a module when something of it is used. */
function delay(name) {
  const file = require.resolve(name);
  const whenUsed = () => {
    delete require.cache[file];
    return require(file);
  };
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

// What Pulumi's SDK needs for functions that become Lambdas, and a program without them does not.
delay("typescript");
delay("@npmcli/arborist");

// The SDK keeps the stack of each promise that it makes, to debug promises that never end. To write it down takes far
// longer than the promise.
const debuggable = require("@pulumi/pulumi/runtime/debuggable.js");
const { debuggablePromise } = debuggable;
debuggable.debuggablePromise = (...promise) => {
  const { stackTraceLimit } = Error;
  // Not 0, with which the empty stack would be formatted still.
  Error.stackTraceLimit = undefined;
  try {
    return debuggablePromise(...promise);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
};

// The SDK tells the engine where each resource was made, from a stack of its own for each. A rehearsal does not ask.
require("@pulumi/pulumi/resource.js").Resource.stackTrace = () => [];

// The runner lets source maps be read for each stack that is looked at, and the SDK looks at that of each of its calls that
// is refused. Only what is printed needs them.
const { mapSourcePosition } = require("source-map-support");
replace("source-map-support/register", {});

/** `file:line:column` as it was before it was compiled. */
function original(place) {
  const [, file, line, column] = /^(.*):(\d+):(\d+)$/.exec(place);
  const source = file.startsWith("file:") ? fileURLToPath(file) : file;
  const found = mapSourcePosition({ source, line: Number(line), column: Number(column) - 1 });
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
