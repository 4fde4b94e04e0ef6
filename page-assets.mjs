import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const place = (path) => fileURLToPath(new URL(path, import.meta.url));
const NAME = 'virtual:page-assets';

/** In this order: rules for a phone and for print replace others. */
const STYLES = [
  'node_modules/uplot/dist/uPlot.min.css',
  ...['page', 'header', 'plots', 'legend', 'pin', 'drawings', 'media'].map((name) => `src/reports/html/styles/${name}.css`),
];

/** A plugin for the build and for the tests: the script and the style sheet of a report page as text. */
export function pageAssets() {
  return {
    name: 'page-assets',
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    async load(id) {
      if (id !== `\0${NAME}`) return undefined;
      const [script, style] = [await bundled(), STYLES.map((path) => readFileSync(place(path), 'utf8')).join('')];
      return `export const SCRIPT = ${JSON.stringify(script)};\nexport const STYLE = ${JSON.stringify(style)};\n`;
    },
  };
}

async function bundled() {
  const bundle = await rolldown({ input: place('src/reports/html/client/main.ts'), platform: 'browser' });
  const { output } = await bundle.generate({ format: 'iife', minify: true, banner: licenseText() });
  await bundle.close();
  return output[0].code;
}

function licenseText() {
  const { version } = JSON.parse(readFileSync(place('node_modules/uplot/package.json'), 'utf8'));
  return `/*! uPlot ${version}\n${readFileSync(place('node_modules/uplot/LICENSE'), 'utf8')}*/`;
}
