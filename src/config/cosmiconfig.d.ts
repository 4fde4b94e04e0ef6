/**
 * cosmiconfig's reader without its public entry point. That one (`cosmiconfigSync`) first loads a "meta config" of the working
 * folder: it runs `.config/config.js` or `.config/config.ts` if there is one, and fails on a broken `package.json`.
 */
declare module 'cosmiconfig/dist/ExplorerSync.js' {
  import type { CosmiconfigResult, OptionsSync } from 'cosmiconfig';

  export class ExplorerSync {
    constructor(options: OptionsSync & { moduleName: string; metaConfigFilePath: string | null });
    load(filepath: string): CosmiconfigResult;
  }
}
