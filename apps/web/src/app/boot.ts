/** Takes away what index.html shows until there is something. */
export function endBoot(): void {
  delete document.documentElement.dataset['boots']
}
