import pico from "picocolors";

type Colors = ReturnType<typeof pico.createColors>;

/** Where a command writes: results to stdout, progress and complaints to stderr. */
export interface Terminal {
  /** Colours for stdout; they leave texts as they are where stdout takes none. */
  readonly colors: Colors;
  print(text: string): void;
  /**
   * Breaks a text between words, so that stdout shows it within its lines; not at all where stdout is no terminal.
   * @param indent columns before each line; before the first one, what the caller writes
   */
  wrap(text: string, indent: number): string;
  complain(message: string): void;
  /** Says what is not as usual, and no failure. */
  notice(message: string): void;
  /** Says what is waited for, on a line that goes when the next is said. Nothing where stderr is no terminal. */
  progress(text: string): void;
  /** Takes the last line of progress away. */
  clearProgress(): void;
}

interface Streams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
}

export function createTerminal({ stdout, stderr, env }: Streams): Terminal {
  for (const stream of [stdout, stderr]) stream.on("error", allowClosed);
  const errorColors = pico.createColors(wantsColors(stderr, env));
  const showsProgress = stderr.isTTY === true && env.TERM !== "dumb";
  const clearProgress = () => {
    if (showsProgress) stderr.write("\r\x1b[K");
  };
  return {
    // picocolors' own guess also colours where CI is set, and knows stdout alone.
    colors: pico.createColors(wantsColors(stdout, env)),
    print: (text) => {
      clearProgress();
      stdout.write(`${text}\n`);
    },
    wrap: (text, indent) => (stdout.isTTY === true ? wrap(text, indent, stdout.columns) : text),
    complain: (message) => {
      clearProgress();
      stderr.write(`${errorColors.red("connect:")} ${message}\n`);
    },
    notice: (message) => {
      clearProgress();
      stderr.write(`${errorColors.yellow("connect:")} ${message}\n`);
    },
    progress: (text) => {
      // On one line, or it could not be taken away.
      if (showsProgress)
        stderr.write(`\r\x1b[K${errorColors.dim(text.slice(0, (stderr.columns || 80) - 1))}`);
    },
    clearProgress,
  };
}

/** What is narrower, in columns, would break after each word. */
const NARROWEST = 20;

function wrap(text: string, indent: number, columns: number): string {
  const width = columns - indent;
  if (!(width >= NARROWEST)) return text;
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line += line === "" ? word : ` ${word}`;
  }
  return [...lines, line].join(`\n${" ".repeat(indent)}`);
}

/** Who reads may stop before the end, as `head` does. */
function allowClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

/** As Node has it: FORCE_COLOR goes before NO_COLOR, and that before what the stream is. */
function wantsColors(
  stream: NodeJS.WriteStream,
  { FORCE_COLOR, NO_COLOR, TERM }: NodeJS.ProcessEnv,
): boolean {
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  if (NO_COLOR) return false;
  return stream.isTTY === true && TERM !== "dumb";
}
