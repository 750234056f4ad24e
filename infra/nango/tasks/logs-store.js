/**
 * Proves that the logs store answers with these credentials, and installs the retention that Nango's own policies never
 * apply: OpenSearch attaches a policy to new indices only by its ism_template, and Nango's have none.
 * https://github.com/opensearch-project/index-management/issues/357
 * https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/logs/lib/opensearch/ismPolicies.ts#L65-L91
 * It runs before Nango first starts: a template counts only for indices that are younger than itself, and a Nango that
 * the store refuses hangs.
 *
 * Runs in Nango's image as `node --input-type=module -e <this text>`. The last line says how it ended.
 * Exit codes: 0 done, 1 unforeseen or unusable environment, 2 no answer, 3 credentials refused, 4 policy refused, 143 stopped.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";

const { env } = process;
const storeSeconds = Number(env.GATE_LOGS_SECONDS ?? 180);
const requestSeconds = Number(env.GATE_REQUEST_SECONDS ?? 10);
const deadline = Date.now() + storeSeconds * 1000;
const user = env.NANGO_LOGS_ES_USER ?? "";
const login = Buffer.from(`${user}:${env.NANGO_LOGS_ES_PWD ?? ""}`).toString("base64");
const headers = { "content-type": "application/json", ...(user && { authorization: `Basic ${login}` }) };
const policyId = `${env.NANGO_LOGS_ES_PREFIX ?? "nango"}-retention`;
const days = env.NANGO_LOGS_ES_RETENTION_DAYS ?? "15";
// https://github.com/NangoHQ/nango/blob/2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87/packages/logs/lib/es/schema.ts#L102-L113
const patterns = [
  `20250724_${env.NANGO_LOGS_ES_INDEX_OPERATIONS ?? "operations"}.*`,
  `20240528_${env.NANGO_LOGS_ES_INDEX_MESSAGES ?? "messages"}.*`,
];

/** @param {string} line */
const say = (line) => console.log(`nango-logs-store: ${line}`);

/** @param {number} code @param {string} message @returns {never} */
function fail(code, message) {
  say(message);
  process.exit(code);
}

/** @returns {URL} the store's address, with a slash at its end */
function readAddress() {
  const given = env.NANGO_LOGS_ES_URL ?? "";
  const url = new URL(URL.canParse(given) ? given : "none:");
  if (!/^https?:$/.test(url.protocol)) fail(1, "NANGO_LOGS_ES_URL is no http or https URL");
  if (url.username || url.password)
    fail(1, "NANGO_LOGS_ES_URL holds a user or password: give NANGO_LOGS_ES_USER and NANGO_LOGS_ES_PWD");
  return new URL(url.href.replace(/\/*$/, "/"));
}

/**
 * Where no handler of OpenSearch's takes the request, the error is a plain text.
 * @typedef {Record<string, any>} Json
 * @param {Json} body @returns {string}
 */
const reason = ({ error, message, Message, text }) =>
  typeof error === "string" ? error : (error?.reason ?? message ?? Message ?? text ?? "");

/** Whether TLS is spoken there. @returns {Promise<boolean>} */
const speaksTls = () =>
  new Promise((resolve) => {
    const host = address.hostname.replace(/^\[(.*)\]$/, "$1");
    const socket = connectTls({ host, port: Number(address.port || 80), rejectUnauthorized: false });
    /** @param {boolean} spoken */
    const end = (spoken) => {
      socket.destroy();
      resolve(spoken);
    };
    socket.setTimeout(requestSeconds * 1000, () => end(false));
    socket.once("secureConnect", () => end(true)).once("error", () => end(false));
  });

/** @type {Record<string, string | undefined>} */
const problems = {
  ECONNREFUSED: "nothing listens there: check host and port (ECONNREFUSED)",
  ENOTFOUND: "that host name does not exist (ENOTFOUND)",
  AbortError: `no answer within ${requestSeconds} s`,
};

/** What is wrong with the store for good, by the code of a failed request. @param {string} code */
async function lastingProblem(code) {
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return "presents a certificate for another host name: use the name it was issued for";
  if (/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/.test(code))
    return `presents a certificate that is not valid today (${code}): renew it there`;
  if (/^(UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|CERT_|INVALID_CA)/.test(code))
    return `presents a certificate that is not trusted (${code}): NODE_EXTRA_CA_CERTS must name its root`;
  if (/^(EPROTO$|ERR_SSL_(WRONG_VERSION|PACKET_LENGTH))/.test(code))
    return `speaks no TLS: switch it on there, or begin the URL with http:// (${code})`;
  const mayBeTls = address.protocol === "http:" && /^(UND_ERR_SOCKET|ECONNRESET|HPE_)/.test(code);
  return mayBeTls && (await speaksTls()) ? "speaks TLS: begin the URL with https://" : undefined;
}

/**
 * One request, repeated until the deadline while the store is not up.
 * @param {string} method @param {string} path @param {Json} [json] @returns {Promise<{ status: number, body: Json }>}
 */
async function request(method, path, json) {
  for (let told = ""; ; await sleep(1000)) {
    let problem;
    // Not AbortSignal.timeout, which keeps no process alive: a request that hangs would end this one without a word.
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), requestSeconds * 1000);
    try {
      const response = await fetch(new URL(path, address), {
        method,
        redirect: "manual",
        headers,
        ...(json && { body: JSON.stringify(json) }),
        signal: abort.signal,
      });
      const text = await response.text();
      const { status } = response;
      const body = /^\s*\{/.test(text) ? JSON.parse(text) : { text: text.slice(0, 200) };
      if (status === 401) fail(3, `${title} refuses user "${user}" or the password (401)`);
      if (body.error?.type === "cluster_block_exception" && status === 403)
        fail(4, `${title} takes no changes: ${reason(body)}. Its disk may be full`);
      if (status === 403)
        fail(3, `${title} does not permit ${method} /${path} to user "${user}" (403): ${reason(body)}`);
      if (![429, 502, 503, 504].includes(status)) return { status, body };
      problem = `it answers ${status} ${reason(body)}`.trim();
    } catch (/** @type {any} */ error) {
      const code = error.cause?.code ?? error.cause?.message ?? error.name;
      if (code === "bad port")
        fail(1, `NANGO_LOGS_ES_URL has a port that fetch refuses (${code}): let the store listen on another`);
      const lasting = await lastingProblem(code);
      if (lasting !== undefined) fail(2, `${title} ${lasting}`);
      problem = problems[code] ?? code;
    } finally {
      clearTimeout(timer);
    }
    if (Date.now() > deadline)
      fail(
        2,
        `${title} is not up after ${storeSeconds} s: ${problem}. Check its state, address and security groups`,
      );
    if (told !== problem) say(`waiting for ${title}: ${problem}`);
    told = problem;
  }
}

/** What Nango asks first, and hears no reason for where it may not. */
async function proveRights() {
  const { status, body } = await request("GET", "_index_template/nango-none");
  if (status !== 200 && status !== 404) fail(4, `reading index templates: ${status} ${reason(body)}`);
}

async function proveLogin() {
  const { status, body } = await request("GET", "");
  if (status !== 200 || !body.version?.number)
    fail(2, `${title} is neither OpenSearch nor Elasticsearch: it answers ${status} ${reason(body)}`.trim());
  const isOpenSearch = /opensearch/i.test(`${body.tagline} ${body.version?.distribution}`);
  const found = isOpenSearch ? "opensearch" : "elasticsearch";
  if (found !== provider) fail(1, `${title} is ${found}, but NANGO_LOGS_PROVIDER says ${provider}`);
  say(`${title}: ${provider} ${body.version?.number} accepts user "${user}"`);
}

const age = { min_index_age: `${days}d` };
const policy = {
  // With its user: OpenSearch lets a policy do what whoever wrote it may, so that another user has to write it anew.
  // https://github.com/opensearch-project/index-management/blob/2.19.1.0/src/main/kotlin/org/opensearch/indexmanagement/indexstatemanagement/model/Policy.kt
  description: `Deletes Nango's log indices after ${days} days, as user ${user}`,
  default_state: "hot",
  states: [
    { name: "hot", actions: [], transitions: [{ state_name: "delete", conditions: age }] },
    { name: "delete", actions: [{ delete: {} }], transitions: [] },
  ],
  ism_template: [{ index_patterns: patterns, priority: 100 }],
};

/**
 * Whether `actual` says all that `wanted` says. OpenSearch adds defaults and times to what it stores.
 * @param {any} actual @param {any} wanted @returns {boolean}
 */
function holds(actual, wanted) {
  if (typeof wanted !== "object") return actual === wanted;
  if (typeof actual !== "object" || actual === null) return false;
  if (Array.isArray(wanted) && actual.length !== wanted.length) return false;
  return Object.entries(wanted).every(([key, value]) => holds(actual[key], value));
}

/** @returns {Promise<{ seqNo: number, isNew: boolean }>} the version of the policy that is now in force */
async function installPolicy() {
  const path = `_plugins/_ism/policies/${encodeURIComponent(policyId)}`;
  for (let attempt = 1; attempt <= 5; attempt++) {
    const { status, body } = await request("GET", path);
    if (/no handler found/.test(reason(body)))
      fail(4, `${title} has no index state management, without which logs stay for ever: install it`);
    if (status !== 200 && status !== 404) fail(4, `reading policy ${policyId}: ${status} ${reason(body)}`);
    const { _seq_no: seqNo, _primary_term: primaryTerm } = body;
    if (status === 200 && holds(body.policy, policy)) {
      say(`policy ${policyId} is in place: ${days} days`);
      return { seqNo, isNew: false };
    }
    const condition = status === 200 ? `?if_seq_no=${seqNo}&if_primary_term=${primaryTerm}` : "";
    const put = await request("PUT", path + condition, { policy });
    if (put.status === 200 || put.status === 201) {
      const how = put.status === 201 ? "created" : "changed";
      say(`policy ${policyId} ${how}: ${days} days. It deletes as user "${user}", with the rights of today`);
      const { _seq_no: written } = put.body;
      return { seqNo: written, isNew: true };
    }
    // Somebody wrote it between our reading and our writing.
    if (put.status !== 409)
      fail(4, `OpenSearch refuses policy ${policyId}: ${put.status} ${reason(put.body)}`);
  }
  return fail(4, `policy ${policyId} is being changed by somebody else all the time`);
}

/** What OpenSearch says of an index whose deletion it has given up. @param {Json} entry */
const failure = ({ step, action, retry_info: retries, info, enabled }) =>
  (step?.step_status === "failed" || action?.failed || retries?.failed || enabled === false) &&
  [info?.message, info?.cause].filter(Boolean).join(": ");

/**
 * What OpenSearch says of each index that the user may manage. It is a search, which finds what was attached just now a
 * little later.
 * @param {string} all @param {(index: string) => boolean} mayLack @returns {Promise<Json>}
 */
async function explain(all, mayLack) {
  for (let attempt = 1; ; attempt++, await sleep(1000)) {
    const { status, body } = await request("GET", `_plugins/_ism/explain/${all}`);
    // It refuses a pattern that matches no index.
    if (status === 400 && reason(body).includes("no documents to get")) return {};
    if (status !== 200) fail(4, `reading which policy the indices have: ${status} ${reason(body)}`);
    const lacking = Object.keys(body).filter((index) => !body[index]?.index_uuid && !mayLack(index));
    if (lacking.every((index) => index === "total_managed_indices") || attempt === 5) return body;
  }
}

/**
 * Attaches every index that Nango already has to a version of the policy, and tells of those that will not be deleted.
 * @param {{ seqNo: number, isNew: boolean }} version
 */
async function attachIndices({ seqNo, isNew }) {
  const all = patterns.map(encodeURIComponent).join();
  const found = await request("GET", `${all}?filter_path=*.settings.index.uuid`);
  if (found.status !== 200) fail(4, `reading which indices there are: ${found.status} ${reason(found.body)}`);
  const failed = await attach("add", all);
  const attached = failed
    .filter(({ reason }) => reason.includes(alreadyAttached))
    .map(({ index_name: index }) => index);
  const explained = await explain(all, (index) => failed.some((one) => one.index_name === index));
  const outdated = [];
  for (const index of Object.keys(found.body)) {
    const entry = explained[index];
    const id = entry?.["index.plugins.index_state_management.policy_id"];
    const version = entry?.policy_seq_no;
    // Before the plugin's first run it follows the version that it was given; where that is not known, ask for the newest.
    if (id === policyId && (version === undefined ? isNew && attached.includes(index) : version !== seqNo))
      outdated.push(encodeURIComponent(index));
    if (!entry)
      say(
        `warning: ${index} keeps its logs for ever: user "${user}" lacks indices:admin/opensearch/ism/managedindex there`,
      );
    else if (!id && !failed.some(({ index_name: name }) => name === index))
      say(`warning: ${index} keeps its logs for ever: it has no policy`);
    else if (id && id !== policyId) say(`warning: ${index} stays with policy ${id}, which is not ours`);
    if (entry && failure(entry))
      say(
        `warning: ${index} was not deleted: ${failure(entry)}. User "${user}" needs indices:admin/delete there; then POST _plugins/_ism/retry/${index}`,
      );
  }
  // The address of a request is limited to 4 KB.
  for (let i = 0; i < outdated.length; i += 50)
    await attach("change_policy", outdated.slice(i, i + 50).join());
}

const alreadyAttached = "already has a policy";

/** @param {"add" | "change_policy"} action @param {string} indices @returns {Promise<{ index_name: string, reason: string }[]>} */
async function attach(action, indices) {
  const { status, body } = await request("POST", `_plugins/_ism/${action}/${indices}`, {
    policy_id: policyId,
  });
  if (status !== 200) fail(4, `attaching policy ${policyId} to existing indices: ${status} ${reason(body)}`);
  if (body.updated_indices > 0)
    say(`policy ${policyId} attached to ${body.updated_indices} indices (${action})`);
  for (const { index_name: index, reason } of body.failed_indices)
    if (!reason.includes(alreadyAttached)) say(`warning: ${index} keeps its logs for now: ${reason}`);
  return body.failed_indices;
}

// As PID 1, node dies of no signal that it has no handler for.
process.on("SIGTERM", () => fail(143, "stopped"));
const provider = env.NANGO_LOGS_PROVIDER ?? "elasticsearch";
const address = readAddress();
const title = `the logs store at ${address.host}`;
if (!/^[1-9]\d*$/.test(days))
  fail(1, "NANGO_LOGS_ES_RETENTION_DAYS must be a whole number of days, at least 1");
try {
  await proveLogin();
  if (provider === "opensearch") {
    await proveRights();
    await attachIndices(await installPolicy());
  }
  say("done");
  process.exit(0);
} catch (error) {
  fail(1, String(error));
}
