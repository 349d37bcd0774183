/** Connections at most. */
export const mostJobs = 64;

/** Seconds: both Node's timers and PostgreSQL's `statement_timeout` hold milliseconds in 31 bits. */
export const longestTimeout = 2_147_483;

/** Connections at most that load is sent over. */
export const mostConnections = 1000;
