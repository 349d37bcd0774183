/** `npm pack` and `npm publish`: what is packed is built from what is here. */
import { prepare } from "./prepare.mjs";

prepare();
