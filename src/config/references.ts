/** Names a secret in the environment: `url: env("DATABASE_URL")`. It is read when needed, and never printed. */
export function env(name: string): string {
  return `env:${name}`;
}

/** Names a secret in a file: `token: file("/run/secrets/token")`. */
export function file(path: string): string {
  return `file:${path}`;
}
