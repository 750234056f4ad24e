import type { Fault } from "./fault.ts";

/** Of the containers on a Docker engine. */
export const docker: readonly Fault[] = [
  {
    fault: "ports are open to the network",
    property: "security",
    find: `ip: "127.0.0.1", external`,
    replace: `ip: "0.0.0.0", external`,
    tests: ["docker/program"],
    only: "publishes the server",
  },
  {
    fault: "containers keep their capabilities",
    property: "security",
    find: `capabilities: { drops: ["ALL"] },`,
    replace: `capabilities: { drops: [] },`,
    tests: ["docker/program"],
    only: "no container more than it needs",
  },
  {
    fault: "containers may write to their file system",
    property: "security",
    find: `      readOnly: true,
      capabilities`,
    replace: `      readOnly: false,
      capabilities`,
    tests: ["docker/program"],
    only: "no container more than it needs",
  },
  {
    fault: "the database's volume may be deleted",
    property: "data",
    find: "const volume = new docker.Volume(`${name}-data`, {}, kept);\n    const url",
    replace: "const volume = new docker.Volume(`${name}-data`, {}, { parent: this });\n    const url",
    tests: ["docker/program"],
    only: "data, and what cannot be read",
  },
  {
    fault: "a server starts without a migration",
    property: "data",
    find: "        hooks: { beforeCreate: [runBefore(`${name}-before-${server.name}`, steps, timeoutSeconds)] },\n",
    replace: "",
    tests: ["docker/program"],
    only: "by a hook of the server",
  },
  {
    fault: "a server that does not get well is taken for good",
    property: "availability",
    find: `replaceOnChanges: ["#initerror", ...takenAtCreation]`,
    replace: `replaceOnChanges: [...takenAtCreation]`,
    tests: ["docker/program"],
    only: "keeps services running",
  },
  {
    fault: "a new certificate makes no new server",
    property: "availability",
    find: `value: certificates.apply(fingerprint)`,
    replace: `value: "certificates"`,
    tests: ["docker/program"],
    only: "another certificate",
  },
  {
    fault: "the server is replaced before another encryption key is refused",
    property: "data",
    find: `requirements: [...data.containers, key],`,
    replace: `requirements: data.containers,`,
    tests: ["docker/encryption-key"],
    only: "before anything runs with it",
  },
  {
    fault: "another encryption key is taken on a laptop without a word",
    property: "data",
    find: `hooks: args.allowChange ? {} : { beforeUpdate: [refuseAnotherKey(name, ({ input }) => input)] },`,
    replace: "",
    tests: ["docker/encryption-key"],
    only: "another encryption key is refused in the preview",
  },
  {
    fault: "another encryption key is refused where the stack insists",
    property: "availability",
    find: `allowChange: config.allowEncryptionKeyChange },`,
    replace: `allowChange: false },`,
    tests: ["docker/encryption-key"],
    only: "where the stack insists",
  },
  {
    fault: "a generated key takes the place of a given one without a word",
    property: "data",
    find: `if (before === undefined || before === after) return;`,
    replace: `if (before === undefined || after === undefined || before === after) return;`,
    tests: ["docker/encryption-key"],
    only: "generated for a given one",
    unseen:
      "every stack makes the generated key beforehand, so that the fingerprint after the change is known",
  },
  {
    fault: "another encryption key is refused in the deployment only",
    property: "data",
    find: `    { onDryRun: true },
  );
}

/**
 * Remembers`,
    replace: `    { onDryRun: false },
  );
}

/**
 * Remembers`,
    tests: ["docker/encryption-key"],
    only: "another encryption key is refused in the preview",
  },
  {
    fault: "containers do not start again with the engine",
    property: "availability",
    find: `restart: "unless-stopped",`,
    replace: `restart: "no",`,
    tests: ["docker/program"],
    only: "keeps services running",
  },
  {
    fault: "Redis on a laptop takes everybody in",
    property: "security",
    find: `requirepass $TOKEN\n`,
    replace: ``,
    tests: ["docker/"],
  },
  {
    fault: "Redis on a laptop drops locks that have no end",
    property: "availability",
    find: `maxmemory-policy volatile-lru`,
    replace: `maxmemory-policy allkeys-lru`,
    tests: ["docker/"],
  },
  {
    fault: "Postgres on a laptop is killed before it has written everything",
    property: "data",
    find: `        stopSeconds: 60,
        // Over TCP`,
    replace: `        stopSeconds: 1,
        // Over TCP`,
    tests: ["docker/"],
  },
  {
    fault: "Postgres on a laptop lets in by its own rules, not by those of TLS",
    property: "security",
    find: `  hba_file: \`\${tlsFolder}/pg_hba.conf\`,\n`,
    replace: ``,
    tests: ["docker/", "postgres/start-script"],
  },
];
