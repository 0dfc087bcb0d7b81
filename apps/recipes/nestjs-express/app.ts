import "reflect-metadata";
import { resourceRoutes } from "@connect/express";
import { Controller, Get, type MiddlewareConsumer, Module, Req } from "@nestjs/common";
import type { Request } from "express";
import { notesGuard, resource, signIn } from "./connect.js";

@Controller()
class NotesController {
  @Get("api/notes")
  notes(@Req() request: Request) {
    return { notesOf: notesGuard.accessToken(request).subject };
  }
}

@Module({ controllers: [NotesController] })
export class AppModule {
  configure(consumer: MiddlewareConsumer) {
    consumer.apply(signIn).forRoutes("auth/login"); // all methods: it refuses what it does not take
    consumer.apply(resourceRoutes(resource)).forRoutes("{*path}");
    consumer.apply(notesGuard).forRoutes("api/notes");
  }
}
