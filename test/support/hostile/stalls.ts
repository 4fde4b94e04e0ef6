/** A header, of the hostile layer to its ends alone: the body of this answer begins and never ends. */
export const STALLS = 'x-hostile-stalls';
