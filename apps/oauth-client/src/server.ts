import { readEnvironment } from "./environment.js";
import { startClient } from "./start.js";

try {
  const { url, close } = await startClient(readEnvironment());
  console.log(`Acme Reports (OAuth client) on ${url}`);
  process.once("SIGINT", close).once("SIGTERM", close);
} catch (error) {
  const isTaken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
  console.error(
    isTaken ? "That port is in use: set PORT to another one, or to 0 for a free one." : messageOf(error),
  );
  process.exitCode = 1;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "The app could not start.";
}
