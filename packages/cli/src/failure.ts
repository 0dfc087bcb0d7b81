/** What ends a command: its message is for the person who called it, and holds no secret. */
export class CommandFailure extends Error {
  constructor(
    message: string,
    /** 2: the command can't be used like this. 1: it was done, and it failed. */
    readonly exitCode: 1 | 2 = 2,
  ) {
    super(message);
  }
}
