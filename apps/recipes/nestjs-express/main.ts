import { NestFactory } from "@nestjs/core";
import type { NestExpressApplication } from "@nestjs/platform-express";
import { AppModule } from "./app.js";

export const app = await NestFactory.create<NestExpressApplication>(AppModule);
await app.listen(process.env.PORT ?? 3000, "localhost");
