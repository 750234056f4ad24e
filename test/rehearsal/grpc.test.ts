import { createRequire } from "node:module";
import net from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { grpc } from "../../rehearsal/sdk.ts";

interface Call {
  readonly request: string;
}
type Answer = (error: object | null, response?: string) => void;
interface Client {
  say(request: string, ...rest: unknown[]): void;
  forget(request: string, answer: (error: object | null) => void): void;
}

const text = { requestSerialize: Buffer.from, requestDeserialize: String, responseSerialize: Buffer.from };
const method = (path: string) => ({ ...text, path, responseDeserialize: String });
const definition = { say: method("/test/Say"), forget: method("/test/Forget") };

let asked: string[] = [];
let server: InstanceType<typeof grpc.Server>;
let listening: net.Server;
let client: Client;
beforeEach(async () => {
  asked = [];
  server = new grpc.Server();
  const say = ({ request }: Call, answer: Answer) => {
    asked.push(request);
    if (request.startsWith("fail")) answer({ code: grpc.status.INVALID_ARGUMENT, details: `${request} é` });
    else if (request === "throw") answer(new Error("unexpected"));
    else if (request !== "nothing") answer(null, `you said ${request}`);
  };
  server.addService(definition as never, { say });
  listening = net.createServer((socket) => server.answer(socket));
  await new Promise<void>((ready) => listening.listen(0, "127.0.0.1", ready));
  const { port } = listening.address() as net.AddressInfo;
  const Client = grpc.makeGenericClientConstructor(definition as never, "Test");
  client = new Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure()) as unknown as Client;
});
afterEach(() => {
  server.forceShutdown();
  listening.close();
});

const say = (request: string, ...between: unknown[]) =>
  new Promise((resolve) => client.say(request, ...between, (...answer: unknown[]) => resolve(answer)));

test("calls are answered each with its own, in the order in which they were made, whatever their length", async () => {
  const long = "é".repeat(300_000);
  const requests = ["a", "", long, "b"];
  expect(await Promise.all(requests.map((request) => say(request, {}, {})))).toEqual(
    requests.map((request) => [null, `you said ${request}`]),
  );
  expect(asked).toEqual(requests);
});

test("an error says what gRPC's says", async () => {
  const [error] = (await say("fail")) as [Error];
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ code: 3, details: "fail é", message: "3 INVALID_ARGUMENT: fail é" });
  expect(await say("throw")).toMatchObject([{ code: grpc.status.UNKNOWN, details: "unexpected" }]);
  expect(await new Promise((resolve) => client.forget("me", resolve))).toMatchObject({
    code: grpc.status.UNIMPLEMENTED,
    details: "nobody answers /test/Forget",
  });
});

test("who waits for an answer when the connection ends is told, and who calls then", async () => {
  const waiting = say("nothing");
  await say("something");
  server.forceShutdown();
  const gone = [{ code: grpc.status.UNAVAILABLE, details: expect.stringMatching(/^127.*does not answer$/) }];
  expect(await waiting).toMatchObject(gone);
  listening.close();
  expect(await say("again")).toMatchObject(gone);
});

test("bytes come as they come", async () => {
  const { port } = listening.address() as net.AddressInfo;
  const recorded = await new Promise<Buffer>((resolve) => {
    const spy = net
      .createServer((socket) => socket.once("data", resolve))
      .listen(0, "127.0.0.1", () => {
        const Client = grpc.makeGenericClientConstructor(definition as never, "Test");
        const { port: there } = spy.address() as net.AddressInfo;
        const other = new Client(`127.0.0.1:${there}`, grpc.credentials.createInsecure());
        (other as unknown as Client).say("one by one", () => spy.close());
      });
  });
  const socket = net.connect(port, "127.0.0.1").setNoDelay(true);
  for (const byte of recorded) {
    socket.write(Buffer.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const [answer] = await new Promise<Buffer[]>((resolve) => socket.once("data", (data) => resolve([data])));
  expect(String(answer)).toContain("you said one by one");
  socket.destroy();
});

test("who loads gRPC, or a client of Pulumi's SDK, is given gRPC", () => {
  const load = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"));
  const real = load("@grpc/grpc-js") as typeof import("@grpc/grpc-js");
  expect(real.Client.name).toBe("Client");
  const { EngineClient } = load("./proto/engine_grpc_pb.js") as { EngineClient: object };
  expect(Object.getPrototypeOf(EngineClient)).toBe(real.Client);
});
