// Licenses of all that is installed with mmbot, from the lock file. Ends with 1 when one is not among those that ask for no more than their notice.
import { readFileSync } from 'node:fs';

const FREE = new Set(['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'Python-2.0', 'Zlib']);

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const shipped = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev);
const rows = shipped.map(([path, { version, license = 'unknown' }]) => [license, `${path.replace(/.*node_modules\//, '')}@${version}`]);
for (const [license, name] of rows.sort(([a], [b]) => a.localeCompare(b))) console.log(`${license.padEnd(18)} ${name}`);
const others = rows.filter(
  ([license]) =>
    !license
      .replace(/[()]/g, '')
      .split(/ AND | OR /)
      .every((part) => FREE.has(part)),
);
if (others.length > 0) console.error(`expected ${[...FREE].join(', ')}, found:\n${others.map((row) => row.join(' ')).join('\n')}`);
process.exitCode = others.length > 0 ? 1 : 0;
