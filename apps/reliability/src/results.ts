import type { Tried } from "./inputs/tally.js";
import type { KeyFigures } from "./keys.js";
import type { LoginFigures } from "./logins.js";

/** A whole run, as it is written to a file. */
export interface Results {
  /** When it ended, in UTC. */
  readonly date: string;
  /** How long it took, in seconds. */
  readonly duration: number;
  /** What was asked for: the amounts of everything follow from it. */
  readonly seconds: number;
  readonly seed: string;
  readonly cores: number;
  readonly node: string;
  /** Of the application that goes on at once, and of the one that asks first. */
  readonly logins: { readonly plain: LoginFigures; readonly careful: LoginFigures };
  /** How often each fault of the completion API happened, by its name. */
  readonly faults: Readonly<Record<string, number>>;
  readonly keys: KeyFigures;
  readonly inputs: {
    readonly kinds: Readonly<Record<string, Tried>>;
    readonly good: number;
    readonly goodRefused: number;
  };
  readonly processes: {
    readonly started: number;
    readonly answers: number;
    readonly rejections: number;
    readonly exceptions: number;
    readonly warnings: number;
    readonly thrown: number;
    /** Sockets, timers, servers and listeners that were left when the server was closed. */
    readonly left: readonly string[];
    readonly notEnded: number;
  };
  readonly secrets: {
    readonly known: number;
    /** Characters. */
    readonly searched: number;
    readonly lines: number;
    readonly errors: number;
    /** What was found, and where. */
    readonly found: Readonly<Record<string, number>>;
  };
  readonly abroad: {
    /** Redirects of browsers that led neither to AuthKit nor to the application's own pages. */
    readonly redirects: number;
    /** Requests that followed AuthKit's redirects to another host. */
    readonly requests: number;
    /** Calls of the completion API without the API key, or that were none. */
    readonly badCalls: number;
  };
}

/** A figure that must be 0. */
export interface Zero {
  readonly label: string;
  readonly count: number;
  /** What it counts, in a sentence. */
  readonly meaning: string;
}

/** All of them. The run fails where one is not 0. */
export function zerosOf(results: Results): readonly Zero[] {
  const { plain, careful } = results.logins;
  const { keys, inputs, processes, secrets, abroad } = results;
  const zero = (label: string, count: number, meaning: string): Zero => ({ label, count, meaning });
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  return [
    zero(
      "logins lost otherwise",
      plain.lostOtherwise + careful.lostOtherwise,
      "Not completed, although AuthKit had not acted, or its answer had come through in time and the user asked within ten seconds.",
    ),
    zero(
      "logins completed twice",
      plain.twice + careful.twice,
      "Two addresses for one id, or a call after AuthKit had acted that no person had asked for.",
    ),
    zero(
      "identities mixed up",
      plain.mixedUp + careful.mixedUp,
      "Somebody got another's login, or was shown another's name.",
    ),
    zero(
      "redirects to anywhere else",
      abroad.redirects,
      "Browsers were sent to AuthKit and to the application's own pages only.",
    ),
    zero(
      "requests to anywhere else",
      abroad.requests + keys.strangerAsked,
      "AuthKit's redirects to another host were not followed, so that no API key and no trust went there.",
    ),
    zero(
      "malformed completion calls",
      abroad.badCalls,
      "Each call had the API key and a body that can be read.",
    ),
    zero(
      "wrong accepts",
      sum(Object.values(inputs.kinds).map(({ accepted }) => accepted)),
      "Bad inputs that were let through; what is bad was decided by jose, the URL standard and the other side, never by Connect.",
    ),
    zero(
      "wrong accepts while keys fail",
      keys.badAccepted,
      "Forged, expired and foreign tokens, and those of withdrawn keys, that were let through.",
    ),
    zero(
      "good tokens refused while keys fail",
      keys.goodRefused,
      "Answered 401, which makes a client throw its token away, where 503 would have been true.",
    ),
    zero("good inputs refused", inputs.goodRefused, "One input in ten was good, and got through."),
    zero(
      "unhandled rejections",
      processes.rejections,
      "Counted beside the application, in each of its processes.",
    ),
    zero("uncaught exceptions", processes.exceptions, "The same."),
    zero("process warnings", processes.warnings, "The same: leaks of listeners, deprecations."),
    zero("errors thrown at the framework", processes.thrown, "Everything was answered as what it was."),
    zero(
      "handles left",
      processes.left.length + processes.notEnded,
      "Sockets, timers and listeners after the server was closed, and processes that did not end by themselves.",
    ),
    zero(
      "secrets found",
      sum(Object.values(secrets.found)),
      "In all that was printed, in every error that was handed out, and in answers where they have no business.",
    ),
  ];
}
