import "reflect-metadata";
import { resourceRoutes } from "@connect/express";
import { All, Controller, Get, type MiddlewareConsumer, Module, Next, Req, Res } from "@nestjs/common";
import type { NextFunction, Request, Response } from "express";
import { notesGuard, resource, signIn } from "./connect.js";

@Controller()
class NotesController {
  @All("auth/login") // GET, and POST of the page that `confirm` shows; it refuses the rest
  login(@Req() request: Request, @Res() response: Response, @Next() next: NextFunction) {
    return signIn(request, response, next);
  }

  @Get("api/notes")
  notes(@Req() request: Request) {
    return { notesOf: notesGuard.accessToken(request).subject };
  }
}

@Module({ controllers: [NotesController] })
export class AppModule {
  configure(consumer: MiddlewareConsumer) {
    consumer.apply(resourceRoutes(resource)).forRoutes("{*path}").apply(notesGuard).forRoutes("api/notes");
  }
}
