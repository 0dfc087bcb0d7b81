import { answerMe, CALLER_HEADER } from "../../../src/bare/answers";
import { send } from "../../send";

export const GET = async (request: Request) => send(answerMe(request.headers.get(CALLER_HEADER)));
