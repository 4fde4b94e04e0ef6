import type { Touch } from '../model/book.ts';

/** Micro-price in ticks: the touch weighted by the opposite quantities, so it leans to the side that is thinner. */
export function microPrice({ bid, ask }: Touch): number {
  return (bid.price * ask.quantity + ask.price * bid.quantity) / (bid.quantity + ask.quantity);
}

/** In ticks. */
export function midPrice({ bid, ask }: Touch): number {
  return (bid.price + ask.price) / 2;
}
