/** What the conditions of settings ask about a stack's other choices. */
export interface Circumstances {
  /** A key's text, as the stack's file has it, or its default. */
  readonly text: (key: string) => string;
  /** Whether a key differs from its default. */
  readonly isSet: (key: string) => boolean;
  /** Whether the stack makes an ElastiCache, by choice or because several replicas need it. */
  readonly makesCache: boolean;
  /** Whether Nango has a way to send mail, by SMTP or by what the environment adds. */
  readonly sendsMail: boolean;
  /** Whether the records database lies on the server of the main one. */
  readonly sharesServer: boolean;
  /** Whether the image is named by its digest. */
  readonly namesDigest: boolean;
}

/** What must hold elsewhere in the configuration for a key to have an effect. */
export interface Condition {
  /** The keys that decide it. */
  readonly keys: readonly string[];
  /** The condition, for the reference. */
  readonly words: string;
  readonly holds: (circumstances: Circumstances) => boolean;
  /** Why the key has no effect where the condition does not hold: what follows "has no effect". */
  readonly otherwise: (circumstances: Circumstances) => string;
  /** What else than removing the key mends it, as a command; undefined where removing it is the way out. */
  readonly remedy?: string;
  /** The conditions that it consists of, where all of several have to hold. */
  readonly parts?: readonly Condition[];
}

/** Another key has one of these values, written as in a stack's file. */
export function only(key: string, ...values: readonly [string, ...string[]]): Condition {
  return {
    keys: [key],
    words: `\`${key}\` = ${values.join(" or ")}`,
    holds: ({ text }) => values.includes(text(key)),
    otherwise: ({ text }) => ` while nango:${key} = "${text(key)}"`,
    remedy: `Set nango:${key} to ${values[0]}`,
  };
}

/** Another key is set. */
export function present(key: string): Condition {
  return {
    keys: [key],
    words: `\`${key}\``,
    holds: ({ isSet }) => isSet(key),
    otherwise: () => ` without nango:${key}`,
    remedy: `Give nango:${key}`,
  };
}

/** Another key is not set; the reason says what that key does in place of this one. */
export function absent(key: string, reason: string): Condition {
  return {
    keys: [key],
    words: `no \`${key}\``,
    holds: ({ isSet }) => !isSet(key),
    otherwise: () => `: ${reason}`,
  };
}

/** At least one condition holds; the reason says what it means that none does. */
export function either(reason: string, ...conditions: readonly Condition[]): Condition {
  return {
    keys: conditions.flatMap(({ keys }) => keys),
    words: conditions.map(({ words }) => words).join(", or "),
    holds: (circumstances) => conditions.some(({ holds }) => holds(circumstances)),
    otherwise: () => `: ${reason}`,
  };
}

/** All conditions hold. */
export function all(...conditions: readonly Condition[]): Condition {
  const failing = (circumstances: Circumstances) => conditions.find(({ holds }) => !holds(circumstances));
  return {
    keys: conditions.flatMap(({ keys }) => keys),
    words: conditions.map(({ words }) => words).join(" and "),
    holds: (circumstances) => failing(circumstances) === undefined,
    otherwise: (circumstances) => failing(circumstances)?.otherwise(circumstances) ?? "",
    parts: conditions,
  };
}

/** The stack makes an ElastiCache. */
export const cacheIsMade: Condition = {
  keys: ["redis", "redisUrl", "maxReplicas", "replicas", "size"],
  words: "ElastiCache",
  holds: ({ makesCache }) => makesCache,
  otherwise: () => ": the stack makes no ElastiCache",
};

/** Nango has a way to send mail. */
export const mailIsSent: Condition = {
  keys: ["smtpUrl", "environment"],
  words: "`smtpUrl`, or another mailer in `environment`",
  holds: ({ sendsMail }) => sendsMail,
  otherwise: () => " without nango:smtpUrl",
  remedy: "Give nango:smtpUrl",
};

/** The image is named by a tag alone. */
export const imageHasNoDigest: Condition = {
  keys: ["image"],
  words: "an `image` without a digest",
  holds: ({ namesDigest }) => !namesDigest,
  otherwise: () => ": nango:image names its digest already",
};

const databaseUrl = "the database is brought by nango:databaseUrl";

/** The stack makes the main database. */
export const mainDatabaseIsMade = absent("databaseUrl", databaseUrl);

/** The stack makes a records database. */
export const recordsDatabaseIsMade = only("recordsDatabase", "dedicated");

/** The stack makes a database. */
export const databaseIsMade = either(databaseUrl, mainDatabaseIsMade, recordsDatabaseIsMade);

/** The stack brings a database. */
export const databaseIsBrought = either(
  "the stack brings no database",
  present("databaseUrl"),
  present("recordsDatabaseUrl"),
);

const databasesAreApart: Condition = {
  keys: ["databaseUrl", "recordsDatabaseUrl"],
  words: "another server than `databaseUrl`",
  holds: ({ sharesServer }) => !sharesServer,
  otherwise: () =>
    ": nango:recordsDatabaseUrl is on the server of nango:databaseUrl, and both share its connections, of which nango:databaseMaxConnections tells",
};

/** Records lie on a server of their own, made or brought. */
export const recordsAreElsewhere = all(
  either(
    'nango:recordsDatabase = "shared" keeps records in the main database',
    recordsDatabaseIsMade,
    present("recordsDatabaseUrl"),
  ),
  databasesAreApart,
);

/** Something that keeps data lies in the network. */
export const dataIsPlaced = either(
  "the stack makes nothing that keeps data",
  databaseIsMade,
  cacheIsMade,
  only("logs", "opensearch"),
);

/** Somebody is told of alarms. */
export const alarmsAreSent: Condition = {
  ...either("nobody is told of alarms", present("alarmEmail"), present("alarmTopicArn")),
  remedy: "Give nango:alarmEmail or nango:alarmTopicArn",
};
