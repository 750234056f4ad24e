/** Where a stack is in AWS, and by which profile its settings go there (`aws:region`, `aws:profile`). */
export interface AwsPlace {
  /** Undefined for services that are the same in every region. */
  readonly region: string | undefined;
  readonly profile?: string | undefined;
}

/**
 * A command of the AWS CLI, quoted for a POSIX shell, against the region and with the profile of a stack.
 * @param words Service and operation, and what follows them.
 */
export function awsCommand(words: readonly string[], { region, profile }: AwsPlace): string {
  const command = [
    "aws",
    ...words.slice(0, 2),
    ...(region === undefined ? [] : ["--region", region]),
    ...(profile === undefined ? [] : ["--profile", profile]),
    ...words.slice(2),
  ];
  return command
    .map((word) => (/^[\w./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(" ");
}
