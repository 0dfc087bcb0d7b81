import "reflect-metadata";
import { isConnectError } from "@connect/core";
import type { TokenRefusal } from "@connect/fastify";
import {
  All,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  HttpException,
  Module,
  Req,
  Res,
  UseGuards,
} from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { notesGuard, signIn } from "./connect.js";

class NotesGuard implements CanActivate {
  canActivate(context: ExecutionContext) {
    const [request, reply] = context.getArgs<[FastifyRequest, FastifyReply]>();
    return new Promise<boolean>((resolve, reject) => {
      notesGuard(request, reply, (error) => {
        if (!isConnectError(error)) return error === undefined ? resolve(true) : reject(error);
        // Nest's filter answers with a message and nothing else: the challenge is set here.
        reply.headers((error as TokenRefusal).headers);
        reject(new HttpException({ error: error.code }, error.status));
      });
    });
  }
}

@Controller()
class NotesController {
  @All("auth/login") // GET, and POST of the page that `confirm` shows; it refuses the rest
  login(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return signIn(request, reply);
  }

  @Get("api/notes")
  @UseGuards(NotesGuard)
  notes(@Req() request: FastifyRequest) {
    return { notesOf: notesGuard.accessToken(request).subject };
  }
}

@Module({ controllers: [NotesController] })
export class AppModule {}
