// Loaded into the program's process before Pulumi's runner.
const Module = require("node:module");
const util = require("node:util");

/** Puts something in the place of a module that is not loaded yet. */
function replace(file, exports) {
  require.cache[file] = Object.assign(new Module(file), { loaded: true, exports });
}

// When the engine refuses something, the runner prints the error with util.inspect, which walks the whole gRPC client
// behind it for up to a minute: print the stack instead.
const { inspect } = util;
util.inspect = Object.assign(
  (value, ...rest) => (value instanceof Error ? (value.stack ?? String(value)) : inspect(value, ...rest)),
  inspect,
);

// The runner's source maps come from files, and tsx keeps its own in memory: errors would tell places in the code that
// tsx made. Node itself finds both. It is faster, too.
replace(require.resolve("source-map-support/register"), {});

// Pulumi's SDK loads the TypeScript compiler for the sake of functions that become Lambdas. A program without them does
// without the compiler: it is loaded when it is used. That saves a quarter of a second and 40 MB.
const compiler = require.resolve("typescript");
const whenUsed = () => {
  delete require.cache[compiler];
  return require(compiler);
};
replace(
  compiler,
  new Proxy({}, { get: (_, property) => whenUsed()[property], has: (_, property) => property in whenUsed() }),
);
