import { exitOnListenError, resourceIndicators } from "example-product";
import { app } from "./app.js";
import { environment } from "./connect.js";

app.listen({ port: environment.port, host: "localhost" }, (error, address) => {
  if (error) exitOnListenError(error);
  console.log(`Heron Notes (Fastify) on http://localhost:${new URL(address).port}`);
  console.log(resourceIndicators(environment));
});

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => app.close());
