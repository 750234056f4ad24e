import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type * as random from "@pulumi/random";
import { generatedPassword } from "../generated-password.ts";
import { postgresUrl } from "../nango/connection-url.ts";
import { readScript } from "../nango/script-file.ts";
import { keptCertificates, type ServerCertificates } from "./certificates.ts";
import { type ContainerArgs, oneOffContainer, runningContainer } from "./container.ts";
import { pulledImage } from "./image.ts";
import type { OneOff } from "./run-to-end.ts";

export interface PostgresArgs extends Pick<ContainerArgs, "prefix" | "network" | "memory"> {
  /** The image, by a name that cannot change. Another major version does not read the data of this one. */
  readonly image: string;
  /** Whether there is a second database, for synced records. */
  readonly records: boolean;
  /** Another number than before makes another password. */
  readonly passwordGeneration: number;
  /** Whether Pulumi refuses to delete the data. */
  readonly protect: boolean;
}

/** The host name that the certificate is for. */
const host = "postgres";
const user = "nango";
const databases = { main: "nango", records: "nango_records" } as const;

const volumeFolder = "/var/lib/postgresql/data";
/** Not a tmpfs: a folder that the image does not have belongs to root there, and stays so when its container restarts. */
const tlsFolder = `${volumeFolder}/tls`;
const startScript = readScript(new URL("start-postgres.sh", import.meta.url));

const settings = {
  ssl: "on",
  ssl_cert_file: `${tlsFolder}/server.crt`,
  ssl_key_file: `${tlsFolder}/server.key`,
  ssl_min_protocol_version: "TLSv1.2",
  hba_file: `${tlsFolder}/pg_hba.conf`,
};

const createRecordsScript = `printf %s "$AUTHORITY" >/tmp/authority.crt
psql --no-psqlrc --set=ON_ERROR_STOP=1 "$URL&sslrootcert=/tmp/authority.crt" <<END
SELECT 'CREATE DATABASE ${databases.records}'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '${databases.records}') \\gexec
END
`;

/** What the containers of this component share. */
type Shared = Pick<ContainerArgs, "prefix" | "network" | "memory" | "image" | "user">;

/** Postgres that accepts encrypted connections only, by a certificate of an authority of its own. */
export class Postgres extends pulumi.ComponentResource {
  /** The verified connection URL of the main database. Secret. */
  readonly url: pulumi.Output<string>;
  /** The verified connection URL of the records database. Secret. */
  readonly recordsUrl: pulumi.Output<string>;
  /** The certificate that the server's own is verified with, as PEM. Not secret. */
  readonly authority: pulumi.Output<string>;
  readonly container: docker.Container;
  /** What has to run before the records database is used; nothing, when there is none. */
  readonly steps: readonly OneOff[];
  /** Opens psql in the container, over TLS and verified. */
  readonly psqlCommand: pulumi.Output<string>;

  constructor(name: string, args: PostgresArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nango:docker:Postgres", name, {}, opts);
    const kept = { parent: this, protect: args.protect };
    const certificates = keptCertificates(`${name}-certificates`, host, { parent: this });
    const password = generatedPassword(
      `${name}-password`,
      { length: 40, special: false, generation: args.passwordGeneration },
      { parent: this },
    );
    const volume = new docker.Volume(`${name}-data`, {}, kept);
    const url = (database: string) =>
      pulumi.secret(
        password.result.apply((secret) =>
          postgresUrl({ host, user, password: secret, database, tls: "verified" }),
        ),
      );
    this.url = url(databases.main);
    this.recordsUrl = url(databases.records);
    this.authority = pulumi.unsecret(certificates.authority);
    const image = pulledImage(`${name}-image`, { reference: args.image }, { parent: this });
    const shared = {
      prefix: args.prefix,
      network: args.network,
      memory: args.memory,
      image,
      user: "postgres",
    };
    this.container = this.server(name, shared, certificates, password, volume);
    this.steps = args.records ? [this.createRecords(`${name}-create-records`, shared)] : [];
    this.psqlCommand = pulumi.interpolate`docker exec --interactive --tty ${this.container.name} sh -c 'PGPASSWORD=$POSTGRES_PASSWORD exec psql "host=${host} user=${user} dbname=${databases.main} sslmode=verify-full sslrootcert=${tlsFolder}/authority.crt"'`;
    this.registerOutputs({ volume: volume.name });
  }

  private server(
    name: string,
    shared: Shared,
    certificates: pulumi.Output<ServerCertificates>,
    password: random.RandomPassword,
    volume: docker.Volume,
  ): docker.Container {
    return runningContainer(
      name,
      {
        ...shared,
        service: host,
        entrypoint: ["sh", "-ec", startScript, "sh"],
        command: [
          "postgres",
          ...Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`]),
        ],
        environment: {
          POSTGRES_USER: user,
          POSTGRES_PASSWORD: password.result,
          POSTGRES_DB: databases.main,
          PGDATA: `${volumeFolder}/pgdata`,
          TLS_FOLDER: tlsFolder,
          AUTHORITY: certificates.authority,
          CERTIFICATE: certificates.certificate,
          KEY: certificates.key,
        },
        stopSeconds: 60,
        // Over TCP: the server that fills an empty volume listens on a socket only.
        health: { command: ["pg_isready", "--host=127.0.0.1", `--username=${user}`], startSeconds: 120 },
        more: {
          tmpfs: { "/var/run/postgresql": "", "/tmp": "" },
          volumes: [{ volumeName: volume.name, containerPath: volumeFolder }],
          // The engine's 64 MB are too few for parallel queries.
          shmSize: 128,
        },
      },
      { parent: this },
    );
  }

  /** Makes the records database where it is not there yet, be the volume new or old. */
  private createRecords(name: string, shared: Shared): OneOff {
    const container = oneOffContainer(
      name,
      {
        ...shared,
        service: "create-records",
        entrypoint: ["sh", "-ec"],
        command: [createRecordsScript],
        environment: { URL: this.url, AUTHORITY: this.authority },
        stopSeconds: 10,
        more: { tmpfs: { "/tmp": "" } },
      },
      { parent: this },
    );
    return { container, purpose: "creation of the records database" };
  }
}
