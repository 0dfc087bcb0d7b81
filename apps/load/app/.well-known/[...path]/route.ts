import { answerMetadata } from "../../../src/bare/answers";
import { send } from "../../send";

export const GET = async () => send(answerMetadata());
