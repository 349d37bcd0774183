/** Thrown where an expression has to be run to be known. */
export class NotStatic extends Error {}
