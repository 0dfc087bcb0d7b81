import type { Random } from "./random.js";

/** Longer than any token or address that means something, and short enough to be quick. In bytes. */
export const MAX_LENGTH = 4_096;

/** Bytes that end, open, escape or separate something in JSON, URLs, headers and base64url. */
const SIGNS = Buffer.from("\0\t\n\r !\"#%&'()*+,-./0129:;<=>?@AZ[\\]^_`az{|}~\u007f", "latin1");

type Mutation = (input: Buffer, random: Random, words: readonly Buffer[], other: Buffer) => Buffer;

const MUTATIONS: readonly Mutation[] = [
  // A bit.
  (input, random) => replace(input, random, (byte) => byte ^ (1 << random.below(8))),
  // A byte.
  (input, random) => replace(input, random, () => random.below(256)),
  (input, random) => replace(input, random, () => random.pick([...SIGNS])),
  // A word put in, or over what was there.
  (input, random, words) => put(input, random, random.pick(words), 0),
  (input, random, words) => {
    const word = random.pick(words);
    return put(input, random, word, word.length);
  },
  // Signs put in.
  (input, random) => put(input, random, Buffer.alloc(1 + random.below(4), random.pick([...SIGNS])), 0),
  // A piece left out, or written again.
  (input, random) => put(input, random, Buffer.alloc(0), 1 + random.below(Math.min(input.length + 1, 32))),
  (input, random) => put(input, random, piece(input, random), 0),
  // A piece of another input.
  (input, random, _, other) => put(input, random, piece(other, random), random.below(8)),
  // The beginning of the one and the end of the other.
  (input, random, _, other) =>
    Buffer.concat([
      input.subarray(0, random.below(input.length + 1)),
      other.subarray(random.below(other.length + 1)),
    ]),
];

/** An input that is a little different, with no more than `MAX_LENGTH` bytes. */
export function mutate(input: Buffer, random: Random, words: readonly Buffer[], other: Buffer): Buffer {
  let changed = input;
  for (let times = 1 << random.below(4); times > 0; times--) {
    changed = random.pick(MUTATIONS)(changed, random, words, other).subarray(0, MAX_LENGTH);
  }
  return changed;
}

function replace(input: Buffer, random: Random, change: (byte: number) => number): Buffer {
  if (input.length === 0) return Buffer.from([change(0)]);
  const at = random.below(input.length);
  const changed = Buffer.from(input);
  changed[at] = change(input[at] ?? 0);
  return changed;
}

function put(input: Buffer, random: Random, bytes: Buffer, cut: number): Buffer {
  const at = random.below(input.length + 1);
  return Buffer.concat([input.subarray(0, at), bytes, input.subarray(at + cut)]);
}

function piece(input: Buffer, random: Random): Buffer {
  const at = random.below(input.length + 1);
  return input.subarray(at, at + 1 + random.below(64));
}
