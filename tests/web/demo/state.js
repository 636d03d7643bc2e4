// Which state the demo shows, from the query string; everything has a default, so `?people=5` is enough.
//   people=5  off=2,4 (cameras off)  muted=1,3  share=2  failed=3  connecting=4  lost=2  poor=2  speaking=2  host=1  long=1
//   kind=boardroom|classroom  role=viewer  hand=3,1 (in that order)  viewers=312  questions=4  spotlight=2  paused=3  media=connecting|
//   reconnecting|failed  nobody=1 (a stage without people)
//   recording=allowed|on|paused  consent=announce|require  mine=none|announced|agreed|refused|withdrawn  unrecorded=2,4  warning=disk
//   cohost=2,3  lobby=1  locked=1  knocks=3 (who waits)  marked=1  wait=host|nobody|lost (one's own waiting)  reason=removed (after leaving)
//   phones=1 (what to dial)  phone=2,4 (who calls)  alert=1 (somebody tries PINs)  calling=1 (who waits calls)
//   status=reconnecting  panel messages: chat=6  camera=blocked|no-device  microphone=…  refuse=wrong-key (the room check)  title=…

const query = new URLSearchParams(location.search);

/** @param {string} name @param {number} fallback */
export const number = (name, fallback) => Number(query.get(name) ?? fallback);

/** @param {string} name @returns {string | null} */
export const text = name => query.get(name);

/** @param {string} name @param {number} i is person i (0 = oneself) among those listed? */
export const listed = (name, i) => (query.get(name) ?? '').split(',').includes(String(i));

export const NAMES = query.get('long') === '1'
  ? ['Maximiliane Freifrau von Hohenstein-Oberstaufen zu Wallenfels', 'Wolfeschlegelsteinhausenbergerdorff', 'Ann', 'Dr. Ing. Bartholomäus Donaudampfschifffahrtsgesellschaft-Kap', 'Lü', 'Jean-Baptiste', 'Ðặng Thị Ngọc', 'محمد']
  : ['Marta Lindqvist', 'Samuel Okafor', 'Yuki Tanaka', 'Elena Rossi', 'Jonas Weber', 'Priya Nair', 'Tomás Herrera', 'Noor de Vries', 'Amara Diallo',
    'Henrik Sørensen', 'Chloé Martin', 'Mateus Silva', 'Ingrid Bauer', 'Kwame Mensah', 'Sofia Kowalska', 'Liam Byrne', 'Aiko Mori', 'Pieter Jansen',
    'Zeynep Kaya', 'David Cohen', 'Lucía Romero', 'Ola Nordmann', 'Mei Chen', 'Farid Haddad', 'Anna Novak'];

/** @param {number} i @returns {string} the name of person i; with more people than names, numbered */
export const nameOf = i => (i < NAMES.length ? NAMES[i] : `${NAMES[i % NAMES.length]} ${Math.floor(i / NAMES.length) + 1}`);

/** @param {string} name @param {number} i @returns {number} its place in that list, from 1; 0 where it is not in it */
export const placeOf = (name, i) => (query.get(name) ?? '').split(',').indexOf(String(i)) + 1;
