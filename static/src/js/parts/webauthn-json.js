// The browser speaks in bytes, the server in base64url.
export const fromBase64url = text => {
  const base64 = text.replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(base64), character => character.charCodeAt(0));
};

export const toBase64url = bytes => {
  const binary = Array.from(new Uint8Array(bytes), byte => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
};

const RESPONSE_PARTS = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'];

export const plain = credential => ({
  id: credential.id,
  rawId: toBase64url(credential.rawId),
  type: credential.type,
  authenticatorAttachment: credential.authenticatorAttachment ?? null,
  clientExtensionResults: credential.getClientExtensionResults(),
  response: {
    ...Object.fromEntries(
      RESPONSE_PARTS.filter(part => credential.response[part]).map(part => [part, toBase64url(credential.response[part])]),
    ),
    ...(credential.response.getTransports ? { transports: credential.response.getTransports() } : {}),
  },
});
