/**
 * Logs in to each Postgres URL of a JSON array, a line of standard input, as Nango's pools do, and prints a line: a JSON
 * array of {user, verified} or {error}. A process of its own, because Node reads NODE_EXTRA_CA_CERTS only when it starts.
 */
import { createInterface } from "node:readline";
import pg from "pg";

/** @param {string} connectionString */
async function logIn(connectionString) {
  // Nango passes `ssl: false` beside the URL; the URL's own sslmode is to win.
  const client = new pg.Client({ connectionString, ssl: false });
  try {
    await client.connect();
    const { rows } = await client.query("SELECT current_user AS user");
    const verified = /** @type {any} */ (client).connection.stream.authorized === true;
    await client.end();
    return { user: rows[0].user, verified };
  } catch (/** @type {any} */ error) {
    return { error: `${error.code ?? ""} ${error.message}`.trim() };
  }
}

for await (const line of createInterface(process.stdin)) {
  const urls = JSON.parse(line);
  const results = [];
  for (let i = 0; i < urls.length; i += 20)
    results.push(...(await Promise.all(urls.slice(i, i + 20).map(logIn))));
  console.log(JSON.stringify(results));
}
