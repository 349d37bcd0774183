import * as v from "valibot";
import { hashPassword } from "../data/password.js";
import { email, readBody } from "../http/input.js";
import { Problem } from "../http/problem.js";
import { noContent, ok } from "../http/reply.js";
import type { Clinic } from "./clinic.js";
import { TOKEN_SECONDS } from "./sessions.js";

const Login = v.object({ email, password: v.string() });

export function authRoutes({ database, router, sessions }: Clinic): void {
  router.open("POST", "/auth/login", ({ body }) => {
    const login = readBody(Login, body);
    const member = database.staff.rows.find(
      (row) => row.email === login.email && row.deletedAt === undefined,
    );
    if (member === undefined || member.passwordHash !== hashPassword(login.password))
      throw new Problem(401, "wrong_login", "The e-mail address or the password is wrong.");
    return ok({ accessToken: sessions.start(member.id), tokenType: "Bearer", expiresIn: TOKEN_SECONDS });
  });

  router.post("/auth/logout", ({ token }) => {
    sessions.end(token);
    return noContent();
  });
}
