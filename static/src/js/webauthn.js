// Passkeys and security keys. The page says what it wants with data-webauthn on a form:
//   login         ask the server for a challenge, then sign in with any passkey of this device
//   authenticate  answer the challenge in the page (second step, or "is it still you?")
//   add           make a new key from the options in the page
// The answer goes back in the form's hidden field "credential". No key material ever rests in the page.
import { fromBase64url, plain } from './parts/webauthn-json.js';

const decode = (list, field = 'id') => (list ?? []).map(each => ({ ...each, [field]: fromBase64url(each[field]) }));

const requestOptions = ({ publicKey }) => ({
  publicKey: {
    ...publicKey,
    challenge: fromBase64url(publicKey.challenge),
    allowCredentials: decode(publicKey.allowCredentials),
  },
});

const creationOptions = ({ publicKey }, passwordless) => ({
  publicKey: {
    ...publicKey,
    challenge: fromBase64url(publicKey.challenge),
    user: { ...publicKey.user, id: fromBase64url(publicKey.user.id) },
    excludeCredentials: decode(publicKey.excludeCredentials),
    authenticatorSelection: {
      ...publicKey.authenticatorSelection,
      residentKey: passwordless ? 'required' : 'discouraged',
      requireResidentKey: passwordless,
      userVerification: passwordless ? 'required' : (publicKey.authenticatorSelection?.userVerification ?? 'preferred'),
    },
  },
});

const pageOptions = () => JSON.parse(document.getElementById('js_data').textContent);

const challenge = async form => {
  const answer = await fetch(form.action, { headers: { Accept: 'application/json', 'X-Requested-With': 'XMLHttpRequest' } });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return (await answer.json()).request_options;
};

const ceremonies = {
  login: async form => navigator.credentials.get(requestOptions(await challenge(form))),
  authenticate: async () => navigator.credentials.get(requestOptions(pageOptions().request_options)),
  add: async form =>
    navigator.credentials.create(
      creationOptions(pageOptions().creation_options, form.elements.passwordless?.checked ?? false),
    ),
};

// Closing the device's own window is an answer too: only then a plain sentence, never a code.
const say = (form, shown) => {
  const note = form.querySelector('[data-webauthn-note]');
  if (note) note.hidden = !shown;
};

const run = async (form, button) => {
  say(form, false);
  button.disabled = true;
  try {
    const credential = await ceremonies[form.dataset.webauthn](form);
    form.elements.credential.value = JSON.stringify(plain(credential));
    form.submit();
  } catch (error) {
    console.info(error.name, error.message);
    say(form, true);
    button.disabled = false;
    button.focus();
  }
};

const start = form => {
  const button = form.querySelector('[data-webauthn-start]');
  form.addEventListener('submit', event => {
    event.preventDefault();
    run(form, button);
  });
};

for (const form of document.querySelectorAll('form[data-webauthn]')) {
  if (window.PublicKeyCredential) start(form);
  else (form.closest('[data-webauthn-area]') ?? form).hidden = true;
}
