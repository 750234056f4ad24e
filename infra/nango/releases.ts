/** A release of Nango that its makers manage: the commits that they give self-hosters. */
export interface Release {
  /** The release's own version, as in `1.6.6`. */
  readonly version: string;
  /** The version of Nango that it holds, as in `0.71.4`; several releases may hold the same. */
  readonly application: string;
  /** 40 hexadecimal digits. */
  readonly commit: string;
  /** YYYY-MM-DD */
  readonly date: string;
  /** The database migrations that came with it, which the release before did not have. */
  readonly migrations: Migrations;
}

/** How many migrations there are, as far as their files were read. */
export interface Migrations {
  readonly atLeast: number;
  /** Whether there are no more than that. */
  readonly isExact: boolean;
}

/** What is known of the migrations of a release whose source was not read. */
export const unknownMigrations: Migrations = { atLeast: 0, isExact: false };

/**
 * From https://github.com/NangoHQ/nango/blob/09703a6381f3605b84e461edee2fadf8c99e55f7/managed-manifest.json, oldest
 * first, without 1.0.0, of which it names no commit. Migrations are the files that a commit has more than the one before
 * it in the `migrations` folders of packages/database, records, keystore, fleet and scheduler; none was ever taken away.
 * Of what came after 2f4c0af671e2ca1c43dd4e78f3c369218bf3fc87, on the main branch on 2026-08-21, no source was read: it
 * has six files more than 1.6.6, so 1.6.7 brings six or more, and those of the releases after it are not known.
 */
const manifest: readonly (readonly [string, string, string, string, number | Migrations])[] = [
  ["1.0.1", "0.61.3", "b107a94354a65358ea9c96579023d85ce8486a7d", "2025-06-23", 193],
  ["1.1.0", "0.65.0", "0e82ec7811ffb939367a543e386353d06bde499a", "2025-08-11", 14],
  ["1.2.0", "0.66.0", "1dcbc7b2863a977924c8574082abcba147a14bd1", "2025-08-13", 0],
  ["1.3.0", "0.67.6", "a82bdf7e3ac317dc126c580af9445052ede5003b", "2025-09-15", 14],
  ["1.4.0", "0.69.2", "6b0de8723a877ce2da8380be4cbaa10b98011c8c", "2025-10-08", 5],
  ["1.4.1", "0.69.3", "a2d8563901e0a2d11d31bf7d69c178a191ac3cf8", "2025-10-15", 0],
  ["1.4.2", "0.69.5", "4dace800e5d3d9f24f745d6a7f294c55fbe7a9cd", "2025-10-29", 3],
  ["1.4.3", "0.69.14", "c0ad94b62f94bc123407f290a5de50b61f088c3e", "2025-12-09", 6],
  ["1.4.4", "0.69.14", "4b516136c879310ce3f603d2f96b7a2b958b30bd", "2025-12-10", 0],
  ["1.4.5", "0.69.15", "e9f668875315a3f113b1f4128385aafe83d41e43", "2025-12-11", 0],
  ["1.4.6", "0.69.20", "76cf2936d4ff42144dfd41778b8fc0d71b996516", "2026-01-12", 2],
  ["1.4.7", "0.69.21", "089856699158d3d8466bf938aed2f8eb93a0c2a3", "2026-01-19", 1],
  ["1.4.8", "0.69.22", "da96e83743a3e9d7165d09f7901dd58b52dbfbbf", "2026-01-20", 0],
  ["1.4.9", "0.69.22", "4fc73b2775cc1e5554d03de5c5320ba651d8e478", "2026-01-23", 4],
  ["1.4.10", "0.69.26", "f6621ee4cae9d1cdd7ed4c4c73bbbe9ef7c7a7b1", "2026-01-28", 1],
  ["1.4.11", "0.69.31", "8b281d6cc88e062f01f8d10040b4bda928443ae4", "2026-02-11", 4],
  ["1.4.12", "0.69.38", "55b35c6a10aa6d08ec4fd16532cf30125dee7977", "2026-02-25", 1],
  ["1.4.13", "0.69.38", "ab8b203d6316643fd1e3e7aafce567d2b29a988e", "2026-02-27", 0],
  ["1.4.14", "0.69.46", "e4b7a312a5f20fd23a1932c0e5e41f9ae8fe0ec7", "2026-03-27", 12],
  ["1.4.15", "0.69.48", "7bdd3e5684ad84dc74922c40c516528c7ff33ae4", "2026-04-10", 1],
  ["1.5.0", "0.70.0", "2724cf5b6dab04a7040919dc1e693ff08c84d4e3", "2026-04-17", 3],
  ["1.5.1", "0.70.1", "5e931ac80c6e6adbf14149249f00c4d068fd0a64", "2026-04-28", 2],
  ["1.5.2", "0.70.1", "fd331f09bfdff10d6fb7c1c292c9a56fbebf44ef", "2026-05-11", 5],
  ["1.5.3", "0.70.3", "8ad36940476ad129a6450dd152636498d4d2285f", "2026-05-18", 3],
  ["1.5.4", "0.70.4", "0fe07a6d83aea0becc4cea382c5cead2f555718d", "2026-05-22", 5],
  ["1.5.5", "0.70.5", "a447dd8c75b2412d88862ceb02c298c3228b635b", "2026-05-28", 2],
  ["1.5.6", "0.70.5", "9a9883712fd634fa4b4b5b5d24d8c2ab5c7ef579", "2026-06-01", 1],
  ["1.5.7", "0.70.6", "fe4a94f3ed76e2386edb41c6b7d8d5de467daf94", "2026-06-02", 0],
  ["1.5.8", "0.70.6", "50423dd0f8986fd173d33418340b8d9bd4d2c1f4", "2026-06-10", 9],
  ["1.5.9", "0.70.6", "e81f6c2beee75409b5c78c0f4e55bfc4d643042d", "2026-06-15", 2],
  ["1.5.10", "0.70.7", "2c0c2b7d0287b0dce3728b8ff07aa83f124e4b8d", "2026-06-19", 0],
  ["1.5.11", "0.70.8", "aae30d044d7e229807d51a3957c212f3fb689e1a", "2026-06-23", 5],
  ["1.5.12", "0.70.9", "27ea2b528e7df47b99d9250c6880753c81cd1e7d", "2026-07-06", 1],
  ["1.6.0", "0.71.0", "b27d0d367c67d1bf61f11a01c5e57fd550778b05", "2026-07-20", 4],
  ["1.6.1", "0.71.2", "6c4a526ed4928b2fb815f9933b502722230f50e6", "2026-07-26", 2],
  ["1.6.2", "0.71.2", "fad81b1da5b2495db013a2b6cd922049ed57da2c", "2026-07-29", 1],
  ["1.6.3", "0.71.2", "d9783cb2211312d673184aff9974df9535972863", "2026-08-03", 0],
  ["1.6.4", "0.71.3", "3d6911d08f7a24b2b34dc70b38c4fc2ff043fbfc", "2026-08-07", 4],
  ["1.6.5", "0.71.4", "b6a11be5e83e48fc2f4758685ce2d6a12d817fad", "2026-08-12", 0],
  ["1.6.6", "0.71.4", "3b2c0410e3b8444d5eacb45817f74ee8d462711a", "2026-08-17", 1],
  [
    "1.6.7",
    "0.71.5",
    "b14e3aa3e113fd0996a2484e6ba7befe3261ecc1",
    "2026-08-31",
    { atLeast: 6, isExact: false },
  ],
  ["1.6.8", "0.71.6", "b0ce6392ab8ed84e08902b25e21675946a0939ea", "2026-09-02", unknownMigrations],
  ["1.6.9", "0.71.6", "42653e8800379afc30aad86e414ccb569b8697c1", "2026-09-03", unknownMigrations],
  ["1.6.10", "0.71.6", "c043f09997fc6943ea5cca715cc502e6e6ce9bf4", "2026-09-09", unknownMigrations],
  ["1.6.11", "0.71.6", "3f636c8052ff5a4c672c4c96e6f5996ca89a9088", "2026-09-09", unknownMigrations],
  ["1.6.12", "0.71.7", "bc65eb8aec98cd184c0da0701eed7bae4ab6830f", "2026-09-17", unknownMigrations],
];

/** Every release that is known here, oldest first. */
export const releases: readonly Release[] = manifest.map(
  ([version, application, commit, date, migrations]) => ({
    version,
    application,
    commit,
    date,
    migrations: typeof migrations === "number" ? { atLeast: migrations, isExact: true } : migrations,
  }),
);

/**
 * The release that a stack gets when it names no image: the newest whose source this project was checked against, that
 * is the variables that Nango reads, the images' commands and what the one-off tasks run.
 */
export const defaultRelease: Release = releases.find(({ version }) => version === "1.6.6")!;
