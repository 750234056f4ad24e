import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import type { ServerCertificate } from "../../certificates.ts";

type Json = Record<string, unknown>;
interface Answer {
  readonly status: number;
  readonly body: Json | string;
}
interface StoredPolicy {
  seqNo: number;
  readonly policy: Json;
}
interface Index {
  policy?: string;
  /** The version of the policy that the index follows; absent until the plugin's first run. */
  seqNo?: number;
  closed?: boolean;
  transitioning?: boolean;
  /** Why the policy's last step failed. */
  failed?: { message: string; cause: string };
  /** Whether the user may not manage it: the plugin leaves it out of its answers without a word. */
  forbidden?: boolean;
  /** How often `explain` is asked before it finds what was attached. */
  unseen?: number;
}

/**
 * Behaves as OpenSearch with its index-management plugin does, as far as policies go:
 * https://github.com/opensearch-project/index-management/tree/5078c9a6b960b682e28103b8f8498a3d3ee6d0cd/src/main/kotlin/org/opensearch/indexmanagement/indexstatemanagement
 */
export class OpenSearchServer {
  readonly credentials = { user: "nango", password: "p:w" };
  readonly policies = new Map<string, StoredPolicy>();
  readonly indices = new Map<string, Index>();
  readonly requests: string[] = [];
  root: Json = {
    cluster_name: "123456789012:nango-logs",
    version: { distribution: "opensearch", number: "2.19.0" },
    tagline: "The OpenSearch Project: https://opensearch.org/",
  };
  /** Answers in place of the server where it returns something; "silence" never answers. */
  intercept: (request: string) => Answer | "silence" | undefined = () => undefined;
  #seqNo = 7;
  readonly #server: Server;
  readonly #scheme: string;

  /** Speaks HTTPS when it has a certificate. */
  constructor(tls?: ServerCertificate) {
    const handle = (request: IncomingMessage, response: ServerResponse): void => {
      void this.#handle(request, response);
    };
    this.#scheme = tls ? "https" : "http";
    this.#server = tls
      ? createTlsServer({ key: tls.key, cert: tls.certificate }, handle)
      : createServer(handle);
  }

  async listen(port = 0): Promise<string> {
    this.#server.listen(port, "localhost");
    await once(this.#server, "listening");
    return `${this.#scheme}://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** Stores a policy as somebody else would, with all that OpenSearch adds to it. */
  store(id: string, policy: Json): number {
    const states = (policy["states"] as Json[]).map((state) => ({
      ...state,
      actions: (state["actions"] as Json[]).map((action) => ({
        retry: { count: 3, backoff: "exponential", delay: "1m" },
        ...action,
      })),
    }));
    const ism_template = (policy["ism_template"] as Json[]).map((t) => ({ ...t, last_updated_time: 1 }));
    const added = { policy_id: id, last_updated_time: 1, schema_version: 21, error_notification: null };
    this.policies.set(id, { seqNo: ++this.#seqNo, policy: { ...added, ...policy, states, ism_template } });
    return this.#seqNo;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = `${request.method} ${request.url}`;
    const body = (request.method === "GET" ? {} : await json(request)) as Json;
    this.requests.push(asked);
    const answer = this.intercept(asked) ?? this.#authorized(request) ?? this.#answer(asked, body);
    if (answer === "silence") return;
    const isText = typeof answer.body === "string";
    response.writeHead(answer.status, { "content-type": isText ? "text/plain" : "application/json" });
    response.end(isText ? answer.body : JSON.stringify(answer.body));
  }

  #authorized(request: IncomingMessage): Answer | undefined {
    const expected = Buffer.from(`${this.credentials.user}:${this.credentials.password}`).toString("base64");
    if (request.headers.authorization === `Basic ${expected}`) return undefined;
    return { status: 401, body: "Unauthorized" };
  }

  #answer(asked: string, body: Json): Answer {
    const [method = "", target = ""] = asked.split(" ");
    const url = new URL(target, "http://host");
    const [, action = "", name = ""] =
      /^\/_plugins\/_ism\/(\w+)\/([^/]+)$/.exec(decodeURIComponent(url.pathname)) ?? [];
    switch (`${method} ${action}`) {
      case "GET ":
        return this.#readElse(url.pathname, asked);
      case "GET policies":
        return this.#readPolicy(name);
      case "PUT policies":
        return this.#writePolicy(name, url.searchParams, body["policy"] as Json);
      case "POST add":
        return this.#update(name, body["policy_id"] as string, addPolicy);
      case "POST change_policy":
        return this.#update(name, body["policy_id"] as string, changePolicy);
      case "GET explain":
        return this.#explain(name);
      default:
        return {
          status: 405,
          body: { error: `Incorrect HTTP method for uri [${target}] and method [${method}]`, status: 405 },
        };
    }
  }

  #readElse(path: string, asked: string): Answer {
    if (path === "/") return { status: 200, body: this.root };
    if (path.startsWith("/_index_template/"))
      return failure(404, "resource_not_found_exception", "index template matching [nango-none] not found");
    if (path.startsWith("/_")) return noHandler(asked);
    const found = this.#matching(decodeURIComponent(path.slice(1)));
    const entries = found.map((name) => [name, { settings: { index: { uuid: `uuid-${name}` } } }]);
    return { status: 200, body: Object.fromEntries(entries) as Json };
  }

  #readPolicy(id: string): Answer {
    const stored = this.policies.get(id);
    if (!stored) return failure(404, "status_exception", "Policy not found");
    const { policy, seqNo } = stored;
    return { status: 200, body: { _id: id, _version: 1, _seq_no: seqNo, _primary_term: 1, policy } };
  }

  #writePolicy(id: string, parameters: URLSearchParams, policy: Json): Answer {
    const known = ["description", "default_state", "states", "ism_template"];
    const unknown = Object.keys(policy).find((field) => !known.includes(field));
    if (unknown)
      return failure(400, "illegal_argument_exception", `Invalid field: [${unknown}] found in Policy.`);
    const overlapping = [...this.policies].some(
      ([other, stored]) => other !== id && samePriority(stored.policy, policy),
    );
    if (overlapping) {
      const reason = `New policy ${id} has an ISM template with index pattern matching existing policy templates, please use a different priority than 100`;
      return failure(400, "index_management_exception", reason);
    }
    const stored = this.policies.get(id);
    const condition = `${parameters.get("if_seq_no")}/${parameters.get("if_primary_term")}`;
    if (condition !== (stored ? `${stored.seqNo}/1` : "null/null")) {
      return failure(409, "version_conflict_engine_exception", `[${id}]: version conflict`);
    }
    const seqNo = this.store(id, policy);
    return {
      status: stored ? 200 : 201,
      body: { _id: id, _version: 1, _primary_term: 1, _seq_no: seqNo, policy: { policy } },
    };
  }

  #update(
    names: string,
    policyId: string,
    change: (index: Index, policyId: string) => string | undefined,
  ): Answer {
    if (!this.policies.has(policyId))
      return failure(404, "status_exception", `Could not find policy=${policyId}`);
    const failed: Json[] = [];
    const matching = this.#manageable(names);
    for (const name of matching) {
      const reason = change(this.indices.get(name) ?? {}, policyId);
      if (reason) failed.push({ index_name: name, index_uuid: `uuid-${name}`, reason });
    }
    return {
      status: 200,
      body: {
        updated_indices: matching.length - failed.length,
        failures: failed.length > 0,
        failed_indices: failed,
      },
    };
  }

  #explain(names: string): Answer {
    if (this.#matching(names).length === 0) {
      return failure(
        400,
        "action_request_validation_exception",
        "Validation Failed: 1: no documents to get;",
      );
    }
    const entries = this.#manageable(names).map((name): [string, Json] => {
      const index = this.indices.get(name) ?? {};
      const isUnseen = (index.unseen ?? 0) > 0;
      if (isUnseen) index.unseen = (index.unseen ?? 0) - 1;
      const { policy = null, seqNo, failed } = isUnseen ? {} : index;
      return [
        name,
        {
          "index.plugins.index_state_management.policy_id": policy,
          enabled: policy ? true : null,
          ...(policy ? { index: name, index_uuid: `uuid-${name}`, policy_id: policy } : {}),
          ...(seqNo === undefined ? {} : { policy_seq_no: seqNo, retry_info: { failed: false } }),
          ...(failed ? { step: { name: "attempt_delete", step_status: "failed" }, info: failed } : {}),
        },
      ];
    });
    const total = entries.filter(([, entry]) => entry["policy_id"]).length;
    return { status: 200, body: { ...Object.fromEntries(entries), total_managed_indices: total } };
  }

  #manageable(names: string): string[] {
    return this.#matching(names).filter((name) => !this.indices.get(name)?.forbidden);
  }

  #matching(names: string): string[] {
    const patterns = names
      .split(",")
      .map((name) => new RegExp(`^${name.replaceAll(".", "\\.").replaceAll("*", ".*")}$`));
    return [...this.indices.keys()].filter((name) => patterns.some((pattern) => pattern.test(name)));
  }
}

function addPolicy(index: Index, policyId: string): string | undefined {
  if (index.closed) return "This index is closed";
  if (index.policy)
    return "This index already has a policy, use the update policy API to update index policies";
  index.policy = policyId;
  return undefined;
}

function changePolicy(index: Index, policyId: string): string | undefined {
  if (index.transitioning) return "Cannot change policy while transitioning to new state";
  if (!index.policy) return "This index is not being managed";
  index.policy = policyId;
  return undefined;
}

function samePriority(one: Json, other: Json): boolean {
  const templates = (policy: Json): string =>
    JSON.stringify((policy["ism_template"] as Json[])[0]?.["priority"]);
  return templates(one) === templates(other);
}

/** What OpenSearch answers where a plugin is missing: its error is a plain text here. */
export function noHandler(asked: string): Answer {
  const [method = "", target = ""] = asked.split(" ");
  return { status: 400, body: { error: `no handler found for uri [${target}] and method [${method}]` } };
}

function failure(status: number, type: string, reason: string): Answer {
  return { status, body: { error: { root_cause: [{ type, reason }], type, reason }, status } };
}
