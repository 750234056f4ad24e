import type { RecordedResource, Rehearsal, RehearseOptions } from "../../rehearsal/rehearse.ts";
import { rehearse } from "../rehearse.ts";

/** What a stack on Docker may look like: options of a rehearsal, by name. */
export const topologies = {
  local: { stack: "local" },
  everything: {
    stack: "local",
    set: {
      logs: "opensearch",
      redis: "container",
      recordsDatabase: "dedicated",
      allowPrivateAddresses: "true",
      dockerServerPort: "13003",
      dockerConnectPort: "13009",
    },
  },
  "everything given": {
    stack: "local",
    set: {
      logs: "external",
      logsProvider: "opensearch",
      logsUrl: "https://logs.example.com",
      logsUser: "nango",
    },
    secrets: {
      databaseUrl: "postgresql://nango:s%40cret-one@db.example.com:5432/nango",
      recordsDatabaseUrl: "postgresql://nango:s%40cret-two@records.example.com:5432/nango",
      encryptionKey: Buffer.alloc(32, 7).toString("base64"),
      dashboardPassword: "given-password-of-the-dashboard",
      apiKeyProd: "8a6e0804-2bd0-4672-b79d-d97027f9071a",
      apiKeyDev: "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
      logsPassword: "given-password-of-the-logs",
      redisUrl: "rediss://:given-token-of-redis@redis.example.com:6379",
      environment: '{"DD_API_KEY":"given-key-in-the-environment"}',
    },
  },
  accounts: {
    stack: "local",
    set: { dashboardAuth: "accounts", smtpFrom: "Nango <nango@example.com>" },
    secrets: { smtpUrl: "smtps://user:mail-password@smtp.example.com:465" },
  },
} satisfies Record<string, RehearseOptions>;

export type Topology = keyof typeof topologies;

export const topologyNames = Object.keys(topologies) as Topology[];

/** The rehearsed first deployment of a topology. */
export function deployed(topology: Topology, mode: "preview" | "update" = "update"): Promise<Rehearsal> {
  return rehearse({ ...topologies[topology], mode });
}

/** The inputs of a container that the tests look at. */
interface ContainerInputs {
  readonly name: string;
  readonly image: string;
  readonly user: string;
  readonly command: readonly string[];
  readonly envs: readonly string[];
  readonly readOnly: boolean;
  readonly capabilities: { readonly drops: readonly string[] };
  readonly securityOpts: readonly string[];
  readonly memory: number;
  readonly memorySwap: number;
  readonly stopTimeout: number;
  readonly destroyGraceSeconds: number;
  readonly start?: boolean;
  readonly mustRun?: boolean;
  readonly attach?: boolean;
  readonly restart?: string;
  readonly wait?: boolean;
  readonly healthcheck?: Readonly<Record<"interval" | "timeout" | "startPeriod", string>>;
  readonly platform?: string;
  readonly ports?: readonly { readonly ip: string; readonly external: number; readonly internal: number }[];
  readonly volumes?: readonly {
    readonly volumeName: string;
    readonly containerPath: string;
    readonly readOnly?: boolean;
  }[];
  readonly networksAdvanced: readonly { readonly name: string; readonly aliases: readonly string[] }[];
  readonly hosts?: readonly { readonly host: string; readonly ip: string }[];
}

export type Container = Omit<RecordedResource, "inputs"> & { readonly inputs: ContainerInputs };

/** The containers by the names by which they reach each other. */
export function containersOf({ resources }: Rehearsal): Record<string, Container> {
  const containers = resources.filter(({ type }) => type === "docker:index/container:Container");
  return Object.fromEntries(
    (containers as unknown as Container[]).map((container) => [
      container.inputs.networksAdvanced[0]!.aliases[0]!,
      container,
    ]),
  );
}

/** A container's environment by name. */
export function environmentOf({ inputs }: Container): Record<string, string> {
  return Object.fromEntries(
    inputs.envs.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
}
