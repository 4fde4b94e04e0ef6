declare const approved: unique symbol;

/** What passed the risk gate. Only this file can mint it, and the gateway accepts nothing else. */
export type Approved<T> = T & { readonly [approved]: true };
