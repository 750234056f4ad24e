import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { ServerCertificate } from "../../certificates.ts";

/**
 * Behaves as a Redis 7 does until it is asked for data. Errors are those of the server itself:
 * https://github.com/redis/redis/blob/7.0.15/src/networking.c
 */
export class RedisServer {
  /** Passwords by user; nobody needs one while there are none. */
  passwords: Readonly<Record<string, string>> = {};
  mode = "standalone";
  role = "master";
  /** Answers in place of the server where it returns something; "silence" never answers, "hangup" closes. */
  intercept: (words: readonly string[]) => string | undefined = () => undefined;
  readonly commands: string[][] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /** Speaks TLS when it has a certificate. */
  constructor(tls?: ServerCertificate, options: { requestCert?: boolean } = {}) {
    const serve = (socket: Socket): void => this.#serve(socket);
    this.#server = tls
      ? createTlsServer({ key: tls.key, cert: tls.certificate, ...options, rejectUnauthorized: true }, serve)
      : createServer(serve);
    this.#server.on("connection", (socket: Socket) => this.#sockets.add(socket));
  }

  async listen(port = 0, host = "localhost"): Promise<number> {
    this.#server.listen(port, host);
    await once(this.#server, "listening");
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #serve(socket: Socket): void {
    let input = "";
    let known = false;
    socket.on("error", () => {});
    socket.setEncoding("utf8").on("data", (text: string) => {
      input += text;
      for (let words = take(); words !== undefined; words = take()) {
        this.commands.push(words);
        const answer = this.intercept(words) ?? this.#answer(words, known);
        known ||= answer.startsWith("%");
        if (answer === "hangup") socket.end();
        else if (answer !== "silence") socket.write(answer);
      }
    });
    // What does not begin as a command is read up to the end of a line, as TLS' first message is.
    const take = (): string[] | undefined => {
      const count = Number(/^\*(\d+)\r\n/.exec(input)?.[1]);
      if (!(count > 0)) return undefined;
      const parts = input.split("\r\n");
      if (parts.length < 2 * count + 2) return undefined;
      input = parts.slice(2 * count + 1).join("\r\n");
      return Array.from({ length: count }, (_, i) => parts[2 * i + 2] ?? "");
    };
  }

  #answer([name, , , user = "default", password]: readonly string[], known: boolean): string {
    if (name === "PING")
      return known || !this.passwords["default"] ? "+PONG\r\n" : "-NOAUTH Authentication required.\r\n";
    if (name !== "HELLO") return "-ERR unknown command\r\n";
    if (password === undefined && this.passwords["default"])
      return "-NOAUTH HELLO must be called with the client already authenticated\r\n";
    if (password !== undefined && this.passwords["default"] && this.passwords[user] !== password)
      return "-WRONGPASS invalid username-password pair or user is disabled.\r\n";
    const fields = { server: "redis", version: "7.0.15", mode: this.mode, role: this.role };
    const bulks = Object.entries(fields).flat();
    return `%${bulks.length / 2}\r\n${bulks.map((bulk) => `$${bulk.length}\r\n${bulk}\r\n`).join("")}`;
  }
}
