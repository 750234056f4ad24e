import type { Rotatable } from "../../infra/config/settings/secrets.ts";
import type { Properties } from "../../project/values.ts";
import { getWithSecret, NoAnswer } from "../doctor/site/request.ts";
import type { Network, Secrets } from "../doctor/site/site.ts";
import { secretsIn } from "../doctor/stack.ts";
import type { DeployedStack } from "../pulumi/deployed-stack.ts";
import { readOutputs } from "../pulumi/outputs.ts";

/** What a proof says, and whether it says what it should. */
interface Proof {
  readonly lines: readonly string[];
  readonly ok: boolean;
}

/** A value that opens Nango: what is asked with it, and as whom. */
interface Login {
  readonly what: string;
  readonly path: string;
  readonly authorization: string;
}

/** Values from before, of which Nango itself can be asked afterwards whether it refuses them. */
export interface OldValues {
  /** Asks Nango with the old values and with the new ones. */
  readonly refused: (network: Network) => Promise<Proof>;
}

/** Keeps the values of a secret that is about to be made anew. */
export async function keepOldValues(
  deployed: DeployedStack,
  stack: string,
  secret: Rotatable,
): Promise<OldValues> {
  const read = async () => readOutputs(deployed.cli, stack, ["--show-secrets"]);
  const before = loginsOf(secret, await read().catch(() => ({})));
  return {
    refused: async (network) => {
      const outputs = await read();
      return proved(before, loginsOf(secret, outputs), String(outputs["url"]), network, deployed.name);
    },
  };
}

function loginsOf(secret: Rotatable, outputs: Properties): readonly Login[] {
  const { dashboard, apiKeys }: Secrets = secretsIn(outputs);
  if (secret === "dashboard" && dashboard !== undefined) {
    const { user, password } = dashboard;
    const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
    return [{ what: "password of the dashboard", path: "/api/v1/meta", authorization }];
  }
  if (secret !== "api-keys") return [];
  return Object.entries(apiKeys).map(([environment, key]) => ({
    what: `API key of ${environment}`,
    path: "/integrations",
    authorization: `Bearer ${key}`,
  }));
}

async function proved(
  before: readonly Login[],
  after: readonly Login[],
  url: string,
  network: Network,
  stack: string,
): Promise<Proof> {
  const doctor = `npm run doctor -- ${stack}`;
  const changed = before.flatMap((old) => {
    const login = after.find(({ what }) => what === old.what);
    return login === undefined || login.authorization === old.authorization ? [] : [{ old, login }];
  });
  try {
    const lines = await Promise.all(
      changed.map(async ({ old, login }) => {
        const [refused, accepted] = await Promise.all(
          [old, login].map(
            async ({ path, authorization }) =>
              (await getWithSecret(network, new URL(path, url), authorization)).status,
          ),
        );
        const ok = refused === 401 && accepted === 200;
        return {
          ok,
          line: ok
            ? `The old ${old.what} is refused, and the new one is accepted.`
            : `The old ${old.what} is answered with ${refused}, the new one with ${accepted}; 401 and 200 are right: ${doctor}`,
        };
      }),
    );
    return { lines: lines.map(({ line }) => line), ok: lines.every(({ ok }) => ok) };
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return {
      lines: [
        `Whether the old value is refused was not tried: ${url} ${error.message}. From where it is reached: ${doctor}`,
      ],
      ok: true,
    };
  }
}
