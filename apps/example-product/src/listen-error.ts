/** Says why the server can't listen, in words for the terminal, and ends the process with code 1. */
export function exitOnListenError(error: NodeJS.ErrnoException & { port?: number }): never {
  console.error(
    error.code === "EADDRINUSE"
      ? `Port ${error.port} is in use. Set PORT to another one.`
      : `The server can't listen: ${error.message}`,
  );
  process.exit(1);
}
