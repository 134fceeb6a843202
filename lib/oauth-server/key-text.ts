const privateMember = /"(?:d|p|q|dp|dq|qi|oth|k|priv)"\s*:/;

/**
 * Whether a pasted text holds a private or shared key: PEM, or a JWK with a private member (RFC 7518, 6.2.2, 6.3.2
 * and 6.4). Looks at the text alone, so that a form can keep it from being sent.
 */
export function holdsPrivateKey(text: string): boolean {
  return /PRIVATE KEY/.test(text) || privateMember.test(text) || /"kty"\s*:\s*"oct"/.test(text);
}

/** What is said about it; nothing of the text is in it. */
export const privateKeyRefusal =
  "This is a private key. It was not kept. Paste the public key alone, and keep the private one on your server.";
