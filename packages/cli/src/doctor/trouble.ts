import { type Answer, NoAnswer } from "../http.js";

/** What to do, by whose server it is. */
interface Remedies {
  readonly unreached: string;
  readonly broken: string;
  readonly limited: string;
}

const APPLICATION: Remedies = {
  unreached: "Start the application, and look at APP_URL and at the port that it listens on.",
  broken: "Look at the application's log, and at that of a proxy in front of it.",
  limited: "It limits requests: wait, or let more of them pass, and ask again.",
};

export const AUTHKIT: Remedies = {
  unreached: "Look whether AUTHKIT_URL is right and reachable from here.",
  broken: "AuthKit has a fault, or what stands on the way to it: ask again in a while.",
  limited: "AuthKit limits requests: ask again in a while.",
};

/** That an answer shows nothing of what was asked. */
export class Trouble {
  constructor(
    /** Goes on where a sentence has its subject: `is answered with 502`. */
    readonly seen: string,
    readonly todo: string,
  ) {}
}

/** An answer that says what it has to say, well or badly; else that it does not, so that nobody is accused of more. */
export function answerOrTrouble<Kind extends Answer>(
  answer: Kind | NoAnswer,
  remedies: Remedies = APPLICATION,
): Kind | Trouble {
  if (answer instanceof NoAnswer)
    return new Trouble(
      `is not answered: ${answer.why}`,
      answer.isConnected ? remedies.broken : remedies.unreached,
    );
  const { status } = answer;
  if (isBroken(status)) return new Trouble(`is answered with ${status}`, remedies.broken);
  return status === 429 ? new Trouble(`is answered with ${status}`, remedies.limited) : answer;
}

/** 501 is a server's way to say that it knows no such method (RFC 9110 section 15.6.2), which is an answer. */
export function isBroken(status: number): boolean {
  return status >= 500 && status !== 501;
}
