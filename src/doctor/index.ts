/** What the command line may use of the doctor. */
export { type ApiFacts, judgeApi } from "./api.js";
export { type DatabaseFacts, judgeDatabase } from "./database.js";
export { readServerFacts, type ServerFacts } from "./database-facts.js";
export { checkOf, type Item } from "./item.js";
export { type ConfigSections, needsOf } from "./needs.js";
export { judgePrograms, readPrograms } from "./programs.js";
export { judgeProject, type ProjectFacts } from "./project.js";
