import { resourceRoutes } from "@connect/fastify";
import { NestFactory } from "@nestjs/core";
import { FastifyAdapter, type NestFastifyApplication } from "@nestjs/platform-fastify";
import { AppModule } from "./app.js";
import { resource } from "./connect.js";

const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter());
await app.register(resourceRoutes(resource)); // Fastify's own routes, beside Nest's
await app.listen(Number(process.env.PORT ?? 3000), "localhost");

export { app };
