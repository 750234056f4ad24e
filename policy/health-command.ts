// Whether the command of a health check asks anything.

/** Programs that end well whatever else is. */
const idle = /^(\/\S*\/)?(true|:|echo|printf|sleep|date|pwd|whoami|hostname|uname)$/;
const shell = /^(\/\S*\/)?(ba|a|da|z)?sh$/;
const isShellText = /^-\w*c$/;

/** Whether a statement of a shell ends well whatever is asked. */
function endsWell(statement: string): boolean {
  const words = statement.trim().split(/\s+/);
  const [program = ""] = words;
  return idle.test(program) || /^exit(\s+0)?$/.test(statement.trim());
}

/** Whether one of the alternatives ends well: of what must hold together all, of a pipe its end. */
const mustEndWell = (statement: string) =>
  statement
    .split("||")
    .some((one) => one.split("&&").every((part) => endsWell(part.split("|").at(-1) ?? "")));

/** Says of itself that it fails. */
const failing = /\bexit\s+([1-9]|"?\$)|\bset\s+-\w*e|\bfalse\b/;

/** Whether a text for a shell ends well whatever it asks: `exit 0`, `curl … || true`, `curl …; exit 0`. */
function isVacuousText(text: string): boolean {
  const statements = text.split(/[;\n]+/).filter((statement) => statement.trim() !== "");
  const last = statements.at(-1) ?? "true";
  const others = statements.slice(0, -1);
  if (/^exit(\s+0)?$/.test((statements[0] ?? "").trim())) return true;
  return mustEndWell(last) && !others.some((statement) => failing.test(statement));
}

/** What a script of Node does without asking anybody: `process.exit(0)`, `console.log("ok")`. */
const idleCalls = /\b(process\.exit|console\.\w+)\([^()]*\)/g;

function isVacuousProgram([program = "", ...words]: readonly string[]): boolean {
  const [option = "", text = ""] = words;
  if (shell.test(program) && isShellText.test(option)) return isVacuousText(text);
  if (/(^|\/)node$/.test(program)) {
    if (/^(-e|-p|-pe|--eval|--print)$/.test(option)) return !/[(`]/.test(text.replaceAll(idleCalls, ""));
    return /^(-v|--version|-h|--help)$/.test(option);
  }
  return idle.test(program) || (program === "exit" && (words.length === 0 || option === "0"));
}

/**
 * Whether a health check can only succeed. Its first word says who reads the others.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
 */
export function isVacuous([kind = "", ...words]: readonly string[]): boolean {
  if (kind === "CMD") return isVacuousProgram(words);
  return isVacuousText(kind === "CMD-SHELL" ? words.join(" ") : [kind, ...words].join(" "));
}
