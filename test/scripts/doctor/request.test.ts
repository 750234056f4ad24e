import http from "node:http";
import net, { type AddressInfo } from "node:net";
import tls from "node:tls";
import { afterEach, expect, test, vi } from "vitest";

import { shakeHands } from "../../../scripts/doctor/site/handshake.ts";
import { get } from "../../../scripts/doctor/site/request.ts";
import { Authority } from "../../certificates.ts";

const open: { readonly server: net.Server; readonly sockets: Set<net.Socket> }[] = [];

afterEach(() => {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});

/** The port of a server on an address of this machine. */
async function listen(server: net.Server, address = "127.0.0.1"): Promise<number> {
  const sockets = new Set<net.Socket>();
  server.on("connection", (socket: net.Socket) => sockets.add(socket.on("error", () => {})));
  open.push({ server, sockets });
  await new Promise<void>((listening) => server.listen(0, address, listening));
  return (server.address() as AddressInfo).port;
}

const ask = (port: number, milliseconds: number) =>
  get({ milliseconds }, new URL(`http://127.0.0.1:${port}/health`));

const web = (answer: (response: http.ServerResponse) => void) =>
  http.createServer((_, response) => answer(response.on("error", () => {})));
const raw = (text: string) => net.createServer((socket) => void socket.once("data", () => socket.end(text)));

test.each<[string, net.Server, string]>([
  [
    "hangs in the middle",
    web((response) => void response.writeHead(200, { "content-length": 9 }).write("{")),
    "begins to answer, and does not end within 0.2 s",
  ],
  [
    "drips for ever",
    web((response) => {
      const timer = setInterval(() => response.write("x"), 20);
      response.on("close", () => clearInterval(timer));
    }),
    "begins to answer, and does not end within 0.2 s",
  ],
  ["is silent", net.createServer(), "does not answer within 0.2 s"],
  [
    "breaks off",
    net.createServer((socket) => void socket.once("data", () => socket.destroy())),
    "breaks the connection",
  ],
  ["speaks SSH", raw("SSH-2.0-OpenSSH_9.2\r\n"), "does not speak HTTP there (HPE_INVALID_CONSTANT)"],
  [
    "says too much first",
    raw(`HTTP/1.1 200 OK\r\nX: ${"x".repeat(100_000)}\r\n\r\n`),
    "does not speak HTTP there (HPE_HEADER_OVERFLOW)",
  ],
])("of a server that %s it says so, in time", async (_, server, message) => {
  const port = await listen(server);
  const begun = Date.now();
  await expect(ask(port, 200)).rejects.toThrow(message);
  expect(Date.now() - begun).toBeLessThan(2000);
});

test("of an answer that is endless the beginning is read, and nothing is unpacked", async () => {
  const sent: unknown[] = [];
  const port = await listen(
    http.createServer((request, response) => {
      sent.push(request.headers["accept-encoding"]);
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(100_000)));
      };
      response.on("drain", more).on("error", () => {});
      more();
    }),
  );
  const { body } = await ask(port, 5000);
  expect(body.length).toBeLessThanOrEqual(1_000_000);
  expect(sent).toEqual([undefined]);
});

test.each(["127.0.0.1", "::1"])("hands are shaken with %s, which is no name to ask for", async (address) => {
  const warned = vi.spyOn(process, "emitWarning");
  const { key, certificate } = await (await Authority.create("Nobody")).issue("nango.example.com", 90);
  const port = await listen(tls.createServer({ key, cert: certificate }), address);
  const host = address.includes(":") ? `[${address}]` : address;
  expect(await shakeHands(new URL(`https://${host}:${port}`), { milliseconds: 5000 })).toMatchObject({
    protocol: "TLSv1.3",
    refusal: "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  });
  expect(warned).not.toHaveBeenCalled();
});

test("a handshake that is fed byte by byte ends in time", async () => {
  const port = await listen(
    net.createServer((socket) => {
      const timer = setInterval(() => socket.write(Buffer.from([22])), 20);
      socket.on("close", () => clearInterval(timer));
    }),
  );
  const begun = Date.now();
  await expect(shakeHands(new URL(`https://127.0.0.1:${port}`), { milliseconds: 200 })).rejects.toThrow();
  expect(Date.now() - begun).toBeLessThan(2000);
});
