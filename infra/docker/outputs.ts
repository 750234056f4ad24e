import * as pulumi from "@pulumi/pulumi";
import type { DockerProgramConfig } from "../config/index.ts";
import type { GeneratedSecrets } from "../generated-secrets.ts";
import type { NangoContainers } from "./nango-containers.ts";
import type { Postgres } from "./postgres.ts";

type Text = pulumi.Output<string> | string;

/** The outputs of a stack on Docker. Those that are also outputs on AWS mean the same. */
export interface StackOutputs {
  /** The origin of the API and the dashboard. */
  readonly url: Text;
  /** The redirect URI to register with OAuth providers. */
  readonly callbackUrl: Text;
  /** The origin of Connect UI. */
  readonly connectUrl: Text;
  /** The dashboard's user, with basic authentication. */
  readonly dashboardUser?: Text;
  /** The dashboard's password, with basic authentication. Secret. */
  readonly dashboardPassword?: Text;
  /** The API key of the environment `prod`, with basic authentication. Secret. */
  readonly apiKeyProd?: Text;
  /** The API key of the environment `dev`, with basic authentication. Secret. */
  readonly apiKeyDev?: Text;
  /** Which encryption key is in use, without telling it. */
  readonly encryptionKeyFingerprint: Text;
  /** Commands to copy. */
  readonly commands: Readonly<Record<string, Text>>;
}

/** The origin at a published port. OAuth providers that allow plain HTTP do so for the name `localhost`. */
export function origin(port: number): string {
  return `http://localhost:${port}`;
}

export function outputs(
  config: DockerProgramConfig,
  made: {
    readonly secrets: GeneratedSecrets;
    readonly nango: NangoContainers;
    readonly postgres: Postgres | undefined;
  },
): StackOutputs {
  const { secrets, nango, postgres } = made;
  const { dashboard } = config;
  const url = origin(config.ports.server);
  return {
    url,
    // https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/shared/lib/utils/utils.ts#L166-L174
    callbackUrl: `${url}/oauth/callback`,
    connectUrl: origin(config.ports.connect),
    ...(dashboard.auth === "basic" && {
      dashboardUser: dashboard.user,
      dashboardPassword: secrets.dashboardPassword,
      apiKeyProd: secrets.apiKeys.prod,
      apiKeyDev: secrets.apiKeys.dev,
    }),
    encryptionKeyFingerprint: secrets.encryptionKeyFingerprint,
    commands: {
      tailLogs: pulumi.interpolate`docker logs --follow ${nango.server.name}`,
      migrationLogs: pulumi.interpolate`docker logs ${nango.migration.name}`,
      openShell: pulumi.interpolate`docker exec --interactive --tty ${nango.server.name} bash`,
      ...(postgres === undefined ? {} : { psql: postgres.psqlCommand }),
      ...(dashboard.auth === "basic" && {
        readPassword: `npx pulumi stack output dashboardPassword --show-secrets -s ${config.stack}`,
      }),
    },
  };
}
