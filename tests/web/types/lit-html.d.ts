// The part of lit-html's types that the client uses; the vendored files are minified and carry none.

declare module 'lit-html' {
  export interface TemplateResult { readonly _$litType$: number }
  export const nothing: unique symbol;
  export const noChange: unique symbol;
  export function html(strings: TemplateStringsArray, ...values: unknown[]): TemplateResult;
  export function svg(strings: TemplateStringsArray, ...values: unknown[]): TemplateResult;
  export function render(value: unknown, container: HTMLElement | DocumentFragment): unknown;
}

declare module 'lit-html/directives/repeat.js' {
  export function repeat<T>(items: Iterable<T>, key: (item: T, index: number) => unknown, template: (item: T, index: number) => unknown): unknown;
}

declare module 'lit-html/directives/ref.js' {
  export class Ref<T = Element> { readonly value?: T }
  export function createRef<T = Element>(): Ref<T>;
  export function ref<T extends Element>(target: Ref<T> | ((element?: T) => void) | undefined): unknown;
}

declare module 'lit-html/directives/live.js' {
  export function live(value: unknown): unknown;
}

declare module 'lit-html/directives/class-map.js' {
  export function classMap(classes: Record<string, unknown>): unknown;
}

declare module 'lit-html/directives/if-defined.js' {
  export function ifDefined(value: unknown): unknown;
}

declare module 'lit-html/directives/guard.js' {
  export function guard(dependencies: readonly unknown[], template: () => unknown): unknown;
}
