import type { QueueModel } from '../../simulator/replay/queue-models.ts';

/** What a campaign is to compare, as given on the command line or in a plan file. What is not given is undefined. */
export interface CampaignInput {
  readonly setups?: readonly SetupInput[] | undefined;
  readonly vary?: readonly VaryInput[] | undefined;
  readonly scenarios?: readonly ScenarioInput[] | undefined;
  readonly seeds?: readonly string[] | undefined;
  /** Number of unseen seeds on which the best setups are tried again. */
  readonly confirm?: number | undefined;
  readonly finalists?: number | undefined;
  /** ms. */
  readonly duration?: number | undefined;
  /** Number of setups to try of a grid that is larger. */
  readonly points?: number | undefined;
  readonly race?: boolean | undefined;
  readonly expect?: readonly string[] | undefined;
}

export interface SetupInput {
  readonly name?: string | undefined;
  readonly profile?: string | undefined;
  /** `KEY=VALUE`. */
  readonly set?: readonly string[] | undefined;
  /** As text of `--maker-fee` and `--taker-fee`. */
  readonly makerFee?: string | undefined;
  readonly takerFee?: string | undefined;
}

/** A key and the texts of its values; `source`: where they come from, for messages. */
export interface VaryInput {
  readonly key: string;
  readonly texts: readonly string[];
  readonly source: string;
}

export interface ScenarioInput {
  readonly name?: string | undefined;
  readonly market?: string | undefined;
  readonly symbols?: readonly string[] | undefined;
  readonly faults?: string | undefined;
  /** Files of one recording. */
  readonly replay?: readonly string[] | undefined;
  readonly queueModel?: QueueModel | undefined;
}
