// Every page loads this. Nothing here is needed to use a page: it makes what works without it quicker.
import { announceToasts } from './parts/toasts.js';
import { closeMenus } from './parts/menus.js';
import { guardForms } from './parts/guard.js';
import { listenToHtmx } from './parts/htmx.js';
import { startComponents } from './parts/components.js';

startComponents(document);
announceToasts();
guardForms();
closeMenus();
listenToHtmx();
