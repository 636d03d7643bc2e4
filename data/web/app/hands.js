// Raised hands in the order in which they went up. Pure.

/** @typedef {import('../core/person.js').Person} Person */

/** @param {Iterable<Person>} people @returns {Person[]} who was first comes first */
export const handsUp = people => [...people].filter(({ hand }) => hand > 0).sort((a, b) => a.hand - b.hand || (a.id < b.id ? -1 : 1));

/** @param {Iterable<Person>} people @returns {Map<string, number>} ids and places, from 1 */
export const handPlaces = people => new Map(handsUp(people).map(({ id }, i) => [id, i + 1]));
