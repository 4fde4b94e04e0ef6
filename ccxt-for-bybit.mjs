/**
 * What ccxt imports for other exchanges (signatures of other chains, their message formats) and for sending requests by itself, which
 * mmbot does through its own wire; by module, the names that ccxt imports from it when it is loaded.
 */
const UNUSED = new Map([
  ['@scure/starknet', ['getStarkKey', 'ethSigToPrivate', 'sign']],
  [
    './functions/starknet.js',
    ['calculateContractAddressFromHash', 'compileCalldata', 'computePoseidonHashOnElements', 'getMessageHash', 'getSelectorFromName'],
  ],
  [
    '../static_dependencies/zklink/zklink-sdk-web.js',
    ['default', 'ContractBuilder', 'TransferBuilder', 'newContract', 'newRpcSignerWithProvider', 'newTransfer'],
  ],
  ['../static_dependencies/dydx-v4-client/helpers.js', ['Long']],
  ['../static_dependencies/dydx-v4-client/registry.js', []],
  ['../static_dependencies/dydx-v4-client/cosmos/tx/v1beta1/tx.js', []],
  ['../static_dependencies/dydx-v4-client/cosmos/tx/signing/v1beta1/signing.js', []],
  ['../protobuf/mexc/compiled.cjs', []],
  ['undici', []],
]);
const PREFIX = '\0unused:';

/** A plugin for the build that leaves them out: every command would load and evaluate them before its first request. */
export function ccxtForBybit() {
  return {
    name: 'ccxt-for-bybit',
    resolveId: (id, importer) => (UNUSED.has(id) && importer?.includes('/node_modules/ccxt/') ? PREFIX + id : undefined),
    load(id) {
      if (!id.startsWith(PREFIX)) return undefined;
      return (
        (UNUSED.get(id.slice(PREFIX.length)) ?? []).map((name) => `export { absent as ${name} };\n`).join('') +
        'const absent = undefined;\n'
      );
    },
  };
}
