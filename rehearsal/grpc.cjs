// Stands in for what Pulumi's SDK uses of gRPC, between a program and its rehearsal: the same calls with the same messages
// and errors, in frames over a socket. Of a program's time gRPC and HTTP/2 below it take a third, to be loaded and to be
// spoken. Both sides of a rehearsal are of one version, so that the frames need none.

const Module = require("node:module");
const net = require("node:net");

/** Resolves as Pulumi's SDK does. */
const sdk = Module.createRequire(require.resolve("@pulumi/pulumi/package.json"));
const GRPC = "@grpc/grpc-js";

/** Both ways, as gRPC has it: https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
const status = Object.fromEntries(
  [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
  ].flatMap((name, code) => [
    [name, code],
    [code, name],
  ]),
);

/** Length of what follows, number of the call, status, length of the text: the path of a call, or what went wrong. */
const HEAD = 13;

/** Reads and writes the frames of a socket. */
function framed(socket, take) {
  let held = Buffer.alloc(0);
  let waiting = [];
  socket.setNoDelay(true);
  socket.on("data", (chunk) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    while (held.length >= HEAD && held.length >= held.readUInt32LE(0)) {
      const end = held.readUInt32LE(0);
      const text = HEAD + held.readUInt32LE(9);
      const frame = {
        call: held.readUInt32LE(4),
        code: held.readUInt8(8),
        text: held.toString("utf8", HEAD, text),
        message: held.subarray(text, end),
      };
      held = held.subarray(end);
      take(frame);
    }
  });
  return ({ call, code = status.OK, text = "", message = Buffer.alloc(0) }) => {
    const head = Buffer.alloc(HEAD);
    const texted = Buffer.from(text);
    head.writeUInt32LE(HEAD + texted.length + message.length, 0);
    head.writeUInt32LE(call, 4);
    head.writeUInt8(code, 8);
    head.writeUInt32LE(texted.length, 9);
    // What is said in one turn goes at once, so that the order of what is answered hangs on no clock.
    if (waiting.length === 0)
      setImmediate(() => {
        if (socket.writable) socket.write(Buffer.concat(waiting));
        waiting = [];
      });
    waiting.push(head, texted, message);
  };
}

function serviceError(code, details) {
  return Object.assign(new Error(`${code} ${status[code]}: ${details}`), {
    code,
    details,
    metadata: undefined,
  });
}

/** One for each address, so that a log and a resource arrive in the order in which they were sent. */
const connections = new Map();

class Connection {
  constructor(address) {
    const at = address.lastIndexOf(":");
    this.calls = new Map();
    this.last = 0;
    this.socket = net.connect({ host: address.slice(0, at), port: Number(address.slice(at + 1)) });
    this.send = framed(this.socket, ({ call, ...answer }) => this.end(call, answer));
    this.socket.on("error", () => {});
    this.socket.once("close", () => {
      connections.delete(address);
      for (const call of this.calls.keys())
        this.end(call, { code: status.UNAVAILABLE, text: `${address} does not answer` });
    });
  }

  call(text, message, answer) {
    const call = (this.last = (this.last + 1) % 2 ** 32);
    this.calls.set(call, answer);
    // An answer is waited for, and nothing else.
    this.socket.ref();
    this.send({ call, text, message });
  }

  end(call, answer) {
    const answered = this.calls.get(call);
    this.calls.delete(call);
    if (this.calls.size === 0) this.socket.unref();
    answered?.(answer);
  }
}

function connectionTo(address) {
  const connection = connections.get(address) ?? new Connection(address);
  connections.set(address, connection);
  return connection;
}

function makeGenericClientConstructor(methods) {
  class Client {
    constructor(address) {
      this.address = address;
    }

    /** A connection keeps no process waiting, and ends with the one that it leads to. */
    close() {}
  }
  for (const [name, { path, requestSerialize, responseDeserialize }] of Object.entries(methods))
    Client.prototype[name] = function (request, ...rest) {
      const callback = rest.at(-1);
      connectionTo(this.address).call(path, requestSerialize(request), ({ code, text, message }) => {
        if (code === status.OK) callback(null, responseDeserialize(message));
        else callback(serviceError(code, text));
      });
    };
  return Client;
}

class Server {
  #methods = new Map();
  #sockets = new Set();
  /** Where Pulumi's SDK looks for what it lets go of: https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/nodejs/runtime/callbacks.ts */
  http2Servers = new Map();

  addService(definition, implementation) {
    for (const [name, method] of Object.entries(definition))
      this.#methods.set(method.path, { ...method, handle: implementation[name] });
  }

  bindAsync(address, _, bound) {
    const at = address.lastIndexOf(":");
    const server = net.createServer((socket) => {
      this.answer(socket);
      server.emit("session", socket);
    });
    this.http2Servers.set(server, {});
    server.once("error", (error) => bound(error, 0));
    server.listen(Number(address.slice(at + 1)), address.slice(0, at), () =>
      bound(null, server.address().port),
    );
  }

  /** Answers what comes over a socket. */
  answer(socket) {
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => this.#sockets.delete(socket));
    const send = framed(socket, ({ call, text, message }) => {
      const { handle, requestDeserialize, responseSerialize } = this.#methods.get(text) ?? {};
      if (!handle) return send({ call, code: status.UNIMPLEMENTED, text: `nobody answers ${text}` });
      const request = requestDeserialize(message);
      const answer = (error, response) => {
        if (error) send({ call, code: error.code ?? status.UNKNOWN, text: error.details ?? error.message });
        else send({ call, message: responseSerialize(response) });
      };
      // Each in a turn of its own: what one call does at once, such as to end a deployment, is done before the next.
      return setImmediate(() => handle({ request }, answer));
    });
  }

  forceShutdown() {
    for (const server of this.http2Servers.keys()) server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

class StatusBuilder {
  #status = {};

  withCode(code) {
    this.#status.code = code;
    return this;
  }

  withDetails(details) {
    this.#status.details = details;
    return this;
  }

  build() {
    return { ...this.#status };
  }
}

const insecure = { createInsecure: () => ({}) };
const own = {
  __esModule: true,
  status,
  credentials: insecure,
  ServerCredentials: insecure,
  makeGenericClientConstructor,
  Server,
  StatusBuilder,
};

exports.grpc = own;

/**
 * Loads modules of Pulumi's SDK that take this for gRPC. Whoever asks for gRPC later is given gRPC.
 *
 * @template T
 * @param {(load: NodeJS.Require) => T} work
 */
exports.withoutGrpc = function withoutGrpc(work) {
  const file = sdk.resolve(GRPC);
  const { [file]: before } = require.cache;
  const real = before === undefined ? () => sdk(GRPC) : () => before.exports;
  const exports = new Proxy(own, { get: (_, name) => (name in own ? own[name] : real()[name]) });
  require.cache[file] = Object.assign(new Module(file), { loaded: true, exports });
  try {
    return work(sdk);
  } finally {
    if (before === undefined) delete require.cache[file];
    else require.cache[file] = before;
  }
};
