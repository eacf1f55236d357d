/** Leads to what is to be mended in a form. */

/** Puts the focus into the first field that is marked as wrong, once the marks of this try are drawn. */
export function focusFirstFault(form: HTMLElement): void {
  requestAnimationFrame(() => {
    form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  });
}
