import type { Command } from "../../project/command.ts";

/** What `npm run browser` takes. */
export const browser = {
  script: "browser",
  does:
    "Opens the report of npm start in a real browser, in light and dark, wide, narrow and on paper, and says what is wrong: " +
    "a request, an error, text without contrast, anything that a screen reader stumbles over, a page wider than its screen. " +
    "Takes a Chromium that is installed.",
  arguments: [
    {
      name: "file",
      does: "A file that --report wrote. Default: those of all stacks that come with the project.",
      optional: true,
    },
  ],
  flags: {
    chromium: {
      type: "string",
      value: "path",
      does: "The browser's program.",
      without: "Default: chromium, google-chrome or chromium-browser on PATH.",
    },
    pictures: {
      type: "string",
      value: "folder",
      does: "Keeps a picture of each page there.",
      without: "Default: none is kept.",
    },
    draw: {
      type: "boolean",
      does: "Draws the pictures of the report that README shows, into docs/pictures, and looks at nothing else.",
      without: "Default: draws none.",
    },
  },
  examples: [
    ["npm run browser", "the reports of all stacks that come with the project"],
    ["npm run browser -- report.html --pictures pictures", "one report, with pictures to look at"],
  ],
  exitCodes: {
    0: "Nothing is wrong.",
    1: "Something is wrong, or there is no browser; each line says what.",
  },
} as const satisfies Command;
