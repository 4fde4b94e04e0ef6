/** How often the angle is halved: more than a double has bits. */
const STEPS = 60;

/**
 * The two-sided quantile of Student's t distribution: a share `outside` of all values is farther from zero than this. `outside` in (0, 1),
 * `freedom` (degrees of freedom) a whole number from 1.
 *
 * With t = tan(angle) · √freedom the probability is a finite sum (Abramowitz and Stegun, 26.7.3 and 26.7.4), so halving the angle finds it.
 */
export function studentT(outside: number, freedom: number): number {
  let low = 0;
  let high = Math.PI / 2;
  for (let i = 0; i < STEPS; i += 1) {
    const angle = (low + high) / 2;
    if (inside(angle, freedom) < 1 - outside) low = angle;
    else high = angle;
  }
  return Math.tan(low) * Math.sqrt(freedom);
}

/** Probability that |t| is below tan(angle) · √freedom. */
function inside(angle: number, freedom: number): number {
  const cos = Math.cos(angle);
  const isOdd = freedom % 2 === 1;
  let term = isOdd ? cos : 1;
  let sum = 0;
  for (let k = isOdd ? 1 : 0; k <= freedom - 2; k += 2) {
    sum += term;
    term *= (cos * cos * (k + 1)) / (k + 2);
  }
  return isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}
