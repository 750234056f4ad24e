import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { namespace } from "../../bootstrap/configuration.ts";
import type { BootstrapOutputs } from "../../bootstrap/outputs.ts";
import { secretsProvider } from "../../bootstrap/secrets-key.ts";
import { UserError } from "../../project/user-error.ts";
import { documentToChange } from "../../project/yaml.ts";
import type { Answer } from "../pulumi/cli.ts";

/** Asks the Pulumi CLI about a bootstrap stack, in a backend. */
export type AskIn = (backend: string, args: readonly string[]) => Promise<Answer>;

/**
 * Puts the state of a bootstrap stack into the bucket that it made, and says so in its file. What was moved is read back
 * before the file is written: until then the state where it was counts.
 * @throws UserError with the CLI's words.
 */
export async function moveState(
  stack: string,
  from: string,
  { backend, secretsKeyArn }: BootstrapOutputs,
  region: string,
  file: string,
  ask: AskIn,
): Promise<void> {
  const provider = secretsProvider(secretsKeyArn, region, namespace);
  const folder = mkdtempSync(path.join(tmpdir(), "nango-bootstrap-"));
  try {
    const exported = path.join(folder, "state.json");
    await all(ask, from, ["stack", "export", "--stack", stack, "--file", exported]);
    // A run before this one may have come so far.
    const there = await ask(backend, ["stack", "select", stack, "--non-interactive"]);
    if (there.code !== 0) await all(ask, backend, ["stack", "init", stack, "--secrets-provider", provider]);
    await all(ask, backend, ["stack", "import", "--stack", stack, "--file", exported]);
    // What was exported still wants the passphrase.
    await all(ask, backend, ["stack", "change-secrets-provider", "--stack", stack, provider]);
    const moved = await all(ask, backend, ["stack", "export", "--stack", stack]);
    if (urnsIn(moved) !== urnsIn(readFileSync(exported, "utf8")))
      throw new UserError(
        `The state in ${backend} is not what was moved there: it stays where it was, in ${from}.`,
      );
  } finally {
    rmSync(folder, { recursive: true });
  }
  const document = documentToChange(readFileSync(file, "utf8"));
  document.setIn(["config", `${namespace}:backend`], backend);
  writeFileSync(file, document.toString({ lineWidth: 0 }));
}

async function all(ask: AskIn, backend: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await ask(backend, args);
  if (code === 0) return stdout;
  throw new UserError(
    `The account is prepared, but the state of the bootstrap cannot be moved into its bucket: ${stderr.trimEnd()}\n` +
      "It stays where it is. Once that is mended, npm run bootstrap goes on from here.",
  );
}

/** Which resources an exported state has. */
function urnsIn(exported: string): string {
  const { deployment } = JSON.parse(exported) as { deployment: { resources?: readonly { urn: string }[] } };
  return (deployment.resources ?? []).map(({ urn }) => urn).join("\n");
}
