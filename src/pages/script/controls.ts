/**
 * What a page shows only where script runs. A view puts it into `<template data-with-script=NAME>`, with every text in
 * the reader's language: a browser without script shows nothing of it, and a script has no words of its own.
 */

/** Puts the controls of this name in the places where their templates stand. */
export function controls(name: string): HTMLElement[] {
  return [...document.querySelectorAll<HTMLTemplateElement>(`template[data-with-script="${name}"]`)].flatMap((template) => {
    const control = document.importNode(template.content, true).firstElementChild;
    if (!(control instanceof HTMLElement)) return [];
    template.replaceWith(control);
    return [control];
  });
}

/** What fills the places `data-slot` of a part, by their names. */
export type Slots = Readonly<Record<string, string | number>>;

/** A copy of `<template data-part=NAME>` in a control, filled. */
export function partOf(control: HTMLElement, name: string, slots: Slots = {}): DocumentFragment {
  const template = control.querySelector<HTMLTemplateElement>(`template[data-part="${name}"]`);
  const part = document.importNode(template?.content ?? new DocumentFragment(), true);
  for (const slot of part.querySelectorAll<HTMLElement>('[data-slot]')) slot.textContent = String(slots[slot.dataset['slot'] ?? ''] ?? '');
  return part;
}

/** Says a part where the control is heard: in its `role=status`. */
export function say(control: HTMLElement, name: string, slots: Slots = {}): void {
  control.querySelector('[role="status"]')?.replaceChildren(partOf(control, name, slots));
}

/** Hears of each file that is chosen in the control, or dropped on it. */
export function onFile(control: HTMLElement, input: HTMLInputElement, take: (file: File) => void): void {
  const given = (files: FileList | null | undefined): void => {
    const file = files?.[0];
    if (file !== undefined) take(file);
  };
  input.addEventListener('change', () => given(input.files));
  control.addEventListener('dragover', (event) => event.preventDefault());
  control.addEventListener('drop', (event) => {
    event.preventDefault();
    given(event.dataTransfer?.files);
  });
}
