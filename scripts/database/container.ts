import type { Login } from "./login.ts";
import { type Wish, type Words, wordsFor } from "./tools.ts";

/** Where the stack's own Postgres runs. */
export interface PostgresContainer {
  /** The address of the Docker engine. */
  readonly host: string;
  readonly container: string;
  readonly login: Login;
  readonly readOnly: boolean;
}

/** A program in the container, whose standard input or output is a file of this machine. */
export interface InContainer {
  readonly words: Words;
  readonly input?: string;
  readonly output?: string;
}

/** The container knows the password, and the authority of the server's certificate: infra/docker/start-postgres.sh. */
const script = 'PGPASSWORD=$POSTGRES_PASSWORD PGSSLROOTCERT=$TLS_FOLDER/authority.crt exec "$@"';

/** What does it in the container of the stack's own Postgres, which has the programs in the right version. */
export function inContainer(
  wish: Wish,
  { host, container, login, readOnly }: PostgresContainer,
): InContainer {
  const options = readOnly ? " options='-c default_transaction_read_only=on'" : "";
  const connection = `host=${login.host} user=${login.user} dbname=${login.database} sslmode=verify-full${options}`;
  const terminal = wish.deed === "psql" && wish.command === undefined ? ["--tty"] : [];
  return {
    words: [
      "docker",
      "--host",
      host,
      "exec",
      "--interactive",
      ...terminal,
      container,
      "sh",
      "-c",
      script,
      "sh",
      ...wordsFor(wish, connection, "-"),
    ],
    ...(wish.deed === "restore" && wish.file !== undefined ? { input: wish.file } : {}),
    ...(wish.deed === "dump" && wish.file !== undefined ? { output: wish.file } : {}),
  };
}
