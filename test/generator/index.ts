/** Small random multi-tenant APIs with one leak or none, to measure the check by. */
export { type GeneratedApi, type Leak, type LeakRule, leakRules } from "./description.js";
export { type GenerateOptions, generateApi } from "./generate.js";
export { leakVariants } from "./leaks/index.js";
export { type ServedApi, serveApi } from "./server/serve.js";
