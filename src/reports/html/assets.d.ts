/** Made by the build (page-assets.mjs): the script and the style sheet that each page embeds, so that it needs no other file. */
declare module 'virtual:page-assets' {
  /** The script of `client/`, bundled with uPlot. */
  export const SCRIPT: string;
  export const STYLE: string;
}
