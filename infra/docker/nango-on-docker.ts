import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { DockerProgramConfig } from "../config/index.ts";
import { rememberedKey } from "../encryption-key-change.ts";
import { GeneratedSecrets } from "../generated-secrets.ts";
import { type Environment, serverEnvironment } from "../nango/environment.ts";
import { certificatesFile } from "../nango/task-script.ts";
import type { StackOutputs } from "../outputs.ts";
import { createDataServices, type DataServices } from "./data-services.ts";
import { NangoContainers } from "./nango-containers.ts";
import { origin, outputs } from "./outputs.ts";

/** Nango's free edition in containers on a Docker engine. */
export class NangoOnDocker extends pulumi.ComponentResource {
  /** What the stack tells its user. */
  readonly outputs: StackOutputs<"docker">;
  /** By which its containers reach each other, and others may reach them. */
  readonly network: docker.Network;

  constructor(name: string, config: DockerProgramConfig, opts?: pulumi.ComponentResourceOptions) {
    super("nango:docker:Nango", name, {}, opts);
    const parent = { parent: this };
    const prefix = `${name}-${config.stack}`;

    // Containers of other networks cannot reach its hosts, and nothing of it is published that does not say so.
    const network = new docker.Network(name, { driver: "bridge" }, parent);
    const data = createDataServices(config, { name, prefix, network, parent });
    const secrets = new GeneratedSecrets(
      name,
      { given: config.secrets, rotations: config.rotations, protect: config.protect },
      parent,
    );
    const key = rememberedKey(
      name,
      { fingerprint: secrets.encryptionKeyFingerprint, allowChange: config.allowEncryptionKeyChange },
      parent,
    );
    const nango = new NangoContainers(
      name,
      {
        prefix,
        network,
        config,
        environment: environment(config, data, secrets),
        certificates: data.certificates,
        steps: data.postgres?.steps ?? [],
        requirements: [...data.containers, key],
      },
      parent,
    );

    this.network = network;
    this.outputs = outputs(config, { secrets, nango, postgres: data.postgres });
    this.registerOutputs({ url: this.outputs.url });
  }
}

/** The environment of Nango's server in this deployment. */
function environment(
  config: DockerProgramConfig,
  data: DataServices,
  secrets: GeneratedSecrets,
): Environment<pulumi.Output<string>> {
  return serverEnvironment({
    ...data.endpoints,
    serverUrl: origin(config.ports.server),
    connectUrl: origin(config.ports.connect),
    websocketsPath: config.service.websocketsPath,
    certificatesFile: data.certificates === undefined ? undefined : certificatesFile,
    pools: config.pools,
    apiRateLimitPerMinute: config.apiRateLimitPerMinute,
    encryptionKey: secrets.encryptionKey,
    adminKey: secrets.adminKey,
    dashboard:
      config.dashboard.auth === "basic"
        ? { ...config.dashboard, password: secrets.dashboardPassword, apiKeys: secrets.apiKeys }
        : config.dashboard,
    email: config.email,
    allowPrivateAddresses: config.allowPrivateAddresses,
    extra: config.environment,
  });
}
