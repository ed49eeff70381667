// A portal beside the real one, in which the invented person lives: empty before, gone afterwards, and nobody's statistics.
import type { Context } from '../context.ts';
import type { OutsideSource } from '../organisation/organisation.ts';

export interface Apart {
	ctx: Context;
	/** Nothing of it stays. */
	close(): Promise<void>;
}

/** With one source of the real portal, its very connections, and no listener, partner, mail or text message. */
export type OpenApart = (ctx: Context, source: OutsideSource) => Promise<Apart>;
