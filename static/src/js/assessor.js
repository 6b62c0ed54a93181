// The assessor's pages. Everything works without it; with it nothing waits for a page.
import './assessor/assessor.css';
import { startAutosave } from './assessor/autosave.js';
import { startJudging } from './assessor/judging.js';
import { startKeys } from './assessor/keys.js';
import { startMatrix } from './assessor/matrix.js';
import { startShown } from './assessor/shown.js';
import { startStage } from './assessor/stage.js';
import { startTabs } from './assessor/tabs.js';

const form = document.getElementById('judge');
if (form) {
  startJudging(form);
  startAutosave(form);
}
startStage();
startShown();
startTabs();
startKeys(form);
startMatrix(document.querySelector('[data-matrix]'));
