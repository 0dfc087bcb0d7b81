import type { Random } from "../random.js";

const CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/~%";

/** The same text with something wrong: what happens to tokens, proofs and cookies on their way, or in somebody's hands. */
export function mangle(random: Random, text: string): string {
  const at = random.between(0, text.length - 1);
  switch (random.between(0, 7)) {
    case 0:
      return text.slice(0, at) + random.pick([...CHARACTERS]) + text.slice(at + 1);
    case 1:
      return text.slice(0, at);
    case 2:
      return text.slice(0, at) + text.slice(at + 1);
    case 3:
      return text.slice(0, at) + random.pick([...CHARACTERS]) + text.slice(at);
    case 4: {
      const to = random.between(0, text.length - 1);
      return text.slice(0, Math.min(at, to)) + text.slice(Math.max(at, to));
    }
    case 5:
      return text + random.pick([".", "=", "A", ".e30", "%20", `.${text}`]);
    case 6: {
      const parts = text.split(".");
      const [one, other] = [random.between(0, parts.length - 1), random.between(0, parts.length - 1)];
      [parts[one], parts[other]] = [parts[other] ?? "", parts[one] ?? ""];
      return parts.join(".");
    }
    default:
      // The last character of a part holds bits that most decoders don't look at.
      return text.replace(/[\w-](?=\.|$)/g, (last) =>
        random.chance(0.5) ? random.pick([...CHARACTERS.slice(0, 64)]) : last,
      );
  }
}
