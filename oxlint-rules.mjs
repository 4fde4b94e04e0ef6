/** Rules of this project that no plugin has. */

/** A stamp and a duration add up to a stamp. */
const COMPUTES = new Set(['-', '*', '/', '%', '<', '<=', '>', '>=']);

/** `clock.now()`, whatever the clock is a part of. */
function isWallTime(node) {
  if (node?.type !== 'CallExpression' || node.callee.type !== 'MemberExpression' || node.callee.property.name !== 'now') return false;
  const { object } = node.callee;
  return /clock$/iu.test(object.name ?? object.property?.name ?? '');
}

/** A wall clock is put back and forth: what is computed from it is no duration. */
const wallClock = {
  create(context) {
    const isStamp = (node) => {
      for (let scope = context.sourceCode.getScope(node); scope !== null; scope = scope.upper) {
        const variable = scope.set.get(node.name);
        if (variable !== undefined) return variable.defs.some(({ node: definition }) => isWallTime(definition.init));
      }
      return false;
    };
    const check = (node) => {
      if (isWallTime(node) || (node.type === 'Identifier' && isStamp(node)))
        context.report({ node, message: 'Durations are monotonic: clock.monotonic(). Wall time is for stamps (oxlint-rules.mjs).' });
    };
    return {
      BinaryExpression({ operator, left, right }) {
        if (!COMPUTES.has(operator)) return;
        check(left);
        check(right);
      },
    };
  },
};

/** Words and error codes of Bybit that have turned up outside of its adapter. */
const BYBIT_WORDS = /^(USDT|USDC|PostOnly|EC_\w*)$/u;
const isBybitCode = (value) => (value > 10_000 && value < 10_100) || (value > 110_000 && value < 111_000);

/** What Bybit's words and codes mean is known in one place; everything else asks the port. */
const bybitWords = {
  create(context) {
    return {
      Literal(node) {
        const { value } = node;
        if (typeof value === 'string' ? BYBIT_WORDS.test(value) : typeof value === 'number' && isBybitCode(value))
          context.report({
            node,
            message: "Bybit's words belong to exchange/bybit, which tells others through its port (oxlint-rules.mjs).",
          });
      },
    };
  },
};

export default { meta: { name: 'mmbot' }, rules: { 'wall-clock': wallClock, 'bybit-words': bybitWords } };
