import { site } from "../connect";
import { send } from "../send";

export const GET = async (request: Request) => send(await site.home(request.headers));
