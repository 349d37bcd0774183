import { Router } from "express";
import { verifyPassword } from "../auth/password.js";
import { issueToken } from "../auth/token.js";
import { prismaBase } from "../config/database.js";
import { HttpError } from "../http/errors.js";
import { bodyOf, text } from "../http/input.js";

export const auth = Router();

/** Before the login there is no tenant context, so it uses prismaBase. An e-mail is only unique within a tenant. */
auth.post("/login", async (request, response) => {
  const body = bodyOf(request);
  const slug = text(body, "tenant");
  const email = text(body, "email");
  const password = text(body, "password");
  const user = await prismaBase.user.findFirst({ where: { email, tenant: { slug, status: "ACTIVE" } } });
  const isRight = await verifyPassword(password, user?.passwordHash);
  if (!user || !isRight) throw new HttpError(401, "Tenant, e-mail or password is wrong");
  const { id, name, tenantId } = user;
  response.json({ token: issueToken(id, tenantId), tenantId, user: { id, name, email } });
});
