/** A fact of real markets. */
export interface KnownFact {
  /** As in `factsOf`. */
  readonly name: string;
  /** What was measured in real BTCUSDT. */
  readonly real: string;
  /** What a model of it may show. */
  readonly band?: readonly [least: number, most: number];
}

/**
 * Real BTCUSDT: 344 s of a wild day on Binance USD-M (2024-08-08), the sizes of the touch also from 44 s of Bybit (2026-08-09). What so
 * short a record does not tell, and where markets differ, has no band, or a wide one.
 */
export const KNOWN_FACTS: readonly KnownFact[] = [
  { name: 'one tick wide', real: '.991', band: [0.6, 1] },
  { name: 'volatility 1 s, bps', real: '1.2' },
  { name: 'variance ratio 0.5 s to 0.1 s', real: '.91', band: [0.6, 1.2] },
  { name: 'variance ratio 1 s to 0.1 s', real: '.88', band: [0.6, 1.2] },
  { name: 'variance ratio 5 s to 0.1 s', real: '.78', band: [0.6, 1.2] },
  { name: 'variance ratio 10 s to 0.1 s', real: '.86', band: [0.6, 1.2] },
  { name: 'variance ratio 30 s to 0.1 s', real: '.63', band: [0.6, 1.2] },
  { name: 'variance ratio 30 s to 1 s', real: '.72', band: [0.6, 1.2] },
  { name: 'variance ratio 60 s to 1 s', real: '', band: [0.6, 1.2] },
  { name: 'variance ratio 120 s to 1 s', real: '', band: [0.6, 1.2] },
  { name: 'variance ratio 300 s to 1 s', real: '', band: [0.6, 1.2] },
  { name: 'kurtosis 0.1 s', real: '266', band: [5, Infinity] },
  { name: 'kurtosis 0.5 s', real: '40' },
  { name: 'kurtosis 1 s', real: '19' },
  { name: 'kurtosis 5 s', real: '3.9' },
  { name: 'kurtosis 10 s', real: '1.9' },
  { name: 'kurtosis 30 s', real: '.7', band: [-Infinity, 5] },
  { name: 'touch, USD', real: '198,000-476,000' },
  { name: 'touch / mean market order', real: '7.9', band: [2, Infinity] },
  { name: 'market orders a second', real: '.37-15.8' },
  { name: 'tail of their sizes', real: '1.3-1.7', band: [1.2, 2.5] },
  { name: 'variation of their gaps', real: '1.5', band: [1.1, Infinity] },
  { name: 'autocorrelation of sides, lag 1', real: '.199', band: [0.15, 0.35] },
  { name: 'autocorrelation of sides, lag 10', real: '.118', band: [0.03, 1] },
  { name: 'orders >= touch', real: '.16', band: [0, 0.2] },
  { name: 'markout of takers 0.1 s, bps', real: '.19' },
  { name: 'markout of takers 1 s, bps', real: '.27', band: [0.1, 0.5] },
  { name: 'markout of takers 5 s, bps', real: '.33' },
  { name: 'markout of takers 60 s, bps', real: '' },
  { name: 'markout of takers 300 s, bps', real: '' },
  { name: 'front of the queue over its back, bps', real: '.9', band: [0.4, Infinity] },
  { name: 'imbalance of the touch and the next second', real: '.19', band: [0.1, 0.25] },
  { name: 'flow of 10 s and the next 10 s', real: '-.02', band: [-0.08, 0.08] },
];
