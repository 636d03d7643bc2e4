// The 64 pictures of the code that people compare, and their names for reading aloud. The order is that of LINK-1.md, section 6, and the same in
// every language: a browser that has other pictures, or none, still says the same.

import { t } from '../core/i18n.js';

/** @type {readonly (readonly [string, () => string])[]} */
const SYMBOLS = [
  ['🐶', () => t("Dog")], ['🐱', () => t("Cat")], ['🦁', () => t("Lion")], ['🐴', () => t("Horse")],
  ['🐷', () => t("Pig")], ['🐮', () => t("Cow")], ['🐘', () => t("Elephant")], ['🐰', () => t("Rabbit")],
  ['🐸', () => t("Frog")], ['🐧', () => t("Penguin")], ['🦉', () => t("Owl")], ['🐢', () => t("Turtle")],
  ['🐟', () => t("Fish")], ['🐙', () => t("Octopus")], ['🦋', () => t("Butterfly")], ['🐝', () => t("Bee")],
  ['🐌', () => t("Snail")], ['🦔', () => t("Hedgehog")], ['🌳', () => t("Tree")], ['🌵', () => t("Cactus")],
  ['🍄', () => t("Mushroom")], ['🌻', () => t("Sunflower")], ['🌙', () => t("Moon")], ['☀️', () => t("Sun")],
  ['☁️', () => t("Cloud")], ['🌈', () => t("Rainbow")], ['🔥', () => t("Fire")], ['⛄', () => t("Snowman")],
  ['🍎', () => t("Apple")], ['🍌', () => t("Banana")], ['🍓', () => t("Strawberry")], ['🍒', () => t("Cherries")],
  ['🍇', () => t("Grapes")], ['🍋', () => t("Lemon")], ['🥕', () => t("Carrot")], ['🌽', () => t("Corn")],
  ['🍞', () => t("Bread")], ['🧀', () => t("Cheese")], ['🥚', () => t("Egg")], ['🍕', () => t("Pizza")],
  ['🎂', () => t("Cake")], ['🎩', () => t("Hat")], ['👓', () => t("Glasses")], ['👑', () => t("Crown")],
  ['☂️', () => t("Umbrella")], ['⏰', () => t("Clock")], ['🕯️', () => t("Candle")], ['📕', () => t("Book")],
  ['✏️', () => t("Pencil")], ['✂️', () => t("Scissors")], ['🔑', () => t("Key")], ['🔨', () => t("Hammer")],
  ['☎️', () => t("Telephone")], ['🎁', () => t("Gift")], ['🎈', () => t("Balloon")], ['🔔', () => t("Bell")],
  ['⚓', () => t("Anchor")], ['🎸', () => t("Guitar")], ['🎺', () => t("Trumpet")], ['🥁', () => t("Drum")],
  ['🚲', () => t("Bicycle")], ['🚂', () => t("Train")], ['✈️', () => t("Aeroplane")], ['🚀', () => t("Rocket")],
];

/** @param {number} n below 64 @returns {{ picture: string, name: string }} */
export function symbolOf(n) {
  const [picture, name] = SYMBOLS[n];
  return { picture, name: name() };
}
