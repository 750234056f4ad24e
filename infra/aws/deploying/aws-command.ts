import type { AwsProviderConfig } from "./client-options.ts";

/** A command of the AWS CLI, quoted for a POSIX shell, against the region and with the profile of a deployment. */
export function awsCommand(
  words: readonly string[],
  { region, profile }: { readonly region: string } & Pick<AwsProviderConfig, "profile">,
): string {
  const command = [
    "aws",
    ...words,
    "--region",
    region,
    ...(profile === undefined ? [] : ["--profile", profile]),
  ];
  return command
    .map((word) => (/^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(" ");
}
