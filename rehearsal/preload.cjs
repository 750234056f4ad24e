// Loaded into the program's process before Pulumi's runner: makes errors readable and the start quick.
const Module = require("node:module");
const util = require("node:util");

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

// When the engine refuses something, the runner prints the error with util.inspect, which walks the whole gRPC client
// behind it for up to a minute: print the stack instead.
const { inspect } = util;
util.inspect = Object.assign(
  (value, ...rest) => (value instanceof Error ? (value.stack ?? String(value)) : inspect(value, ...rest)),
  inspect,
);
