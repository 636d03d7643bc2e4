// The example of a page that shows a meeting: what is pressed goes in, what happens comes out.

import { embed } from './conclave.js';

/** @param {string} id */
const find = id => /** @type {HTMLInputElement} */ (document.getElementById(id));

/** @param {string} type @param {any} detail */
function log(type, detail) {
  const line = document.createElement('li');
  line.textContent = `${type} ${JSON.stringify(detail ?? null)}`;
  find('log').append(line);
}

/** @type {ReturnType<typeof embed> | null} */
let meeting = null;

find('form').addEventListener('submit', event => {
  event.preventDefault();
  meeting?.remove();
  meeting = embed({ link: find('link').value, ticket: find('ticket').value || undefined, name: find('name').value, element: find('meeting') });
  for (const type of /** @type {const} */ (['joined', 'left', 'muted', 'person-joined', 'person-left', 'error']))
    meeting.on(type, detail => log(type, detail));
  for (const id of ['join', 'mute', 'leave'])
    find(id).disabled = false;
});

find('join').addEventListener('click', () => meeting?.join().catch(error => log('not joined', error.message)));
find('mute').addEventListener('click', () => meeting?.mute());
find('leave').addEventListener('click', () => meeting?.leave());
