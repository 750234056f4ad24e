import * as pulumi from "@pulumi/pulumi";
import type { DockerProgramConfig } from "../config/index.ts";
import type { GeneratedSecrets } from "../generated-secrets.ts";
import { dashboardOutputs, type StackOutputs, withoutAbsent } from "../outputs.ts";
import type { NangoContainers } from "./nango-containers.ts";
import type { Postgres } from "./postgres.ts";

/** The origin at a published port. OAuth providers that allow plain HTTP do so for the name `localhost`. */
export function origin(port: number): string {
  return `http://localhost:${port}`;
}

/** The outputs of a stack on Docker. */
export function outputs(
  config: DockerProgramConfig,
  made: {
    readonly secrets: GeneratedSecrets;
    readonly nango: NangoContainers;
    readonly postgres: Postgres | undefined;
  },
): StackOutputs<"docker"> {
  const { secrets, nango, postgres } = made;
  const { dashboard } = config;
  const url = origin(config.ports.server);
  return withoutAbsent({
    url,
    // https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/shared/lib/utils/utils.ts#L166-L174
    callbackUrl: `${url}/oauth/callback`,
    connectUrl: origin(config.ports.connect),
    ...(dashboard.auth === "basic" && dashboardOutputs(dashboard.user, secrets, config.stack)),
    encryptionKeyFingerprint: secrets.encryptionKeyFingerprint,
    tailLogs: pulumi.interpolate`docker logs --follow ${nango.server.name}`,
    readMigrationLogs: pulumi.interpolate`docker logs ${nango.migration.name}`,
    openShell: pulumi.interpolate`docker exec --interactive --tty ${nango.server.name} bash`,
    restart: pulumi.interpolate`docker restart ${nango.server.name}`,
    openPsql: postgres?.psqlCommand,
  });
}
