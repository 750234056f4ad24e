import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

/** A profile of the AWS CLI's files. */
export interface Profile {
  readonly name: string;
  readonly region: string | undefined;
}

/**
 * The profiles of the AWS CLI's files, in the order in which they stand there.
 * https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html
 */
export function awsProfiles(environment: NodeJS.ProcessEnv): Profile[] {
  const files = [
    [environment["AWS_CONFIG_FILE"] ?? path.join(homedir(), ".aws/config"), /^profile\s+(.+)$|^(default)$/],
    [environment["AWS_SHARED_CREDENTIALS_FILE"] ?? path.join(homedir(), ".aws/credentials"), /^(.+)$/],
  ] as const;
  const profiles = new Map<string, Profile>();
  for (const [file, heading] of files) {
    for (const { title, region } of existsSync(file) ? sections(readFileSync(file, "utf8")) : []) {
      const [, ...names] = heading.exec(title) ?? [];
      const name = names.find((part) => part !== undefined)?.replaceAll(/["']/g, "");
      if (name !== undefined) profiles.set(name, { name, region: profiles.get(name)?.region ?? region });
    }
  }
  return [...profiles.values()];
}

function sections(text: string): { title: string; region: string | undefined }[] {
  return text
    .split(/^\s*(?=\[)/m)
    .map((section) => ({
      title: /^\[\s*([^\]]+?)\s*\]/.exec(section)?.[1] ?? "",
      region: /^region\s*=\s*(\S+)/m.exec(section)?.[1],
    }))
    .filter(({ title }) => title !== "");
}
