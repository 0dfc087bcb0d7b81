import { resourceRoutes } from "@connect/fastify";
import { NestFactory } from "@nestjs/core";
import { FastifyAdapter, type NestFastifyApplication } from "@nestjs/platform-fastify";
import { AppModule } from "./app.js";
import { resource, signIn } from "./connect.js";

export const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter());
await app.register(signIn); // Fastify's own routes, beside Nest's
await app.register(resourceRoutes(resource));
await app.listen(Number(process.env.PORT ?? 3000), "localhost");
