import { escapeHtml } from './elements.ts';

/** Shows one of several parts of a page at a time, without a script: `<section id="NAME-1" class="tab">` for the tab of index 1. */
export function tabsHtml(name: string, label: string, tabs: readonly { readonly title: string; readonly index: number }[]): string {
  const first = tabs[0]?.index;
  const idOf = (index: number): string => `tab-${name}-${index}`;
  const style = tabs.map(({ index }) => `body:has(#${idOf(index)}:checked) #${name}-${index}{display:block}`).join('');
  const labels = tabs.map(
    ({ title, index }) =>
      `<label><input type="radio" name="${name}" id="${idOf(index)}"${index === first ? ' checked' : ''}>${escapeHtml(title)}</label>`,
  );
  return `<style>.tab{display:none}${style}</style><fieldset class="tabs" aria-label="${escapeHtml(label)}">${labels.join('')}</fieldset>`;
}
