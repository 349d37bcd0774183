/** Whether a parameter of a link is what keeps others out: `signature`, `token`, `X-Amz-Credential`. */
export function isSignature(name: string): boolean {
  return /sig|token|hmac|hash|key|secret|credential|^s$|^t$/i.test(name);
}
