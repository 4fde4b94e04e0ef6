/** Made by the build (page-assets.mjs): what a page carries inside it, so that it needs no other file. */
declare module 'virtual:page-assets' {
  /** The script of `client/`, bundled with uPlot. */
  export const SCRIPT: string;
  export const STYLE: string;
}
