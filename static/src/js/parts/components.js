// The govuk-frontend components the pages use. Each is started once, on the page and on what htmx brings in later.
import { CharacterCount } from 'govuk-frontend/dist/govuk/components/character-count/character-count.mjs';
import { Checkboxes } from 'govuk-frontend/dist/govuk/components/checkboxes/checkboxes.mjs';
import { ErrorSummary } from 'govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs';
import { PasswordInput } from 'govuk-frontend/dist/govuk/components/password-input/password-input.mjs';
import { Radios } from 'govuk-frontend/dist/govuk/components/radios/radios.mjs';
import { SkipLink } from 'govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs';

const COMPONENTS = [CharacterCount, Checkboxes, ErrorSummary, PasswordInput, Radios, SkipLink];

const inside = (scope, selector) => [
  ...(scope.matches?.(selector) ? [scope] : []),
  ...scope.querySelectorAll(selector),
];

export const startComponents = scope => {
  // govuk-frontend asks for this class before it starts anything.
  document.body.classList.add('js-enabled', 'govuk-frontend-supported');
  for (const Component of COMPONENTS) {
    for (const element of inside(scope, `[data-module="${Component.moduleName}"]`)) {
      if (element.hasAttribute(`data-${Component.moduleName}-init`)) continue;
      try {
        new Component(element);
      } catch (error) {
        console.error(error);
      }
    }
  }
};
