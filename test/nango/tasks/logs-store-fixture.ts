import { afterEach, beforeEach, expect } from "vitest";
import { OpenSearchServer } from "./opensearch-server.ts";
import { runTask } from "./run-task.ts";
import type { TaskEnd } from "./task-output.ts";

/** logs-store.js beside a server that behaves as OpenSearch: a new one for each test. */
export interface LogsStoreFixture {
  server: OpenSearchServer;
  /** With which the script finds the server. */
  environment: Record<string, string>;
  /** Runs the script to its end, which must not tell the password. */
  run(env?: Record<string, string>): Promise<TaskEnd>;
  /** What was asked of the server since the last call. */
  asked(): string[];
}

/** To be called once at the top of a test file. */
export function useLogsStore(): LogsStoreFixture {
  const fixture: LogsStoreFixture = {
    server: new OpenSearchServer(),
    environment: {},
    async run(env) {
      const end = await runTask("logs-store", { ...fixture.environment, ...env });
      expect(end.output).not.toContain(fixture.server.credentials.password);
      return end;
    },
    asked: () => fixture.server.requests.splice(0),
  };
  beforeEach(async () => {
    fixture.server = new OpenSearchServer();
    fixture.environment = {
      NANGO_LOGS_ENABLED: "true",
      NANGO_LOGS_PROVIDER: "opensearch",
      NANGO_LOGS_ES_URL: await fixture.server.listen(),
      NANGO_LOGS_ES_USER: fixture.server.credentials.user,
      NANGO_LOGS_ES_PWD: fixture.server.credentials.password,
      NANGO_LOGS_ES_PREFIX: "nango",
    };
  });
  afterEach(() => fixture.server.close());
  return fixture;
}
