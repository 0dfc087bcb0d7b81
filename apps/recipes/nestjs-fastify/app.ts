import "reflect-metadata";
import { promisify } from "node:util";
import { isConnectError } from "@connect/core";
import type { TokenRefusal } from "@connect/fastify";
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  HttpException,
  Module,
  Req,
  UseGuards,
} from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { notesGuard } from "./connect.js";

class NotesGuard implements CanActivate {
  async canActivate(context: ExecutionContext) {
    const [request, reply] = context.getArgs<[FastifyRequest, FastifyReply]>();
    await promisify(notesGuard)(request, reply).catch((error) => {
      if (!isConnectError(error)) throw error;
      // Nest's filter answers with a message and nothing else: the challenge is set here.
      reply.headers((error as TokenRefusal).headers);
      throw new HttpException({ error: error.code }, error.status);
    });
    return true;
  }
}

@Controller()
class NotesController {
  @Get("api/notes")
  @UseGuards(NotesGuard)
  notes(@Req() request: FastifyRequest) {
    return { notesOf: notesGuard.accessToken(request).subject };
  }
}

@Module({ controllers: [NotesController] })
export class AppModule {}
