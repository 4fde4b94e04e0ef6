import type { LevelChange } from '../../model/book.ts';
import { parseSteps, type Grid } from '../../model/grid.ts';
import type { Instrument } from '../../model/instrument.ts';
import { lots, ticks, type Lots, type Ticks } from '../../model/units.ts';
import { listIn, textIn } from '../../util/json.ts';
import { shown, unusable, type Place } from './recording.ts';

/** A price above 0, on the grid. */
export function priceIn(value: unknown, instrument: Instrument, place: Place): Ticks {
  const steps = stepsIn(value, instrument.tick, 'price', place);
  if (steps === 0) throw unusable(place, 'a price of 0');
  return ticks(steps);
}

/** A quantity above 0, on the grid. */
export function quantityIn(value: unknown, instrument: Instrument, place: Place): Lots {
  const steps = stepsIn(value, instrument.lot, 'quantity', place);
  if (steps === 0) throw unusable(place, 'a quantity of 0');
  return lots(steps);
}

/** One side of a book message; only a delta may contain a quantity of 0, which deletes the level. */
export function levelsIn(value: unknown, instrument: Instrument, whole: boolean, place: Place): readonly LevelChange[] {
  if (!Array.isArray(value)) throw unusable(place, `expected a list of levels, was ${shown(value)}`);
  return listIn(value).map((row) => {
    const [price, quantity] = listIn(row);
    const deletes = !whole && Number(textIn(quantity)) === 0 && textIn(quantity) !== '';
    return {
      price: priceIn(price, instrument, place),
      quantity: deletes ? lots(0) : quantityIn(quantity, instrument, place),
    };
  });
}

function stepsIn(value: unknown, grid: Grid, what: string, place: Place): number {
  const steps = parseSteps(textIn(value), grid);
  if (steps === undefined || steps < 0)
    throw unusable(place, `${what}: expected a decimal number in steps of ${grid.size}, was ${shown(value)}`);
  return steps;
}
